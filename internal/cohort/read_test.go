package cohort

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
)

var update = flag.Bool("update", false, "rewrite the goldens")

const sound = `{"schema_version": "1", "title": "T", "source": "S", "cohorts": [
  {"id": "all", "kind": "all", "title": "All", "date": "2026-10-01", "n": 20, "mean": 50,
   "percentiles": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
   "categories": [{"category": "apps", "mean": 3}, {"category": "data", "mean": 4}],
   "actions": [{"id": "A", "completed": 10}, {"id": "B", "completed": 90}]},
  {"id": "small", "kind": "seats", "title": "Small", "parent": "all", "seats": {"from": 1, "to": 100}, "date": "2026-10-01", "mean": 40.5},
  {"id": "retail", "kind": "industry", "title": "Retail", "industry": "retail", "date": "2026-10-01", "mean": 40.25, "merged": ["shops"]}
]}`

// TestRead changes a sound benchmark in one place, and holds what is said about it.
func TestRead(t *testing.T) {
	t.Parallel()
	must.Get(Read([]byte("\xef\xbb\xbf" + sound)))(t)
	for _, test := range []struct{ old, replacement, want string }{
		{`"title": "T"`, `"title": "T",,`, "not sound JSON: line 1, column 38"},
		{`"title": "T"`, `"title": "T", "title": "U"`, "duplicate"},
		{`"schema_version": "1"`, `"schema_version": "2"`, `has schema_version "2"; this program reads "1"`},
		{`"title": "T", `, ``, `missing field "title"`},
		{`"mean": 50`, `"mean": 150`, "/cohorts/0/mean"},
		{`"mean": 50`, `"mean": -0.1`, "/cohorts/0/mean"},
		{`"mean": 50`, `"mean": "50"`, "/cohorts/0/mean"},
		{`"n": 20`, `"n": 9`, "/cohorts/0/n"},
		{`18, 19]`, `18]`, "/cohorts/0/percentiles"},
		{`18, 19]`, `19, 18]`, "/cohorts/0/percentiles: one is less than the one before"},
		{`"2026-10-01", "n"`, `"2026-13-01", "n"`, "month out of range"},
		{`"id": "small"`, `"id": "retail"`, "/cohorts/2: the cohort retail stands in it twice for 2026-10-01"},
		{`"id": "small", "kind": "seats"`, `"id": "small", "kind": "all"`, "/cohorts/1/kind"},
		{`"id": "small"`, `"id": "Small"`, "/cohorts/1/id"},
		{`"parent": "all"`, `"parent": "none"`, "/cohorts/1/parent: there is no cohort none"},
		{`"parent": "all"`, `"parent": "small"`, "/cohorts/1/parent: a cohort is no part of itself"},
		{`{"from": 1, "to": 100}`, `{"from": 101, "to": 100}`, "/cohorts/1/seats: it ends at 100"},
		{`, "seats": {"from": 1, "to": 100}`, ``, "/cohorts/1/seats"},
		{`"industry": "retail", `, ``, "/cohorts/2/industry"},
		{`"category": "data"`, `"category": "apps"`, "/cohorts/0/categories/1"},
		{`"id": "B"`, `"id": "A"`, "/cohorts/0/actions/1"},
		{`"id": "B"`, `"id": "C\u001b"`, "/cohorts/0/actions/1/id: it is blank, or has a character that steers"},
		{`"title": "All"`, `"title": "All\u202e"`, "/cohorts/0/title"},
		{`"source": "S"`, `"source": " "`, "/source"},
		{`"title": "T"`, `"tenants": [], "title": "T"`, "tenants"},
	} {
		text := strings.Replace(sound, test.old, test.replacement, 1)
		if text == sound {
			t.Fatalf("%s is not in the benchmark", test.old)
		}
		if _, err := Read([]byte(text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.replacement, err)
		}
	}
}

