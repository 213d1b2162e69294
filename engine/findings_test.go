package engine

import (
	"fmt"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// TestFindings: the same values have the same number, and others another one.
func TestFindings(t *testing.T) {
	s := &findings{known: map[uint64][]found{}}
	numbers := map[uint32]string{}
	for _, text := range []string{
		`1`, `1.0`, `"1"`, `true`, `false`, `null`, `[]`, `{}`, `set()`, `[1]`, `[1.0]`, `[1, 2]`, `[2, 1]`, `{1}`, `{1.0}`, `{1, 2}`,
		`{"a": 1}`, `{"a": 1.0}`, `{"a": [{"b": {1}}]}`, `{"a": [{"b": {1.0}}]}`, `{"b": 1}`, `{1: "a"}`, `{1.0: "a"}`, `{"a": 1, "b": 2}`,
	} {
		first, again := s.numberOf([]*ast.Term{ast.MustParseTerm(text)}), s.numberOf([]*ast.Term{ast.MustParseTerm(text)})
		if first != again {
			t.Errorf("%s has the numbers %d and %d", text, first, again)
		}
		if other, taken := numbers[first]; taken {
			t.Errorf("%s has the number of %s", text, other)
		}
		numbers[first] = text
	}
	undefined, one := s.numberOf([]*ast.Term{nil, ast.InternedTerm(true)}), s.numberOf([]*ast.Term{ast.InternedTerm(true), nil})
	if undefined == one || undefined != s.numberOf([]*ast.Term{nil, ast.InternedTerm(true)}) {
		t.Error("which value is undefined makes no difference")
	}
}

// TestFindingsAreBounded: beyond the bound nothing is held, and where hardly anything comes again nothing at all.
func TestFindingsAreBounded(t *testing.T) {
	value := func(i int) []*ast.Term {
		return []*ast.Term{ast.MustParseTerm(fmt.Sprintf(`{"id": %d, "groups": {"a", "b", "c"}}`, i))}
	}
	s := &findings{known: map[uint64][]found{}}
	const weight = 10 // the set of findings, an object, two keys, a number, a set and its three strings, and the value of the object
	for i := range maxWeight / weight * 2 {
		s.numberOf(value(i))
	}
	if !s.off || s.known != nil || s.weight > maxWeight {
		t.Errorf("off %v, %d lists known, weight %d of %d", s.off, len(s.known), s.weight, maxWeight)
	}
	s = &findings{known: map[uint64][]found{}}
	for i := range maxWeight / weight * 2 {
		s.numberOf(value(i))
		for range 2 {
			s.numberOf(value(0))
		}
	}
	if s.off || s.weight > maxWeight || s.numberOf(value(0)) != 0 || s.numberOf(value(-1)) != noNumber {
		t.Errorf("off %v, weight %d of %d; the first value has number %d", s.off, s.weight, maxWeight, s.numberOf(value(0)))
	}
}
