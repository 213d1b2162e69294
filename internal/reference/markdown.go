package reference

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// text escapes words of a catalog or a schema, so that Markdown shows them as they are, on one line.
func text(words string) string {
	runes := []rune(strings.Join(strings.Fields(words), " "))
	var b strings.Builder
	for i, r := range runes {
		if special(runes, i) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// special reports whether a character has a meaning in Markdown, or in what GitHub adds to it.
// Pipes are left to row, since they have one in tables alone.
func special(runes []rune, i int) bool {
	switch runes[i] {
	case '\\', '`', '*', '[', ']', '<', '>', '~', '$':
		return true
	case '_': // within a word it means nothing
		return i == 0 || i+1 == len(runes) || !word(runes[i-1]) || !word(runes[i+1])
	case '&': // an entity, if that is what follows
		return i+1 < len(runes) && (runes[i+1] == '#' || unicode.IsLetter(runes[i+1]))
	case '#', '+', '-', '=', ':': // a heading, a list, a line below a heading, the alignment of a table
		return i == 0
	case '.', ')': // a numbered list
		return i > 0 && strings.Trim(string(runes[:i]), "0123456789") == ""
	default:
		return false
	}
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// code returns a name or a value as a code span. Only backquotes have a meaning there, so the fence is longer than any run of them.
func code(value string) string {
	value = strings.Join(strings.Fields(value), " ")
	if value == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(value, fence) {
		fence += "`"
	}
	if strings.HasPrefix(value, "`") || strings.HasSuffix(value, "`") {
		value = " " + value + " "
	}
	return fence + value + fence
}

// codes returns several names as code spans.
func codes(values []string) string {
	spans := make([]string, len(values))
	for i, value := range values {
		spans[i] = code(value)
	}
	return strings.Join(spans, ", ")
}

// value returns a value as JSON in a code span.
func value(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return code(fmt.Sprint(v))
	}
	return code(b.String())
}

// link returns a link. The label is Markdown already.
func link(label, address string) string { return "[" + label + "](" + address + ")" }

// row returns a row of a table, of cells that are Markdown already.
func row(cells ...string) string {
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(cell, "|", `\|`)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// head returns the first two rows of a table.
func head(names ...string) string { return row(names...) + strings.Repeat("|---", len(names)) + "|\n" }

var unheaded = regexp.MustCompile(`[^a-z0-9_ -]`)

// anchor returns the name by which a link refers to a heading on GitHub.
func anchor(heading string) string {
	return strings.ReplaceAll(unheaded.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}

// count returns a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
