package jsonscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Invariant: an index that these functions return is behind a piece of JSON that is well-formed in every byte. Otherwise it is
// negative: incomplete where more bytes could complete it, invalid where none can.

const (
	incomplete = -1
	invalid    = -2
)

// IsSpace reports whether c is white space in JSON.
func IsSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// SkipSpace returns the index of the first byte from i on that is not white space; it may be len(b).
func SkipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// Skip skips the value at i, and accepts depth objects and arrays inside one another. It ends at the end of b if nothing follows
// there.
func Skip(b []byte, i, depth int) int {
	end := skip(b, i, depth)
	if end == len(b) && isNumeric(b[i]) {
		end, _ = Number(b, i)
	}
	return end
}

// Values counts the values in well-formed JSON: scalars, objects and arrays, each with all within.
func Values(b []byte) int {
	n := 1
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			end, _ := String(b, i)
			if end < 0 {
				return n
			}
			i = end - 1
		case ',':
			n++
		case '[', '{':
			if next := SkipSpace(b, i+1); next < len(b) && b[next] != ']' && b[next] != '}' {
				n++
			}
		}
	}
	return n
}

// skip is Skip, but a number that ends with b may continue there, and its range is not checked.
func skip(b []byte, i, depth int) int {
	if i >= len(b) {
		return incomplete
	}
	switch c := b[i]; c {
	case '"':
		i, _ = String(b, i)
		return i
	case '{':
		return skipObject(b, i, depth)
	case '[':
		return skipArray(b, i, depth)
	case 't', 'f', 'n':
		return Literal(b, i)
	default:
		i, _ = number(b, i)
		return i
	}
}

func skipObject(b []byte, i, depth int) int {
	if depth == 0 {
		return invalid
	}
	i = SkipSpace(b, i+1)
	if i < len(b) && b[i] == '}' {
		return i + 1
	}
	for {
		if i, _ = Name(b, i); i < 0 {
			return i
		}
		if i = Colon(b, i); i < 0 {
			return i
		}
		if i = skip(b, i, depth-1); i < 0 {
			return i
		}
		var more bool
		if i, more = Next(b, i, '}'); !more {
			return i
		}
	}
}

func skipArray(b []byte, i, depth int) int {
	if depth == 0 {
		return invalid
	}
	i = SkipSpace(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1
	}
	for {
		if i = skip(b, i, depth-1); i < 0 {
			return i
		}
		var more bool
		if i, more = Next(b, i, ']'); !more {
			return i
		}
	}
}

// Literal skips true, false or null.
func Literal(b []byte, i int) int {
	word := "true"
	switch b[i] {
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	}
	n := min(len(b)-i, len(word))
	if string(b[i:i+n]) != word[:n] {
		return invalid
	}
	if n < len(word) {
		return incomplete
	}
	return i + n
}

// Name skips the name of a member, and reports whether it contains an escape.
func Name(b []byte, i int) (end int, escaped bool) {
	if i >= len(b) {
		return incomplete, false
	}
	if b[i] != '"' {
		return invalid, false
	}
	return String(b, i)
}

// Colon skips the colon after a name, and white space, to the value.
func Colon(b []byte, i int) int {
	if i < len(b) && b[i] != ':' {
		i = SkipSpace(b, i)
	}
	if i >= len(b) {
		return incomplete
	}
	if b[i] != ':' {
		return invalid
	}
	return SkipSpace(b, i+1)
}

// Next skips what follows a member or an element: a comma, to where the next one begins, or the closing byte.
func Next(b []byte, i int, closing byte) (at int, more bool) {
	if i < len(b) && b[i] != ',' && b[i] != closing {
		i = SkipSpace(b, i)
	}
	if i >= len(b) {
		return incomplete, false
	}
	switch b[i] {
	case closing:
		return i + 1, false
	case ',':
		return SkipSpace(b, i+1), true
	}
	return invalid, false
}

// Eight bytes at once: the top bit is set in each byte that ends a run of plain ASCII in a string. Bytes after the first one that is
// found may be marked wrongly; the first never is.
const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

func special(w uint64) uint64 {
	quote, escape := w^(lows*'"'), w^(lows*'\\')
	return (w | (w - lows*0x20) | (quote-lows)&^quote | (escape-lows)&^escape) & highs
}

