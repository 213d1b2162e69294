package page

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/page/chart"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/snapshot"
)

// Bounds of what the overview names; the other tabs have everything.
const (
	topActions    = 10
	recentEntries = 8
	sinceActions  = 6
)

// overview is the model of the tab: first what changed, then the state.
type overview struct {
	*frame
	Strip      []fact
	Gates      []gateLine // nil without gates
	Since      *since
	Score      engine.Score
	Views      []view
	Trend      scoreTrend // nil without a history
	Categories []share
	Products   []share
	Review     []review
	Top        []*engine.Action
	Comparison *comparison
	Recent     []recent
	Lacking    []lacking
	Unassessed score.Points
}

// view is what the score would be: a choice of Include.
type view struct {
	Key, Name string // planned, "Planned score"
	Percent   score.Points
	Points    score.Points
	Checked   bool
}

// share is the part of the score that belongs to one category or product, with what the views add.
type share struct {
	Name, Link      string
	Achieved, Total score.Points
	Percent         score.Points
	Available       score.Points // points that are left
	Marks           []view       // in the order of the views
}

// X returns a percentage as a coordinate of a bar that is a hundred wide.
func (v view) X() string { return coordinate(v.Percent) }

// Width returns how long the bar is, of a hundred.
func (s share) Width() string { return coordinate(s.Percent) }

func coordinate(percent score.Points) string { return percent.String() + "%" }

// overviewOf returns the model of the tab.
func overviewOf(f *frame) (any, error) {
	s, a := f.snapshot, f.snapshot.Assessment
	o := &overview{
		frame: f, Strip: stripOf(s), Gates: gatesOf(s.Gates), Since: sinceOf(f), Score: a.Score, Views: viewsOf(a.Score.Views), Trend: trendOf(f),
		Review: reviewOf(f), Top: topOf(a), Comparison: comparisonOf(s.Comparison), Recent: recentOf(f), Lacking: lackingOf(a), Unassessed: a.Score.Total - a.Score.AssessedTotal,
	}
	if o.Comparison != nil {
		o.Comparison.Edit = f.EditLink(EditComparison)
	}
	order := catalog.Categories()
	for _, c := range a.Score.Categories {
		o.Categories = append(o.Categories, shareOf(capital(c.Category), f.Links.Actions("category", c.Category), c.Achieved, c.Total, c.Views))
	}
	slices.SortStableFunc(o.Categories, func(a, b share) int {
		return cmp.Compare(slices.Index(order, strings.ToLower(a.Name)), slices.Index(order, strings.ToLower(b.Name)))
	})
	for _, p := range a.Score.Products {
		o.Products = append(o.Products, shareOf(productTitle(s.Catalog, p.Product), f.Links.Actions("product", p.Product), p.Achieved, p.Total, p.Views))
	}
	slices.SortStableFunc(o.Products, func(a, b share) int { return cmp.Compare(b.Available, a.Available) })
	return o, nil
}

// productTitle returns what a product is called.
func productTitle(cat *catalog.Catalog, id string) string {
	if cat != nil {
		if p, ok := cat.Product(id); ok && p.Title != "" {
			return p.Title
		}
	}
	return capital(spaced(id))
}

func shareOf(name, link string, achieved, total score.Points, views engine.Views) share {
	s := share{Name: name, Link: link, Achieved: achieved, Total: total, Percent: score.Percent(achieved, total), Available: total - achieved}
	s.Marks = viewsOf(views)
	return s
}

// viewsOf returns the choices of Include. What is planned is shown first.
func viewsOf(v engine.Views) []view {
	return []view{
		{Key: "planned", Name: "Planned score", Percent: v.Planned.Percent, Points: v.Planned.Points, Checked: true},
		{Key: "licensed", Name: "Current license score", Percent: v.CurrentLicense.Percent, Points: v.CurrentLicense.Points},
		{Key: "achievable", Name: "Achievable score", Percent: v.Achievable.Percent, Points: v.Achievable.Points},
	}
}

// gateLine is the verdict on a gate.
type gateLine struct{ Name, Result, Message string }

func gatesOf(verdicts []gate.Verdict) []gateLine {
	var list []gateLine
	for _, v := range verdicts {
		line := gateLine{Name: v.Name(), Result: capital(spaced(string(v.Result))), Message: v.Message}
		if v.Result.Fails() && !v.Enforced {
			line.Result += " (a warning only)"
		}
		list = append(list, line)
	}
	return list
}

// review is a number of actions to look at for one reason.
type review struct {
	Title, Link string
	actions.Reviewing
}

