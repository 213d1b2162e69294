package vm

import (
	"strconv"
	"strings"

	"github.com/posture-score/posture/engine/internal/rego/term"
)

// sprintf is the function for formats of texts and integers: %s, %d, %v, and %d with zeros in front.
func sprintf(m *Machine, args []*term.View) *term.View {
	if args[0].Kind != term.Text || args[1].Kind != term.List || len(args[1].Parts.Values) > maxParts {
		return nil
	}
	format, values := args[0].String, args[1].Parts.Values
	if !isShort(format, values) {
		return nil
	}
	made := m.arena.text(2 * maxText)
	for format != "" {
		text, verb, found := strings.Cut(format, "%")
		made = append(made, text...)
		if !found {
			break
		}
		width, n := widthOf(verb)
		if n == len(verb) || len(values) == 0 {
			return nil
		}
		v := &values[0]
		switch {
		case width == 0 && (verb[n] == 's' || verb[n] == 'v') && v.Kind == term.Text:
			made = append(made, v.String...)
		case (verb[n] == 'd' || width == 0 && verb[n] == 'v') && v.Kind == term.Integer:
			made = appendInteger(made, v.Int, width)
		default:
			return nil
		}
		format, values = verb[n+1:], values[1:]
	}
	if len(values) > 0 {
		return nil
	}
	return m.arena.kept(made)
}

// isShort reports whether a format and its values are so short that a call is charged nothing beyond its statement, and that what it makes
// has less than twice maxText bytes.
func isShort(format string, values []term.View) bool {
	length := len(format)
	for i := range values {
		length += len(values[i].String) + maxWidth
	}
	return length < maxText
}

// maxWidth is how many digits an integer has with its sign and the zeros in front of it.
const maxWidth = 19

// widthOf returns the width that zeros fill, 0 if there is none, and how many bytes of a verb say so.
func widthOf(verb string) (width, n int) {
	if len(verb) < 3 || verb[0] != '0' || verb[1] < '1' || verb[1] > '9' {
		return 0, 0
	}
	width = int(verb[1] - '0')
	return width, 2
}

// appendInteger appends an integer with zeros in front up to a width.
func appendInteger(made []byte, n int64, width int) []byte {
	start := len(made)
	made = strconv.AppendInt(made, n, 10)
	if len(made)-start >= width {
		return made
	}
	text := string(made[start:])
	made = made[:start]
	if n < 0 {
		made, text, width = append(made, '-'), text[1:], width-1
	}
	for range width - len(text) {
		made = append(made, '0')
	}
	return append(made, text...)
}
