package schemas

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
)

// Invariant: an index that these functions return is past a value that is what its schema says, if the JSON is well-formed;
// where they are not sure it is negative. Of fields with the same name every one has to be what the schema says, and so the one that
// counts is. Each turn of a loop goes forward, and functions call each other no deeper than the schema is: whatever the bytes are, it
// ends.

const unsure = -1

// acceptsText says whether well-formed JSON is what the schema says.
func (a *acceptor) acceptsText(b []byte) bool {
	i := a.past(b, blanks(b, 0))
	return i >= 0 && blanks(b, i) == len(b)
}

// past accepts the value at i.
func (a *acceptor) past(b []byte, i int) int {
	if a == nil || i >= len(b) {
		return unsure
	}
	if a.anything {
		return sound(b, i)
	}
	switch b[i] {
	case '"':
		return a.pastText(b, i)
	case '{':
		return a.pastFields(b, i)
	case '[':
		return a.pastItems(b, i)
	case 'n':
		return a.pastWord(b, i, kindNull)
	case 't', 'f':
		return a.pastWord(b, i, kindBoolean)
	}
	end := numeral(b, i)
	if end < 0 || !allowsNumber(a, b[i:end]) {
		return unsure
	}
	return end
}

func (a *acceptor) pastWord(b []byte, i int, kind kinds) int {
	if !a.allows(kind) {
		return unsure
	}
	return word(b, i)
}

// pastText accepts a text. What one with escapes in it says is not looked at, so there must be nothing to look for.
func (a *acceptor) pastText(b []byte, i int) int {
	end, escaped := quoted(b, i)
	if end < 0 {
		return unsure
	}
	if escaped {
		if a.allows(kindText) && a.enum == nil && !a.instant && a.pattern == nil && a.minLength <= 1 && !mayBeCutOff(b[i+1:end-1]) {
			return end
		}
		return unsure
	}
	var buffer []byte
	if text := b[i+1 : end-1]; !allowsText(a, text) || a.pattern != nil && !a.pattern.Match(a.fold.Text(text, &buffer)) {
		return unsure
	}
	return end
}

func (a *acceptor) pastItems(b []byte, i int) int {
	if !a.allows(kindArray) {
		return unsure
	}
	i = blanks(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1
	}
	for more := true; more; {
		if i = a.items.past(b, i); i < 0 {
			return unsure
		}
		i, more = next(b, i, ']')
	}
	return i
}

// pastFields accepts an object. A name with escapes in it could be any.
func (a *acceptor) pastFields(b []byte, i int) int {
	if !a.allows(kindObject) {
		return unsure
	}
	seen := uint64(0)
	i = blanks(b, i+1)
	more := i < len(b) && b[i] != '}'
	if !more {
		i++
	}
	for more {
		end, escaped := fieldName(b, i)
		if end < 0 || escaped {
			return unsure
		}
		field, known := a.fields[string(b[i+1:end-1])]
		i = colon(b, end)
		switch {
		case known:
			i = field.shape.past(b, i)
		case a.closed:
			return unsure
		default:
			i = sound(b, i)
		}
		if i < 0 {
			return unsure
		}
		seen |= field.mark
		i, more = next(b, i, '}')
	}
	if seen != a.required {
		return unsure
	}
	return i
}

// sound accepts any value with numbers that can be held.
func sound(b []byte, i int) int {
	for depth := 0; i >= 0 && i < len(b); {
		switch b[i] {
		case ' ', '\n', '\r', '\t', ',', ':':
			i++
			continue
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case '"':
			i, _ = quoted(b, i)
		case 't', 'f', 'n':
			i = word(b, i)
		default:
			i = numeral(b, i)
		}
		if depth <= 0 {
			return i
		}
	}
	return unsure
}

// next goes past what follows a member or an element: a comma, to where the next one begins, or what closes them.
func next(b []byte, i int, closing byte) (at int, more bool) {
	i = blanks(b, i)
	switch {
	case i >= len(b):
	case b[i] == closing:
		return i + 1, false
	case b[i] == ',':
		return blanks(b, i+1), true
	}
	return unsure, false
}

// blanks returns the index of the first byte from i on that is no blank; it may be len(b).
func blanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// fieldName goes past the name of a field.
func fieldName(b []byte, i int) (end int, escaped bool) {
	if i >= len(b) || b[i] != '"' {
		return unsure, false
	}
	return quoted(b, i)
}

// colon goes past the colon after a name, and blanks; to the end if there is none.
func colon(b []byte, i int) int {
	i = blanks(b, i)
	if i >= len(b) || b[i] != ':' {
		return len(b)
	}
	return blanks(b, i+1)
}

// word goes past true, false or null.
func word(b []byte, i int) int {
	for _, known := range []string{"true", "false", "null"} {
		if end := i + len(known); end <= len(b) && string(b[i:end]) == known {
			return end
		}
	}
	return unsure
}

// numeral goes past a number that can be held: one that is short and has no exponent can.
func numeral(b []byte, i int) int {
	const brief = 300
	end, exponent := i, false
	for ; end < len(b); end++ {
		c := b[end]
		if c == 'e' || c == 'E' {
			exponent = true
		} else if !digit(c) && c != '.' && c != '-' && c != '+' {
			break
		}
	}
	if end == i || (exponent || end-i > brief) && !representable(json.Number(b[i:end])) {
		return unsure
	}
	return end
}

// quoted goes past the string that begins at i with its quote, eight bytes at once.
func quoted(b []byte, i int) (end int, escaped bool) {
	for i++; i < len(b); {
		if i+8 <= len(b) {
			found := special(binary.LittleEndian.Uint64(b[i:]))
			if found == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(found) >> 3
		}
		switch b[i] {
		case '"':
			return i + 1, escaped
		case '\\':
			escaped = true
			i += 2
		default:
			i++
		}
	}
	return unsure, escaped
}

// special sets the top bit of each byte that is a quote or a backslash. Bytes after the first that is found may be marked without
// reason; the first never is.
func special(w uint64) uint64 {
	const lows, highs = 0x0101010101010101, 0x8080808080808080
	quote, escape := w^(lows*'"'), w^(lows*'\\')
	return ((quote-lows)&^quote | (escape-lows)&^escape) & highs
}
