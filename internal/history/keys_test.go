package history_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/schemas"
)

const (
	houseProduct = "product \"house\" {\n  title = \"House\"\n}\n"
	houseControl = `control "C%[1]d" {
  title    = "Register"
  category = "identity"
  product  = "house"
  points   = 10
  tier     = "core"
  threats  = ["account_breach"]
  coverage "entra.user_registration" {
    when_empty = "full"
  }
  implementation {
    steps = ["Do it."]
  }
  source = "House"
}
`
	houseRule = "package policies.c%d\n\ndefault compliant := false\n\ncompliant if input.isMfaRegistered\n"
)

// house returns an engine of so many controls, each of which counts the users that are registered.
func house(t *testing.T, controls int) *engine.Engine {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) { must.Do(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)) }
	write("catalog.hcl", houseProduct)
	for n := range controls {
		write(fmt.Sprintf("c%d.hcl", n), fmt.Sprintf(houseControl, n))
		write(fmt.Sprintf("c%d.rego", n), fmt.Sprintf(houseRule, n))
	}
	cat := must.Get(catalog.Load(t.Context(), must.Get(schemas.Builtin())(t), must.Get(catalog.Open(dir))(t)))(t)
	return must.Get(engine.Compile(t.Context(), cat, engine.Options{Version: "1.2.3"}))(t)
}

// user is a user of a day: the id, in capitals if registered.
type user string

// judge assesses the users of a day.
func judge(t *testing.T, compiled *engine.Engine, n int, users ...user) history.Recorded {
	t.Helper()
	dir := t.TempDir()
	w := must.Get(evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "t"}, CollectedAt: day(n)}))(t)
	must.Do(t, w.Records("entra.user_registration", func(yield func(any, error) bool) {
		for _, u := range users {
			id := strings.ToLower(string(u))
			if !yield(map[string]any{"id": id, "userPrincipalName": id + "@house.example", "isMfaRegistered": id != string(u)}, nil) {
				return
			}
		}
	}))
	must.Do(t, w.Close())
	bundle := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	defer bundle.Close()
	r := history.Recorded{Verdicts: new(engine.Verdicts)}
	r.Assessment = must.Get(compiled.Assess(t.Context(), bundle, engine.AssessOptions{Verdicts: r.Verdicts}))(t)
	return r
}

// keep appends assessments with their record keys.
func keep(t *testing.T, s *history.Store, list ...history.Recorded) {
	t.Helper()
	for _, r := range list {
		_, _, err := s.AppendRecords(t.Context(), r.Assessment, history.Posture, r.Verdicts)
		must.Do(t, err)
	}
}

