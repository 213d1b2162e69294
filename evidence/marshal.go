package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"github.com/posture-score/posture/internal/records"
)

// Invariant: the bytes are those of encoding/json without its escapes for HTML.

// marshal returns a record as a line of JSON, with the members of maps sorted.
func marshal(v any) ([]byte, error) {
	line, err := appendJSON(nil, v, 0)
	if err != nil {
		return nil, err
	}
	if line[0] != '{' {
		return nil, errors.New("not an object")
	}
	line = append(line, '\n')
	if limits := DefaultLimits(); len(line) > limits.RecordBytes {
		return nil, errors.New("longer than " + records.FormatBytes(int64(limits.RecordBytes)))
	}
	return line, nil
}

// maxNested is the depth down to which values are written here; below it encoding/json detects cycles.
const maxNested = 200

// appendJSON appends decoded JSON, and leaves every other value to encoding/json.
func appendJSON(b []byte, v any, depth int) ([]byte, error) {
	if depth > maxNested {
		return appendOther(b, v)
	}
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		if v {
			return append(b, "true"...), nil
		}
		return append(b, "false"...), nil
	case string:
		return appendText(b, v)
	case []any:
		return appendArray(b, v, depth+1)
	case map[string]any:
		return appendObject(b, v, depth+1)
	}
	return appendOther(b, v)
}

func appendArray(b []byte, list []any, depth int) ([]byte, error) {
	if list == nil {
		return append(b, "null"...), nil
	}
	b = append(b, '[')
	var err error
	for i, element := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendJSON(b, element, depth); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendObject(b []byte, object map[string]any, depth int) ([]byte, error) {
	if object == nil {
		return append(b, "null"...), nil
	}
	b = append(b, '{')
	var err error
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendText(b, name); err != nil {
			return nil, err
		}
		b = append(b, ':')
		if b, err = appendJSON(b, object[name], depth); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// appendText appends a text that needs no escapes.
func appendText(b []byte, text string) ([]byte, error) {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return appendOther(b, text)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"'), nil
}

func appendOther(b []byte, v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...), nil
}