// String skips the string that begins at i with its quote, and reports whether it contains an escape.
func String(b []byte, i int) (end int, escaped bool) {
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
			return incomplete, escaped
		}
		switch c := b[i]; {
		case c == '"':
			return i + 1, escaped
		case c == '\\':
			escaped = true
			i = escape(b, i)
		case c < 0x20:
			return invalid, escaped
		case c < utf8.RuneSelf:
			i++
		default:
			i = character(b, i)
		}
		if i < 0 {
			return i, escaped
		}
	}
}

// character skips a character outside ASCII.
func character(b []byte, i int) int {
	r, n := utf8.DecodeRune(b[i:])
	if r != utf8.RuneError || n != 1 {
		return i + n
	}
	if !utf8.FullRune(b[i:]) {
		return incomplete
	}
	return invalid
}

// escape skips an escape. A surrogate requires its other half.
func escape(b []byte, i int) int {
	if i+1 >= len(b) {
		return incomplete
	}
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
	default:
		return invalid
	}
	first, i := hex(b, i)
	if i < 0 || !utf16.IsSurrogate(first) {
		return i
	}
	second, i := hex(b, i)
	if i >= 0 && utf16.DecodeRune(first, second) == utf8.RuneError {
		return invalid
	}
	return i
}

// hex reads an escape of four hexadecimal digits.
func hex(b []byte, i int) (r rune, end int) {
	for k := range 6 {
		if i+k >= len(b) {
			return 0, incomplete
		}
		switch c := b[i+k]; {
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

// Unquote returns the text of a valid string in quotes: a part of quoted or, if that contains an escape, what it puts into buffer.
func Unquote(buffer *[]byte, quoted []byte, escaped bool) []byte {
	if !escaped {
		return quoted[1 : len(quoted)-1]
	}
	*buffer, _ = jsontext.AppendUnquote((*buffer)[:0], quoted)
	return *buffer
}

// Numbers are bounded, since rules calculate with them: those outside the range of a float64 are invalid, and so are those that are
// longer than any float64 needs.
const (
	shortNumber = 300 // bytes of a number that is in range if it has no exponent
	maxNumber   = 1024
)

// isNumeric reports whether a number begins with c.
func isNumeric(c byte) bool { return c == '-' || c >= '0' && c <= '9' }

// Number skips a number, and reports whether it is simple: short, and without an exponent. It ends at the end of b if nothing
// follows there.
func Number(b []byte, i int) (end int, simple bool) {
	end, simple = number(b, i)
	if end == len(b) && !simple && !InRange(b[i:end]) {
		return invalid, simple
	}
	return end, simple
}

// number is Number, but does not check the range of a number that ends with b.
func number(b []byte, i int) (end int, simple bool) {
	start := i
	if b[i] == '-' {
		i++
	}
	switch {
	case i >= len(b):
		return incomplete, false
	case b[i] == '0':
		i++
	case b[i] >= '1' && b[i] <= '9':
		i = skipDigits(b, i)
	default:
		return invalid, false
	}
	if i < len(b) && b[i] == '.' {
		if i = digits(b, i+1); i < 0 {
			return i, false
		}
	}
	simple = i-start <= shortNumber
	if i < len(b) && b[i]|0x20 == 'e' {
		simple = false
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if i = digits(b, i); i < 0 {
			return i, false
		}
	}
	if !simple && i < len(b) && !InRange(b[start:i]) {
		return invalid, false
	}
	return i, simple
}

// digits skips at least one digit.
func digits(b []byte, i int) int {
	if i >= len(b) {
		return incomplete
	}
	if b[i] < '0' || b[i] > '9' {
		return invalid
	}
	return skipDigits(b, i)
}

func skipDigits(b []byte, i int) int {
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i
}

// InRange reports whether a number is not longer than any float64 needs, and within the range of one. What is too small for a
// float64 is 0, but not with an exponent that exact arithmetic can't hold.
func InRange(number []byte) bool {
	switch {
	case len(number) > maxNumber:
		return false
	case len(number) <= shortNumber && bytes.IndexByte(number, 'e') < 0 && bytes.IndexByte(number, 'E') < 0:
		return true
	}
	if mark := bytes.IndexAny(number, "eE"); mark >= 0 {
		const most = 1000
		if exponent, err := strconv.Atoi(string(number[mark+1:])); err != nil || exponent > most || exponent < -most {
			return false
		}
	}
	_, err := strconv.ParseFloat(string(number), 64)
	return err == nil
}
