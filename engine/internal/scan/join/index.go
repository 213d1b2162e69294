package join

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"math"
)

// Invariant: records of one key are found in the order in which they were added, and values are returned
// byte by byte as they were added.

// Index holds records by their keys. After Seal it is safe for concurrent use.
type Index struct {
	seed  maphash.Seed
	slots []uint32 // of the hash table: the number of a key, from 1; 0 is empty
	keys  []byte   // packed, one after another
	// Where each key is packed, once there is one that is no GUID: those take as much room each.
	offsets []uint32
	first   []uint32 // the number of each key's first record, from 1
	last    []uint32 // of its last record; nil once all records are added
	rows    []row    // of each record

	single       bool     // the records of a key should be one
	fingerprints []uint64 // fingerprints of the first records of keys, if single
	untrusted    map[uint32]bool

	columns      []column
	tuples       []uint32 // ids of values, one combination after another
	known        map[string]uint32
	combinations uint32 // so far

	packed  []byte
	scratch []byte
}

// row is one record: its combination of values, and the number of the next record with the same key, from 1.
type row struct{ tuple, next uint32 }

// column interns the values of one field.
type column struct {
	values   []byte
	ends     []uint32 // by id of the value, less 1
	known    map[string]uint32
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

// maxExpected bounds for how many records memory is allocated beforehand.
const maxExpected = 1 << 22

// New returns an index of records with so many columns; expected is an estimate of the number of records.
// If a key should have a single record, different records of one key can't be trusted.
func New(columns int, expected int64, single bool) *Index {
	x := &Index{seed: maphash.MakeSeed(), known: map[string]uint32{}, untrusted: map[uint32]bool{}, single: single, slots: make([]uint32, 16)}
	for range columns {
		x.columns = append(x.columns, column{known: map[string]uint32{}})
	}
	n := min(max(expected, 0), maxExpected)
	x.rows = make([]row, 0, n)
	if single {
		x.first, x.last = make([]uint32, 0, n), make([]uint32, 0, n)
		x.keys = make([]byte, 0, n*guidSize)
		x.fingerprints = make([]uint64, 0, n)
		for int64(len(x.slots))*3 < n*4 {
			x.slots = make([]uint32, 2*len(x.slots))
		}
	}
	return x
}

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
	tuple, err := x.tuple(r.Values)
	if err != nil {
		return err
	}
	x.packed = pack(x.packed[:0], r.Key, &x.scratch)
	if len(x.keys)+len(x.packed) > math.MaxUint32 || len(x.rows) >= math.MaxUint32-1 {
		return errFull
	}
	x.rows = append(x.rows, row{tuple: tuple})
	added := uint32(len(x.rows))
	slot := x.slot(x.packed)
	key := x.slots[slot]
	if key == 0 {
		key = x.begin(slot, added, r.Fingerprint)
	} else {
		x.rows[x.last[key-1]-1].next = added
		x.last[key-1] = added
	}
	if r.Invalid || x.single && x.fingerprints[key-1] != r.Fingerprint {
		x.untrusted[key] = true
	}
	if len(x.first)*4 > len(x.slots)*3 {
		x.grow()
	}
	return nil
}

// begin adds the packed key with its first record.
func (x *Index) begin(slot int, first uint32, fingerprint uint64) (key uint32) {
	if x.packed[0] != asGUID && x.offsets == nil {
		x.offsets = make([]uint32, len(x.first))
		for i := range x.offsets {
			x.offsets[i] = uint32(i * guidSize)
		}
	}
	if x.packed[0] != asGUID || x.offsets != nil {
		x.offsets = append(x.offsets, uint32(len(x.keys)))
	}
	x.first, x.last = append(x.first, first), append(x.last, first)
	x.keys = append(x.keys, x.packed...)
	if x.single {
		x.fingerprints = append(x.fingerprints, fingerprint)
	}
	key = uint32(len(x.first))
	x.slots[slot] = key
	return key
}

// slot returns the slot of a packed key, or the empty one where it belongs.
func (x *Index) slot(packed []byte) int {
	mask := len(x.slots) - 1
	for at := int(maphash.Bytes(x.seed, packed)) & mask; ; at = (at + 1) & mask {
		if key := x.slots[at]; key == 0 || bytes.Equal(x.key(key), packed) {
			return at
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
	x.last, x.fingerprints, x.known = nil, nil, nil
	for i := range x.columns {
		x.columns[i].known = nil
	}
}

func (x *Index) grow() {
	old := x.slots
	x.slots = make([]uint32, 2*len(old))
	for _, key := range old {
		if key != 0 {
			x.slots[x.slot(x.key(key))] = key
		}
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
	if n, ok := x.known[string(x.scratch)]; ok {
		return n, nil
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
			return n, nil
		}
		if len(c.known) == maxKnown || len(c.values) > maxKnownBytes {
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
