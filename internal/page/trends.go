package page

import (
	"slices"
	"time"

	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/page/chart"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/internal/trend"
)

// trends is the model of the tab Metrics & trends.
type trends struct {
	*frame
	Spans      []span
	Percent    score.Points // the last one
	Zone, Chip string       // of the last score, with the class of its chip; empty without zones
	Zones      *settings.Zones
	Comparison *trend.Comparison
	Goal       *goal
	Score      []graph
	Mean       []graph // empty without a comparison
	Changes    []graph
	Losses     []graph
	Accepted   []graph
	Risk       trend.Accepted // the last one that is known
}

// goal is a score to reach, in words.
type goal struct {
	*trend.Goal
	Text, Tone string
	Graph      *chart.Figure // the way to it; nil if there is none, or it is too long
}

// trendsOf returns the model of the tab.
func trendsOf(f *frame) (any, error) {
	t := f.snapshot.Past.Trend
	page := &trends{frame: f}
	if t == nil || len(t.Points) == 0 {
		return page, nil
	}
	first, last := t.Points[0], t.Points[len(t.Points)-1]
	page.Spans = spansOf(first.At, last.At, f.Request.Query.Get("trends-range"))
	page.Percent, page.Zones, page.Comparison = last.Percent, t.Zones, t.Comparison
	page.Zone, page.Chip = capital(string(last.Zone)), zoneChip(last.Zone)
	page.Goal = goalOf(t)
	for _, p := range slices.Backward(t.Points) {
		if !p.ScoreOnly {
			page.Risk = p.Accepted
			break
		}
	}
	losses := lossesOf(f.snapshot.Past)
	for _, s := range page.Spans {
		page.Score = append(page.Score, graph{s.Class(), zoneGraph(t, s)})
		if t.Comparison != nil {
			page.Mean = append(page.Mean, graph{s.Class(), meanGraph(t, s)})
		}
		periods := periodsOf(t.Points, losses, s)
		page.Changes = append(page.Changes, graph{s.Class(), periods.changes(s)})
		page.Losses = append(page.Losses, graph{s.Class(), periods.losses(s)})
		page.Accepted = append(page.Accepted, graph{s.Class(), acceptedGraph(t, s)})
	}
	return page, nil
}

// zoneChip returns the class of a zone's chip, whose sign differs in shape from those of the others.
func zoneChip(z settings.Zone) string {
	switch z {
	case settings.Good:
		return "is-good"
	case settings.Okay:
		return "is-warn"
	}
	return "is-bad"
}

// about returns what a graph of a range says of itself. A heading says its title.
func about(part, title, description string, s span) chart.About {
	return chart.About{ID: "trends-" + part + "-" + s.Key, Title: title, Hidden: true, Description: description}
}

// between says which time a graph shows.
func between(s span) string { return "From " + day(s.From) + " to " + day(s.To) + "." }

// scores returns the score as a series.
func scores(points []trend.Point) chart.Series {
	series := chart.Series{Name: "Score", Class: "score"}
	for _, p := range points {
		series.Points = append(series.Points, chart.Point{At: p.At, Value: p.Percent})
	}
	return series
}

// bandsOf returns the zones as bands.
func bandsOf(z *settings.Zones) []chart.Band {
	if z == nil {
		return nil
	}
	return []chart.Band{{Name: "Good", Class: "good", From: z.Good, To: score.Full}, {Name: "Okay", Class: "okay", From: z.Okay, To: z.Good}, {Name: "Bad", Class: "bad", To: z.Okay}}
}

// zoneGraph returns the score with the zones and the goal.
func zoneGraph(t *trend.Trend, s span) *chart.Figure {
	line := chart.Line{
		About: about("score", "Score and zones", between(s), s), Unit: chart.Percent, From: s.From, To: s.To, Rows: 30,
		Series: []chart.Series{scores(t.Points)}, Bands: bandsOf(t.Zones),
	}
	if t.Goal != nil {
		line.Levels = []chart.Level{{Name: "Goal", Class: "goal", Value: t.Goal.Percent}}
	}
	return line.Figure()
}

