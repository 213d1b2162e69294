package plan

import (
	"encoding/binary"
	"math/bits"
)

// set is a set of nodes, in bits: the first node is the highest bit of the first word. So of two sets with the same number of
// nodes the greater one has the ids that come first.
type set []uint64

func newSet(size int) set    { return make(set, words(size)) }
func words(size int) int     { return (size + 63) / 64 }
func (s set) add(i int)      { s[i/64] |= 1 << (63 - i%64) }
func (s set) remove(i int)   { s[i/64] &^= 1 << (63 - i%64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(63-i%64)) != 0 }

// unite adds the nodes of another set of the same size.
func (s set) unite(other set) {
	for i, word := range other {
		s[i] |= word
	}
}

// members lists a set in ascending order.
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

// fresh counts the nodes of a set that are not in another.
func (s set) fresh(other set) int {
	n := 0
	for i, word := range s {
		n += bits.OnesCount64(word &^ other[i])
	}
	return n
}

// key makes a state a key of a map; the empty one is "".
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

// open is the way back from key.
func open(key string, size int) set {
	s := newSet(size)
	for i := 0; i < len(key); i += 8 {
		s[i/8] = binary.BigEndian.Uint64([]byte(key[i : i+8]))
	}
	return s
}
