package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/trend"
)

// Trends is the page of a trend: what changed, why points were lost, how far the goal is, and the score over time.
type Trends struct {
	*trend.Trend
	Period trend.Period // of a line of the table; empty for the shortest that fits
	Chart  bool         // draws a chart
}

func (page Trends) document() any {
	t := *page.Trend
	t.Points = page.asked()
	return t
}

// asked returns the points that programs get: all of them, or one for each period that was asked for.
func (page Trends) asked() []trend.Point {
	if page.Period == "" {
		return page.Points
	}
	return trend.Thin(page.Points, page.Period)
}

// maxTrend is how many lines the table has if no period is asked for.
const maxTrend = 31

func (page Trends) table(p *printer) {
	t := page.Trend
	if len(t.Points) == 0 {
		p.printf("There is nothing to show: no assessment is in this range.\n")
		return
	}
	first, last := t.Points[0], t.Points[len(t.Points)-1]
	name := t.Tenant.Name
	if name == "" {
		name = t.Tenant.ID
	}
	p.hang("", fmt.Sprintf("%s, %s to %s: %s", clip(clean(name), maxName), onDay(first.At), onDay(last.At), plural(len(t.Points), "assessment")), p.bold)
	p.printf("\n")
	for _, fact := range page.facts(first, last) {
		p.hang(pad(fact[0], 14), fact[1], plain)
	}
	if page.Chart && len(t.Points) > 1 {
		p.printf("\n")
		p.chart(t)
	}
	p.printf("\n")
	period := page.Period
	if period == "" {
		period = trend.Fitting(t.Points, maxTrend)
	}
	p.over(trend.Thin(t.Points, period), first, period)
}

// facts returns what is told before the table: names and texts.
func (page Trends) facts(first, last trend.Point) [][2]string {
	t := page.Trend
	zone := ""
	if last.Zone != "" {
		zone = ", " + string(last.Zone)
	}
	facts := [][2]string{
		{"Secure score", fmt.Sprintf("%s, %s of %s points%s", percentText(last.Percent), last.Achieved, last.Total, zone)},
		{"Change", fmt.Sprintf("%s%%, %s points: %s gained, %s lost", t.Change.Percent, t.Change.Points, t.Gained, t.Lost)},
	}
	if t.Lost > 0 {
		texts := make([]string, len(t.Regressions))
		for i, r := range t.Regressions {
			texts[i] = fmt.Sprintf("%s %s", clean(r.Cause), r.Points)
		}
		facts = append(facts, [2]string{"Lost by", strings.Join(texts, ", ")})
	}
	first, last = withRisk(t.Points, first, last)
	if first.Accepted != last.Accepted || last.Accepted.Actions > 0 {
		facts = append(facts, [2]string{"Accepted risk", fmt.Sprintf("%s in %s; at first %s in %d",
			worth(last.Accepted.Points), plural(last.Accepted.Actions, "action"), first.Accepted.Points, first.Accepted.Actions)})
	}
	if z := t.Zones; z != nil {
		facts = append(facts, [2]string{"Zones", fmt.Sprintf("good from %s%%, okay from %s%%", z.Good, z.Okay)})
	}
	if c := t.Comparison; c != nil {
		facts = append(facts, [2]string{"Comparison", fmt.Sprintf("%s%% beside %s, %s: %s%% on %s", c.Gap, clip(clean(c.Cohort), maxName), clip(clean(c.Benchmark), maxName), c.Mean, c.Date)})
	}
	if t.Goal != nil {
		facts = append(facts, [2]string{"Goal", goal(t.Goal)})
	}
	return facts
}

// withRisk returns the first and the last point of which the accepted risk is known, or else those that are given.
func withRisk(points []trend.Point, first, last trend.Point) (from, to trend.Point) {
	if at := slices.IndexFunc(points, func(p trend.Point) bool { return !p.ScoreOnly }); at >= 0 {
		first = points[at]
	}
	for _, p := range slices.Backward(points) {
		if !p.ScoreOnly {
			return first, p
		}
	}
	return first, last
}

// riskText returns a text about the accepted risk, which is not known of a score alone.
func riskText(text func(trend.Accepted) string) func(trend.Point) string {
	return func(p trend.Point) string {
		if p.ScoreOnly {
			return ""
		}
		return text(p.Accepted)
	}
}