func reviewOf(f *frame) []review {
	var list []review
	for _, r := range actions.ToReview(f.snapshot.Assessment, f.snapshot.Marks()) {
		list = append(list, review{Title: capital(spaced(string(r.Review))), Link: f.Links.Actions("review", string(r.Review)), Reviewing: r})
	}
	return list
}

// topOf returns the actions to take first.
func topOf(a *engine.Assessment) []*engine.Action {
	var list []*engine.Action
	for i := range a.Actions {
		if a.Actions[i].Rank > 0 && a.Actions[i].Rank <= topActions {
			list = append(list, &a.Actions[i])
		}
	}
	slices.SortFunc(list, func(a, b *engine.Action) int { return cmp.Compare(a.Rank, b.Rank) })
	return list
}

// since is what changed since the assessment before.
type since struct {
	Bridge *chart.Figure
	Change attribution.Amount
	Before time.Time
	After  time.Time
	Link   string // of the entry; empty if what is shown is not in the history
	Lost   []moved
	Gained []moved
	More   int // actions that changed and are not named
	Notes  []string
}

// moved is an action that gained or lost points.
type moved struct {
	ID, Title, Link string
	Word            string
	attribution.Amount
}

func sinceOf(f *frame) *since {
	a := f.snapshot.Since
	if a == nil {
		return nil
	}
	s := &since{Bridge: bridgeOf("since", a).Figure(), Change: a.Change, Before: a.Old.EvaluatedAt, After: a.New.EvaluatedAt, Notes: a.Notes}
	if id, ok := entryWith(f.snapshot); ok {
		s.Link = f.Links.Entry(id)
	}
	var list []moved
	for i := range a.Actions {
		c := &a.Actions[i]
		if amount := c.Amount(); amount.Percent != 0 || amount.Points != 0 {
			list = append(list, moved{ID: c.ID, Title: c.Title, Link: f.Links.Action(c.ID), Word: string(c.Word), Amount: amount})
		}
	}
	slices.SortStableFunc(list, func(a, b moved) int { return cmp.Compare(abs(b.Points), abs(a.Points)) })
	for _, m := range list {
		switch {
		case m.Points < 0 && len(s.Lost) < sinceActions:
			s.Lost = append(s.Lost, m)
		case m.Points > 0 && len(s.Gained) < sinceActions:
			s.Gained = append(s.Gained, m)
		default:
			s.More++
		}
	}
	return s
}

// entryWith returns the entry of the history that brought what changed since the assessment before; false if what is shown is not recorded.
// The time does not tell: a decision changes an assessment, and not the time of its evidence.
func entryWith(s *snapshot.Snapshot) (id int64, ok bool) {
	if s.Past == nil || s.Since == nil {
		return 0, false
	}
	for i := len(s.Past.Changes) - 1; i >= 0; i-- {
		if c := &s.Past.Changes[i]; c.Attribution != nil && c.Attribution.Old == s.Since.Old && c.Attribution.New == s.Since.New {
			return c.After.ID, true
		}
	}
	return 0, false
}

func abs(d score.Delta) score.Delta { return max(d, -d) }

// bridgeOf returns the chart of the way from an old score to a new one, cause by cause, in percentage points.
func bridgeOf(id string, a *attribution.Attribution) chart.Bridge {
	from, to := day(a.Old.EvaluatedAt), day(a.New.EvaluatedAt)
	if from == to {
		from, to = minute(a.Old.EvaluatedAt), minute(a.New.EvaluatedAt)
	}
	if from == to { // the same evidence, and other decisions or another catalog
		from, to = "before", "now"
	}
	b := chart.Bridge{
		About: chart.About{ID: id, Title: "From " + from + " to " + to, Description: "The score before, what each cause changed in percentage points, and the score now."},
		Unit:  chart.Percent,
		From:  chart.Total{Label: capital(from), Value: a.Old.Percent}, To: chart.Total{Label: capital(to), Value: a.New.Percent},
	}
	for _, cause := range attribution.Causes() {
		var sum score.Delta
		for _, part := range a.Causes {
			if part.Cause == cause {
				sum += part.Percent
			}
		}
		if sum != 0 {
			b.Steps = append(b.Steps, chart.Step{Label: causeTitle(cause), Value: sum})
		}
	}
	return b
}

// causeTitle returns what a cause is called.
func causeTitle(c attribution.Cause) string {
	switch c {
	case attribution.Population:
		return "Users, devices and other records"
	case attribution.Configuration:
		return "Settings and verdicts"
	case attribution.Coverage:
		return "Records or settings"
	case attribution.License:
		return "Licenses and scope"
	case attribution.Status:
		return "Decisions"
	case attribution.Exclusion:
		return "Exclusions"
	}
	return capital(string(c))
}

// scoreTrend is the score over 30, 90 and 180 days, and over all time, of which the reader chooses one.
type scoreTrend []scoreRange

