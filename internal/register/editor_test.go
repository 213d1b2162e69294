package register

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/must"
)

func of(text string) *string { return &text }

func note(text string) engine.Note {
	return engine.Note{Time: time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC), Author: "Ada <ada@contoso.example>", Text: text}
}

// edits are what the goldens of testdata/edits do, by name.
func edits() map[string]func(*Editor) error {
	return map[string]func(*Editor) error{
		"plan": func(d *Editor) error { return d.Set("A", Fields{Status: of("planned"), Due: of("2026-12-31")}) },
		"accept": func(d *Editor) error {
			return d.Set("A", Fields{Status: of("risk_accepted"), Reason: of("${x} \"y\"")})
		},
		"sign": func(d *Editor) error {
			d.By(Author{Name: "Ada <ada@contoso.example>", Time: time.Date(2026, 10, 1, 8, 0, 0, 999, time.FixedZone("", 7200))})
			return d.Set("A", Fields{Ticket: of("SEC-1")})
		},
		"approve":  func(d *Editor) error { return d.Set("A", Fields{ApprovedBy: of("ciso@contoso.example")}) },
		"disown":   func(d *Editor) error { return d.Set("A", Fields{Owner: of("")}) },
		"note":     func(d *Editor) error { return d.Note("A", note("Agreed.\nSee the minutes.")) },
		"tag":      func(d *Editor) error { return d.Tag("A", "new", "board") },
		"untag":    func(d *Editor) error { return d.Untag("A", "board") },
		"untagall": func(d *Editor) error { return d.Untag("A", "q4", "board") },
		"exclude":  func(d *Editor) error { return d.Exclude("A", "k2", "break-glass account", "2027-01-31") },
		"extend":   func(d *Editor) error { return d.Exclude("A", "k1", "still needed", "2028-01-31") },
		"include":  func(d *Editor) error { return d.Include("A", "k1") },
		"unset":    func(d *Editor) error { return d.Unset("A", false) },
		"forget":   func(d *Editor) error { return d.Unset("A", true) },
	}
}

// TestEdits holds every edit against testdata/edits/*.txtar: before.hcl, and EDIT.hcl for what it becomes.
func TestEdits(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "edits", "*.txtar"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive := must.Get(txtar.ParseFile(name))(t)
			before := archive.Files[0]
			got := &txtar.Archive{Comment: archive.Comment, Files: []txtar.File{before}}
			for _, file := range archive.Files[1:] {
				got.Files = append(got.Files, txtar.File{Name: file.Name, Data: edited(t, before.Data, file.Name)})
			}
			golden(t, name, txtar.Format(archive), txtar.Format(got))
		})
	}
}

func edited(t *testing.T, src []byte, name string) []byte {
	t.Helper()
	edit := edits()[strings.TrimSuffix(name, ".hcl")]
	if edit == nil {
		t.Fatalf("no edit %s", name)
	}
	editor := must.Get(NewEditor("register.hcl", src))(t)
	if err := edit(editor); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if _, err := Read(name, editor.Text()); err != nil {
		t.Errorf("%s: %v\n%s", name, err, editor.Text())
	}
	return editor.Text()
}

// What is not there can't be changed, and the message helps to find what was meant.
func TestEditsOfNothing(t *testing.T) {
	for want, edit := range map[string]func(*Editor) error{
		`the register has no action "AdminMFA". Did you mean "AdminMFAV2"?`:      func(d *Editor) error { return d.Unset("AdminMFA", false) },
		`the register has no action "zzzzzzzzzzzz". It has AdminMFAV2, OneAdmin`: func(d *Editor) error { return d.Untag("zzzzzzzzzzzz", "x") },
		`AdminMFAV2 has no tag "x"`:                                      func(d *Editor) error { return d.Untag("AdminMFAV2", "x") },
		`the register excludes no record "k" from AdminMFAV2.`:           func(d *Editor) error { return d.Include("AdminMFAV2", "k") },
		`the register has no action "OnAdmin". Did you mean "OneAdmin"?`: func(d *Editor) error { return d.Include("OnAdmin", "k") },
	} {
		editor := must.Get(NewEditor("register.hcl", []byte(whole)))(t)
		if err := edit(editor); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if diff := cmp.Diff(whole, string(editor.Text())); diff != "" {
			t.Errorf("%s changed the text:\n%s", want, diff)
		}
	}
}