// goal returns in words how far a goal is.
func goal(g *trend.Goal) string {
	text := g.Percent.String() + "%"
	if g.By != "" {
		text += " by " + g.By
	}
	switch g.State {
	case trend.Reached:
		text += ": reached on " + g.On
	case trend.OnPace:
		text += ": at this pace on " + g.On
		if g.Late > 0 {
			text += ", " + plural(g.Late, "day") + " late"
		}
	default:
		text += ": " + string(g.State)
	}
	if g.Pace != nil {
		text += fmt.Sprintf("; %s%% in 30 days", g.Pace)
	}
	if g.Needed != nil {
		text += fmt.Sprintf(", %s%% needed", g.Needed)
	}
	return text
}

// trendColumn is a column of the score over time.
type trendColumn struct {
	head, export string // in the table and in CSV
	number       bool
	text         func(trend.Point) string // with the marks of a table
	formal       func(trend.Point) string
}

// trendColumns returns the columns, the first ones the most important: a narrow table leaves out the last ones.
func trendColumns() []trendColumn {
	percentage := func(head, export string, value func(trend.Point) score.Points) trendColumn {
		return trendColumn{head, export, true, func(p trend.Point) string { return percentText(value(p)) }, func(p trend.Point) string { return value(p).String() }}
	}
	number := func(head, export string, value func(trend.Point) string) trendColumn {
		return trendColumn{head, export, true, value, value}
	}
	return []trendColumn{
		{"DATE", "at", false, func(p trend.Point) string { return onDay(p.At) }, func(p trend.Point) string { return p.At.UTC().Format(time.RFC3339) }},
		percentage("SCORE", "percent", func(p trend.Point) score.Points { return p.Percent }),
		{"ZONE", "zone", false, zoneText, zoneText},
		number("GAINED", "gained", func(p trend.Point) string { return p.Gained.String() }),
		number("LOST", "lost", func(p trend.Point) string { return p.Lost.String() }),
		percentage("PLANNED", "planned", func(p trend.Point) score.Points { return p.Planned }),
		percentage("LICENSED", "current_license", func(p trend.Point) score.Points { return p.Licensed }),
		percentage("ACHIEVABLE", "achievable", func(p trend.Point) score.Points { return p.Achievable }),
		number("RISK", "accepted_points", riskText(func(a trend.Accepted) string { return a.Points.String() })),
		{"MEAN", "mean", true, meanText(percentText), meanText(score.Points.String)},
		number("ACHIEVED", "achieved", func(p trend.Point) string { return p.Achieved.String() }),
		number("TOTAL", "total", func(p trend.Point) string { return p.Total.String() }),
		number("ACCEPTED", "accepted_actions", riskText(func(a trend.Accepted) string { return fmt.Sprint(a.Actions) })),
	}
}

func zoneText(p trend.Point) string { return string(p.Zone) }

func meanText(text func(score.Points) string) func(trend.Point) string {
	return func(p trend.Point) string {
		if p.Mean == nil {
			return ""
		}
		return text(*p.Mean)
	}
}

// over prints the score over time. Columns without any text are left out, and on a narrow terminal the last ones.
func (p *printer) over(list []trend.Point, first trend.Point, period trend.Period) {
	var t grid
	rows := make([][]string, len(list))
	for i, c := range trendColumns() {
		texts, empty := make([]string, len(list)), true
		for j, point := range list {
			texts[j] = c.text(point)
			empty = empty && texts[j] == ""
		}
		if empty {
			continue
		}
		column := gridColumn{head: c.head, right: c.number}
		if i > 1 { // the day and the score stay
			column.drop = len(trendColumns()) - i
		}
		t.columns = append(t.columns, column)
		for j, text := range texts {
			rows[j] = append(rows[j], text)
		}
	}
	for _, row := range rows {
		t.add(row...)
	}
	p.grid(&t)
	if period != trend.Each && len(list) > 0 && !list[0].At.Equal(first.At) {
		p.hang("", fmt.Sprintf("One line for each %s: its last assessment, and what was gained and lost in it.", period), p.faint)
	}
}

func (page Trends) sheet() sheet {
	var s sheet
	all := trendColumns()
	for _, c := range all {
		s.heads = append(s.heads, head{name: c.export, number: c.number})
	}
	for _, point := range page.asked() {
		row := make([]string, len(all))
		for i, c := range all {
			row[i] = c.formal(point)
		}
		s.rows = append(s.rows, row)
	}
	return s
}

func percentText(p score.Points) string { return fmt.Sprintf("%.2f%%", p.Float()) }

func onDay(at time.Time) string { return at.UTC().Format(time.DateOnly) }
