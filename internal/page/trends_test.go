package page

import (
	"testing"
	"time"

	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/internal/trend"
)

// TestPeriods holds that every period of a range is there, and that the groups of causes add up to what was lost, known or not.
func TestPeriods(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 1, day, 6, 0, 0, 0, time.UTC) }
	part := func(cause attribution.Cause, detail string, points score.Delta) attribution.Part {
		return attribution.Part{Cause: cause, Detail: detail, Amount: attribution.Amount{Points: points}}
	}
	change := history.Change{After: history.Entry{EvaluatedAt: at(6)}, Attribution: &attribution.Attribution{
		Actions: []attribution.Change{{Parts: []attribution.Part{
			part(attribution.Configuration, "", -100), part(attribution.Population, "users", -20), part(attribution.Population, "devices", -3),
			part(attribution.Population, "apps", -4000), part(attribution.Catalog, "rule", -50000), part(attribution.Status, "set", 7),
		}}},
		Residual: attribution.Amount{Points: -600000},
	}}
	losses := lossesOf(&snapshot.Past{Changes: []history.Change{change, {After: history.Entry{EvaluatedAt: at(7)}}}})
	points := []trend.Point{
		{At: at(5), Lost: 9},
		{At: at(6), Lost: 654123, Gained: 7},
		{At: at(7), Lost: 5}, // nobody knows why
		{At: at(27), Gained: 11},
	}
	got := periodsOf(points, losses, span{From: at(5), To: at(27)})
	expect.Equal(t, trend.Week, got.kind)
	var begins []string
	for _, p := range got.list {
		begins = append(begins, day(p.begin))
	}
	expect.Equal(t, []string{"2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"}, begins)
	expect.Equal(t, lost{byConfiguration: 100, byUsers: 20, byDevices: 3, byOthers: 654005}, got.list[0].lost)
	expect.Equal(t, score.Points(7), got.list[0].gained)
	expect.Equal(t, lost{}, got.list[3].lost)
	expect.Equal(t, score.Points(11), got.list[3].gained)
	expect.Equal(t, trend.Month, periodsOf(points, losses, span{From: at(5).AddDate(-1, 0, 0), To: at(27)}).kind)
}

// TestSpans holds that ranges are shorter than the history, and that one is chosen.
func TestSpans(t *testing.T) {
	last := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		days    int
		asked   string
		keys    []string
		checked string
		classes string // of 40 days before the last
	}{
		{0, "", []string{"all"}, "all", ""},
		{30, "30d", []string{"all"}, "all", ""},
		{31, "30d", []string{"30d", "all"}, "30d", ""},
		{365, "180d", []string{"30d", "90d", "180d", "all"}, "180d", "in-90d in-180d in-all"},
		{365, "nonsense", []string{"30d", "90d", "180d", "all"}, "all", "in-90d in-180d in-all"},
	} {
		spans := spansOf(last.AddDate(0, 0, -test.days), last, test.asked)
		var keys []string
		for _, s := range spans {
			keys = append(keys, s.Key)
			expect.Equalf(t, s.Key == test.checked, s.Checked, "%d days, %q asked: %s", test.days, test.asked, s.Key)
		}
		expect.Equal(t, test.keys, keys)
		expect.Equal(t, test.classes, classesOf(spans, last.AddDate(0, 0, -40)))
	}
}
