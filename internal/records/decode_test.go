package records_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
)

func TestDecode(t *testing.T) {
	tests := []struct {
		json string
		want any
	}{
		{`null`, nil},
		{` true `, true},
		{`false`, false},
		{`"aä\u00e4\n\"\ud83d\ude00"`, "aää\n\"😀"},
		{`1.50`, json.Number("1.50")},
		{`-0`, json.Number("-0")},
		{`1e308`, json.Number("1e308")},
		{`1e-400`, json.Number("1e-400")},
		{`12345678901234567890123`, json.Number("12345678901234567890123")},
		{`[]`, []any{}},
		{`{}`, map[string]any{}},
		{`{"a":[1,{"b":null}],"c":"d"}`, map[string]any{"a": []any{json.Number("1"), map[string]any{"b": nil}}, "c": "d"}},
		{`{"a":{"x":1},"b":2,"a":{"y":3}}`, map[string]any{"a": map[string]any{"y": json.Number("3")}, "b": json.Number("2")}},
		{`{"a":1,"\u0061":2}`, map[string]any{"a": json.Number("2")}},
	}
	for _, tt := range tests {
		t.Run(tt.json, func(t *testing.T) {
			got := must.Get(records.Decode([]byte(tt.json), records.Limits{}))(t)
			expect.Equal(t, tt.want, got)
		})
	}
}

func TestDecodeErrors(t *testing.T) {
	tests := []struct{ name, json, want string }{
		{"nothing", ``, `there is no JSON`},
		{"blank", "\n ", `there is no JSON`},
		{"truncated", "{\n  \"a\": [1,", `2:11: the JSON ends before it is complete (byte 12). The file was cut off: collect it again.`},
		{"trailing data", "{} {}", `1:3: data follows the end of the JSON (byte 2)`},
		{"trailing bracket", "{}]", `1:3: the JSON is not well-formed: invalid character ']' at start of value (byte 2)`},
		{"byte-order mark", "\ufeff{}", `1:1: the JSON is not well-formed: invalid character '\ufeff' at start of value (byte 0)`},
		{"invalid UTF-8", "[\"\xff\"]", `1:3: the text is not valid UTF-8 (byte 2). Save the file as UTF-8.`},
		{"NaN", "[1,\nNaN]", `2:1: NaN is not a number in JSON (byte 4). Write null for a value that is not there.`},
		{"number beyond float64", `{"a": -1e400}`, `1:7: the number -1e400 is out of range (byte 6). Numbers must fit a float64.`},
		{"long number", `[0.` + strings.Repeat("1", 2000) + `]`, `1:2: the number 0.11111111111111111111111111111111111111… is out of range (byte 1). Numbers must fit a float64.`},
		{"too deep", strings.Repeat("[", 9) + strings.Repeat("]", 9), `1:9: the JSON is nested more than 8 levels deep (byte 8)`},
		{"too deep in objects", strings.Repeat(`{"a":`, 10_000), `1:41: the JSON is nested more than 8 levels deep (byte 40)`},
		{"too long", `"` + strings.Repeat("a", 20_000) + `"`, `the JSON is longer than 10000 bytes`},
		{"bad name", `{1:2}`, `1:2: the JSON is not well-formed: object member name must be a string (byte 1)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := records.Decode([]byte(tt.json), records.Limits{Depth: 8, RecordBytes: 60_000})
			if tt.name == "too long" {
				_, err = records.Decode([]byte(tt.json), records.Limits{RecordBytes: 10_000})
			}
			expect.Equal(t, tt.want, text(err))
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-0.5e3,null,true,"x\u00e4"],"a":2}`, `1e400`, `[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]`, "\"\xff\"", `"\ud800"`, `{} {}`, ``,
		`0.` + strings.Repeat("1", 400), `NaN`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := records.Decode(data, records.Limits{RecordBytes: 64 << 10, Depth: 16})
		if e := new(records.SyntaxError); err != nil && !errors.As(err, &e) {
			t.Errorf("got a %T: %v", err, err)
		}
		if err != nil {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		var want any
		must.Do(t, dec.Decode(&want))
		if _, err := dec.Token(); err != io.EOF {
			t.Errorf("data follows in %q", data)
		}
		expect.Equal(t, want, got)
	})
}
