package textlimit

import (
	"fmt"
	"regexp/syntax"
)

// Bounds of a regular expression.
const (
	MaxPatternBytes = 1000
	MaxPatternSize  = 10_000 // states of its automaton, with every repetition written out
)

// Pattern returns about how many states the automaton of a regular expression has, and an error if
// that passes a bound: ((a{1000}){1000}) is short, and takes the memory of a long one.
func Pattern(text string) (states int, err error) {
	if len(text) > MaxPatternBytes {
		return 0, fmt.Errorf("it has %d bytes, and at most %d are allowed", len(text), MaxPatternBytes)
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return 0, err //nolint:wrapcheck // it names the expression already
	}
	states = patternSize(parsed)
	if states > MaxPatternSize {
		return 0, fmt.Errorf("its repetitions make it too large: at most %d states are allowed", MaxPatternSize)
	}
	return states, nil
}

// patternSize returns about how many states the automaton of an expression has. The parser bounds how deep it nests.
func patternSize(e *syntax.Regexp) int {
	size := 1 + len(e.Rune)
	for _, sub := range e.Sub {
		size = min(size+patternSize(sub), MaxPatternSize+1)
	}
	if e.Op == syntax.OpRepeat {
		times := max(e.Max, e.Min, 1)
		size = min(size*times, MaxPatternSize+1)
	}
	return size
}
