package trend

import (
	"slices"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/settings"
)

// SchemaVersion is the version of the JSON of a trend; its schema is schemas/trend.json.
const SchemaVersion = "1"

// Trend is how a score went.
type Trend struct {
	SchemaVersion string          `json:"schema_version"`
	Tenant        engine.Tenant   `json:"tenant"`
	Change        Change          `json:"change"` // from the first point to the last
	Gained        score.Points    `json:"gained"` // points, in all changes after the first point
	Lost          score.Points    `json:"lost"`   // points; gained less lost is the change
	Regressions   []Regression    `json:"regressions"`
	Zones         *settings.Zones `json:"zones,omitempty"`
	Goal          *Goal           `json:"goal,omitempty"`
	Comparison    *Comparison     `json:"comparison,omitempty"`
	Points        []Point         `json:"points"` // in the order of their times; never null
}

// Change is a change of points and percentage.
type Change struct {
	Points  score.Delta `json:"points"`
	Percent score.Delta `json:"percent"` // percentage points
}

// Regression is what one cause took away.
type Regression struct {
	Cause  string       `json:"cause"`
	Points score.Points `json:"points"` // lost, so not negative
}

// Point is a score at one time.
type Point struct {
	At         time.Time     `json:"at"`
	Percent    score.Points  `json:"percent"`
	Achieved   score.Points  `json:"achieved"`
	Total      score.Points  `json:"total"`
	Planned    score.Points  `json:"planned"`         // percent, and so are the next two
	Licensed   score.Points  `json:"current_license"` // see engine.Views
	Achievable score.Points  `json:"achievable"`
	Gained     score.Points  `json:"gained"` // points, since the point before; 0 for the first
	Lost       score.Points  `json:"lost"`
	Accepted   Accepted      `json:"accepted"`
	ScoreOnly  bool          `json:"score_only,omitempty"` // nothing else is known: accepted, gained and lost are 0, or not known
	Zone       settings.Zone `json:"zone,omitempty"`
	Mean       *score.Points `json:"mean,omitempty"` // of whom the tenant compares itself with, in percent
}

// Comparison is whom the tenant compares itself with.
type Comparison struct {
	Benchmark string       `json:"benchmark"`
	Cohort    string       `json:"cohort"` // its title
	Date      string       `json:"date"`   // of the last mean
	Mean      score.Points `json:"mean"`   // the last one
	Gap       score.Delta  `json:"gap"`    // of the last point
}

// Options are what an organization adds to its score. Every field may be zero.
type Options struct {
	Zones *settings.Zones
	Goal  *settings.Goal
	// Compare returns with whom to compare at a time; ok is false if there is none. It may be nil.
	Compare func(at time.Time) (with Comparison, ok bool)
}

// New returns the trend of moments, which are in the order of their times. The parts of the first one are not in it: they are about
// what was before.
func New(tenant engine.Tenant, moments []Moment, options Options) *Trend {
	t := &Trend{SchemaVersion: SchemaVersion, Tenant: tenant, Zones: options.Zones, Points: []Point{}}
	lost := map[string]score.Points{}
	for i, m := range moments {
		s := m.Score
		point := Point{
			At: m.At, Percent: s.Percent, Achieved: s.Achieved, Total: s.Total, Accepted: m.Accepted, ScoreOnly: m.ScoreOnly,
			Planned: s.Planned.Percent, Licensed: s.CurrentLicense.Percent, Achievable: s.Achievable.Percent,
		}
		if i > 0 && m.Parts == nil {
			m.Parts = []attribution.Part{{Cause: unknown, Amount: attribution.Amount{Points: score.Delta(s.Achieved - moments[i-1].Score.Achieved)}}}
		}
		if i > 0 {
			point.count(m.Parts, lost)
		}
		if options.Zones != nil {
			point.Zone = options.Zones.Of(s.Percent)
		}
		if options.Compare != nil {
			if with, ok := options.Compare(m.At); ok {
				point.Mean = &with.Mean
				with.Gap = score.Delta(s.Percent - with.Mean)
				t.Comparison = &with
			}
		}
		t.Gained, t.Lost = t.Gained+point.Gained, t.Lost+point.Lost
		t.Points = append(t.Points, point)
	}
	t.Regressions = regressions(lost)
	if n := len(t.Points); n > 0 {
		first, last := t.Points[0], t.Points[n-1]
		t.Change = Change{score.Delta(last.Achieved - first.Achieved), score.Delta(last.Percent - first.Percent)}
	}
	if options.Goal != nil {
		t.Goal = project(t.Points, *options.Goal)
	}
	return t
}

// count adds up what parts gained and lost, and what was lost by cause.
func (p *Point) count(parts []attribution.Part, lost map[string]score.Points) {
	for _, part := range parts {
		if part.Points >= 0 {
			p.Gained += score.Points(part.Points)
			continue
		}
		p.Lost -= score.Points(part.Points)
		lost[causeOf(part)] -= score.Points(part.Points)
	}
}

// The causes of regressions that are always told: those that Microsoft's regression trend tells.
const (
	configuration = string(attribution.Configuration)
	users         = "users"
	devices       = "devices"
)

// causeOf returns what a regression is put down to: a population is told by its records.
func causeOf(part attribution.Part) string {
	if part.Cause == attribution.Population && part.Detail != "" {
		return part.Detail
	}
	return string(part.Cause)
}

// regressions returns what was lost by cause: configuration, users and devices, then others in the order in which they are applied.
func regressions(lost map[string]score.Points) []Regression {
	order := []string{configuration, users, devices}
	for _, cause := range attribution.Causes() {
		order = append(order, string(cause))
	}
	order = append(order, string(residual), string(unknown))
	list := []Regression{}
	for i, cause := range order {
		if i < 3 || lost[cause] > 0 {
			list = append(list, Regression{cause, lost[cause]})
		}
		delete(lost, cause)
	}
	var others []string // populations of other records
	for cause := range lost {
		others = append(others, cause)
	}
	slices.Sort(others)
	for _, cause := range others {
		list = append(list, Regression{cause, lost[cause]})
	}
	return list
}
