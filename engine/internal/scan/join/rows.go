package join

import "iter"

// Invariant: reading changes nothing.

// Row is the number of a record of the index, from 1.
type Row uint32

// Key is the number of a key of the index, from 1, in the order in which they were added; 0 is none.
type Key uint32

// Finder finds records by their keys. It is for one goroutine.
type Finder struct {
	index   *Index
	packed  []byte
	scratch []byte
}

// Finder returns a finder.
func (x *Index) Finder() *Finder { return &Finder{index: x} }

// Find returns a key, whatever its case, and whether its records can be trusted.
func (f *Finder) Find(key []byte) (found Key, trusted bool) {
	f.packed = pack(f.packed[:0], key, &f.scratch)
	found = Key(f.index.slots[f.index.slot(f.packed)])
	return found, !f.index.untrusted[uint32(found)]
}

// Keys returns the number of keys.
func (x *Index) Keys() int { return int(x.count) }

// AppendKey appends the text of a key, in lower case.
func (x *Index) AppendKey(into []byte, k Key) []byte { return unpack(into, x.key(uint32(k))) }

// Rows returns the records of a key, in the order in which they were added: the first one of them alone if they should be one.
func (x *Index) Rows(k Key) iter.Seq[Row] {
	from, to := Row(k), Row(k)
	switch {
	case k == 0:
		from = 1
	case !x.single:
		from, to = Row(x.first[k-1]+1), Row(x.first[k])
	}
	return func(yield func(Row) bool) {
		for r := from; r <= to && yield(r); r++ {
		}
	}
}

// Tuple returns the id of the record's combination of values: records with equal ids have equal values.
func (x *Index) Tuple(r Row) uint32 { return x.rows[r-1] }

// ID returns the id of a record's value in a column; AbsentID if it has none. Equal values have equal ids
// unless the column has a high cardinality.
func (x *Index) ID(r Row, column int) uint32 {
	return x.tuples[int(x.rows[r-1])*len(x.columns)+column]
}

// Value returns a record's value in a column: nil if it has none. It must not be changed.
func (x *Index) Value(r Row, column int) []byte {
	n := x.ID(r, column)
	if n == AbsentID {
		return nil
	}
	c := &x.columns[column]
	start := uint32(0)
	if n > 1 {
		start = c.ends[n-2]
	}
	return c.values[start:c.ends[n-1]:c.ends[n-1]]
}

// HighCardinality reports whether a column has so many distinct values that equal ones may have different
// ids.
func (x *Index) HighCardinality(column int) bool { return x.columns[column].overflow }
