package snapshot

import (
	"context"
	"strings"

	"github.com/posture-score/posture/engine"
)

// The bounds of what is kept of failing records.
const (
	maxFailing      = 10_000   // of one action
	maxFailingBytes = 64 << 20 // of all of them
	recordBytes     = 48       // that a record takes beside its texts
	placeBytes      = 4        // that an action takes for a record
)

// failing is which records fail, as far as it is kept: of each action the first ones, in the order of the evidence. A record that fails
// many actions is kept once.
type failing struct {
	records  []engine.Record
	byAction map[string][]uint32 // places in records
	places   map[recordName]uint32
	bytes    int
	most     int // bytes
}

// recordName is what records are told apart by.
type recordName struct{ dataset, key string }

func newFailing() *failing {
	return &failing{byAction: map[string][]uint32{}, places: map[recordName]uint32{}, most: maxFailingBytes}
}

// add keeps a failing record, if there is room. It is for [engine.AssessOptions].
func (f *failing) add(failure engine.Failure) error {
	list := f.byAction[failure.Control]
	if len(list) >= maxFailing || f.bytes >= f.most {
		return nil
	}
	name := recordName{failure.Dataset, failure.Key}
	place, known := f.places[name]
	if !known {
		place = uint32(len(f.records)) //nolint:gosec // maxFailingBytes bounds it
		name.key = strings.Clone(name.key)
		f.places[name] = place
		f.records = append(f.records, engine.Record{Key: name.key, Label: strings.Clone(failure.Label)})
		f.bytes += len(failure.Key) + len(failure.Label) + recordBytes
	}
	f.byAction[failure.Control] = append(list, place)
	f.bytes += placeBytes
	return nil
}

// close ends adding.
func (f *failing) close() { f.places = nil }

// of returns a function for [Snapshot] that returns what is kept, or what the assessment names of an action if that is more.
func (f *failing) of(a *engine.Assessment) func(context.Context, string, int, int) ([]engine.Record, int64, error) {
	named := namedIn(a)
	return func(ctx context.Context, action string, from, limit int) ([]engine.Record, int64, error) {
		places := f.byAction[action]
		if shown := named[action]; len(shown) > len(places) {
			return page(shown, from, limit), int64(len(shown)), nil
		}
		some := page(places, from, limit)
		records := make([]engine.Record, len(some))
		for i, place := range some {
			records[i] = f.records[place]
		}
		return records, int64(len(places)), nil
	}
}

// namedIn returns the failing records that an assessment names, by action.
func namedIn(a *engine.Assessment) map[string][]engine.Record {
	named := map[string][]engine.Record{}
	for i := range a.Actions {
		if action := &a.Actions[i]; action.Failing != nil {
			named[action.ID] = action.Failing.Shown
		}
	}
	return named
}

// page returns so many values of a list from an index on.
func page[V any](list []V, from, limit int) []V {
	from = min(max(from, 0), len(list))
	return list[from : from+min(max(limit, 0), len(list)-from)]
}
