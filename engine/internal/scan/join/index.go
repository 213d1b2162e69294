package join

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"math"
	"math/bits"
)

// Invariant: records of one key are found in the order in which they were added, and values are returned
// byte by byte as they were added.

// Index holds records by their keys. After Seal it is safe for concurrent use.
type Index struct {
	seed  maphash.Seed
	slots []uint32 // of the hash table: the number of a key, from 1; 0 is empty
	keys  []byte   // packed, one after another
	count uint32   // of the keys
	// Where each key is packed, once there is one that is no GUID: those take as much room each.
	offsets []uint32

	// The combinations of values of all records, those of a key one after another. If single, the keys have a record each; otherwise
	// first has where the records of each key begin, and where the last ones end.
	rows      []uint32
	first     []uint32
	chains    chains // the records, until all are added
	single    bool   // the records of a key should be one: others than the first are left out
	untrusted map[uint32]bool
	// Fingerprints of the first records of keys, if single, until all are added.
	fingerprints []uint64

	columns      []column
	tuples       []uint32 // ids of values, one combination after another
	known        map[string]uint32
	combinations uint32 // so far

	packed  []byte
	scratch []byte
}

// chains are the records of keys in the order in which they are added. Each links to the one of its key that comes next, and the last
// one to the first.
type chains struct {
	links []link
	last  []uint32 // of each key: the number of a record, from 0
}

// link is a record in a chain: its combination of values, and the number of the next record.
type link struct{ tuple, next uint32 }

// column interns the values of one field.
type column struct {
	values   []byte
	ends     []uint32 // by id of the value, less 1
	known    map[string]uint32
	recurred int  // values that were known
	overflow bool // there are too many distinct values: new ones are no longer interned
}

// AbsentID is the id of a field that a record lacks.
const AbsentID = 0

// Bounds of what is interned.
const (
	maxKnown      = 1 << 17  // distinct values of a column
	maxKnownBytes = 16 << 20 // in all
	maxTuples     = 1 << 18  // distinct combinations
)

// Of a column with maxKnown distinct values in any order some 60 of the first 4,096 have come before. One with fewer than 16 has so many more
// that interning them would end at maxKnown, after hardly any use.
const (
	trialKnown    = 1 << 12
	trialRecurred = 16
)

// maxExpected bounds for how many records memory is allocated beforehand.
const maxExpected = 1 << 22

// New returns an index of records with so many columns; expected is an estimate of the number of records.
// If a key should have a single record, different records of one key can't be trusted.
func New(columns int, expected int64, single bool) *Index {
	x := &Index{seed: maphash.MakeSeed(), known: map[string]uint32{}, untrusted: map[uint32]bool{}, single: single, slots: make([]uint32, leastSlots)}
	for range columns {
		x.columns = append(x.columns, column{known: map[string]uint32{}})
	}
	n := min(max(expected, 0), maxExpected)
	if !single {
		x.chains.links = make([]link, 0, n)
		return x
	}
	x.rows = make([]uint32, 0, n)
	x.keys = make([]byte, 0, n*guidSize)
	x.fingerprints = make([]uint64, 0, n)
	x.slots = make([]uint32, slotsFor(int(n)))
	return x
}

// leastSlots is how many slots a table has at least.
const leastSlots = 16

// slotsFor returns how many slots so many keys take: three of four are in use then.
func slotsFor(keys int) int { return max(keys+keys/3+1, leastSlots) }

// errFull is the error of an index that is full.
var errFull = errors.New("the joined records are more than can be held: over 4 GiB of keys or values")

// Record is a record to add.
type Record struct {
	Key         []byte
	Fingerprint uint64   // a fingerprint of the whole record: records of one key that differ have different ones
	Values      [][]byte // one for each column; nil for a field that the record lacks
	Invalid     bool     // neither it nor another record of its key can be trusted
}

// Add adds a record.
func (x *Index) Add(r Record) error {
	x.packed = pack(x.packed[:0], r.Key, &x.scratch)
	if len(x.keys)+len(x.packed) > math.MaxUint32 || len(x.chains.links) >= math.MaxUint32-1 || x.count >= math.MaxUint32-1 {
		return errFull
	}
	slot := x.slot(x.packed)
	key := x.slots[slot]
	begins := key == 0
	if begins {
		key = x.begin(slot, r.Fingerprint)
	}
	if r.Invalid || x.single && x.fingerprints[key-1] != r.Fingerprint {
		x.untrusted[key] = true
	}
	if x.single && !begins {
		return nil
	}
	tuple, err := x.tuple(r.Values)
	if err != nil {
		return err
	}
	if x.single {
		x.rows = append(x.rows, tuple)
	} else {
		x.chains.add(key, tuple)
	}
	if int(x.count)*4 > len(x.slots)*3 {
		x.resize(2 * len(x.slots))
	}
	return nil
}

