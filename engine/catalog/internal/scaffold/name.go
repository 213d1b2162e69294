package scaffold

import (
	"slices"
	"strings"
)

// fileName returns the name of a control's files, without endings: its id in snake case. It is the
// last part of the Rego package.
func fileName(id string) string {
	var name strings.Builder
	for i := range len(id) {
		if i > 0 && wordBegins(id, i) {
			name.WriteByte('_')
		}
		name.WriteByte(lower(id[i]))
	}
	words := strings.FieldsFunc(name.String(), func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	snake := strings.Join(words, "_")
	// A rule's tests import it by this name, which a keyword can't be; and a name that ends in
	// _test is that of tests.
	if slices.Contains(keywords(), snake) || strings.HasSuffix(snake, "_test") {
		snake += "_control"
	}
	return snake
}

// wordBegins reports whether the letter at i begins a word: a capital after a small letter or a
// digit (adminMfa), the last capital before small letters (MFARegistration), and the V of a version
// (MFAV2).
func wordBegins(id string, i int) bool {
	if !upper(id[i]) {
		return false
	}
	next := byte(0)
	if i+1 < len(id) {
		next = id[i+1]
	}
	version := id[i] == 'V' && digit(next)
	return small(id[i-1]) || digit(id[i-1]) || upper(id[i-1]) && (small(next) || version)
}

// keywords returns the words that can't name a variable in Rego.
func keywords() []string {
	return []string{
		"as", "contains", "data", "default", "else", "every", "false", "if", "import", "in", "input", "not", "null", "package",
		"some", "true", "with",
	}
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
func small(c byte) bool { return c >= 'a' && c <= 'z' }
func digit(c byte) bool { return c >= '0' && c <= '9' }

func lower(c byte) byte {
	if upper(c) {
		return c + 'a' - 'A'
	}
	return c
}
