package unique

// Invariant: a key that was noted twice is suspected. One that was not hardly ever is.

// Watch suspects keys that were noted before.
type Watch struct {
	tables   []table
	suspects map[Key]bool
	touched  uint32 // of no meaning: it keeps reading ahead from being left out
}

// maxExpected bounds how many records memory is set aside for beforehand.
const maxExpected = 1 << 24

// NewWatch makes a watch; expected is a guess at how many keys there will be.
func NewWatch(expected int64) *Watch {
	return &Watch{tables: []table{newTable(min(max(expected, 1), maxExpected))}, suspects: map[Key]bool{}}
}

// ahead is how many keys are looked for at once: what takes time is to wait for memory.
const ahead = 16

// Note notes keys.
func (w *Watch) Note(keys []Key) {
	for len(keys) > 0 {
		batch := keys[:min(ahead, len(keys))]
		keys = keys[len(batch):]
		t := &w.tables[len(w.tables)-1]
		for _, k := range batch {
			w.touched |= t.cells[t.bucket(k)*bucketSize]
		}
		for _, k := range batch {
			if w.seen(k) {
				w.suspects[k] = true
			}
		}
	}
}

// Suspects are the keys that may have been noted more than once.
func (w *Watch) Suspects() map[Key]bool { return w.suspects }

// seen says whether a key was noted before, and notes it.
func (w *Watch) seen(k Key) bool {
	last := len(w.tables) - 1
	for i := range w.tables[:last] {
		if _, found := w.tables[i].find(k); found {
			return true
		}
	}
	t := &w.tables[last]
	at, found := t.find(k)
	if found {
		return true
	}
	if t.used == t.most {
		w.tables = append(w.tables, newTable(2*t.most))
		return w.seen(k)
	}
	t.cells[at] = mark(k)
	t.used++
	return false
}

// table is a hash table of marks, 32 bits each. Where a mark stands tells as much again of its key as a few bits more: of ten million
// keys, one in a hundred million is taken for another.
type table struct {
	cells      []uint32 // buckets, each filled from its beginning; a full one runs over into the next
	buckets    uint64
	used, most int64
}

const (
	bucketSize = 16 // cells: a line of the cache
	maxFill    = 90 // percent of the cells
)

func newTable(most int64) table {
	buckets := most*100/maxFill/bucketSize + 1
	return table{cells: make([]uint32, buckets*bucketSize), buckets: uint64(buckets), most: most}
}

// mark is what is kept of a key. 0 is an empty cell.
func mark(k Key) uint32 { return max(uint32(k>>32), 1) }

// bucket is where the mark of a key belongs.
func (t *table) bucket(k Key) uint64 { return uint64(uint32(k)) * t.buckets >> 32 }

// find returns the cell of a key, or else the one where it belongs.
func (t *table) find(k Key) (at uint64, found bool) {
	m := mark(k)
	for b := t.bucket(k); ; b++ {
		if b == t.buckets {
			b = 0
		}
		cells := t.cells[b*bucketSize : (b+1)*bucketSize]
		for i, c := range cells {
			if c == m {
				return b*bucketSize + uint64(i), true
			}
			if c == 0 {
				return b*bucketSize + uint64(i), false
			}
		}
	}
}
