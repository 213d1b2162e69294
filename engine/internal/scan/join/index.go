package join

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"math"
)

// Invariant: records of one key are found in the order in which they were added, and a value is given byte by byte as it was added.

// Index holds records by their keys. After the last Add it may be read by any number of goroutines.
type Index struct {
	seed  maphash.Seed
	slots []uint32 // of the hash table: a key, counted from 1
	heads []head   // of each key
	keys  []byte   // packed, one after another
	rows  []row    // of each record

	single  bool     // the records of a key should be one
	prints  []uint64 // fingerprints of the first records of keys, if single
	doubted map[uint32]bool

	columns []column
	tuples  []uint32 // numbers of values, a combination after another
	known   map[string]uint32
	made    uint32 // combinations

	packed  []byte
	scratch []byte
}

// head is one key: where it is packed, and its first and last record, counted from 1.
type head struct{ key, first, last uint32 }

// row is one record: its combination of values, and the record that was added after it with the same key, counted from 1.
type row struct{ tuple, next uint32 }

// column is the values of one part of the records.
type column struct {
	values []byte
	ends   []uint32 // by number of the value, counted from 1, less 1
	known  map[string]uint32
	high   bool // there are so many different ones that each is kept anew
}

// Absent is the number of the value that a record does not have.
const Absent = 0

// Bounds of what is held once for many: beyond them each record keeps its own.
const (
	maxKnown      = 1 << 17  // different values of a column
	maxKnownBytes = 16 << 20 // in all
	maxTuples     = 1 << 18  // different combinations
)

// maxExpected bounds how many records memory is set aside for beforehand.
const maxExpected = 1 << 22

// New makes an index of records with so many columns. Expected is a guess at how many records there will be. If there should be one
// record of each key, others that differ from it make the key doubtful.
func New(columns int, expected int64, single bool) *Index {
	x := &Index{seed: maphash.MakeSeed(), known: map[string]uint32{}, doubted: map[uint32]bool{}, single: single, slots: make([]uint32, 16)}
	for range columns {
		x.columns = append(x.columns, column{known: map[string]uint32{}})
	}
	n := min(max(expected, 0), maxExpected)
	x.rows = make([]row, 0, n)
	if single {
		x.heads = make([]head, 0, n)
		x.keys = make([]byte, 0, n*guidSize)
		x.prints = make([]uint64, 0, n)
		for int64(len(x.slots))*3 < n*4 {
			x.slots = make([]uint32, 2*len(x.slots))
		}
	}
	return x
}

// errFull is more than an index holds.
var errFull = errors.New("the joined records are more than can be held: over 4 GiB of keys or values")

// Record is one to be added.
type Record struct {
	Key    []byte
	Print  uint64   // a fingerprint of all of it, by which records of one key are told apart
	Values [][]byte // one for each column; nil for what the record does not have
	Faulty bool     // it is not to be trusted, and so is no other of its key
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
		key = x.begin(slot, added, r.Print)
	} else {
		head := &x.heads[key-1]
		x.rows[head.last-1].next = added
		head.last = added
	}
	if r.Faulty || x.single && x.prints[key-1] != r.Print {
		x.doubted[key] = true
	}
	if len(x.heads)*4 > len(x.slots)*3 {
		x.grow()
	}
	return nil
}

// begin makes a key of the packed one, with its first record.
func (x *Index) begin(slot int, first uint32, fingerprint uint64) (key uint32) {
	x.heads = append(x.heads, head{key: uint32(len(x.keys)), first: first, last: first})
	x.keys = append(x.keys, x.packed...)
	if x.single {
		x.prints = append(x.prints, fingerprint)
	}
	key = uint32(len(x.heads))
	x.slots[slot] = key
	return key
}

// slot finds where a packed key is in the table, or would be.
func (x *Index) slot(packed []byte) int {
	mask := len(x.slots) - 1
	for at := int(maphash.Bytes(x.seed, packed)) & mask; ; at = (at + 1) & mask {
		if key := x.slots[at]; key == 0 || bytes.Equal(x.key(key), packed) {
			return at
		}
	}
}

func (x *Index) key(key uint32) []byte { return packed(x.keys[x.heads[key-1].key:]) }

func (x *Index) grow() {
	old := x.slots
	x.slots = make([]uint32, 2*len(old))
	for _, key := range old {
		if key != 0 {
			x.slots[x.slot(x.key(key))] = key
		}
	}
}

// tuple returns the number of a combination of values.
func (x *Index) tuple(values [][]byte) (uint32, error) {
	x.scratch = x.scratch[:0]
	shared := true
	for i, v := range values {
		number, err := x.columns[i].number(v)
		if err != nil {
			return 0, err
		}
		x.scratch = binary.LittleEndian.AppendUint32(x.scratch, number)
		shared = shared && !x.columns[i].high
	}
	if n, ok := x.known[string(x.scratch)]; ok {
		return n, nil
	}
	n := x.made
	if n == math.MaxUint32 {
		return 0, errFull
	}
	x.made++
	for i := range values {
		x.tuples = append(x.tuples, binary.LittleEndian.Uint32(x.scratch[4*i:]))
	}
	if shared && len(x.known) < maxTuples {
		x.known[string(x.scratch)] = n
	}
	return n, nil
}

// number returns the number of a value.
func (c *column) number(value []byte) (uint32, error) {
	if value == nil {
		return Absent, nil
	}
	if !c.high {
		if n, ok := c.known[string(value)]; ok {
			return n, nil
		}
		if len(c.known) == maxKnown || len(c.values) > maxKnownBytes {
			c.high, c.known = true, nil
		}
	}
	if len(c.values)+len(value) > math.MaxUint32 || len(c.ends) >= math.MaxUint32-1 {
		return 0, errFull
	}
	c.values = append(c.values, value...)
	c.ends = append(c.ends, uint32(len(c.values)))
	n := uint32(len(c.ends))
	if !c.high {
		c.known[string(value)] = n
	}
	return n, nil
}
