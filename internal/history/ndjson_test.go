package history_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
)

// exported returns the lines of the export of a store.
func exported(t testing.TB, s *history.Store) []string {
	t.Helper()
	var text bytes.Buffer
	count := must.Get(s.Export(t.Context(), &text, history.Filter{}))(t)
	lines := slices.Collect(strings.Lines(text.String()))
	if int64(len(lines)) != count {
		t.Errorf("%d links make %d lines", count, len(lines))
	}
	return lines
}

// many is a store of two tenants, one with a checkpoint.
func many(t testing.TB, url string) *history.Store {
	t.Helper()
	s := open(t, url)
	record(t, s, sample("t", 3, 3), sample("t", 1, 1), sample("t", 2, 2), sample("u", 1, 1))
	_, _, err := s.Append(t.Context(), sample("t", 2, 2), history.Microsoft)
	must.Do(t, err)
	must.Get(s.Prune(t.Context(), "t", settings.Keep{{Period: "daily", Count: 2}}, false))(t)
	record(t, s, sample("t", 4, 4))
	return s
}

// TestExport moves a store to another one: chains, results and changes are the same.
func TestExport(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		from := many(t, url)
		lines := exported(t, from)
		for _, line := range lines { // anybody can verify it
			var parts struct {
				Hash       string
				Link       json.RawMessage
				Assessment json.RawMessage
			}
			must.Do(t, json.Unmarshal([]byte(line), &parts))
			expect.Equal(t, parts.Hash, sum(parts.Link))
			var link struct{ Content string }
			must.Do(t, json.Unmarshal(parts.Link, &link))
			if parts.Assessment != nil {
				expect.Equal(t, link.Content, sum(parts.Assessment))
			}
		}
		to := open(t, another(t, url))
		done := must.Get(to.Import(t.Context(), strings.NewReader(strings.Join(lines, ""))))(t)
		expect.Equal(t, history.Importing{Lines: 7, Added: 6}, done)
		expect.Equal(t, lines, exported(t, to))
		expect.Equal(t, must.Get(from.Tenants(t.Context()))(t), must.Get(to.Tenants(t.Context()))(t))
		sameAsNew(t, to)
		all := history.Filter{Origin: history.Any}
		expect.Equal(t, steps(t, from, all), steps(t, to, all))

		// Once more it changes nothing, neither there nor where it comes from.
		for _, s := range []*history.Store{from, to} {
			done = must.Get(s.Import(t.Context(), strings.NewReader(strings.Join(lines, ""))))(t)
			expect.Equal(t, history.Importing{Lines: 7, Known: 6}, done)
			expect.Equal(t, lines, exported(t, s))
		}
	})
}

func sum(text []byte) string {
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:])
}

// TestImportInto adds an export to a store with entries of its own: they get new links, and nothing is lost.
func TestImportInto(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		lines := exported(t, many(t, url))
		to := open(t, another(t, url))
		record(t, to, sample("t", 9, 9), sample("t", 1, 1))
		before := exported(t, to)
		done := must.Get(to.Import(t.Context(), strings.NewReader(strings.Join(lines, ""))))(t)
		expect.Equal(t, history.Importing{Lines: 7, Added: 5, Known: 1}, done)
		expect.Equal(t, before, exported(t, to)[:2])
		sameAsNew(t, to)
		if v := must.Get(to.Verify(t.Context(), history.Filter{Tenant: "t"}))(t)[0]; v.Entries != 6 || v.Pruned != 0 || v.Checkpoints != 0 {
			t.Errorf("%+v", v)
		}
		// The other way what retention dropped has to be told by a new checkpoint.
		back := open(t, another(t, url))
		record(t, back, sample("t", 9, 9))
		must.Get(back.Import(t.Context(), strings.NewReader(strings.Join(lines, ""))))(t)
		sameAsNew(t, back)
		if v := must.Get(back.Verify(t.Context(), history.Filter{Tenant: "t"}))(t)[0]; v.Entries != 6 || v.Pruned != 1 || v.Checkpoints != 1 {
			t.Errorf("%+v", v)
		}
	})
}

