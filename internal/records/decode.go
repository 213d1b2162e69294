package records

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Decode returns a JSON value as map[string]any, []any, json.Number, string, bool or nil. Of members with the same name the last
// one wins. Length, depth, the number of values and the range of numbers are bounded; a field of limits that is zero stands for its default. An error is
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
	if limits.tooMany(json) {
		return nil, tooManyValues(-1, "the JSON", limits.Values)
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
		if !jsonscan.InRange([]byte(n)) {
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

// inspect checks in well-formed JSON what the grammar leaves open: the depth and the range of numbers.
func inspect(json []byte, depth int) error {
	if jsonscan.Skip(json, 0, depth) == len(json) {
		return nil
	}
	_, err := decode(json, Limits{RecordBytes: len(json), Depth: depth, Values: len(json)})
	return err
}

func numberError(offset int64, n string) *SyntaxError {
	if len(n) > 40 {
		n = n[:40] + "…"
	}
	return &SyntaxError{Offset: offset, Summary: "the number " + n + " is out of range", Hint: "Numbers must fit a float64."}
}