// meanGraph returns the score beside that of others.
func meanGraph(t *trend.Trend, s span) *chart.Figure {
	mean := chart.Series{Name: t.Comparison.Cohort, Class: "mean"}
	for _, p := range t.Points {
		point := chart.Point{At: p.At, Missing: p.Mean == nil}
		if p.Mean != nil {
			point.Value = *p.Mean
		}
		mean.Points = append(mean.Points, point)
	}
	return chart.Line{
		About: about("mean", "Comparison trend", between(s), s), Unit: chart.Percent, From: s.From, To: s.To, Rows: 30,
		Series: []chart.Series{scores(t.Points), mean},
	}.Figure()
}

// acceptedGraph returns the points that are left undone because their risk was accepted.
func acceptedGraph(t *trend.Trend, s span) *chart.Figure {
	series := chart.Series{Name: "Points not achieved", Class: "accepted"}
	for _, p := range t.Points {
		series.Points = append(series.Points, chart.Point{At: p.At, Value: p.Accepted.Points, Missing: p.ScoreOnly})
	}
	return chart.Line{
		About: about("accepted", "Risk-acceptance trend", "Points left on actions whose risk was accepted. "+between(s), s), From: s.From, To: s.To, Rows: 30,
		Series: []chart.Series{series},
	}.Figure()
}

// The groups of causes of regressions, in the order in which they are shown.
const (
	byConfiguration = iota
	byUsers
	byDevices
	byOthers
	groups
)

// lost is what the groups of causes took away at one time, in hundredths of a point.
type lost [groups]score.Points

// lossesOf returns what the changes took away, by the time in seconds. What trend counts as lost and no change tells is of no group here.
func lossesOf(p *snapshot.Past) map[int64]lost {
	at := map[int64]lost{}
	for _, c := range p.Changes {
		if c.Attribution == nil {
			continue
		}
		sum := at[c.After.EvaluatedAt.Unix()]
		for _, part := range trend.Parts(c.Attribution) {
			if part.Points < 0 {
				sum[groupOf(part)] -= score.Points(part.Points)
			}
		}
		at[c.After.EvaluatedAt.Unix()] = sum
	}
	return at
}

// groupOf returns the group of a cause: those of Microsoft's regression trend, and others.
func groupOf(part attribution.Part) int {
	switch {
	case part.Cause == attribution.Configuration:
		return byConfiguration
	case part.Cause == attribution.Population && part.Detail == "users":
		return byUsers
	case part.Cause == attribution.Population && part.Detail == "devices":
		return byDevices
	}
	return byOthers
}

// periods is what was gained and lost in each period of a range.
type periods struct {
	kind trend.Period
	list []period
}

type period struct {
	begin  time.Time
	gained score.Points
	lost   lost
}

// Bounds of how long a period is: those of a range have to be columns that can be told apart.
const (
	maxWeeks  = 26
	weekHours = 7 * 24
)

// periodsOf returns the periods of a range. The first point of the range is what changes are measured from.
func periodsOf(points []trend.Point, losses map[int64]lost, s span) periods {
	p := periods{kind: trend.Week}
	if s.To.Sub(s.From).Hours() > maxWeeks*weekHours-1 {
		p.kind = trend.Month
	}
	for _, point := range points {
		if !point.At.After(s.From) {
			continue
		}
		begin := p.kind.Begin(point.At)
		if n := len(p.list); n == 0 || !p.list[n-1].begin.Equal(begin) {
			for n > 0 && len(p.list) < 1000 && p.kind.After(p.list[len(p.list)-1].begin).Before(begin) {
				p.list = append(p.list, period{begin: p.kind.After(p.list[len(p.list)-1].begin)})
			}
			p.list = append(p.list, period{begin: begin})
		}
		last := &p.list[len(p.list)-1]
		last.gained += point.Gained
		told := losses[point.At.Unix()]
		last.lost[byOthers] += point.Lost
		for group := range byOthers {
			last.lost[group] += told[group]
			last.lost[byOthers] -= told[group]
		}
	}
	return p
}

