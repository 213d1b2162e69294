package records

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxNumber bounds the bytes of a number. Exact decimals of a float64 are shorter, and arithmetic on long numbers is slow.
const maxNumber = 1024

// Decode returns a JSON value as map[string]any, []any, json.Number, string, bool or nil. Of members with the same name the last
// one wins. Length, depth and the range of numbers are bounded; a field of limits that is zero stands for its default. An error is
// a [*SyntaxError].
func Decode(json []byte, limits Limits) (any, error) {
	limits = limits.withDefaults()
	v, err := decode(json, limits)
	var e *SyntaxError
	if errors.As(err, &e) && e.Offset >= 0 {
		e.Line, e.Column = Locate(bytes.NewReader(json), e.Offset)
	}
	return v, err
}

func decode(json []byte, limits Limits) (any, error) {
	if len(json) > limits.RecordBytes {
		return nil, &SyntaxError{Offset: -1, Summary: "the JSON is longer than " + FormatBytes(int64(limits.RecordBytes))}
	}
	d := decoder{tokens: jsontext.NewDecoder(bytes.NewReader(json), jsontext.AllowDuplicateNames(true)), depth: limits.Depth}
	v, err := d.value(0)
	if err == nil {
		offset := d.tokens.InputOffset()
		_, err = d.tokens.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return v, nil
		case err == nil:
			return nil, &SyntaxError{Offset: offset, Summary: "data follows the end of the JSON"}
		}
	}
	if errors.Is(err, io.EOF) {
		return nil, &SyntaxError{Offset: -1, Summary: "there is no JSON"}
	}
	if e := NewSyntaxError(err, json); e != nil {
		return nil, e
	}
	return nil, err
}

type decoder struct {
	tokens *jsontext.Decoder
	depth  int
}

func (d decoder) value(depth int) (any, error) {
	t, err := d.tokens.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() { //nolint:exhaustive // what begins a value follows; the ends are no values
	case 'n':
		return nil, nil
	case 't', 'f':
		return t.Bool(), nil
	case '"':
		return t.String(), nil
	case '0':
		n := t.String()
		if outOfRange(n) {
			return nil, numberError(d.tokens.InputOffset()-int64(len(n)), n)
		}
		return stdjson.Number(n), nil
	}
	if depth == d.depth {
		return nil, tooDeep(d.tokens.InputOffset()-1, d.depth)
	}
	if t.Kind() == '{' {
		return d.object(depth + 1)
	}
	return d.array(depth + 1)
}

func (d decoder) object(depth int) (any, error) {
	object := map[string]any{}
	for d.tokens.PeekKind() != '}' {
		t, err := d.tokens.ReadToken()
		if err != nil {
			return nil, err
		}
		name := t.String()
		if object[name], err = d.value(depth); err != nil {
			return nil, err
		}
	}
	_, err := d.tokens.ReadToken()
	return object, err
}

func (d decoder) array(depth int) (any, error) {
	list := []any{}
	for d.tokens.PeekKind() != ']' {
		v, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.tokens.ReadToken()
	return list, err
}

// inspect checks what the grammar of JSON leaves open: the depth and the range of numbers.
func inspect(json []byte, limit int) *SyntaxError {
	depth := 0
	for i := 0; i < len(json); i++ {
		switch c := json[i]; {
		case c == '"':
			i = stringEnd(json, i)
		case c == '{' || c == '[':
			if depth++; depth > limit {
				return tooDeep(int64(i), limit)
			}
		case c == '}' || c == ']':
			depth--
		case c == '-' || c >= '0' && c <= '9':
			end := i + 1
			for end < len(json) && isNumeric(json[end]) {
				end++
			}
			// Short numbers without exponent are in range.
			if n := json[i:end]; len(n) > 300 || bytes.ContainsAny(n, "eE") {
				if outOfRange(string(n)) {
					return numberError(int64(i), string(n))
				}
			}
			i = end - 1
		}
	}
	return nil
}

// stringEnd returns the index of the quote that closes the string begun at i.
func stringEnd(json []byte, i int) int {
	for i++; i < len(json); i++ {
		n := bytes.IndexByte(json[i:], '"')
		if n < 0 {
			return len(json)
		}
		escapes := 0
		for k := i + n - 1; k >= i && json[k] == '\\'; k-- {
			escapes++
		}
		if i += n; escapes%2 == 0 {
			return i
		}
	}
	return i
}

func isNumeric(c byte) bool {
	return c >= '0' && c <= '9' || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-'
}

// outOfRange reports whether a number is beyond a float64, which rules calculate with, or longer than one needs.
func outOfRange(n string) bool {
	if len(n) <= 300 && !strings.ContainsAny(n, "eE") {
		return false
	}
	if len(n) > maxNumber {
		return true
	}
	_, err := strconv.ParseFloat(n, 64)
	return err != nil
}

func numberError(offset int64, n string) *SyntaxError {
	if len(n) > 40 {
		n = n[:40] + "…"
	}
	return &SyntaxError{Offset: offset, Summary: "the number " + n + " is out of range", Hint: "Numbers must fit a float64."}
}
