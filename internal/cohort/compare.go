package cohort

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/suggest"
)

// Comparison is an assessment beside the cohorts that it belongs to.
type Comparison struct {
	Benchmark string    `json:"benchmark"` // its title
	Source    string    `json:"source"`
	Cohorts   []Against `json:"cohorts"` // from the largest to the one that suits best; never null
	Notes     []string  `json:"notes"`   // what keeps the numbers from being comparable; never null
}

// Against is an assessment beside one cohort.
type Against struct {
	ID         string            `json:"id"`
	Title      string            `json:"title"`
	Date       Date              `json:"date"`
	N          int64             `json:"n,omitempty"` // like that of [Spread]
	Percent    score.Points      `json:"percent"`     // of the assessment
	Mean       score.Points      `json:"mean"`        // of the cohort
	Gap        score.Delta       `json:"gap"`         // percent less mean
	Percentile *Rank             `json:"percentile,omitempty"`
	Categories []AgainstCategory `json:"categories"` // those that both have, sorted by name; never null
	Actions    []Ahead           `json:"actions"`    // the greatest share first; never null
}

// AgainstCategory is a category of an assessment beside that of a cohort.
type AgainstCategory struct {
	Category   string       `json:"category"`
	Percent    score.Points `json:"percent"`
	Mean       score.Points `json:"mean"`
	Gap        score.Delta  `json:"gap"`
	Percentile *Rank        `json:"percentile,omitempty"`
}

// Rank is between which percentiles of a cohort a percentage lies: more than From percent of the tenants have less, and
// more than 100 - To percent have more. From is 0 below the 5th percentile, and To is 100 above the 95th.
type Rank struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Ahead is an action that most of a cohort has completed, and the assessment has not.
type Ahead struct {
	ID        string       `json:"id"`
	Title     string       `json:"title"`
	Completed score.Points `json:"completed"` // percent of the cohort; see [Action]
	Left      score.Points `json:"left"`      // points
}

// microsoftCatalog is the version of the catalog of assessments that were made from Microsoft's own scores.
const microsoftCatalog = "microsoft"

// most is the share from which it is most of a cohort. Shares are rounded to tens, so that 50 may be less than half.
const most = 60_00

// Choice says with which cohorts to compare.
type Choice struct {
	Profile Profile // of the organization
	Cohort  string  // an id; empty for those that suit the profile alone
	Name    string  // what the cohort is called, instead of its title; may be empty
}

// UnknownCohortError is a cohort that a benchmark does not have.
type UnknownCohortError struct {
	ID  string
	Has []string // sorted
}

func (e *UnknownCohortError) Error() string {
	return (&suggest.UnknownError{Where: "the benchmark", Kind: "cohort", Name: e.ID, Known: e.Has}).Error()
}

// Choose returns the cohorts to compare with at a time, each as of its last date before, or else its first: that of all tenants, those
// of the profile's seats and industry, and the one that is named, which stands last. Notes say which cohort stands for the named one.
func (b *Benchmark) Choose(choice Choice, at time.Time) (chosen []Cohort, notes []string, err error) {
	named := choice.Cohort
	if named != "" {
		if named, err = b.find(choice.Cohort); err != nil {
			return nil, nil, err
		}
		if named != choice.Cohort {
			notes = append(notes, fmt.Sprintf("the cohort %s would be about too few tenants: %s stands for it", choice.Cohort, named))
		}
	}
	add := func(c *Cohort) { chosen = append(chosen, *c) }
	for _, kind := range []Kind{All, BySeats, Industry} {
		for _, c := range b.current(at) {
			suits := kind == All || c.Seats.Holds(choice.Profile.Seats) && choice.Profile.Seats > 0 || c.Industry != "" && c.Industry == choice.Profile.Industry
			if c.Kind == kind && c.ID != named && suits {
				add(c)
			}
		}
	}
	for _, c := range b.current(at) {
		if c.ID == named {
			add(c)
			if last := &chosen[len(chosen)-1]; choice.Name != "" {
				last.Title = choice.Name
			}
		}
	}
	return chosen, notes, nil
}

// Has returns an error if the benchmark has no cohort of an id, and knows none that stands for it. An empty id asks for none.
func (b *Benchmark) Has(id string) error {
	if id == "" {
		return nil
	}
	_, err := b.find(id)
	return err
}

// find returns the id of a cohort, or of the one that it was merged into.
func (b *Benchmark) find(id string) (string, error) {
	var has []string
	for _, c := range b.Cohorts {
		if c.ID == id {
			return id, nil
		}
		has = append(has, c.ID)
	}
	for _, c := range b.Cohorts {
		if slices.Contains(c.Merged, id) {
			return c.ID, nil
		}
	}
	slices.Sort(has)
	return "", &UnknownCohortError{id, slices.Compact(has)}
}

