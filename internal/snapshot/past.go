package snapshot

import (
	"context"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/trend"
)

// Record is what a store has of a tenant over time.
type Record struct {
	Entries    []history.Entry  // in the order of their times
	Changes    []history.Change // in the order of their times
	Moments    []trend.Moment   // one for each entry
	Categories []Category       // sorted by name
}

// ReadRecord reads what a store has of the one tenant of a filter, oldest first. Of entries whose assessments retention dropped there is the
// score alone: what changed around them is told with the next one that is kept, if one before them is.
func ReadRecord(ctx context.Context, store *history.Store, filter history.Filter) (*Record, error) {
	filter.Newest, filter.Brief = false, true
	r := &Record{}
	index := map[int64]int{} // of entries, by number
	for entry, err := range store.Entries(ctx, filter) {
		if err != nil {
			return nil, err
		}
		index[entry.ID] = len(r.Entries)
		r.Entries = append(r.Entries, entry)
		r.Moments = append(r.Moments, trend.Moment{At: entry.EvaluatedAt, Score: entry.Score, ScoreOnly: entry.Pruned})
	}
	for sum, err := range store.Sums(ctx, filter) {
		if err != nil {
			return nil, err
		}
		i, ok := index[sum.Entry]
		if !ok {
			continue
		}
		r.add(i, sum)
		if sum.Status == engine.RiskAccepted {
			r.Moments[i].Accepted.Actions += sum.Actions
			r.Moments[i].Accepted.Points += sum.Left()
		}
	}
	names := words{}
	for change, err := range store.Changes(ctx, filter) {
		if err != nil {
			return nil, err
		}
		names.share(change.Attribution)
		r.Changes = append(r.Changes, change)
		last, known := index[change.Before]
		if i, ok := index[change.After.ID]; ok && known && change.Attribution != nil {
			r.Moments[i].Parts = trend.Parts(change.Attribution)
			for between := last + 1; between < i; between++ {
				r.Moments[between].Parts = []attribution.Part{} // told with the one that is kept
			}
		}
	}
	return r, nil
}

// add adds a sum of the entry of an index to its category.
func (r *Record) add(entry int, sum history.Sum) {
	at, found := slices.BinarySearchFunc(r.Categories, sum.Category, func(c Category, name string) int { return strings.Compare(c.Name, name) })
	if !found {
		r.Categories = slices.Insert(r.Categories, at, Category{Name: strings.Clone(sum.Category), Shares: make([]Share, len(r.Entries))})
	}
	share := &r.Categories[at].Shares[entry]
	share.Achieved += sum.Achieved
	share.Total += sum.Total
}

// Tenant returns the tenant of an id with the name that it had last.
func (r *Record) Tenant(id string) engine.Tenant {
	if len(r.Entries) == 0 {
		return engine.Tenant{ID: id}
	}
	return r.Entries[len(r.Entries)-1].Tenant
}

// latest returns the last entry whose assessment is kept; nil if there is none.
func (r *Record) latest() *history.Entry { return r.last(func(*history.Entry) bool { return true }) }

// last returns the last entry whose assessment is kept and for which a function holds; nil if there is none.
func (r *Record) last(holds func(*history.Entry) bool) *history.Entry {
	for i := len(r.Entries) - 1; i >= 0; i-- {
		if e := &r.Entries[i]; !e.Pruned && holds(e) {
			return e
		}
	}
	return nil
}

// change returns what changed with an entry; nil if that is not known.
func (r *Record) change(id int64) *attribution.Attribution {
	for i := len(r.Changes) - 1; i >= 0; i-- {
		if r.Changes[i].After.ID == id {
			return r.Changes[i].Attribution
		}
	}
	return nil
}

// words are texts that many attributions have: a year of them has each title hundreds of times, and keeps it once.
type words map[string]string

func (w words) of(text string) string {
	if known, ok := w[text]; ok {
		return known
	}
	text = strings.Clone(text) // not a part of a larger one
	w[text] = text
	return text
}

// share makes an attribution use the texts that are known.
func (w words) share(a *attribution.Attribution) {
	if a == nil {
		return
	}
	for _, side := range []*attribution.Side{&a.Old, &a.New} {
		for _, text := range []*string{&side.Tenant.ID, &side.Tenant.Name, &side.Evidence, &side.Catalog, &side.Version, &side.Engine} {
			*text = w.of(*text)
		}
	}
	for i := range a.Actions {
		c := &a.Actions[i]
		for _, text := range []*string{&c.ID, &c.Title, &c.Category, &c.Product} {
			*text = w.of(*text)
		}
		if m := c.Records; m != nil {
			for _, set := range []*attribution.Set{m.Failing, m.Resolved, m.Regressed, m.Improved, m.Came, m.Left} {
				w.shareSet(set)
			}
		}
	}
	for i := range a.Incomparable {
		a.Incomparable[i].ID, a.Incomparable[i].Title = w.of(a.Incomparable[i].ID), w.of(a.Incomparable[i].Title)
	}
}

func (w words) shareSet(set *attribution.Set) {
	if set == nil {
		return
	}
	for i := range set.Shown {
		set.Shown[i].Key, set.Shown[i].Label = w.of(set.Shown[i].Key), w.of(set.Shown[i].Label)
	}
}
