package diag

import (
	"strings"

	"github.com/agext/levenshtein"
)

// longest is the length of the longest word that may be a typo, in bytes.
const longest = 100

// Nearest returns the candidate that a misspelt word most likely meant, or "".
func Nearest(word string, candidates []string) string {
	if len(word) > longest {
		return ""
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
