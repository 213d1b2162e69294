package scan

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/posture-score/posture/engine/internal/bitset"
)

// Invariant: what is marked of a key depends on no other key, nor on the order of the evidence. Nothing is marked unless it is asked for.

// HashKey returns a hash of a key of a dataset, in canonical form: 64 bits of SHA-256, never 0. The buffer saves memory; it may be nil.
func HashKey(dataset string, key []byte, buffer *[]byte) uint64 {
	var own []byte
	if buffer == nil {
		buffer = &own
	}
	*buffer = append(append(append((*buffer)[:0], dataset...), 0), key...)
	sum := sha256.Sum256(*buffer)
	return max(binary.BigEndian.Uint64(sum[:]), 1)
}

// marks are what is marked of the records of a part, one after another.
type marks struct {
	keys     []uint64 // 0 for a record without a key
	controls []controlMarks
	dataset  string
	buffer   []byte
}

// controlMarks are the numbers of records.
type controlMarks struct{ inScope, failing, excluded bitset.Set }

// next goes on to a record with that key in canonical form; nil if it has none.
func (m *marks) next(key []byte) {
	hash := uint64(0)
	if key != nil {
		hash = HashKey(m.dataset, key, &m.buffer)
	}
	m.keys = append(m.keys, hash)
}

func (m *marks) compliant(c *controlScan) {
	m.controls[c.index].inScope.Add(len(m.keys) - 1)
}

func (m *marks) fails(c *controlScan) {
	m.controls[c.index].inScope.Add(len(m.keys) - 1)
	m.controls[c.index].failing.Add(len(m.keys) - 1)
}

func (m *marks) excluded(c *controlScan) {
	m.controls[c.index].excluded.Add(len(m.keys) - 1)
}

// reset empties the marks, and keeps their memory.
func (m *marks) reset() {
	m.keys = m.keys[:0]
	for i := range m.controls {
		c := &m.controls[i]
		c.inScope.Clear()
		c.failing.Clear()
		c.excluded.Clear()
	}
}

// keyMarks are what is marked of the keys of a population, in the order in which they came.
type keyMarks struct {
	keys     []uint64
	table    []uint32 // numbers of keys, plus one, by their first bits; a power of 2, at most half full
	controls []controlMarks
	numbers  []int // of the keys of a part
}

// number returns the number of a key.
func (k *keyMarks) number(key uint64) int {
	if 2*(len(k.keys)+1) > len(k.table) {
		k.table = make([]uint32, max(1024, 2*len(k.table)))
		for i, known := range k.keys {
			k.table[k.slot(known)] = uint32(i + 1) //nolint:gosec // a population of 4 billion records is not held
		}
	}
	slot := k.slot(key)
	if k.table[slot] == 0 {
		k.keys = append(k.keys, key)
		k.table[slot] = uint32(len(k.keys)) //nolint:gosec // as above
	}
	return int(k.table[slot]) - 1
}

// slot returns where a key is in the table, or where it would be.
func (k *keyMarks) slot(key uint64) uint64 {
	mask := uint64(len(k.table) - 1)
	slot := key & mask
	for k.table[slot] != 0 && k.keys[k.table[slot]-1] != key {
		slot = (slot + 1) & mask
	}
	return slot
}

// add adds the marks of a part.
func (k *keyMarks) add(part *marks) {
	k.numbers = k.numbers[:0]
	inRow := true
	for i, key := range part.keys {
		number := -1
		if key != 0 {
			number = k.number(key)
		}
		k.numbers = append(k.numbers, number)
		inRow = inRow && number >= 0 && number == k.numbers[0]+i
	}
	if len(k.numbers) == 0 {
		return
	}
	for i := range part.controls {
		to, from := &k.controls[i], &part.controls[i]
		for _, set := range []struct {
			to   *bitset.Set
			from bitset.Set
		}{{&to.inScope, from.inScope}, {&to.failing, from.failing}, {&to.excluded, from.excluded}} {
			if inRow {
				set.to.AddShifted(set.from, k.numbers[0])
				continue
			}
			for record := range set.from.All() {
				if number := k.numbers[record]; number >= 0 {
					set.to.Add(number)
				}
			}
		}
	}
}

// population returns what was marked, of the controls that did not fail.
func (k *keyMarks) population(dataset string, controls []*controlScan) Population {
	type numbered struct {
		key    uint64
		number int
	}
	order := make([]numbered, len(k.keys))
	for i, key := range k.keys {
		order[i] = numbered{key, i}
	}
	slices.SortFunc(order, func(a, b numbered) int { return cmp.Compare(a.key, b.key) })
	places := make([]uint32, len(order))
	p := Population{Dataset: dataset, Keys: k.keys}
	for place, key := range order {
		p.Keys[place], places[key.number] = key.key, uint32(place) //nolint:gosec // as above
	}
	for i, c := range controls {
		if c.err == "" {
			m := k.controls[i]
			p.Controls = append(p.Controls, MarkedControl{c.control.ID, m.inScope.Mapped(places), m.failing.Mapped(places), m.excluded.Mapped(places)})
		}
	}
	return p
}
