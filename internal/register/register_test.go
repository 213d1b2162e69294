package register

import (
	"bytes"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

var update = flag.Bool("update", false, "rewrite the goldens")

//go:embed testdata/whole.hcl
var whole string

func TestRead(t *testing.T) {
	r := must.Get(Read("register.hcl", []byte(whole)))(t)
	want := map[string]engine.Decision{
		"AdminMFAV2": {
			Status: engine.RiskAccepted, Reason: "two lines\nof it", Owner: "ada@contoso.example",
			Due: at("2026-12-31T23:59:59Z"), Expires: at("2027-01-31T00:00:00Z"),
			ApprovedBy: "ciso@contoso.example", Ticket: "SEC-123", Tags: []string{"board", "q4"},
			Notes: []engine.Note{
				{Time: *at("2026-10-01T00:00:00Z"), Author: "Ada <ada@contoso.example>", Text: "first, with\ntwo lines and ${braces}"},
				{Time: *at("2026-10-02T06:00:00Z"), Author: "Bob", Text: "second"},
			},
			Exclude: []engine.Exclusion{
				{Key: "break-glass-1", Reason: "break-glass account"},
				{Key: "z", Reason: "service account", Expires: at("2027-01-31T12:00:00Z")},
			},
		},
		"OneAdmin": {Status: engine.ToAddress, Tags: []string{"q1"}},
	}
	expect.Equalf(t, want, r.Decisions(), "decisions")
	delete(r.Decisions(), "OneAdmin")
	if len(r.Decisions()) != 2 {
		t.Error("a caller changed the register")
	}
}

func at(text string) *time.Time {
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return &moment
}

// TestProblems holds what is said about registers that are wrong against testdata/problems.txtar: FILE.hcl and FILE.txt.
func TestProblems(t *testing.T) {
	name := filepath.Join("testdata", "problems.txtar")
	archive := must.Get(txtar.ParseFile(name))(t)
	got := &txtar.Archive{Comment: archive.Comment}
	for _, file := range archive.Files {
		if !strings.HasSuffix(file.Name, ".hcl") {
			continue
		}
		got.Files = append(got.Files, file, txtar.File{Name: strings.TrimSuffix(file.Name, ".hcl") + ".txt", Data: problemsOf(t, file)})
	}
	golden(t, name, txtar.Format(archive), txtar.Format(got))
}

func problemsOf(t *testing.T, file txtar.File) []byte {
	t.Helper()
	_, err := Read(file.Name, file.Data)
	var problems *diag.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("%s: no problems, but %v", file.Name, err)
	}
	var b bytes.Buffer
	must.Do(t, problems.Write(&b, 0, false))
	return append(bytes.TrimSpace(b.Bytes()), '\n')
}

func golden(t *testing.T, name string, want, got []byte) {
	t.Helper()
	if *update {
		must.Do(t, os.WriteFile(name, got, 0o644))
		return
	}
	expect.Equalf(t, string(want), string(got), "%s", name)
}

// What is too much, or can't be seen, is refused without being read any further.
func TestBounds(t *testing.T) {
	reason := func(text string) string {
		return fmt.Sprintf("action \"A\" {\n  status = \"planned\"\n  reason = %s\n}\n", text)
	}
	for name, test := range map[string]struct{ src, want string }{
		"size":              {strings.Repeat("#\n", MaxBytes/2+1), "Too large"},
		"nesting":           {"a = " + strings.Repeat("[", 200_000), "Nested too deeply"},
		"blocks":            {strings.Repeat("a {\n", 200_000), "Nested too deeply"},
		"signs":             {"a = " + strings.Repeat("!", 200_000), "Not plain text"},
		"templates":         {"a = " + strings.Repeat(`"${`, 200_000), "Not plain text"},
		"long reason":       {reason(`"` + strings.Repeat("é", maxReason+1) + `"`), "Too long"},
		"escape":            {reason(`"\u001b[31mred"`), "Control character"},
		"direction":         {reason(`"\u202eelif"`), "Control character"},
		"blank":             {reason(`" "`), "Empty reason"},
		"zero width":        {reason("\"\u200b\u2060\""), "Empty reason"},
		"zero width, named": {reason(`"\u200b"`), "Empty reason"},
		"fillers":           {reason("\"\u3164\""), "Empty reason"},
		"key of zero width": {"action \"A\" {\n  exclude \"\u200b\" {\n    reason = \"r\"\n  }\n}\n", "Empty key"},
		"comment, terminal": {"# \x1b[8mhidden\n" + reason(`"r"`), "Control character"},
		"comment, bidi":     {reason(`"r" // ` + "\u202e } expires\u2066"), "Control character"},
		"comment, in lines": {"/* a\n\u2067b */\n" + reason(`"r"`), "Control character"},
		"comment, return":   {"# a\rb\n" + reason(`"r"`), "Control character"},
		"comment, encoding": {"# \xff\n" + reason(`"r"`), "Control character"},
		"null":              {reason("null"), "Invalid reason"},
		"carriage return":   {"action \"A\" {\n  owner = \"a\\rb\"\n}\n", "Control character"},
		"two lines of name": {"action \"A\" {\n  owner = \"a\\nb\"\n}\n", "Control character"},
		"tags":              {"action \"A\" {\n  tags = [" + strings.Repeat(`"a",`, maxTags+1) + "]\n}\n", "Too many tags"},
		"far year":          {"action \"A\" {\n  due = \"9999-12-31T23:59:59-12:00\"\n}\n", "Invalid due"},
		"no text":           {"\xff\xfe", "Invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Read("r.hcl", []byte(test.src)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %.200v, want %q", err, test.want)
			}
		})
	}
	if _, err := Read("r.hcl", []byte(reason(`"`+strings.Repeat("é", maxReason)+`"`))); err != nil {
		t.Errorf("the longest reason: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("action \"A\" { tags = [\"x\", /* y */ \"z\"] }"))
	f.Add([]byte("# \x1b[8m\u202e\naction \"A\" {\n  reason = \"\u200b\"\n}\n"))
	f.Add(bytes.Repeat([]byte("action \"A\" {\n"), 5_000))
	f.Add(bytes.Repeat([]byte("# x\n"), 20_000))
	f.Add([]byte("action A {\r\n  reason = <<X\r\nx\r\nX\r\n}\r\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		r, err := Read("r.hcl", src)
		var problems *diag.Problems
		if err != nil && !errors.As(err, &problems) {
			t.Fatalf("not problems: %v", err)
		}
		if problems != nil {
			must.Do(t, problems.Write(&bytes.Buffer{}, 80, true))
			return
		}
		for id, decision := range r.Decisions() {
			if !validID(id) || decision.Status == "" || decision.Status == engine.Completed {
				t.Errorf("%q: %+v", id, decision)
			}
		}
	})
}

// TestComments holds that comments may be in any language, on lines that end as they do on Windows, and with tabs.
func TestComments(t *testing.T) {
	for _, text := range []string{"# \u0645\u06cc\u200c\u062e, \u6f22\u5b57, é\r\n", "/*\r\n\ta\r\n*/\r\n", "// a\tb\n"} {
		if _, err := Read("r.hcl", []byte(text+"action \"A\" {\n}\n")); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