// sum returns what was lost for whatever cause.
func (l lost) sum() (sum score.Points) {
	for _, points := range l {
		sum += points
	}
	return sum
}

// columns returns a chart with a column for each period.
func (p periods) columns(about chart.About, kinds []chart.Kind, values func(period) []score.Delta) *chart.Figure {
	c := chart.Columns{About: about, Head: capital(string(p.kind)), Kinds: kinds}
	for i, period := range p.list {
		column := chart.Column{Label: day(period.begin), Short: period.begin.Format("2 Jan"), Values: values(period)}
		if p.kind == trend.Month {
			column.Label, column.Short = period.begin.Format("2006-01"), period.begin.Format("Jan")
			if i == 0 || period.begin.Month() == time.January {
				column.Short = period.begin.Format("Jan 2006")
			}
		}
		c.Rows = append(c.Rows, column)
	}
	return c.Figure()
}

// changes returns the chart of what was gained and lost.
func (p periods) changes(s span) *chart.Figure {
	var gained, less score.Points
	for _, period := range p.list {
		gained, less = gained+period.gained, less+period.lost.sum()
	}
	text := signed(score.Delta(gained-less)) + " points by " + string(p.kind) + ": " + points(gained) + " achieved, " + points(less) + " regressed. " + between(s)
	kinds := []chart.Kind{{Name: "Achieved", Class: "gained"}, {Name: "Regressed", Class: "lost"}}
	return p.columns(about("changes", "Score changes", text, s), kinds, func(p period) []score.Delta {
		return []score.Delta{score.Delta(p.gained), -score.Delta(p.lost.sum())}
	})
}

// losses returns the chart of what was lost, by cause.
func (p periods) losses(s span) *chart.Figure {
	kinds := []chart.Kind{{Name: "Configuration", Class: "configuration"}, {Name: "Users", Class: "users"}, {Name: "Devices", Class: "devices"}, {Name: "Others", Class: "others"}}
	return p.columns(about("losses", "Regression trend", "Points lost by "+string(p.kind)+" and cause. "+between(s), s), kinds, func(p period) []score.Delta {
		values := make([]score.Delta, groups)
		for i, lost := range p.lost {
			values[i] = -score.Delta(lost)
		}
		return values
	})
}

// farthest is how far into the future a goal's date is drawn.
const farthest = 5 * 365 * 24 * time.Hour

// goalOf returns how far the goal is; nil if there is none.
func goalOf(t *trend.Trend) *goal {
	g := t.Goal
	if g == nil {
		return nil
	}
	page := &goal{Goal: g, Tone: "muted"}
	switch g.State {
	case trend.Reached:
		page.Text, page.Tone = "Reached on "+g.On, "good"
	case trend.OnPace:
		page.Text, page.Tone = "At this pace on "+g.On, "good"
		if g.Late > 0 {
			page.Text, page.Tone = page.Text+", "+plural(g.Late, "day")+" late", "bad"
		}
	case trend.Never:
		page.Text, page.Tone = "Not at this pace", "bad"
	default:
		page.Text = capital(string(g.State))
	}
	last := t.Points[len(t.Points)-1]
	on, err := time.Parse(time.DateOnly, g.On)
	if err != nil || g.State != trend.OnPace || on.Sub(last.At) > farthest || !on.After(last.At) {
		return page
	}
	page.Graph = chart.Line{
		About: chart.About{ID: "trends-goal", Title: "Score and goal", Hidden: true, Description: "The score, and where it goes at the pace of all assessments."},
		Unit:  chart.Percent, Rows: 12, Levels: []chart.Level{{Name: "Goal", Class: "goal", Value: g.Percent}},
		Series: []chart.Series{
			scores(t.Points),
			{Name: "At this pace", Class: "pace", Points: []chart.Point{{At: last.At, Value: last.Percent}, {At: on, Value: g.Percent}}},
		},
	}.Figure()
	return page
}
