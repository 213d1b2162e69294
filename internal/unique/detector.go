package unique

// Invariant: a key that was added twice is a candidate. One that was added once hardly ever is.

// Detector detects keys that were added before, with few false positives.
type Detector struct {
	tables     []table
	candidates map[Key]bool
	touched    uint32 // keeps the compiler from removing the prefetch
}

// maxExpected bounds how many records memory is set aside for beforehand.
const maxExpected = 1 << 24

// NewDetector returns a detector; expected is an estimate of the number of keys.
func NewDetector(expected int64) *Detector {
	return &Detector{tables: []table{newTable(min(max(expected, 1), maxExpected))}, candidates: map[Key]bool{}}
}

// ahead is how many keys are prefetched at once: most of the time is spent waiting for memory.
const ahead = 16

// Add adds keys.
func (d *Detector) Add(keys []Key) {
	for len(keys) > 0 {
		batch := keys[:min(ahead, len(keys))]
		keys = keys[len(batch):]
		t := &d.tables[len(d.tables)-1]
		for _, k := range batch {
			d.touched |= t.cells[t.bucket(k)*bucketSize]
		}
		for _, k := range batch {
			if d.seen(k) {
				d.candidates[k] = true
			}
		}
	}
}

// Candidates returns the keys that may have been added more than once.
func (d *Detector) Candidates() map[Key]bool { return d.candidates }

// seen adds a key and reports whether it was added before.
func (d *Detector) seen(k Key) bool {
	last := len(d.tables) - 1
	for i := range d.tables[:last] {
		if _, found := d.tables[i].find(k); found {
			return true
		}
	}
	t := &d.tables[last]
	at, found := t.find(k)
	if found {
		return true
	}
	if t.used == t.most {
		d.tables = append(d.tables, newTable(2*t.most))
		return d.seen(k)
	}
	t.cells[at] = fingerprint(k)
	t.used++
	return false
}

// table is a hash table of 32-bit fingerprints. The bucket of a fingerprint adds a few more bits of
// its key: of ten million keys, one in a hundred million collides with another.
type table struct {
	cells      []uint32 // buckets, each filled from its beginning; a full one overflows into the next
	buckets    uint64
	used, most int64
}

const (
	bucketSize = 16 // cells: a cache line
	maxFill    = 90 // percent of the cells
)

func newTable(most int64) table {
	buckets := most*100/maxFill/bucketSize + 1
	return table{cells: make([]uint32, buckets*bucketSize), buckets: uint64(buckets), most: most}
}

// fingerprint returns what is kept of a key. 0 is an empty cell.
func fingerprint(k Key) uint32 { return max(uint32(k>>32), 1) }

// bucket returns the bucket of a key.
func (t *table) bucket(k Key) uint64 { return uint64(uint32(k)) * t.buckets >> 32 }

// find returns the cell of a key, or else the empty one where it belongs.
func (t *table) find(k Key) (at uint64, found bool) {
	m := fingerprint(k)
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
