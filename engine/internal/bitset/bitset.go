package bitset

import (
	"iter"
	"math/bits"
	"slices"
)

// Invariant: the last word of a set is not zero, so that equal sets have equal words.

// Set is a set of numbers from 0 on, 64 to a word. The zero value is empty.
type Set []uint64

// Add adds a number.
func (s *Set) Add(i int) {
	s.grow(i/64 + 1)
	(*s)[i/64] |= 1 << (i % 64)
}

// Has reports whether a number is in the set.
func (s Set) Has(i int) bool { return i/64 < len(s) && s[i/64]>>(i%64)&1 == 1 }

// Count returns how many numbers are in the set.
func (s Set) Count() int64 {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return int64(n)
}

// All returns the numbers of the set, in order.
func (s Set) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(i*64 + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}

// AddShifted adds the numbers of another set, each increased by the shift.
func (s *Set) AddShifted(other Set, shift int) {
	if len(other) == 0 {
		return
	}
	words, left := shift/64, shift%64
	last := bits.Len64(other[len(other)-1]) - 1 + (len(other)-1)*64 + shift
	s.grow(last/64 + 1)
	for i, word := range other {
		(*s)[words+i] |= word << left
		if high := word >> 1 >> (63 - left); high != 0 {
			(*s)[words+i+1] |= high
		}
	}
}

// Mapped returns the set of what the numbers are mapped to: number i to to[i]. All are below len(to), and so is what they are mapped
// to, each number to another one.
func (s Set) Mapped(to []uint32) Set {
	n := len(to)
	mapped := make(Set, (n+63)/64)
	if s.Count() <= int64(n/2) {
		for i := range s.All() {
			mapped[to[i]/64] |= 1 << (to[i] % 64)
		}
		return mapped.Trimmed()
	}
	// There are fewer numbers outside of the set.
	for i := range mapped {
		mapped[i] = ^uint64(0)
	}
	if n%64 != 0 {
		mapped[len(mapped)-1] = 1<<(n%64) - 1
	}
	for i := range s.complement(n).All() {
		mapped[to[i]/64] &^= 1 << (to[i] % 64)
	}
	return mapped.Trimmed()
}

// complement returns the numbers below n that are not in the set.
func (s Set) complement(n int) Set {
	c := make(Set, (n+63)/64)
	for i := range c {
		c[i] = ^uint64(0)
		if i < len(s) {
			c[i] = ^s[i]
		}
	}
	if n%64 != 0 {
		c[len(c)-1] &= 1<<(n%64) - 1
	}
	return c
}

// Xor returns the numbers that are in one of two sets.
func (s Set) Xor(other Set) Set {
	if len(s) < len(other) {
		s, other = other, s
	}
	x := slices.Clone(s)
	for i, word := range other {
		x[i] ^= word
	}
	return x.Trimmed()
}

// Clear empties the set, and keeps its memory.
func (s *Set) Clear() { *s = (*s)[:0] }

// Trimmed returns the set without zero words at its end; nil if it is empty.
func (s Set) Trimmed() Set {
	for len(s) > 0 && s[len(s)-1] == 0 {
		s = s[:len(s)-1]
	}
	if len(s) == 0 {
		return nil
	}
	return s
}

func (s *Set) grow(words int) {
	for len(*s) < words {
		*s = append(*s, 0)
	}
}
