package unique

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/records"
)

// Invariant: what is found depends on the records and their order alone, however they are read.

// Repeats are the records of a dataset that have the key of an earlier one. Those of nil are none.
type Repeats struct {
	byKey map[Key][]version // of keys with more than one record

	Same      Finding // records that say the same as an earlier one of their key
	Different Finding // keys whose records do not all say the same
}

// Finding is how many of something there are, with the unique fields of the first one.
type Finding struct {
	Count   int64
	Example string
}

// version is one of the different records of a key.
type version struct {
	content uint64
	first   int64 // index of the first record that says so
}

// None says whether there are none.
func (r *Repeats) None() bool { return r == nil || len(r.byKey) == 0 }

// Later says whether the record of that key and index has the key of an earlier one.
func (r *Repeats) Later(k Key, index int64) bool {
	versions := r.versions(k)
	return len(versions) > 0 && versions[0].first != index
}

// Again says whether the record of that key and index says the same as an earlier one.
func (r *Repeats) Again(k Key, index int64) bool {
	versions := r.versions(k)
	return len(versions) > 0 && !slices.ContainsFunc(versions, func(v version) bool { return v.first == index })
}

// Versions is how many different records have the key.
func (r *Repeats) Versions(k Key) int { return max(1, len(r.versions(k))) }

func (r *Repeats) versions(k Key) []version {
	if r == nil {
		return nil
	}
	return r.byKey[k]
}

// Met is a record of a suspected key.
type Met struct {
	Key     Key
	Index   int64
	content uint64
	text    string
}

// Collector finds out which of the suspected keys have more than one record.
type Collector struct {
	repeats  Repeats
	suspects map[Key]bool
	several  map[Key]bool
}

// NewCollector makes a collector.
func NewCollector(suspects map[Key]bool) *Collector {
	return &Collector{repeats: Repeats{byKey: map[Key][]version{}}, suspects: suspects, several: map[Key]bool{}}
}

// Take takes in the records in their order. It returns the index of the first one of the key, -1 if it is this one, and whether the
// record says the same as an earlier one.
func (c *Collector) Take(m Met) (first int64, same bool) {
	versions := c.repeats.byKey[m.Key]
	if len(versions) == 0 {
		c.repeats.byKey[m.Key] = []version{{m.content, m.Index}}
		return -1, false
	}
	c.several[m.Key] = true
	if slices.ContainsFunc(versions, func(v version) bool { return v.content == m.content }) {
		c.repeats.Same.count(m.text)
		return versions[0].first, true
	}
	if len(versions) == 1 {
		c.repeats.Different.count(m.text)
	}
	c.repeats.byKey[m.Key] = append(versions, version{m.content, m.Index})
	return versions[0].first, false
}

// Repeats are those that were found.
func (c *Collector) Repeats() *Repeats {
	for k := range c.repeats.byKey {
		if !c.several[k] {
			delete(c.repeats.byKey, k)
		}
	}
	return &c.repeats
}

// Warnings returns what people should know of a dataset whose records repeat others: at most two sentences.
func (r *Repeats) Warnings(dataset string, fields *Fields) []string {
	if r.None() {
		return nil
	}
	var list []string
	if same := r.Same; same.Count > 0 {
		list = append(list, fmt.Sprintf("%s: %d %s another one with the same %s (such as %s): they count once",
			dataset, same.Count, plural(same.Count, "record repeats", "records repeat"), fields, same.Example))
	}
	if differ := r.Different; differ.Count > 0 {
		list = append(list, fmt.Sprintf("%s: different records have the same %s in %d %s (such as %s): they count once and never comply",
			dataset, fields, differ.Count, plural(differ.Count, "case", "cases"), differ.Example))
	}
	return list
}

func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (f *Finding) count(example string) {
	if f.Count++; f.Count == 1 {
		f.Example = example
	}
}

// Meet returns the record at hand if its key is suspected.
func (k *Keys) Meet(record *records.View, index int64, suspects map[Key]bool) (Met, bool) {
	key, ok := k.Of(record)
	if !ok || !suspects[key] {
		return Met{}, false
	}
	return Met{Key: key, Index: index, content: k.content(record.JSON()), text: k.text()}, true
}

// content is a hash of what a record says, in whatever order its members stand, and in its canonical form.
func (k *Keys) content(text []byte) uint64 {
	decoded, err := records.Decode(text, records.Limits{})
	if err == nil {
		if sorted, err := json.Marshal(k.fields.fold.Value(decoded)); err == nil {
			text = sorted
		}
	}
	return maphash.Bytes(k.fields.seed, text)
}

// Find reads a dataset to find out which of the suspected keys have more than one record.
func (f *Fields) Find(ctx context.Context, b *evidence.Bundle, dataset string, suspects map[Key]bool, options records.Options) (*Repeats, error) {
	collector := NewCollector(suspects)
	options.Fields, options.Serial = f.Projected(), 0
	start := func() records.Visitor[[]Met] { return &meeter{keys: f.Keys(upTo(len(f.names))), suspects: suspects} }
	merge := func(part []Met, first, _ int64) error {
		for _, m := range part {
			m.Index += first
			collector.Take(m)
		}
		return nil
	}
	if err := records.Scan(ctx, b.Source(dataset), options, start, merge); err != nil {
		return nil, err
	}
	return collector.Repeats(), nil
}

// upTo lists the numbers below n.
func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// meeter meets the records of suspected keys. Their indexes count from the first record of the part.
type meeter struct {
	keys     *Keys
	suspects map[Key]bool
	count    int64
	part     []Met
}

// Begin is part of [records.Visitor].
func (m *meeter) Begin(int64) { m.count, m.part = 0, nil }

// Record is part of [records.Visitor].
func (m *meeter) Record(record *records.View) error {
	if met, ok := m.keys.Meet(record, m.count, m.suspects); ok {
		m.part = append(m.part, met)
	}
	m.count++
	return nil
}

// End is part of [records.Visitor].
func (m *meeter) End() []Met { return m.part }

// Search reads a dataset for its keys alone, and returns which repeat others.
func (f *Fields) Search(ctx context.Context, b *evidence.Bundle, dataset string, expected int64, options records.Options) (*Repeats, error) {
	watch := NewWatch(expected)
	scan := options
	scan.Fields, scan.Serial = f.Projected(), 0
	start := func() records.Visitor[[]Key] { return &keyReader{keys: f.Keys(upTo(len(f.names)))} }
	merge := func(part []Key, _, _ int64) error {
		watch.Note(part)
		return nil
	}
	if err := records.Scan(ctx, b.Source(dataset), scan, start, merge); err != nil {
		return nil, err
	}
	if len(watch.Suspects()) == 0 {
		return &Repeats{}, nil
	}
	return f.Find(ctx, b, dataset, watch.Suspects(), options)
}

// keyReader takes the keys out of records.
type keyReader struct {
	keys *Keys
	part []Key
}

// Begin is part of [records.Visitor].
func (r *keyReader) Begin(int64) { r.part = make([]Key, 0, len(r.part)) }

// Record is part of [records.Visitor].
func (r *keyReader) Record(record *records.View) error {
	if key, ok := r.keys.Of(record); ok {
		r.part = append(r.part, key)
	}
	return nil
}

// End is part of [records.Visitor].
func (r *keyReader) End() []Key { return r.part }
