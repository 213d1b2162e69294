package plan

import (
	"encoding/binary"
	"math/bits"
)

// set is a bit set of nodes: the first node is the highest bit of the first word. So of two sets of the same size the greater one
// has the first ids.
type set []uint64

func newSet(size int) set    { return make(set, words(size)) }
func words(size int) int     { return (size + 63) / 64 }
func (s set) add(i int)      { s[i/64] |= 1 << (63 - i%64) }
func (s set) remove(i int)   { s[i/64] &^= 1 << (63 - i%64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(63-i%64)) != 0 }

// union adds the nodes of another set with the same universe.
func (s set) union(other set) {
	for i, word := range other {
		s[i] |= word
	}
}

// members returns the nodes in ascending order.
func (s set) members() []int {
	var list []int
	for i, word := range s {
		for word != 0 {
			zeros := bits.LeadingZeros64(word)
			list = append(list, i*64+zeros)
			word &^= 1 << (63 - zeros)
		}
	}
	return list
}

func (s set) count() int {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// countMissing returns how many nodes of the set are not in another.
func (s set) countMissing(other set) int {
	n := 0
	for i, word := range s {
		n += bits.OnesCount64(word &^ other[i])
	}
	return n
}

// key returns the set as a key for maps; that of the empty set is "".
func (s set) key() string {
	if s.count() == 0 {
		return ""
	}
	var text []byte
	for _, word := range s {
		text = binary.BigEndian.AppendUint64(text, word)
	}
	return string(text)
}

// parseKey is the inverse of key.
func parseKey(key string, size int) set {
	s := newSet(size)
	for i := 0; i < len(key); i += 8 {
		s[i/8] = binary.BigEndian.Uint64([]byte(key[i : i+8]))
	}
	return s
}