// begin adds the packed key.
func (x *Index) begin(slot int, fingerprint uint64) (key uint32) {
	if x.packed[0] != asGUID && x.offsets == nil {
		x.offsets = make([]uint32, x.count)
		for i := range x.offsets {
			x.offsets[i] = uint32(i * guidSize)
		}
	}
	if x.packed[0] != asGUID || x.offsets != nil {
		x.offsets = append(x.offsets, uint32(len(x.keys)))
	}
	x.keys = append(x.keys, x.packed...)
	if x.single {
		x.fingerprints = append(x.fingerprints, fingerprint)
	}
	x.count++
	x.slots[slot] = x.count
	return x.count
}

// add adds a record to the chain of a key; the first record of each key comes in the order of the keys.
func (c *chains) add(key, tuple uint32) {
	added := uint32(len(c.links))
	if int(key) > len(c.last) {
		c.links, c.last = append(c.links, link{tuple, added}), append(c.last, added)
		return
	}
	last := c.last[key-1]
	c.links = append(c.links, link{tuple, c.links[last].next})
	c.links[last].next, c.last[key-1] = added, added
}

// rows returns the records of one key after another, and where those of each key begin.
func (c *chains) rows() (rows, first []uint32) {
	rows, first = make([]uint32, 0, len(c.links)), make([]uint32, 0, len(c.last)+1)
	for _, last := range c.last {
		first = append(first, uint32(len(rows)))
		for at := c.links[last].next; ; at = c.links[at].next {
			rows = append(rows, c.links[at].tuple)
			if at == last {
				break
			}
		}
	}
	return rows, append(first, uint32(len(rows)))
}

// slot returns the slot of a packed key, or the empty one where it belongs.
func (x *Index) slot(packed []byte) int {
	at, _ := bits.Mul64(maphash.Bytes(x.seed, packed), uint64(len(x.slots)))
	for ; ; at++ {
		if at == uint64(len(x.slots)) {
			at = 0
		}
		if key := x.slots[at]; key == 0 || bytes.Equal(x.key(key), packed) {
			return int(at)
		}
	}
}

func (x *Index) key(key uint32) []byte {
	if x.offsets == nil {
		return x.keys[int(key-1)*guidSize:][:guidSize]
	}
	return packed(x.keys[x.offsets[key-1]:])
}

// Seal releases what only adding needs. No record may be added after it.
func (x *Index) Seal() {
	if !x.single {
		x.rows, x.first = x.chains.rows()
	}
	x.chains, x.fingerprints, x.known = chains{}, nil, nil
	for i := range x.columns {
		x.columns[i].known = nil
	}
	x.keys, x.rows = exact(x.keys), exact(x.rows)
	if size := slotsFor(int(x.count)); len(x.slots) > size+size/8 {
		x.resize(size)
	}
}

// exact returns a slice without room for more, unless that is little.
func exact[T any](list []T) []T {
	if cap(list)-len(list) <= len(list)/32 {
		return list
	}
	return append(make([]T, 0, len(list)), list...)
}

func (x *Index) resize(slots int) {
	x.slots = make([]uint32, slots)
	for key := uint32(1); key <= x.count; key++ {
		x.slots[x.slot(x.key(key))] = key
	}
}

// tuple returns the id of a combination of values.
func (x *Index) tuple(values [][]byte) (uint32, error) {
	x.scratch = x.scratch[:0]
	shared := true
	for i, v := range values {
		id, err := x.columns[i].intern(v)
		if err != nil {
			return 0, err
		}
		x.scratch = binary.LittleEndian.AppendUint32(x.scratch, id)
		shared = shared && !x.columns[i].overflow
	}
	if shared {
		if n, ok := x.known[string(x.scratch)]; ok {
			return n, nil
		}
	}
	n := x.combinations
	if n == math.MaxUint32 {
		return 0, errFull
	}
	x.combinations++
	for i := range values {
		x.tuples = append(x.tuples, binary.LittleEndian.Uint32(x.scratch[4*i:]))
	}
	if shared && len(x.known) < maxTuples {
		x.known[string(x.scratch)] = n
	}
	return n, nil
}

// intern returns the id of a value.
func (c *column) intern(value []byte) (uint32, error) {
	if value == nil {
		return AbsentID, nil
	}
	if !c.overflow {
		if n, ok := c.known[string(value)]; ok {
			c.recurred++
			return n, nil
		}
		if len(c.known) == trialKnown && c.recurred < trialRecurred || len(c.known) == maxKnown || len(c.values) > maxKnownBytes {
			c.overflow, c.known = true, nil
		}
	}
	if len(c.values)+len(value) > math.MaxUint32 || len(c.ends) >= math.MaxUint32-1 {
		return 0, errFull
	}
	c.values = append(c.values, value...)
	c.ends = append(c.ends, uint32(len(c.values)))
	n := uint32(len(c.ends))
	if !c.overflow {
		c.known[string(value)] = n
	}
	return n, nil
}