// current returns each cohort as of its last date up to a time, or else its first, in the order of the benchmark; seat bands from wide to
// narrow.
func (b *Benchmark) current(at time.Time) []*Cohort {
	best := map[string]*Cohort{}
	var order []string
	for i := range b.Cohorts {
		c := &b.Cohorts[i]
		other := best[c.ID]
		switch {
		case other == nil:
			order = append(order, c.ID)
			best[c.ID] = c
		case c.Date.After(at) && other.Date.After(at):
			if c.Date.Before(other.Date.Time) {
				best[c.ID] = c
			}
		case !c.Date.After(at) && (other.Date.After(at) || c.Date.After(other.Date.Time)):
			best[c.ID] = c
		}
	}
	list := make([]*Cohort, len(order))
	for i, id := range order {
		list[i] = best[id]
	}
	slices.SortStableFunc(list, func(x, y *Cohort) int { return cmp.Compare(y.Seats.width(), x.Seats.width()) })
	return list
}

// width is how many numbers of seats are in a band.
func (b *Band) width() int64 {
	switch {
	case b == nil:
		return 0
	case b.To == 0:
		return maxSeats - b.From
	}
	return b.To - b.From
}

// Compare compares an assessment with cohorts of the benchmark.
func (b *Benchmark) Compare(a *engine.Assessment, choice Choice) (*Comparison, error) {
	chosen, notes, err := b.Choose(choice, a.EvaluatedAt)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Benchmark: b.Title, Source: b.Source, Cohorts: []Against{}, Notes: append([]string{}, notes...)}
	switch {
	case a.Score.Total == 0:
		c.Notes = append(c.Notes, "no action applies, so there is nothing to compare")
		return c, nil
	case len(chosen) == 0:
		c.Notes = append(c.Notes, "the benchmark has no cohort of all tenants, and none for these seats and this industry")
	case b.Catalog == "" && a.Catalog.Version == microsoftCatalog:
	case b.Catalog == "":
		c.Notes = append(c.Notes, "the benchmark is not of one catalog of posture: its percentages are of other actions than these")
	case b.Catalog != a.Catalog.Digest:
		c.Notes = append(c.Notes, "the benchmark was made with another catalog: its percentages are of other actions than these")
	}
	for _, cohort := range chosen {
		c.Cohorts = append(c.Cohorts, cohort.against(a))
	}
	return c, nil
}

func (c *Cohort) against(a *engine.Assessment) Against {
	against := Against{
		ID: c.ID, Title: c.Title, Date: c.Date, N: c.N, Percent: a.Score.Percent, Mean: c.Mean, Gap: score.Delta(a.Score.Percent - c.Mean),
		Percentile: c.rank(a.Score.Percent), Categories: []AgainstCategory{}, Actions: c.ahead(a),
	}
	for _, ours := range a.Score.Categories {
		i, ok := slices.BinarySearchFunc(c.Categories, ours.Category, func(c Category, name string) int { return cmp.Compare(c.Category, name) })
		if !ok || ours.Total == 0 {
			continue
		}
		theirs, percent := c.Categories[i], score.Percent(ours.Achieved, ours.Total)
		against.Categories = append(against.Categories, AgainstCategory{
			Category: ours.Category, Percent: percent, Mean: theirs.Mean, Gap: score.Delta(percent - theirs.Mean), Percentile: theirs.rank(percent),
		})
	}
	return against
}

// rank returns between which percentiles a percentage lies, or nil if they are not known.
func (s *Spread) rank(percent score.Points) *Rank {
	if len(s.Percentiles) == 0 {
		return nil
	}
	r := &Rank{From: 0, To: 100}
	for i, bound := range s.Percentiles {
		switch p := (i + 1) * percentileStep; {
		case bound < percent:
			r.From = p
		case bound > percent:
			r.To = min(r.To, p)
		}
	}
	return r
}

// ahead returns the actions that most of the cohort has completed, and the assessment has not.
func (c *Cohort) ahead(a *engine.Assessment) []Ahead {
	list := []Ahead{}
	for i := range a.Actions {
		ours := &a.Actions[i]
		at, ok := slices.BinarySearchFunc(c.Actions, ours.ID, func(c Action, id string) int { return cmp.Compare(c.ID, id) })
		if !ok || c.Actions[at].Completed < most || ours.Settled() || !ours.Counts() {
			continue
		}
		list = append(list, Ahead{ours.ID, ours.Title, c.Actions[at].Completed, ours.Left()})
	}
	slices.SortStableFunc(list, func(x, y Ahead) int {
		return cmp.Or(cmp.Compare(y.Completed, x.Completed), cmp.Compare(y.Left, x.Left), cmp.Compare(x.ID, y.ID))
	})
	return list
}
