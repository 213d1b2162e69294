package join

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"math"
)

// Invariant: rows of one key are found in the order in which they were added, and a value is given byte by byte as it was added.

// Index holds records by their keys. After the last Add it may be read by any number of goroutines.
type Index struct {
	seed   maphash.Seed
	slots  []uint32 // of the hash table: a row, counted from 1, that is the first of its key
	rows   []row
	keys   []byte // packed, one after another
	packed []byte

	columns      []column
	tuples       []uint32 // numbers of values, a combination after another
	known        map[string]uint32
	combinations uint32
	scratch      []byte
	faulty       map[uint32]bool // first rows of keys of which some record is not to be trusted
	heads        int             // different keys
}

// row is one record.
type row struct {
	key   uint32 // of the first row of a key: where it begins in keys
	tuple uint32
	next  uint32 // the row with the same key that was added after it, counted from 1; 0 if there is none
	last  uint32 // of the first row of a key: the last one, counted from 1
	whole uint64 // fingerprint of all of the record
}

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
	maxKnown  = 1 << 14 // different values of a column
	maxTuples = 1 << 18 // different combinations
)

// maxExpected bounds how many records memory is set aside for beforehand.
const maxExpected = 1 << 22

// New makes an index of records with so many columns. Expected is a guess at how many records there will be.
func New(columns int, expected int64) *Index {
	x := &Index{seed: maphash.MakeSeed(), known: map[string]uint32{}, faulty: map[uint32]bool{}}
	for range columns {
		x.columns = append(x.columns, column{known: map[string]uint32{}})
	}
	size := 16
	n := min(max(expected, 0), maxExpected)
	for int64(size)*3 < n*4 {
		size *= 2
	}
	x.slots = make([]uint32, size)
	x.rows = make([]row, 0, n)
	x.keys = make([]byte, 0, n*guidSize)
	return x
}

// errFull is more than an index holds.
var errFull = errors.New("the joined records are more than can be held: over 4 GiB of keys or values")

// Record is one to be added.
type Record struct {
	Key    []byte
	Whole  uint64   // a fingerprint of all of it, by which records of one key are told apart
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
	slot := x.slot(x.packed)
	added := uint32(len(x.rows) + 1)
	begins, first := len(x.keys), x.slots[slot]
	if first == 0 {
		x.slots[slot], first = added, added
		x.heads++
		x.keys = append(x.keys, x.packed...)
	} else {
		head := &x.rows[first-1]
		x.rows[head.last-1].next = added
		head.last = added
	}
	x.rows = append(x.rows, row{key: uint32(begins), tuple: tuple, last: added, whole: r.Whole})
	if r.Faulty {
		x.faulty[first] = true
	}
	if x.heads*4 > len(x.slots)*3 {
		x.grow()
	}
	return nil
}

// slot finds where a packed key is in the table, or would be.
func (x *Index) slot(packed []byte) int {
	mask := len(x.slots) - 1
	for at := int(maphash.Bytes(x.seed, packed)) & mask; ; at = (at + 1) & mask {
		if r := x.slots[at]; r == 0 || bytes.Equal(x.key(r), packed) {
			return at
		}
	}
}

// key is the packed key of a row that is the first of its key.
func (x *Index) key(r uint32) []byte { return packed(x.keys[x.rows[r-1].key:]) }

func (x *Index) grow() {
	old := x.slots
	x.slots = make([]uint32, 2*len(old))
	for _, r := range old {
		if r != 0 {
			x.slots[x.slot(x.key(r))] = r
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

// number returns the number of a value.
func (c *column) number(value []byte) (uint32, error) {
	if value == nil {
		return Absent, nil
	}
	if !c.high {
		if n, ok := c.known[string(value)]; ok {
			return n, nil
		}
		if len(c.known) == maxKnown {
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