// TestImportDamaged holds that a damaged line costs one entry, and is told.
func TestImportDamaged(t *testing.T) {
	lines := exported(t, many(t, t.TempDir()+"/from.db"))
	change := func(line int, old, now string) func([]string) []string {
		return func(lines []string) []string {
			if !strings.Contains(lines[line-1], old) {
				t.Fatalf("line %d has no %s: %s", line, old, lines[line-1])
			}
			lines[line-1] = strings.Replace(lines[line-1], old, now, 1)
			return lines
		}
	}
	for name, test := range map[string]struct {
		damage func([]string) []string
		added  int64
		told   []string // each a line and a part of what is told
	}{
		"a score of the link":       {change(3, `"achieved":2`, `"achieved":9`), 5, []string{"3: its link is not the one", "4: it does not follow"}},
		"the assessment":            {change(3, `"title":"Do AdminMFA"`, `"title":"Do it"`), 5, []string{"3: the assessment is not the one", "4: it does not follow"}},
		"the hash":                  {change(3, `"hash":"`, `"hash":"0`), 5, []string{"3: its link is not the one", "4: it does not follow"}},
		"half of it":                {func(l []string) []string { l[2] = l[2][:len(l[2])/2] + "\n"; return l }, 5, []string{"3: it is no line", "4: it does not follow"}},
		"two lines in one":          {func(l []string) []string { l[2] = strings.TrimSpace(l[2]) + " {}\n"; return l }, 5, []string{"3: something follows", "4: it does not follow"}},
		"a text":                    {func(l []string) []string { return append([]string{"# exported\n"}, l...) }, 6, []string{"1: it is no line"}},
		"another version":           {change(1, `"schema_version":"1","hash"`, `"schema_version":"7","hash"`), 5, []string{"1: it has schema_version", "2: it does not follow"}},
		"a field that is not known": {change(1, `"hash"`, `"more":1,"hash"`), 5, []string{"1: it is no line", "2: it does not follow"}},
		"a line is missing":         {func(l []string) []string { return slices.Delete(l, 2, 3) }, 5, []string{"3: it does not follow"}},
		"two are exchanged":         {func(l []string) []string { l[2], l[3] = l[3], l[2]; return l }, 6, []string{"3: it does not follow", "4: it does not follow", "5: it does not follow"}},
		"one comes twice":           {func(l []string) []string { return slices.Insert(l, 2, l[1]) }, 6, []string{"3: it does not follow"}},
		"empty lines":               {func(l []string) []string { return slices.Insert(l, 2, "\n", "  \n") }, 6, nil},
		"no end of the last line":   {func(l []string) []string { l[6] = strings.TrimSpace(l[6]); return l }, 6, nil},
		"the checkpoint":            {change(5, `"dropped":[2]`, `"dropped":[3]`), 6, []string{"5: its link is not the one", "6: it does not follow"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir()+"/to.db")
			done := must.Get(s.Import(t.Context(), strings.NewReader(strings.Join(test.damage(slices.Clone(lines)), ""))))(t)
			if done.Added != test.added || len(done.Damaged) != len(test.told) {
				t.Errorf("%d added, %+v", done.Added, done.Damaged)
			}
			for i, d := range done.Damaged {
				line, detail, _ := strings.Cut(test.told[i], ": ")
				if string(must.Get(json.Marshal(d.Line))(t)) != line || !strings.HasPrefix(d.Detail, detail) || d.Imported != strings.HasPrefix(detail, "it does not follow") {
					t.Errorf("%+v, want %s", d, test.told[i])
				}
			}
			sameAsNew(t, s)
		})
	}
}

// TestImportRestores brings an assessment back that was lost.
func TestImportRestores(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := many(t, url)
		lines := exported(t, s)
		tamper(t, url, "DELETE FROM changes", "DELETE FROM results WHERE entry_key = 3", "DELETE FROM sums WHERE entry_key = 3", "DELETE FROM contents WHERE entry_key = 3")
		done := must.Get(s.Import(t.Context(), strings.NewReader(strings.Join(lines, ""))))(t)
		expect.Equal(t, history.Importing{Lines: 7, Known: 6, Restored: 1}, done)
		sameAsNew(t, s)
		expect.Equal(t, lines, exported(t, s))
	})
}

// TestImportLong skips a line that is longer than any entry.
func TestImportLong(t *testing.T) {
	lines := exported(t, many(t, t.TempDir()+"/from.db"))
	s := open(t, t.TempDir()+"/to.db")
	long := io.MultiReader(io.LimitReader(zeros{}, 140<<20), strings.NewReader("\n"+strings.Join(lines, "")))
	done := must.Get(s.Import(t.Context(), long))(t)
	if done.Added != 6 || len(done.Damaged) != 1 || done.Damaged[0].Line != 1 || !strings.Contains(done.Damaged[0].Detail, "more than 129 MiB") {
		t.Errorf("%+v", done)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte("0"), len(p))), nil }

// FuzzImport takes anything for an export: it must not fail, and what it stores is sound.
func FuzzImport(f *testing.F) {
	lines := exported(f, many(f, f.TempDir()+"/from.db"))
	f.Add([]byte(strings.Join(lines, "")))
	f.Add([]byte(lines[0]))
	f.Add([]byte(`{"schema_version":"1","hash":"","link":{"kind":"checkpoint","id":1,"tenant":{"id":"t","name":""},"previous":"","dropped":[1]}}`))
	f.Add([]byte("{}\nnull\n[]\n\"\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s := open(t, t.TempDir()+"/to.db")
		done := must.Get(s.Import(t.Context(), bytes.NewReader(text)))(t)
		if done.Added > done.Lines {
			t.Errorf("%+v", done)
		}
		for _, v := range must.Get(s.Verify(t.Context(), history.Filter{}))(t) {
			if len(v.Findings) > 0 {
				t.Errorf("%+v", v.Findings)
			}
		}
	})
}
