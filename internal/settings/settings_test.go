package settings

import (
	"bytes"
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
	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/must"
)

var update = flag.Bool("update", false, "rewrite the goldens")

const whole = `
# Contoso's settings.
store = "history/posture.db"
keep  = "daily:90, weekly:52,monthly:*"

catalog_key = "keys/catalog.pub"

organization {
  name     = "Contoso Ltd"
  industry = "manufacturing"
  seats    = 60
}

zones {
  good = 80
  okay = 62.5
}

goal {
  percent = 80
  by      = "2026-12-31"
}

comparison {
  name      = "Manufacturers like us"
  benchmark = "../benchmarks/2026.json"
  cohort    = "manufacturing"
}

gates {
  fail_under       = ["70", "identity=80", "product:exchange_online=62.5"]
  fail_on          = ["regression", "expired"]
  baseline         = "baseline.json"
  baseline_age     = "2w"
  max_age          = "48h"
  require_assessed = 90
  confirm          = 2
  warn_only        = true
  known_missing    = ["teams.meeting_policies"]
}
`

func TestRead(t *testing.T) {
	t.Parallel()
	want := &Settings{
		Path:         filepath.Join("..", "org", "posture.hcl"),
		Organization: Organization{Name: "Contoso Ltd", Industry: "manufacturing", Seats: 60},
		Store:        filepath.Join("..", "org", "history", "posture.db"),
		CatalogKey:   filepath.Join("..", "org", "keys", "catalog.pub"),
		Keep:         Keep{{"daily", 90}, {"weekly", 52}, {"monthly", Always}},
		Zones:        &Zones{Good: 80_00, Okay: 62_50},
		Goal:         &Goal{Percent: 80_00, By: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)},
		Comparison: &Comparison{
			Name: "Manufacturers like us", Benchmark: filepath.Join("..", "benchmarks", "2026.json"), Cohort: "manufacturing",
			BenchmarkAt: filepath.Join("..", "org", "posture.hcl") + " line 26, column 15", CohortAt: filepath.Join("..", "org", "posture.hcl") + " line 27, column 15",
		},
		Gates: rule.Set{
			FailUnder:   []rule.Floor{{Percent: 70_00}, {Category: "identity", Percent: 80_00}, {Product: "exchange_online", Percent: 62_50}},
			FailOn:      []rule.Event{rule.Regression, rule.Expired},
			Baseline:    filepath.Join("..", "org", "baseline.json"),
			BaselineAge: 14 * 24 * time.Hour, MaxAge: 48 * time.Hour, RequireAssessed: 90_00, Confirm: 2, WarnOnly: true,
			KnownMissing: []string{"teams.meeting_policies"},
		},
	}
	got := must.Get(Read(want.Path, []byte(whole)))(t)
	got.Values = nil // which TestValues has
	expect.Equal(t, want, got)
	expect.Equal(t, "daily:90,weekly:52,monthly:*", got.Keep.String())
	expect.Equalf(t, &Settings{Path: Name}, must.Get(Read(Name, nil))(t), "an empty file")
}

func TestPaths(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"posture.db":                    filepath.Join("org", "posture.db"),
		"../posture.db":                 "posture.db",
		"postgres://db/posture":         "postgres://db/posture",
		"postgresql://ada@db/p?sslmode": "postgresql://ada@db/p?sslmode",
	} {
		got := must.Get(Read(filepath.Join("org", Name), []byte(`store = "`+text+`"`)))(t)
		expect.Equalf(t, want, got.Store, "%s", text)
	}
	absolute := filepath.ToSlash(must.Get(filepath.Abs("posture.db"))(t))
	expect.Equal(t, absolute, filepath.ToSlash(must.Get(Read(filepath.Join("org", Name), []byte(`store = "`+absolute+`"`)))(t).Store))
	got := must.Get(Read(filepath.Join("org", Name), []byte("comparison {\n benchmark = \"microsoft\"\n}\n")))(t)
	expect.Equal(t, &Comparison{Benchmark: Microsoft, BenchmarkAt: filepath.Join("org", Name) + " line 2, column 14"}, got.Comparison)
}

func TestZones(t *testing.T) {
	t.Parallel()
	zones := Zones{Good: 80_00, Okay: 60_00}
	for _, test := range []struct {
		hundredths int
		want       Zone
	}{{0, Bad}, {59_99, Bad}, {60_00, Okay}, {79_99, Okay}, {80_00, Good}, {100_00, Good}} {
		expect.Equalf(t, test.want, zones.Of(points(test.hundredths)), "%d", test.hundredths)
	}
}

// TestProblems holds what is said about settings that are wrong against testdata/problems.txtar: FILE.hcl and FILE.txt.
func TestProblems(t *testing.T) {
	name := filepath.Join("testdata", "problems.txtar")
	archive := must.Get(txtar.ParseFile(name))(t)
	got := &txtar.Archive{Comment: archive.Comment}
	for _, file := range archive.Files {
		if !strings.HasSuffix(file.Name, ".hcl") {
			continue
		}
		_, err := Read(file.Name, file.Data)
		var problems *diag.Problems
		if !errors.As(err, &problems) {
			t.Fatalf("%s: no problems, but %v", file.Name, err)
		}
		var text bytes.Buffer
		must.Do(t, problems.Write(&text, 0, false))
		if strings.Contains(text.String()+err.Error(), "hunter2") {
			t.Errorf("%s: a password is shown", file.Name)
		}
		got.Files = append(got.Files, file, txtar.File{Name: strings.TrimSuffix(file.Name, ".hcl") + ".txt", Data: append(bytes.TrimSpace(text.Bytes()), '\n')})
	}
	if *update {
		must.Do(t, os.WriteFile(name, txtar.Format(got), 0o644))
		return
	}
	expect.Equal(t, string(txtar.Format(archive)), string(txtar.Format(got)))
}

// TestBounds has files that would take a parser or an evaluator long, or its stack.
func TestBounds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"size":        {strings.Repeat("#\n", 3<<20), "Text too large"},
		"nesting":     {"store = " + strings.Repeat("[", 200_000), "Nested too deeply"},
		"templates":   {"store = " + strings.Repeat(`"${`, 200_000), "Nested too deeply"},
		"loops":       {"store = [for a in [1,2,3,4,5,6,7,8,9]: [for b in [1,2,3,4,5,6,7,8,9]: [for c in [1,2,3,4,5,6,7,8,9]: a]]]", "Invalid store"},
		"long name":   {"organization {\n name = \"" + strings.Repeat("é", maxName+1) + "\"\n}", "201 characters"},
		"long number": {"organization {\n seats = " + strings.Repeat("9", 99) + "\n}", "Invalid seats"},
	} {
		if _, err := Read(name, []byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}

// FuzzRead reads any text: there are settings that make sense, or problems with places.
func FuzzRead(f *testing.F) {
	f.Add([]byte(whole))
	archive, err := txtar.ParseFile(filepath.Join("testdata", "problems.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(file.Data)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Read("f.hcl", text)
		var problems *diag.Problems
		switch {
		case err != nil && !errors.As(err, &problems):
			t.Fatalf("not problems, but %v", err)
		case err != nil:
			for _, p := range problems.List() {
				if p.File != "f.hcl" || p.Line < 1 || p.Column < 1 {
					t.Errorf("a problem without a place: %+v", p)
				}
			}
		case s.Zones != nil && (s.Zones.Okay >= s.Zones.Good || s.Zones.Good > 100_00), s.Goal != nil && s.Goal.Percent > 100_00:
			t.Errorf("%+v %+v", s.Zones, s.Goal)
		}
	})
}
