package bitset

import (
	"encoding/binary"
	"errors"
)

// The forms in which a set is coded.
const (
	codedEmpty = iota
	codedRuns  // how many runs of numbers there are, and of each how far it is from the one before, and its length
	codedWords
)

// errBroken is the error of bytes that are no set.
var errBroken = errors.New("no set of numbers")

// Append appends the set, coded in the shorter one of two forms.
func (s Set) Append(b []byte) []byte {
	if len(s) == 0 {
		return append(b, codedEmpty)
	}
	runs, size := uint64(0), 0
	for range s.runs() {
		runs++
	}
	coded := binary.AppendUvarint(append(b, codedRuns), runs)
	next := 0
	for from, to := range s.runs() {
		coded = binary.AppendUvarint(coded, uint64(from-next))
		coded = binary.AppendUvarint(coded, uint64(to-from))
		if next, size = to, len(coded)-len(b); size > 8*len(s) {
			break
		}
	}
	if size <= 8*len(s) {
		return coded
	}
	b = binary.AppendUvarint(append(b, codedWords), uint64(len(s)))
	for _, word := range s {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return b
}

// runs returns where the runs of numbers begin and end.
func (s Set) runs() func(yield func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		from := -1
		for i, word := range s {
			switch {
			case word == 0 && from < 0:
				continue
			case word == ^uint64(0) && from >= 0:
				continue
			}
			for bit := range 64 {
				in := word>>bit&1 == 1
				switch {
				case in && from < 0:
					from = i*64 + bit
				case !in && from >= 0:
					if !yield(from, i*64+bit) {
						return
					}
					from = -1
				}
			}
		}
		if from >= 0 {
			yield(from, len(s)*64)
		}
	}
}

// Read reads a set of numbers below n that [Set.Append] coded, and returns what follows it.
func Read(b []byte, n int) (_ Set, rest []byte, err error) {
	if len(b) == 0 {
		return nil, nil, errBroken
	}
	switch b[0] {
	case codedEmpty:
		return nil, b[1:], nil
	case codedRuns:
		return readRuns(b[1:], n)
	case codedWords:
		return readWords(b[1:], n)
	}
	return nil, nil, errBroken
}

func readWords(b []byte, n int) (Set, []byte, error) {
	words, size := binary.Uvarint(b)
	if size <= 0 || words == 0 || words > uint64(n+63)/64 || words > uint64(len(b)-size)/8 {
		return nil, nil, errBroken
	}
	b = b[size:]
	s := make(Set, words)
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	if last := s[words-1]; last == 0 || int(words)*64 > n && last>>(64-(int(words)*64-n)) != 0 {
		return nil, nil, errBroken
	}
	return s, b[8*words:], nil
}

func readRuns(b []byte, n int) (s Set, _ []byte, err error) {
	number := func() uint64 {
		value, size := binary.Uvarint(b)
		if size <= 0 {
			b, err = nil, errBroken
			return 0
		}
		b = b[size:]
		return value
	}
	next := 0
	for runs := number(); runs > 0 && err == nil; runs-- {
		gap, length := number(), number()
		if err == nil && (length == 0 || gap > uint64(n-next) || length > uint64(n-next)-gap) {
			err = errBroken
		}
		if err == nil {
			s.addRun(next+int(gap), next+int(gap+length))
			next += int(gap + length)
		}
	}
	if err != nil || len(s) == 0 {
		return nil, nil, errBroken
	}
	return s, b, nil
}

// addRun adds the numbers from one on, up to another one.
func (s *Set) addRun(from, to int) {
	s.grow((to-1)/64 + 1)
	for i := from; i < to; {
		if i%64 == 0 && to-i >= 64 {
			(*s)[i/64] = ^uint64(0)
			i += 64
			continue
		}
		(*s)[i/64] |= 1 << (i % 64)
		i++
	}
}
