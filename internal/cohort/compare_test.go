package cohort

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
)

// assessment is one of 52.5 percent, with an action of each kind.
func assessment() *engine.Assessment {
	a := &engine.Assessment{EvaluatedAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Catalog: engine.Catalog{Digest: "sha256:" + strings.Repeat("c", 64)}}
	a.Score = engine.Score{Achieved: 21_00, Total: 40_00, Percent: 52_50, Categories: []engine.Category{
		{Category: "apps", Achieved: 1_00, Total: 10_00}, {Category: "data"}, {Category: "device", Achieved: 20_00, Total: 30_00},
	}}
	action := func(id string, outcome engine.Outcome, status engine.Status, most score.Points) {
		a.Actions = append(a.Actions, engine.Action{ID: id, Title: "Do " + id, Outcome: outcome, Status: status, Points: engine.ActionPoints{Max: most}})
	}
	action("Accepted", engine.NotMet, engine.RiskAccepted, 1_00)
	action("Done", engine.Complete, engine.Completed, 5_00)
	action("Elsewhere", engine.NotMet, engine.ThirdParty, 5_00)
	action("None", engine.NotApplicable, engine.ToAddress, 5_00)
	action("Open", engine.NotMet, engine.ToAddress, 5_00)
	action("Rare", engine.NotMet, engine.ToAddress, 5_00)
	action("Unknown", engine.NoEvidence, engine.ToAddress, 9_00)
	return a
}

// made is a benchmark of all tenants, small and smaller ones, and an industry.
func made() *Benchmark {
	percentiles := make([]score.Points, percentileCount)
	for i := range percentiles {
		percentiles[i] = points(int64(40+i-i%3) * 100) // 40 40 40 43 43 43 ...
	}
	var actions []Action
	for _, id := range []string{"Accepted", "Done", "Elsewhere", "None", "Open", "Rare", "Unknown"} {
		share := points(80_00)
		if id == "Rare" {
			share = 50_00
		}
		actions = append(actions, Action{ID: id, N: 20, Completed: share})
	}
	on := func(text string) Date {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			panic(err)
		}
		return Date{at}
	}
	whole := Spread{N: 40, Mean: 50_00, Percentiles: percentiles}
	return &Benchmark{SchemaVersion: "1", Title: "Customers", Source: "a test", Catalog: "sha256:" + strings.Repeat("c", 64), Cohorts: []Cohort{
		{ID: "all", Kind: All, Title: "All", Date: on("2026-10-01"), Spread: whole, Actions: actions, Merged: []string{"banking"}, Categories: []Category{
			{"apps", Spread{N: 40, Mean: 20_00, Percentiles: percentiles}}, {"data", Spread{Mean: 3_00}}, {"identity", Spread{Mean: 3_00}},
		}},
		{ID: "small", Kind: BySeats, Title: "Small", Seats: &Band{1, 50}, Date: on("2026-10-01"), Spread: Spread{Mean: 60_00}},
		{ID: "medium", Kind: BySeats, Title: "Medium", Seats: &Band{From: 1, To: 500}, Date: on("2026-10-01"), Spread: Spread{Mean: 61_00}},
		{ID: "retail", Kind: Industry, Title: "Retail", Industry: "retail", Date: on("2026-10-01"), Spread: Spread{Mean: 62_00}},
		{ID: "nordic", Kind: Custom, Title: "Nordic", Date: on("2026-10-01"), Spread: Spread{Mean: 63_00}},
	}}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	c := must.Get(made().Compare(assessment(), Choice{}))(t)
	want := &Comparison{Benchmark: "Customers", Source: "a test", Notes: []string{}, Cohorts: []Against{{
		ID: "all", Title: "All", Date: made().Cohorts[0].Date, N: 40, Percent: 52_50, Mean: 50_00, Gap: 2_50, Percentile: &Rank{75, 80},
		Categories: []AgainstCategory{{Category: "apps", Percent: 10_00, Mean: 20_00, Gap: -10_00, Percentile: &Rank{0, 5}}},
		Actions: []Ahead{
			{"Unknown", "Do Unknown", 80_00, 9_00}, {"Open", "Do Open", 80_00, 5_00}, {"Accepted", "Do Accepted", 80_00, 1_00},
		},
	}}}
	expect.Equal(t, want, c)
}

func TestChoose(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		choice Choice
		want   string
		notes  int
	}{
		"nothing known": {Choice{}, "All", 0},
		"seats":         {Choice{Profile: Profile{Seats: 50}}, "All, Medium, Small", 0},
		"more seats":    {Choice{Profile: Profile{Seats: 51}}, "All, Medium", 0},
		"industry":      {Choice{Profile: Profile{Seats: 501, Industry: "retail"}}, "All, Retail", 0},
		"named":         {Choice{Profile: Profile{Industry: "retail"}, Cohort: "nordic", Name: "Like us"}, "All, Retail, Like us", 0},
		"named, seats":  {Choice{Profile: Profile{Seats: 3}, Cohort: "medium"}, "All, Small, Medium", 0},
		"merged":        {Choice{Profile: Profile{Seats: 3}, Cohort: "banking"}, "Medium, Small, All", 1},
	} {
		chosen, notes, err := made().Choose(test.choice, time.Time{})
		must.Do(t, err)
		var got []string
		for _, c := range chosen {
			got = append(got, c.Title)
		}
		expect.Equalf(t, test.want, strings.Join(got, ", "), "%s", name)
		expect.Equalf(t, test.notes, len(notes), "%s: notes %v", name, notes)
	}
	_, _, err := made().Choose(Choice{Cohort: "nordics"}, time.Time{})
	var unknown *UnknownCohortError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), `Did you mean "nordic"?`) {
		t.Error(err)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	other, none, foreign, alien := assessment(), assessment(), assessment(), made()
	other.Catalog.Digest = "sha256:other"
	none.Score.Total = 0
	foreign.Catalog.Version = "microsoft"
	alien.Catalog = ""
	empty := made()
	empty.Cohorts = empty.Cohorts[1:]
	for name, test := range map[string]struct {
		b    *Benchmark
		a    *engine.Assessment
		want string
	}{
		"the same catalog":    {made(), assessment(), ""},
		"another catalog":     {made(), other, "another catalog"},
		"several catalogs":    {alien, assessment(), "not of one catalog"},
		"Microsoft's own":     {alien, foreign, ""},
		"nothing applies":     {made(), none, "nothing to compare"},
		"no cohort of theirs": {empty, assessment(), "none for these seats"},
	} {
		c := must.Get(test.b.Compare(test.a, Choice{}))(t)
		if notes := strings.Join(c.Notes, "; "); !strings.Contains(notes, test.want) || (notes == "") != (test.want == "") {
			t.Errorf("%s: %q", name, notes)
		}
	}
}

// TestRank has a percentage that several percentiles share.
func TestRank(t *testing.T) {
	t.Parallel()
	s := made().Cohorts[0].Spread
	for percent, want := range map[score.Points]Rank{39_99: {0, 5}, 40_00: {0, 20}, 41_00: {15, 20}, 58_00: {90, 100}, 58_01: {95, 100}} {
		if got := s.rank(percent); *got != want {
			t.Errorf("%v is between %+v, want %+v", percent, *got, want)
		}
	}
}
