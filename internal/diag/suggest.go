package diag

import (
	"strings"

	"github.com/agext/levenshtein"
)

const (
	longest = 100 // bytes of a word that may be a typo
	many    = 500 // candidates that are compared letter by letter
)

// Nearest returns the candidate that a misspelt word most likely meant, or "".
func Nearest(word string, candidates []string) string {
	if len(word) > longest {
		return ""
	}
	if len(candidates) > many {
		candidates = alike(word, candidates)
	}
	best, bestDistance := "", len(word)/2+1
	for _, candidate := range candidates {
		if strings.EqualFold(word, candidate) {
			return candidate
		}
		if d := levenshtein.Distance(word, candidate, nil); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// alike returns the candidates that differ least from the word between the beginning and the end that
// they have in common with it: in one letter, of a word with one typo.
func alike(word string, candidates []string) []string {
	var found []string
	least := longest
	for _, candidate := range candidates {
		if strings.EqualFold(word, candidate) {
			return []string{candidate}
		}
		n := max(len(word), len(candidate)) - common(word, candidate)
		if n < least {
			least, found = n, found[:0]
		}
		if n == least && len(found) < many {
			found = append(found, candidate)
		}
	}
	return found
}

// common counts the bytes that two texts have in common at their beginning and at their end.
func common(a, b string) int {
	shorter, n, m := min(len(a), len(b)), 0, 0
	for n < shorter && a[n] == b[n] {
		n++
	}
	for m < shorter-n && a[len(a)-1-m] == b[len(b)-1-m] {
		m++
	}
	return n + m
}
