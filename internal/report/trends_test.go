package report

import (
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/trend"
)

// year is a score of some days: it rises, falls for a month in spring, and rises again.
func year(t *testing.T, days int, options trend.Options) Trends {
	t.Helper()
	start := must.Get(time.Parse(time.DateOnly, "2026-01-01"))(t)
	var moments []trend.Moment
	achieved := score.Points(101_20)
	for day := range days {
		change := score.Delta(0)
		switch {
		case day == 0:
		case day > 90 && day < 120 && day%5 == 0:
			change = -2_50
		case day%9 == 0:
			change = 1_45
		}
		achieved += score.Points(change)
		const total = 202_50
		view := func(left score.Points) engine.View {
			return engine.View{Points: achieved + left, Percent: score.Percent(achieved+left, total)}
		}
		m := trend.Moment{At: start.AddDate(0, 0, day).Add(6 * time.Hour), Accepted: trend.Accepted{Actions: 2 + day/200, Points: 12_00}}
		m.Score = engine.Score{Achieved: achieved, Total: total, Percent: score.Percent(achieved, total)}
		m.Score.Planned, m.Score.CurrentLicense, m.Score.Achievable = view(10_00), view(38_00), view(26_00)
		cause, detail := attribution.Configuration, ""
		if day%2 == 0 {
			cause, detail = attribution.Population, "users"
		}
		if change != 0 {
			m.Parts = []attribution.Part{{Cause: cause, Detail: detail, Amount: attribution.Amount{Points: change}}}
		}
		moments = append(moments, m)
	}
	return Trends{Trend: trend.New(engine.Tenant{ID: "t", Name: "Contoso"}, moments, options)}
}

// aims are what an organization may add to its score.
func aims(t *testing.T) trend.Options {
	t.Helper()
	microsoft := must.Get(cohort.Microsoft())(t)
	return trend.Options{
		Zones: &settings.Zones{Good: 80_00, Okay: 55_00}, Goal: &settings.Goal{Percent: 75_00, By: must.Get(time.Parse(time.DateOnly, "2027-03-31"))(t)},
		Compare: func(at time.Time) (trend.Comparison, bool) {
			chosen, _, err := microsoft.Choose(cohort.Choice{}, at)
			must.Do(t, err)
			return trend.Comparison{Benchmark: microsoft.Title, Cohort: chosen[0].Title, Date: chosen[0].Date.String(), Mean: chosen[0].Mean}, true
		},
	}
}

func TestTrends(t *testing.T) {
	charted, short, one := year(t, 365, aims(t)), year(t, 2, aims(t)), year(t, 1, aims(t))
	charted.Chart, short.Chart, one.Chart = true, true, true
	weekly := year(t, 365, aims(t))
	weekly.Period = trend.Week
	for _, test := range []struct {
		name, format string
		style        Style
		page         Page
	}{
		{"trends", "table", Style{}, year(t, 20, trend.Options{})},
		{"trends-60", "table", Style{Width: 60}, charted},
		{"trends-80", "table", Style{Width: 80}, charted},
		{"trends-120", "table", Style{Width: 120}, charted},
		{"trends-color", "table", Style{Width: 80, Color: true}, charted},
		{"trends-two", "table", Style{Width: 80}, short},
		{"trends-one", "table", Style{Width: 80}, one},
		{"trends-none", "table", Style{}, year(t, 0, aims(t))},
		{"trends-weeks-csv", "csv", Style{}, weekly},
		{"trends-json", "json", Style{}, year(t, 3, aims(t))},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := golden(t, test.name, test.format, test.style, test.page)
			for line := range strings.Lines(text) {
				if test.format == "table" && !test.style.Color && columns(strings.TrimSuffix(line, "\n")) > test.style.columns() {
					t.Errorf("%d columns: %s", columns(line), line)
				}
			}
		})
	}
}

// TestComparison has an assessment beside two cohorts, with texts of a benchmark that would steer a terminal or are long.
func TestComparison(t *testing.T) {
	a := ordinary(t)
	c := &cohort.Comparison{Benchmark: "Customers", Source: "assessments of October", Notes: []string{"another catalog\x1b[31m"}, Cohorts: []cohort.Against{
		{ID: "all", Title: "All tenants", Date: cohort.Date{Time: a.EvaluatedAt}, N: 40, Percent: 32_31, Mean: 50_00, Gap: -17_69, Percentile: &cohort.Rank{From: 0, To: 5}},
		{
			ID: "x", Title: "Similar " + strings.Repeat("ones ", 30), Date: cohort.Date{Time: a.EvaluatedAt}, Percent: 32_31, Mean: 30_00, Gap: 2_31, Percentile: &cohort.Rank{From: 60, To: 65},
			Categories: []cohort.AgainstCategory{{Category: "identity", Percent: 18_04, Mean: 20_00, Gap: -1_96}, {Category: "apps", Percent: 57_50, Mean: 20_00, Gap: 37_50, Percentile: &cohort.Rank{From: 95, To: 100}}},
			Actions:    []cohort.Ahead{{ID: "Many", Title: "Register everybody for multifactor authentication", Completed: 90_00, Left: 4_67}, {ID: "None", Title: "Do that", Completed: 60_00, Left: 9_00}},
		},
	}}
	for name, style := range map[string]Style{"comparison": {}, "comparison-60": {Width: 60}, "comparison-color": {Color: true}} {
		text := golden(t, name, "table", style, Assessment{Assessment: a, Comparison: c, Screen: Screen{All: true}})
		for line := range strings.Lines(text) {
			if style.Width > 0 && columns(strings.TrimSuffix(line, "\n")) > style.columns() {
				t.Errorf("%s: %d columns: %s", name, columns(line), line)
			}
		}
	}
}
