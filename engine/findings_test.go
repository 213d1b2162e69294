package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
)

// TestFindings: the same values have the same number, and others another one.
func TestFindings(t *testing.T) {
	s := &findings{numbers: map[string]uint32{}}
	numbers := map[uint32]string{}
	for _, text := range []string{
		`1`, `1.0`, `"1"`, `""`, `true`, `false`, `null`, `[]`, `{}`, `set()`, `[1]`, `[1.0]`, `[1, 2]`, `[2, 1]`, `{1}`, `{1.0}`, `{1, 2}`,
		`{"a": 1}`, `{"a": 1.0}`, `{"a": [{"b": {1}}]}`, `{"a": [{"b": {1.0}}]}`, `{"b": 1}`, `{1: "a"}`, `{1.0: "a"}`, `{"a": 1, "b": 2}`,
		`["a", "b"]`, `["ab"]`, `["a"]`, `[["a"], "b"]`, `[["a", "b"]]`, `0.25`, `0.5`,
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
	yes := ast.InternedTerm(true)
	if one, other := s.numberOf([]*ast.Term{nil, yes}), s.numberOf([]*ast.Term{yes, nil}); one == other || one != s.numberOf([]*ast.Term{nil, yes}) {
		t.Error("which value is undefined makes no difference")
	}
	if one, other := s.numberOf([]*ast.Term{ast.MustParseTerm(`{"a": 1, "b": 2}`)}), s.numberOf([]*ast.Term{ast.MustParseTerm(`{"b": 2, "a": 1}`)}); one != other {
		t.Error("the order of members makes a difference")
	}
}

// TestFindingsAreBounded: what is long has no number, and beyond the bound nothing new has.
func TestFindingsAreBounded(t *testing.T) {
	s := &findings{numbers: map[string]uint32{}}
	for _, long := range []string{strings.Repeat("a", 1<<20), "[" + strings.Repeat(`"abcdefgh", `, 1000) + "1]"} {
		value := ast.StringTerm(long)
		if long[0] == '[' {
			value = ast.MustParseTerm(long)
		}
		if n := s.numberOf([]*ast.Term{value}); n != noNumber || s.held != 0 || cap(s.text) > 4*maxFinding {
			t.Errorf("a value of %d bytes has the number %d, %d bytes are held and %d set aside", len(long), n, s.held, cap(s.text))
		}
	}
	first := []*ast.Term{ast.StringTerm("first")}
	s.numberOf(first)
	for i := range 2 * maxFindings / 1000 {
		s.numberOf([]*ast.Term{ast.StringTerm(fmt.Sprint(i, strings.Repeat("x", 1000)))})
	}
	if s.held > maxFindings || s.numberOf(first) != 0 || s.numberOf([]*ast.Term{ast.StringTerm("new" + strings.Repeat("x", 1000))}) != noNumber {
		t.Errorf("%d bytes are held, of at most %d", s.held, maxFindings)
	}
}

// TestFindingsPay: premises whose findings hardly ever come again, or that cost more than the controls, are asked no more.
func TestFindingsPay(t *testing.T) {
	numbers := func(n int) map[string]uint32 {
		known := map[string]uint32{}
		for i := range n {
			known[fmt.Sprint(i)] = uint32(i)
		}
		return known
	}
	for name, test := range map[string]struct {
		s    findings
		want bool
	}{
		"at the beginning":           {findings{numbers: numbers(10), finding: cost{spent: time.Millisecond, times: 10}}, true},
		"few findings":               {findings{numbers: numbers(10), finding: cost{spent: time.Millisecond, times: 5000}}, true},
		"all different":              {findings{numbers: numbers(1001), finding: cost{spent: time.Millisecond, times: 1001}}, false},
		"most without a number":      {findings{numbers: numbers(3), missed: 600, finding: cost{spent: time.Millisecond, times: 1001}}, false},
		"dear, and tried little":     {findings{numbers: numbers(3), finding: cost{spent: 100 * time.Millisecond, times: 100}, asking: cost{spent: time.Millisecond, times: 100}}, true},
		"dear, like the controls":    {findings{numbers: numbers(3), finding: cost{spent: time.Second, times: 1000}, asking: cost{spent: 10 * time.Millisecond, times: 10}}, true},
		"dear, and the controls not": {findings{numbers: numbers(3), finding: cost{spent: time.Second, times: 100}, asking: cost{spent: 10 * time.Millisecond, times: 100}}, false},
	} {
		if got := test.s.pays(2); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// TestCost: neither the first time nor a time that waited for other work makes something dear.
func TestCost(t *testing.T) {
	var c cost
	for _, spent := range []time.Duration{time.Second, 2 * time.Microsecond, time.Microsecond, time.Second} {
		c.add(spent)
	}
	if want := (cost{spent: (2 + 1 + maxSpread) * time.Microsecond, times: 4, least: time.Microsecond}); c != want {
		t.Errorf("%+v, want %+v", c, want)
	}
}
