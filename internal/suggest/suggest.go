// Package suggest tells what was meant by a word that is not known, in one style for flags, values, ids and names: which words there
// are, and the nearest one.
package suggest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/agext/levenshtein"
)

const (
	longest  = 100 // bytes of a word that may be a typo
	shortest = 3   // bytes of a word that may be a part of a longer one
	many     = 500 // candidates that are compared letter by letter
	listed   = 20  // words of a list that are shown
)

// Nearest returns the candidate that a misspelt word most likely meant, or "". At most a third of the letters may differ, or it is the
// beginning or the end of the candidate.
func Nearest(word string, candidates []string) string {
	if len(word) > longest {
		return ""
	}
	if part := partOf(word, candidates); part != "" && strings.EqualFold(part, word) {
		return part
	}
	compared := candidates
	if len(compared) > many {
		compared = alike(word, compared)
	}
	word = strings.ToLower(word)
	best, least := "", longest
	for _, candidate := range compared {
		if d := distance(word, strings.ToLower(candidate)); d <= min(max(len(word), len(candidate))/3, max(len(word)/3, 1)) && d < least {
			best, least = candidate, d
		}
	}
	if best == "" {
		return partOf(word, candidates)
	}
	return best
}

// distance counts the letters that differ. Two neighbours that changed places are one.
func distance(word, candidate string) int {
	if n := common(word, candidate); len(word) == len(candidate) && n == len(word)-2 {
		for i := range n + 1 {
			if word[i] != candidate[i] {
				if word[i] == candidate[i+1] && word[i+1] == candidate[i] {
					return 1
				}
				break
			}
		}
	}
	return levenshtein.Distance(word, candidate, nil)
}

// partOf returns the shortest candidate that begins or ends with a word, whatever its case, or "".
func partOf(word string, candidates []string) string {
	best := ""
	for _, candidate := range candidates {
		n := len(candidate) - len(word)
		if n < 0 || n > 0 && len(word) < shortest || best != "" && len(candidate) >= len(best) {
			continue
		}
		if strings.EqualFold(candidate[:len(word)], word) || strings.EqualFold(candidate[n:], word) {
			best = candidate
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

// Hint returns a question with the word that was meant, after a space, or "".
func Hint(word string, candidates []string) string {
	if near := Nearest(word, candidates); near != "" && near != word {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

// List returns words with commas between them: the first of them, and how many there are more.
func List(words []string) string {
	if more := len(words) - listed; more > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:listed], ", "), more)
	}
	return strings.Join(words, ", ")
}

// OneOf says that a value is none of some words: "--sort has to be one of id, rank; it is "rnk". Did you mean "rank"?".
func OneOf(what, value string, words []string) string {
	if len(words) == 0 {
		return fmt.Sprintf("%s can't be %q: there are none", what, Clip(value))
	}
	return fmt.Sprintf("%s has to be one of %s; it is %q%s", what, List(words), Clip(value), after(".", Hint(value, words)))
}

// after puts a text before another one that is not empty.
func after(first, then string) string {
	if then == "" {
		return ""
	}
	return first + then
}

// UnknownError is a name that somebody gave of something that is not there.
type UnknownError struct {
	Where string   // what was looked through: "the catalog"
	Kind  string   // what was looked for: "control"
	Name  string   // as it was given
	Known []string // the names that are there; may be nil
	Help  string   // where all of them are listed, as a sentence; may be empty
}

// Error is such as: the catalog has no control "AdminMFA". Did you mean "AdminMFAV2"?
func (e *UnknownError) Error() string {
	hint := Hint(e.Name, e.Known)
	switch {
	case hint != "" && e.Help != "":
		hint += " " + e.Help
	case hint != "":
	case e.Help != "":
		hint = " " + e.Help
	case len(e.Known) > 0:
		hint = " It has " + List(e.Known)
	}
	return fmt.Sprintf("%s has no %s %q%s", e.Where, e.Kind, Clip(e.Name), after(".", hint))
}

// Clip shortens what a message quotes.
func Clip(text string) string {
	const most = 80
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}
