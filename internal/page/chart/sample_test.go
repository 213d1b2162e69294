package chart_test

import (
	"math/rand/v2"
	"time"

	"github.com/posture-score/posture/internal/page/chart"
	"github.com/posture-score/posture/internal/score"
)

// hostile is a name that a tenant may have: a script, an attribute's end, and characters that turn the direction of text.
const hostile = `</text></svg><script>alert(1)</script>" onload="alert(2)' ` + "\u202eevil\u2066"

func date(month, day int) time.Time {
	return time.Date(2026, time.Month(month), day, 6, 0, 0, 0, time.UTC)
}

// walk returns a score that goes up and down, a point each day.
func walk(points int, value score.Points) []chart.Point {
	random := rand.New(rand.NewPCG(1, uint64(value)))
	list := make([]chart.Point, points)
	for i := range list {
		if random.IntN(4) == 0 {
			value += score.Points(random.IntN(220) - 100)
		}
		list[i] = chart.Point{At: date(1, 1).AddDate(0, 0, i), Value: value}
	}
	return list
}

// year returns a chart with everything that a line can have.
func year() chart.Line {
	mean := walk(365, 47_00)
	for i := range mean {
		mean[i].Missing = i < 60 || i > 200 && i < 230
	}
	return chart.Line{
		About: chart.About{ID: "score", Title: "Secure score", Description: "From 52.00% to 68.20% in a year."},
		Unit:  chart.Percent,
		Series: []chart.Series{
			{Name: "Score", Class: "score", Points: walk(365, 52_00)},
			{Name: "Planned", Class: "planned", Points: walk(365, 60_00)},
			{Name: "Current license", Class: "licensed", Points: walk(365, 70_00)},
			{Name: "Achievable", Class: "achievable", Points: walk(365, 67_00)},
			{Name: "Similar size", Class: "mean", Points: mean},
		},
		Levels: []chart.Level{{Name: "Goal", Class: "goal", Value: 80_00}},
		Bands:  []chart.Band{{"Good", "good", 75_00, 100_00}, {"Okay", "okay", 55_00, 75_00}, {"Bad", "bad", 0, 55_00}},
		Markers: []chart.Marker{
			{date(2, 10), "Catalog 2026.2", "#entry-41"},
			{date(6, 1), "Catalog 2026.6", "#entry-152"},
			{date(6, 9), "Engine 1.4", "#entry-160"},
			{date(10, 20), hostile, "javascript:alert(3)"},
		},
	}
}

func bridge() chart.Bridge {
	return chart.Bridge{
		About: chart.About{ID: "bridge", Title: "What changed", Description: "From 1 March to 2 March 2026."},
		Unit:  chart.Percent,
		From:  chart.Total{Label: "Score on 2026-03-01", Value: 49_12}, To: chart.Total{Label: "Score on 2026-03-02", Value: 51_30},
		Steps: []chart.Step{
			{Label: "Configuration", Value: 3_40, Link: "#entry-3"},
			{Label: "Population: users", Value: -85},
			{Label: "Catalog: added", Value: -70},
			{Label: "Status: " + hostile, Value: 0},
			{Label: "Evidence: regained", Value: 30},
		},
	}
}

func bars() chart.Bars {
	return chart.Bars{
		About: chart.About{ID: "bars", Title: "Points by category"},
		Head:  "Category", Sum: "Total", Value: "Achieved",
		Kinds: []chart.Kind{{"Achieved", "achieved"}, {"Planned", "planned"}, {"Possible", "possible"}},
		Rows: []chart.Bar{
			{"Identity", "#actions", []score.Points{210_00, 30_50, 12_25}, 303_75, "69.14%"},
			{"Devices", "", []score.Points{400_00, 0, 100_00}, 520_00, "76.92%"},
			{hostile, "", []score.Points{1, 0, 0}, 10_00, "0.10%"},
			{"Nothing", "", nil, 0, "0.00%"},
		},
	}
}

func monthly() chart.Columns {
	c := chart.Columns{
		About: chart.About{ID: "columns", Title: "Points gained and lost", Description: "By month."},
		Head:  "Month",
		Kinds: []chart.Kind{{"Gained", "gained"}, {"Configuration", "configuration"}, {"Users", "users"}, {"Devices", "devices"}, {"Others", "others"}},
	}
	for m := range 12 {
		at := date(m+1, 1)
		n := score.Delta(m)
		c.Rows = append(c.Rows, chart.Column{
			Label: at.Format("2006-01"), Short: at.Format("Jan"), Values: []score.Delta{(n*n*131)%30_00 + 50, -(n * 77 % 5_00), -(n * 313 % 4_00), -(n * 91 % 3_00), -(n % 3 * 80)},
		})
	}
	return c
}
