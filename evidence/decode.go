package evidence

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Decode turns one JSON value into map[string]any, []any, json.Number, string,
// bool or nil. Of members with the same name the last wins. Depth, length and
// the range of numbers are bounded; errors are *Error with no path.
func Decode(json []byte, limits Limits) (any, error) {
	limits = limits.withDefaults()
	v, err := decode(json, limits)
	var f *fault
	if errors.As(err, &f) {
		e := &Error{Summary: f.summary, Hint: f.hint, cause: f.cause}
		if f.offset >= 0 {
			e.Offset = f.offset
			e.Line, e.Column = locate(bytes.NewReader(json), f.offset)
		}
		return nil, e
	}
	return v, err
}

func decode(json []byte, limits Limits) (any, error) {
	if len(json) > limits.RecordBytes {
		return nil, &fault{offset: -1, summary: "the JSON is longer than " + size(int64(limits.RecordBytes))}
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
			return nil, &fault{offset: offset, summary: "data follows the end of the JSON"}
		}
	}
	if errors.Is(err, io.EOF) {
		return nil, &fault{offset: -1, summary: "there is no JSON"}
	}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		return nil, syntaxFault(syntactic, json[min(int(syntactic.ByteOffset), len(json)):])
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
			return nil, numberFault(d.tokens.InputOffset()-int64(len(n)), n)
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

// inspect checks in well-formed JSON what its grammar leaves open: the depth and
// the range of numbers.
func inspect(json []byte, limit int) *fault {
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
					return numberFault(int64(i), string(n))
				}
			}
			i = end - 1
		}
	}
	return nil
}

// stringEnd gives the index of the quote that closes the string begun at i.
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

// outOfRange tells whether a number is more than a float64 holds, or longer than
// one needs: rules calculate, and must not be surprised.
func outOfRange(n string) bool {
	if len(n) <= 300 && !strings.ContainsAny(n, "eE") {
		return false
	}
	if len(n) > numberBytes {
		return true
	}
	_, err := strconv.ParseFloat(n, 64)
	return err != nil
}

func numberFault(offset int64, n string) *fault {
	if len(n) > 40 {
		n = n[:40] + "…"
	}
	return &fault{offset: offset, summary: "the number " + n + " is out of range", hint: "Numbers must fit a float64."}
}