// scoreRange is one of them. What could be reached is so far above the score that it has a chart of its own, in which the score looks flat.
type scoreRange struct {
	Label, Key string
	Checked    bool
	Near       *chart.Figure // the score and what is planned
	Far        *chart.Figure // with the views that may be far above
}

// trendOf returns the ranges that have values.
func trendOf(f *frame) scoreTrend {
	p := f.snapshot.Past
	if p == nil || p.Trend == nil || len(p.Trend.Points) == 0 {
		return nil
	}
	points := p.Trend.Points
	series := []chart.Series{{Name: "Score", Class: "score"}, {Name: "Planned score", Class: "planned"}, {Name: "Current license score", Class: "licensed"}, {Name: "Achievable score", Class: "achievable"}}
	for _, p := range points {
		for i, value := range []score.Points{p.Percent, p.Planned, p.Licensed, p.Achievable} {
			series[i].Points = append(series[i].Points, chart.Point{At: p.At, Value: value, Missing: i > 0 && p.ScoreOnly})
		}
	}
	first, last := points[0].At, points[len(points)-1].At
	var trend scoreTrend
	for _, r := range []struct {
		label, key string
		days       int
	}{{"30 days", "30d", 30}, {"90 days", "90d", 90}, {"180 days", "180d", 180}, {"All", "all", 0}} {
		from := first
		if r.days > 0 {
			if from = last.AddDate(0, 0, -r.days); !from.After(first) {
				continue
			}
		}
		line := func(part string, series []chart.Series) *chart.Figure {
			return chart.Line{
				About: chart.About{ID: "trend-" + r.key + part, Title: "Score over time", Hidden: true, Description: "From " + day(from) + " to " + day(last) + "."},
				Unit:  chart.Percent, From: from, To: last, Series: series, Rows: 30,
			}.Figure()
		}
		trend = append(trend, scoreRange{Label: r.label, Key: r.key, Checked: r.days == 0, Near: line("", series[:2]), Far: line("-far", series)})
	}
	return trend
}

// recent is an entry of the history that changed the score.
type recent struct {
	At     time.Time
	Link   string
	Change attribution.Amount
	Cause  string // the largest one
	Title  string // of the action that moved most
}

func recentOf(f *frame) []recent {
	if f.snapshot.Past == nil {
		return nil
	}
	var list []recent
	for _, c := range slices.Backward(f.snapshot.Past.Changes) {
		if c.Attribution == nil || c.Attribution.Change.Zero() {
			continue
		}
		r := recent{At: c.After.EvaluatedAt, Link: f.Links.Entry(c.After.ID), Change: c.Attribution.Change}
		var most score.Delta
		for _, part := range c.Attribution.Causes {
			if size := abs(part.Percent); size > most {
				most, r.Cause = size, causeTitle(part.Cause)
			}
		}
		most = 0
		for i := range c.Attribution.Actions {
			if size := abs(c.Attribution.Actions[i].Amount().Percent); size > most {
				most, r.Title = size, c.Attribution.Actions[i].Title
			}
		}
		if list = append(list, r); len(list) == recentEntries {
			break
		}
	}
	return list
}

// lacking is evidence that was not there, with what waits for it.
type lacking struct {
	Name, Why string
	Actions   int
	Points    score.Points
}

// lackingOf returns why actions could not be assessed. An action that waits for several datasets counts for each of them.
func lackingOf(a *engine.Assessment) []lacking {
	var list []lacking
	add := func(action *engine.Action, name, why string) {
		i := slices.IndexFunc(list, func(l lacking) bool { return l.Name == name })
		if i < 0 {
			i = len(list)
			list = append(list, lacking{Name: name, Why: why})
		}
		list[i].Actions++
		if action.Counts() {
			list[i].Points += action.Points.Max
		}
	}
	for i := range a.Actions {
		action := &a.Actions[i]
		switch {
		case action.Outcome.Assessed():
		case action.Outcome == engine.Errored:
			add(action, "Rules", "failed, or the evidence is not what its schema says")
		case len(action.Missing) == 0:
			add(action, "Fields of collected evidence", "absent")
		}
		if !action.Outcome.Assessed() {
			for _, name := range action.Missing {
				add(action, name, stateOf(a, name))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b lacking) int { return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(a.Name, b.Name)) })
	return list
}

// stateOf returns what is wrong with a dataset for which actions wait.
func stateOf(a *engine.Assessment, name string) string {
	for _, d := range a.Evidence.Datasets {
		switch {
		case d.Name != name:
		case d.Status == engine.Collected:
			return "does not say it"
		case d.Reason != "":
			return d.Status + ": " + d.Reason
		default:
			return d.Status
		}
	}
	return engine.Missing
}