// moved returns what the changes of a store say of one control, as text.
func moved(t *testing.T, s *history.Store) (lines []string) {
	t.Helper()
	text := func(words string, set *attribution.Set) string {
		if set == nil {
			return ""
		}
		text := fmt.Sprintf(" %s %d", words, set.Total)
		for _, r := range set.Shown {
			text += " " + r.Label
		}
		return text
	}
	for _, c := range all(t, s.Changes(t.Context(), history.Filter{})) {
		line := fmt.Sprintf("%d %s", c.After.ID, c.Attribution.Method)
		for _, action := range c.Attribution.Actions {
			if m := action.Records; m != nil && c.Attribution.Method == attribution.FromRecords {
				line += text("regressed", m.Regressed) + text("improved", m.Improved) + text("came", m.Came) + text("left", m.Left)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// problems returns what is wrong with a store.
func problems(t *testing.T, s *history.Store) (lines []string) {
	t.Helper()
	for _, f := range must.Get(s.Verify(t.Context(), history.Filter{}))(t)[0].Findings {
		lines = append(lines, fmt.Sprintf("%d %s: %s", f.ID, f.Problem, f.Detail))
	}
	return lines
}

// TestRecordKeys tells who came, left and changed, by names where the assessments have them, in a store, in another one, and after
// retention.
func TestRecordKeys(t *testing.T) {
	compiled := house(t, 1)
	days := []history.Recorded{
		judge(t, compiled, 5, "ADA", "BEN", "cem"),
		judge(t, compiled, 6, "ADA", "ben", "cem", "DEE"),
		judge(t, compiled, 7, "ADA", "ben", "dee", "eve"),
		judge(t, compiled, 12, "ADA", "BEN", "DEE"),
	}
	want := []string{
		"2 records regressed 1 ben@house.example came 1",
		"3 records regressed 1 dee@house.example came 1 eve@house.example left 1 cem@house.example",
		"4 records improved 2 ben@house.example dee@house.example left 1 eve@house.example",
	}
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		keep(t, s, days...)
		expect.Equal(t, want, moved(t, s))
		sameAsNew(t, s)
		for i := range days {
			expect.Equal(t, days[i].Verdicts.Digest(), must.Get(s.Verdicts(t.Context(), "t", int64(i+1)))(t).Digest())
		}
		lines := exported(t, s)
		to := open(t, another(t, url))
		must.Get(to.Import(t.Context(), strings.NewReader(strings.Join(lines, ""))))(t)
		expect.Equal(t, want, moved(t, to))
		expect.Equal(t, lines, exported(t, to))

		must.Get(s.Prune(t.Context(), "t", settings.Keep{{Period: "weekly", Count: 2}}, false))(t)
		expect.Equal(t, want[2:], moved(t, s))
		sameAsNew(t, s)
		if v := must.Get(s.Verdicts(t.Context(), "t", 1))(t); v != nil {
			t.Error("the record keys of an entry that was dropped are there")
		}

		// One that has none is compared by the assessments alone.
		record(t, s, judge(t, compiled, 20, "ADA", "ben", "DEE").Assessment)
		expect.Equal(t, []string{want[2], "6 assessments"}, moved(t, s))
		sameAsNew(t, s)
	})
}

// TestRecordKeysDamaged finds record keys that were changed or are gone, keeps on recording, and gets them back from an export.
func TestRecordKeysDamaged(t *testing.T) {
	const (
		changed = "its record keys are not those that were stored: somebody changed them"
		gone    = "its record keys are gone, or those they are based on"
	)
	compiled := house(t, 1)
	days := []history.Recorded{judge(t, compiled, 5, "ADA", "BEN"), judge(t, compiled, 6, "ADA", "ben"), judge(t, compiled, 7, "ada", "ben")}
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		keep(t, s, days...)
		lines := exported(t, s)
		tamper(t, url, "DELETE FROM verdicts WHERE entry_key = 2")
		expect.Equal(t, []string{"2 changed: " + gone, "3 changed: " + gone}, problems(t, s))
		keep(t, s, judge(t, compiled, 8, "ADA", "ben"))
		got := must.Get(s.Import(t.Context(), strings.NewReader(strings.Join(lines, ""))))(t)
		expect.Equal(t, history.Importing{Lines: 3, Known: 3, Restored: 1}, got)
		sameAsNew(t, s)
		if found := moved(t, s); len(found) != 3 || slices.ContainsFunc(found, func(line string) bool { return !strings.Contains(line, "records") }) {
			t.Error(found)
		}

		tamper(t, url, "UPDATE verdicts SET base_key = entry_key WHERE entry_key = 4")
		expect.Equal(t, []string{"4 changed: " + changed}, problems(t, s))
		tamper(t, url, "UPDATE verdicts SET base_key = NULL, verdicts = 'x' WHERE entry_key = 4")
		expect.Equal(t, []string{"4 changed: " + changed}, problems(t, s))
		if _, err := s.Verdicts(t.Context(), "t", 4); err == nil || !strings.Contains(err.Error(), changed) {
			t.Error(err)
		}
		tamper(t, url, "DELETE FROM verdicts WHERE entry_key = 4")

		// A line with other keys is kept without them.
		text := strings.Replace(lines[0], `"record_keys":"`, `"record_keys":"AAAA`, 1)
		got = must.Get(open(t, another(t, url)).Import(t.Context(), strings.NewReader(text)))(t)
		if len(got.Damaged) != 1 || got.Added != 1 || !got.Damaged[0].Imported || !strings.Contains(got.Damaged[0].Detail, "record keys are not those") {
			t.Errorf("%+v", got)
		}
	})
}

// TestRecordKeysSize holds that a year of the keys of 1,000 users under 100 controls takes less than 5 MiB, by the first 12 days: on
// each of them one user comes, one leaves, and four are judged otherwise by every control.
func TestRecordKeysSize(t *testing.T) {
	const days = 12
	compiled := house(t, 100)
	var list []history.Recorded
	for n := range days {
		users := make([]user, 1000)
		for i := range users {
			if users[i] = user(fmt.Sprintf("u%d", i+n)); (i+n)%500 != n && (i+n)%5 > 0 {
				users[i] = user(strings.ToUpper(string(users[i])))
			}
		}
		list = append(list, judge(t, compiled, n+1, users...))
	}
	size := func(keys bool) int64 {
		path := filepath.Join(t.TempDir(), history.Name)
		s := must.Get(history.Open(t.Context(), path))(t)
		for _, r := range list {
			if !keys {
				r.Verdicts = nil
			}
			keep(t, s, r)
		}
		must.Do(t, s.Close())
		return must.Get(os.Stat(path))(t).Size()
	}
	year := (size(true) - size(false)) * yearDays / days
	t.Logf("the keys of a year take %d KiB", year>>10)
	if year > 5<<20 {
		t.Error("which is too much")
	}
}
