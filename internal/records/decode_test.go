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
	for _, c := range must.Cases(t, "testdata/decode.txt") {
		t.Run(c[0], func(t *testing.T) {
			data := []byte(must.Text(t, c[1]))
			_, err := records.Decode(data, records.Limits{Depth: 8, RecordBytes: 60_000})
			if c[0] == "too long" {
				_, err = records.Decode(data, records.Limits{RecordBytes: 10_000})
			}
			expect.Equal(t, c[2], text(err))
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
