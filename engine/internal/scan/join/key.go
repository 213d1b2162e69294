package join

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"unicode/utf8"
)

// Invariant: two keys have the same packed form if and only if they are equal in lower case.

// Kinds of packed keys, as their first byte.
const (
	asText = iota // with its length in bytes after it
	asGUID        // with its 16 bytes after it
)

// guidSize is the packed size of a GUID.
const guidSize = 17

// pack appends a key in the form in which it is compared. Microsoft's ids and mail addresses compare
// without case, and exports don't agree on one: a role that is missed for a capital letter would take its
// holder out of scope.
func pack(into, key []byte, scratch *[]byte) []byte {
	if into, ok := packGUID(into, key); ok {
		return into
	}
	*scratch = lower((*scratch)[:0], key)
	into = append(into, asText)
	into = binary.AppendUvarint(into, uint64(len(*scratch)))
	return append(into, *scratch...)
}

// packed returns the packed key that begins there.
func packed(keys []byte) []byte {
	if keys[0] == asGUID {
		return keys[:guidSize]
	}
	length, digits := binary.Uvarint(keys[1:])
	return keys[:1+digits+int(length)]
}

// unpack appends the text of a packed key.
func unpack(into, packed []byte) []byte {
	if packed[0] != asGUID {
		_, digits := binary.Uvarint(packed[1:])
		return append(into, packed[1+digits:]...)
	}
	from := packed[1:guidSize]
	for i, size := range []int{4, 2, 2, 2, 6} {
		if i > 0 {
			into = append(into, '-')
		}
		into = hex.AppendEncode(into, from[:size])
		from = from[size:]
	}
	return into
}

// packGUID packs a key that is written as Microsoft writes ids: 8-4-4-4-12 hexadecimal digits.
func packGUID(into, key []byte) ([]byte, bool) {
	if len(key) != 36 {
		return into, false
	}
	start := len(into)
	into = append(into, asGUID)
	high, half := byte(0), false
	for i, c := range key {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return into[:start], false
			}
			continue
		}
		var digit byte
		switch {
		case c >= '0' && c <= '9':
			digit = c - '0'
		case c >= 'a' && c <= 'f':
			digit = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			digit = c - 'A' + 10
		default:
			return into[:start], false
		}
		if half {
			into = append(into, high<<4|digit)
		}
		high, half = digit, !half
	}
	return into, true
}

// lower appends a text in lower case, as strings.ToLower returns it.
func lower(into, text []byte) []byte {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return append(into, bytes.ToLower(text)...)
		}
	}
	for _, c := range text {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		into = append(into, c)
	}
	return into
}
