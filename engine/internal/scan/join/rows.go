package join

// Invariant: reading changes nothing.

// Row is a record of the index, counted from 1; 0 is none.
type Row uint32

// Key is a key of the index, counted from 1 in the order in which records first named them; 0 is none.
type Key uint32

// Finder finds records by their keys, for one goroutine.
type Finder struct {
	index   *Index
	packed  []byte
	scratch []byte
}

// Finder makes a finder.
func (x *Index) Finder() *Finder { return &Finder{index: x} }

// Find returns a key, in any case, and whether the records of it can be relied on.
func (f *Finder) Find(key []byte) (found Key, trusted bool) {
	f.packed = pack(f.packed[:0], key, &f.scratch)
	found = Key(f.index.slots[f.index.slot(f.packed)])
	return found, !f.index.doubted[uint32(found)]
}

// Keys is how many keys there are.
func (x *Index) Keys() int { return len(x.heads) }

// AppendKey appends the text of a key, in lower case.
func (x *Index) AppendKey(into []byte, k Key) []byte { return unpack(into, x.key(uint32(k))) }

// First returns the first record of a key; 0 if it is none.
func (x *Index) First(k Key) Row {
	if k == 0 {
		return 0
	}
	return Row(x.heads[k-1].first)
}

// Next returns the record of the same key that was added after this one, or 0.
func (x *Index) Next(r Row) Row { return Row(x.rows[r-1].next) }

// Tuple is the number of the record's combination of values: equal numbers stand for equal values.
func (x *Index) Tuple(r Row) uint32 { return x.rows[r-1].tuple }

// Number is that of a record's value in a column; Absent if it has none. In a column that is not [Index.High], equal values have
// equal numbers.
func (x *Index) Number(r Row, column int) uint32 {
	return x.tuples[int(x.rows[r-1].tuple)*len(x.columns)+column]
}

// Value returns a record's value in a column: JSON, or nil if it has none. It must not be changed.
func (x *Index) Value(r Row, column int) []byte {
	n := x.Number(r, column)
	if n == Absent {
		return nil
	}
	c := &x.columns[column]
	start := uint32(0)
	if n > 1 {
		start = c.ends[n-2]
	}
	return c.values[start:c.ends[n-1]:c.ends[n-1]]
}

// High says whether a column has so many different values that their numbers say nothing.
func (x *Index) High(column int) bool { return x.columns[column].high }
