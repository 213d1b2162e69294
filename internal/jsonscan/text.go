package jsonscan

import (
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Invariant: an index that these functions return is past a piece of JSON that is well-formed in every byte. Anything else is a
// negative number: incomplete where more bytes could complete it, invalid where none can.

const (
	incomplete = -1
	invalid    = -2
)

// text is JSON on its way past.
type text struct {
	b     []byte
	last  bool // nothing follows b
	depth int  // objects and arrays that may be within each other
}

// end is what it means that b ends here.
func (t *text) end() int {
	if t.last {
		return invalid
	}
	return incomplete
}

// IsSpace reports whether c is white space in JSON.
func IsSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// SkipSpace returns the index of the first byte from i on that is not white space; it may be len(b).
func SkipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// value skips the value at i, which is below depth others.
func (t *text) value(i, depth int) int {
	if i >= len(t.b) {
		return t.end()
	}
	switch c := t.b[i]; c {
	case '"':
		return t.str(i)
	case '{':
		return t.object(i, depth)
	case '[':
		return t.array(i, depth)
	case 't':
		return t.literal(i, "true")
	case 'f':
		return t.literal(i, "false")
	case 'n':
		return t.literal(i, "null")
	default:
		return t.number(i)
	}
}

func (t *text) literal(i int, word string) int {
	rest := t.b[i:]
	if len(rest) >= len(word) {
		if string(rest[:len(word)]) != word {
			return invalid
		}
		return i + len(word)
	}
	if string(rest) != word[:len(rest)] {
		return invalid
	}
	return t.end()
}

func (t *text) object(i, depth int) int {
	if depth == t.depth {
		return invalid
	}
	i = SkipSpace(t.b, i+1)
	if i < len(t.b) && t.b[i] == '}' {
		return i + 1
	}
	for {
		if i = t.name(i); i < 0 {
			return i
		}
		if i = t.value(i, depth+1); i < 0 {
			return i
		}
		var more bool
		if i, more = t.next(i, '}'); !more {
			return i
		}
	}
}

func (t *text) array(i, depth int) int {
	if depth == t.depth {
		return invalid
	}
	i = SkipSpace(t.b, i+1)
	if i < len(t.b) && t.b[i] == ']' {
		return i + 1
	}
	for {
		if i = t.value(i, depth+1); i < 0 {
			return i
		}
		var more bool
		if i, more = t.next(i, ']'); !more {
			return i
		}
	}
}

// name skips the name of a member and its colon, to where the value begins.
func (t *text) name(i int) int {
	if i >= len(t.b) {
		return t.end()
	}
	if t.b[i] != '"' {
		return invalid
	}
	if i = t.str(i); i < 0 {
		return i
	}
	return t.colon(i)
}

// colon skips the colon after a name, and blanks.
func (t *text) colon(i int) int {
	if i < len(t.b) && t.b[i] != ':' {
		i = SkipSpace(t.b, i)
	}
	if i >= len(t.b) {
		return t.end()
	}
	if t.b[i] != ':' {
		return invalid
	}
	return SkipSpace(t.b, i+1)
}

// next skips what follows a member or an element: a comma, to where the next one begins, or what closes them.
func (t *text) next(i int, closing byte) (at int, more bool) {
	if i < len(t.b) && t.b[i] != ',' && t.b[i] != closing {
		i = SkipSpace(t.b, i)
	}
	if i >= len(t.b) {
		return t.end(), false
	}
	switch t.b[i] {
	case closing:
		return i + 1, false
	case ',':
		return SkipSpace(t.b, i+1), true
	}
	return invalid, false
}

// Eight bytes at once: a bit is set at the top of each byte that ends a run of plain ASCII within a string. Bytes after the first
// that is found may be marked without reason; the first never is.
const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

func special(w uint64) uint64 {
	quote, escape := w^(lows*'"'), w^(lows*'\\')
	return (w | (w - lows*0x20) | (quote-lows)&^quote | (escape-lows)&^escape) & highs
}

// str skips the string that begins at i with its quote.
func (t *text) str(i int) int {
	b := t.b
	i++
	for {
		for i+8 <= len(b) {
			found := special(binary.LittleEndian.Uint64(b[i:]))
			if found != 0 {
				i += bits.TrailingZeros64(found) >> 3
				break
			}
			i += 8
		}
		if i >= len(b) {
			return t.end()
		}
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			i = t.escape(i)
		case c < 0x20:
			return invalid
		case c < utf8.RuneSelf:
			i++
		default:
			i = t.rune(i)
		}
		if i < 0 {
			return i
		}
	}
}

// rune skips a character beyond ASCII.
func (t *text) rune(i int) int {
	r, n := utf8.DecodeRune(t.b[i:])
	if r != utf8.RuneError || n != 1 {
		return i + n
	}
	if !utf8.FullRune(t.b[i:]) {
		return t.end()
	}
	return invalid
}

// escape skips an escape. A surrogate has to come with its other half.
func (t *text) escape(i int) int {
	if i+1 >= len(t.b) {
		return t.end()
	}
	switch t.b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
	default:
		return invalid
	}
	first, i := t.hex(i)
	if i < 0 || !utf16.IsSurrogate(first) {
		return i
	}
	second, i := t.hex(i)
	if i >= 0 && utf16.DecodeRune(first, second) == utf8.RuneError {
		return invalid
	}
	return i
}

// hex reads an escape of four hexadecimal digits.
func (t *text) hex(i int) (r rune, end int) {
	for k := range 6 {
		if i+k >= len(t.b) {
			return 0, t.end()
		}
		switch c := t.b[i+k]; {
		case k == 0 && c == '\\', k == 1 && c == 'u':
		case k < 2:
			return 0, invalid
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, invalid
		}
	}
	return r, i + 6
}

// Numbers are bounded, since rules calculate with them: those that a float64 can't hold are refused, and so are longer ones than
// any float64 needs.
const (
	shortNumber = 300 // bytes of a number that is in range if it has no exponent
	numberBytes = 1024
)

func (t *text) number(i int) int {
	b, start := t.b, i
	if b[i] == '-' {
		i++
	}
	switch {
	case i >= len(b):
		return t.end()
	case b[i] == '0':
		i++
	case b[i] >= '1' && b[i] <= '9':
		i = digits(b, i)
	default:
		return invalid
	}
	if i < len(b) && b[i] == '.' {
		if i = t.digits(i + 1); i < 0 {
			return i
		}
	}
	exponent := i < len(b) && b[i]|0x20 == 'e'
	if exponent {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if i = t.digits(i); i < 0 {
			return i
		}
	}
	if i == len(b) && !t.last {
		return incomplete
	}
	if (exponent || i-start > shortNumber) && outOfRange(b[start:i]) {
		return invalid
	}
	return i
}

// digits skips at least one digit.
func (t *text) digits(i int) int {
	if i >= len(t.b) {
		return t.end()
	}
	if t.b[i] < '0' || t.b[i] > '9' {
		return invalid
	}
	return digits(t.b, i)
}

func digits(b []byte, i int) int {
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i
}

func outOfRange(n []byte) bool {
	if len(n) > numberBytes {
		return true
	}
	_, err := strconv.ParseFloat(string(n), 64)
	return err != nil
}