func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"two":     sound + " {}",
		"bytes":   sound + strings.Repeat(" ", maxBytes),
		"nesting": strings.Repeat("[", 1<<20),
		"values":  `{"cohorts": [` + strings.Repeat("0,", 3<<20) + "0]}",
		"number":  `{"mean": 1` + strings.Repeat("0", 1<<20) + "}",
		"title":   strings.Replace(sound, `"T"`, `"`+strings.Repeat("x", 501)+`"`, 1),
	} {
		if _, err := Read([]byte(text)); err == nil || len(err.Error()) > 1000 {
			t.Errorf("%s: %.1500v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(sound))
	f.Add(microsoft)
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := Read(text)
		if err != nil {
			return
		}
		again := must.Get(json.Marshal(b))(t)
		must.Get(Read(again))(t)
		c := must.Get(b.Compare(assessment(), Choice{Profile: Profile{Seats: 50, Industry: "retail"}}))(t)
		for _, against := range c.Cohorts {
			if against.Percentile != nil && (against.Percentile.From < 0 || against.Percentile.To > 100 || against.Percentile.From >= against.Percentile.To) {
				t.Errorf("%+v", against.Percentile)
			}
		}
	})
}

// TestMicrosoft holds the benchmark that comes along to the published answers: five dates, for all tenants and for 1 to 100 seats.
func TestMicrosoft(t *testing.T) {
	t.Parallel()
	b := must.Get(Microsoft())(t)
	want := map[string][2]score.Points{
		"2023-01-10": {47_96, 46_77}, "2023-11-13": {51_83, 47_12}, "2023-12-26": {52_82, 48_06}, "2024-01-01": {54_65, 48_98}, "2026-07-17": {52_86, 48_10},
	}
	got := map[string][2]score.Points{}
	for _, c := range b.Cohorts {
		pair := got[c.Date.String()]
		if c.Kind == All {
			pair[0] = c.Mean
		} else {
			pair[1] = c.Mean
			expect.Equal(t, &Band{1, 100}, c.Seats)
		}
		got[c.Date.String()] = pair
		if c.N != 0 || c.Percentiles != nil {
			t.Errorf("%+v says more than is known", c)
		}
	}
	expect.Equal(t, want, got)
	for date, want := range map[string]string{"2022-01-01": "2023-01-10", "2023-12-30": "2023-12-26", "2024-01-01": "2024-01-01", "2030-01-01": "2026-07-17"} {
		chosen, _, err := b.Choose(Choice{}, must.Get(time.Parse(time.DateOnly, date))(t))
		must.Do(t, err)
		expect.Equalf(t, want, chosen[0].Date.String(), "as of %s", date)
	}
}

// TestProblems holds what is said about definitions that are wrong against testdata/problems.txtar: FILE.hcl and FILE.txt.
func TestProblems(t *testing.T) {
	name := filepath.Join("testdata", "problems.txtar")
	archive := must.Get(txtar.ParseFile(name))(t)
	got := &txtar.Archive{Comment: archive.Comment}
	for _, file := range archive.Files {
		if !strings.HasSuffix(file.Name, ".hcl") {
			continue
		}
		_, err := ReadDefinitions(file.Name, file.Data)
		var problems *diag.Problems
		if !errors.As(err, &problems) {
			t.Fatalf("%s: no problems, but %v", file.Name, err)
		}
		var text bytes.Buffer
		must.Do(t, problems.Write(&text, 0, false))
		got.Files = append(got.Files, file, txtar.File{Name: strings.TrimSuffix(file.Name, ".hcl") + ".txt", Data: append(bytes.TrimSpace(text.Bytes()), '\n')})
	}
	if *update {
		must.Do(t, os.WriteFile(name, txtar.Format(got), 0o644))
		return
	}
	expect.Equal(t, string(txtar.Format(archive)), string(txtar.Format(got)))
}

func FuzzDefinitions(f *testing.F) {
	f.Add([]byte(cohortsFile(3)))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := ReadDefinitions("f.hcl", text)
		if err == nil && (d.Minimum < Minimum || len(d.Cohorts) < 1 || len(d.Cohorts) > maxCohorts) {
			t.Errorf("%d cohorts of at least %d", len(d.Cohorts), d.Minimum)
		}
	})
}
