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

// Repeats are the records of a dataset that have the key of an earlier record. Nil has none.
type Repeats struct {
	byKey map[Key][]version // of keys with more than one record

	Same      Summary // records that equal an earlier one
	Different Summary // keys whose records are not all equal
}

// Summary is a count, with the unique fields of the first one counted.
type Summary struct {
	Count   int64
	Example string
}

// version is one of the different records of a key.
type version struct {
	content uint64
	first   int64 // index of the first record of this version
}

// None reports whether no record repeats another.
func (r *Repeats) None() bool { return r == nil || len(r.byKey) == 0 }

// Repeated reports whether a record has the key of an earlier one.
func (r *Repeats) Repeated(k Key, index int64) bool {
	versions := r.versions(k)
	return len(versions) > 0 && versions[0].first != index
}

// Duplicate reports whether a record equals an earlier one.
func (r *Repeats) Duplicate(k Key, index int64) bool {
	versions := r.versions(k)
	return len(versions) > 0 && !slices.ContainsFunc(versions, func(v version) bool { return v.first == index })
}

// Versions returns how many different records have the key.
func (r *Repeats) Versions(k Key) int { return max(1, len(r.versions(k))) }

func (r *Repeats) versions(k Key) []version {
	if r == nil {
		return nil
	}
	return r.byKey[k]
}

// Occurrence is a record whose key is a candidate.
type Occurrence struct {
	Key     Key
	Index   int64
	content uint64
	text    string
}

// Collector finds the candidates that have more than one record.
type Collector struct {
	repeats  Repeats
	repeated map[Key]bool
}

// NewCollector returns a collector.
func NewCollector() *Collector {
	return &Collector{repeats: Repeats{byKey: map[Key][]version{}}, repeated: map[Key]bool{}}
}

// Add adds an occurrence; they have to come in the order of the records. It returns the index of the first
// record of the key, -1 if it is this one, and whether the record equals an earlier one.
func (c *Collector) Add(o Occurrence) (first int64, same bool) {
	versions := c.repeats.byKey[o.Key]
	if len(versions) == 0 {
		c.repeats.byKey[o.Key] = []version{{o.content, o.Index}}
		return -1, false
	}
	c.repeated[o.Key] = true
	if slices.ContainsFunc(versions, func(v version) bool { return v.content == o.content }) {
		c.repeats.Same.count(o.text)
		return versions[0].first, true
	}
	if len(versions) == 1 {
		c.repeats.Different.count(o.text)
	}
	c.repeats.byKey[o.Key] = append(versions, version{o.content, o.Index})
	return versions[0].first, false
}

// Repeats returns those that were found.
func (c *Collector) Repeats() *Repeats {
	for k := range c.repeats.byKey {
		if !c.repeated[k] {
			delete(c.repeats.byKey, k)
		}
	}
	return &c.repeats
}

// Warnings returns warnings about a dataset whose records repeat others: at most two sentences.
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

func (f *Summary) count(example string) {
	if f.Count++; f.Count == 1 {
		f.Example = example
	}
}

// Occurrence returns a record as an occurrence, if its key is a candidate.
func (k *Keys) Occurrence(record *records.View, index int64, candidates map[Key]bool) (Occurrence, bool) {
	key, ok := k.Of(record)
	if !ok || !candidates[key] {
		return Occurrence{}, false
	}
	return Occurrence{Key: key, Index: index, content: k.content(record.JSON()), text: k.text()}, true
}

// content returns a hash of a record in canonical form, whatever the order of its members.
func (k *Keys) content(text []byte) uint64 {
	decoded, err := records.Decode(text, records.Limits{})
	if err == nil {
		if sorted, err := json.Marshal(k.fields.fold.Value(decoded)); err == nil {
			text = sorted
		}
	}
	return maphash.Bytes(k.fields.seed, text)
}

// Find reads a dataset and returns the candidates that have more than one record.
func (f *Fields) Find(ctx context.Context, b *evidence.Bundle, dataset string, candidates map[Key]bool, options records.Options) (*Repeats, error) {
	collector := NewCollector()
	options.Fields, options.Serial = f.Projected(), 0
	start := func() records.Visitor[[]Occurrence] {
		return &occurrenceReader{keys: f.Keys(upTo(len(f.names))), candidates: candidates}
	}
	merge := func(part []Occurrence, first, _ int64) error {
		for _, m := range part {
			m.Index += first
			collector.Add(m)
		}
		return nil
	}
	if err := records.Scan(ctx, b.Source(dataset), options, start, merge); err != nil {
		return nil, err
	}
	return collector.Repeats(), nil
}

// upTo returns the numbers below n.
func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// occurrenceReader returns the occurrences in a part, with indexes from its first record.
type occurrenceReader struct {
	keys       *Keys
	candidates map[Key]bool
	count      int64
	part       []Occurrence
}

// Begin implements [records.Visitor].
func (m *occurrenceReader) Begin(int64) { m.count, m.part = 0, nil }

// Record implements [records.Visitor].
func (m *occurrenceReader) Record(record *records.View) error {
	if found, ok := m.keys.Occurrence(record, m.count, m.candidates); ok {
		m.part = append(m.part, found)
	}
	m.count++
	return nil
}

// End implements [records.Visitor].
func (m *occurrenceReader) End() []Occurrence { return m.part }

// Search reads a dataset only for its keys, and returns the repeats.
func (f *Fields) Search(ctx context.Context, b *evidence.Bundle, dataset string, expected int64, options records.Options) (*Repeats, error) {
	detector := NewDetector(expected)
	scan := options
	scan.Fields, scan.Serial = f.Projected(), 0
	start := func() records.Visitor[[]Key] { return &keyReader{keys: f.Keys(upTo(len(f.names)))} }
	merge := func(part []Key, _, _ int64) error {
		detector.Add(part)
		return nil
	}
	if err := records.Scan(ctx, b.Source(dataset), scan, start, merge); err != nil {
		return nil, err
	}
	if len(detector.Candidates()) == 0 {
		return &Repeats{}, nil
	}
	return f.Find(ctx, b, dataset, detector.Candidates(), options)
}

// keyReader returns the keys in a part.
type keyReader struct {
	keys *Keys
	part []Key
}

// Begin implements [records.Visitor].
func (r *keyReader) Begin(int64) { r.part = make([]Key, 0, len(r.part)) }

// Record implements [records.Visitor].
func (r *keyReader) Record(record *records.View) error {
	if key, ok := r.keys.Of(record); ok {
		r.part = append(r.part, key)
	}
	return nil
}

// End implements [records.Visitor].
func (r *keyReader) End() []Key { return r.part }
