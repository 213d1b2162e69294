package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
)

// Invariant: records that say the same count once, and so do those that have the same unique fields and differ: these never comply.
// A dataset is read as if no record had the unique fields of another one; if some do, it is read again by those who know.

// reading is one way through a dataset.
type reading struct {
	fields  *unique.Fields  // nil if nothing tells the records apart
	repeats *unique.Repeats // nil as long as nobody knows
	watch   *unique.Watch   // who is told the keys until then
}

// read reads a dataset by pass, which tells the keys of its records, until it is known which of them repeat others.
func (r *run) read(ctx context.Context, name string, pass func(*reading) error) error {
	s := r.sources[name]
	if s.unique == nil || s.repeats != nil {
		return pass(&reading{fields: s.unique, repeats: s.repeats})
	}
	watch := unique.NewWatch(s.records)
	if err := pass(&reading{fields: s.unique, watch: watch}); err != nil {
		return err
	}
	s.repeats = &unique.Repeats{}
	if len(watch.Suspects()) == 0 {
		return nil
	}
	repeats, err := s.unique.Find(ctx, r.bundle, name, watch.Suspects(), r.scanOptions(nil))
	if err != nil || repeats.None() {
		return err
	}
	s.repeats = repeats
	s.violations, s.examples, s.breaches, s.read = 0, nil, breaches{}, false
	return pass(&reading{fields: s.unique, repeats: repeats})
}

// search finds out which records of a dataset repeat others before it is read: nothing that is told while it is read can be taken back.
func (r *run) search(ctx context.Context, name string) error {
	s := r.sources[name]
	if s.unique == nil || s.repeats != nil {
		return nil
	}
	repeats, err := s.unique.Search(ctx, r.bundle, name, s.records, r.scanOptions(nil))
	s.repeats = repeats
	return err
}

// slots returns the slots of the unique fields among those of a scan, and adds those that have none.
func (rd *reading) slots(fields []jsonscan.Field) ([]jsonscan.Field, []int) {
	var slots []int
	for _, name := range rd.names() {
		i := slices.IndexFunc(fields, func(f jsonscan.Field) bool { return f.Name == name })
		if i < 0 {
			i = len(fields)
			fields = append(slices.Clip(fields), jsonscan.Field{Name: name})
		}
		slots = append(slots, i)
	}
	return fields, slots
}

// names are those of the unique fields.
func (rd *reading) names() []string {
	if rd.fields == nil {
		return nil
	}
	return rd.fields.Names()
}

// options are those of a scan: which record is the first of its key is known where they are read one after another.
func (rd *reading) options(o records.Options) records.Options {
	if !rd.repeats.None() {
		o.Workers = 1
	}
	return o
}

// told takes in the keys of a part.
func (rd *reading) told(keys []unique.Key) {
	if rd.watch != nil {
		rd.watch.Note(keys)
	}
}

// keyer looks at the unique fields of records. It is for one goroutine.
type keyer struct {
	reading *reading
	keys    *unique.Keys // nil if there is nothing to look at
	met     []unique.Key // of the part; only as long as nobody knows of repeats
	index   int64        // of the record at hand
	key     unique.Key
	keyed   bool
}

func (rd *reading) keyer(slots []int) keyer {
	k := keyer{reading: rd}
	if len(slots) > 0 && (rd.watch != nil || !rd.repeats.None()) {
		k.keys = rd.fields.Keys(slots)
	}
	return k
}

// begin begins a part.
func (k *keyer) begin(first int64) {
	k.index = first - 1
	if k.reading.watch != nil {
		k.met = make([]unique.Key, 0, len(k.met)+len(k.met)/8)
	}
}

// next goes on to a record.
func (k *keyer) next(record *records.View) {
	k.index++
	if k.keys == nil {
		return
	}
	if k.key, k.keyed = k.keys.Of(record); k.keyed && k.reading.watch != nil {
		k.met = append(k.met, k.key)
	}
}

// later says whether the record at hand has the unique fields of an earlier one.
func (k *keyer) later() bool { return k.keyed && k.reading.repeats.Later(k.key, k.index) }

// again says whether the record at hand says the same as an earlier one.
func (k *keyer) again() bool { return k.keyed && k.reading.repeats.Again(k.key, k.index) }

// versions is how many different records have the unique fields of the record at hand.
func (k *keyer) versions() int {
	if !k.keyed {
		return 1
	}
	return k.reading.repeats.Versions(k.key)
}

// repeater tells of records that are read without a scan, one after another, whether they say the same as an earlier one.
func (s *source) repeater() func(evidence.Record) bool {
	if s.repeats.None() {
		return func(evidence.Record) bool { return false }
	}
	rd := &reading{fields: s.unique, repeats: s.repeats}
	fields, slots := rd.slots(nil)
	loose, k := records.NewViewer(fields), rd.keyer(slots)
	k.begin(0)
	return func(record evidence.Record) bool {
		projected, err := loose.View(record.JSON)
		if err != nil {
			return false // whoever reads it says so
		}
		k.next(projected)
		return k.again()
	}
}

// contradicted is the verdict on a key of which that many different records are there.
func contradicted(versions int) *verdict {
	return &verdict{open: true, reasons: []string{fmt.Sprintf("%d different records have this key", versions)}}
}

// tellRepeats warns of the records of a dataset that repeat others.
func (s *source) tellRepeats(name string) []string {
	if s.repeats.None() {
		return nil
	}
	var list []string
	fields := s.unique.String()
	if same := s.repeats.Same; same.Count > 0 {
		list = append(list, fmt.Sprintf("%s: %d %s another one with the same %s (such as %s): they count once",
			name, same.Count, plural(same.Count, "record repeats", "records repeat"), fields, same.Example))
	}
	if differ := s.repeats.Different; differ.Count > 0 {
		list = append(list, fmt.Sprintf("%s: different records have the same %s in %d %s (such as %s): they count once and never comply",
			name, fields, differ.Count, plural(differ.Count, "case", "cases"), differ.Example))
	}
	return list
}

func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