// Keys are written byte for byte: one in another normal form of Unicode is another key.
func TestKeys(t *testing.T) {
	for _, key := range []string{"plain", `a"b\c`, "${x} %{y}", "Cafe\u0301 ${x}", "\u212b", "é", "😀 e\u0301", "a-b.c@d"} {
		editor, err := NewEditor("r.hcl", nil)
		must.Do(t, err)
		for range 2 { // the second finds what the first wrote
			must.Do(t, editor.Exclude("A", key, "r", ""))
		}
		r, err := Read("r.hcl", editor.Text())
		if err != nil {
			t.Fatalf("%v\n%s", err, editor.Text())
		}
		if got := r.Decisions()["A"].Exclude; len(got) != 1 || got[0].Key != key {
			t.Errorf("%+q became %+v", key, got)
		}
	}
}

// FuzzEdit makes one edit to any register: the result is one, too, with the same decisions about other actions, the same
// comments, and the edit in it.
func FuzzEdit(f *testing.F) {
	names := must.Get(filepath.Glob(filepath.Join("testdata", "edits", "*.txtar")))(f)
	all := slices.Sorted(maps.Keys(edits()))
	for _, name := range names {
		text := must.Get(os.ReadFile(name))(f)
		for i := range all {
			f.Add(txtar.Parse(text).Files[0].Data, uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, i uint8) {
		name := all[int(i)%len(all)]
		edit := edits()[name]
		editor, err := NewEditor("r.hcl", src)
		if err != nil {
			return
		}
		if err := edit(editor); err != nil {
			return // it takes away what is not there
		}
		after, err := Read("r.hcl", editor.Text())
		if err != nil {
			if name == "approve" || name == "exclude" || strings.Contains(err.Error(), "Too ") || strings.Contains(err.Error(), "Nothing to expire") {
				return
			}
			t.Fatalf("%s: %v\n%s\n---\n%s", name, err, src, editor.Text())
		}
		before, now := editor.register.Decisions(), after.Decisions()
		compare(t, name, before["A"], now["A"])
		delete(before, "A")
		delete(now, "A")
		if diff := cmp.Diff(before, now); diff != "" {
			t.Errorf("%s changed other actions:\n%s", name, diff)
		}
		if lost := without(comments(src), comments(editor.Text())); name != "forget" && name != "include" && len(lost) > 0 {
			t.Errorf("%s lost %q:\n%s\n---\n%s", name, lost, src, editor.Text())
		}
	})
}

// compare reports whether an edit did to its action what it says.
func compare(t *testing.T, name string, before, now engine.Decision) {
	t.Helper()
	switch name {
	case "plan":
		if now.Status != engine.Planned || !now.Due.Equal(time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)) {
			t.Errorf("plan: %+v", now)
		}
	case "accept":
		if now.Status != engine.RiskAccepted || now.Reason != "${x} \"y\"" {
			t.Errorf("accept: %+v", now)
		}
	case "sign":
		if before.Ticket != "SEC-1" && (now.Ticket != "SEC-1" || now.ChangedBy != "Ada <ada@contoso.example>" || now.ChangedAt == nil) {
			t.Errorf("sign: %+v", now)
		}
	case "note":
		if len(now.Notes) != len(before.Notes)+1 {
			t.Errorf("note: %+v", now)
		}
	case "tag", "untag", "untagall":
		if slices.Contains(now.Tags, "board") != (name == "tag") || slices.Contains(now.Tags, "new") != (name == "tag" || slices.Contains(before.Tags, "new")) {
			t.Errorf("%s: %+v", name, now)
		}
	case "extend":
		if !slices.ContainsFunc(now.Exclude, func(x engine.Exclusion) bool { return x.Key == "k1" && x.Reason == "still needed" }) {
			t.Errorf("extend: %+v", now)
		}
	case "unset":
		before.Status, before.Reason, before.Owner, before.Due, before.Expires = engine.ToAddress, "", "", nil, nil
		before.ApprovedBy, before.Ticket, before.ChangedBy, before.ChangedAt = "", "", "", nil
		kept := len(before.Tags)+len(before.Notes)+len(before.Exclude) > 0
		if diff := cmp.Diff(before, now); kept && diff != "" {
			t.Errorf("unset:\n%s", diff)
		}
	}
}

func comments(src []byte) []string {
	var list []string
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenComment {
			list = append(list, string(bytes.TrimRight(t.Bytes, " \t\r\n")))
		}
	}
	return list
}

// without returns what of a list is not in another one, counting.
func without(list, other []string) []string {
	count := map[string]int{}
	for _, item := range other {
		count[item]++
	}
	var missing []string
	for _, item := range list {
		if count[item]--; count[item] < 0 {
			missing = append(missing, item)
		}
	}
	return missing
}
