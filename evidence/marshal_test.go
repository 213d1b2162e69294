package evidence

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
)

func standard(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	must.Do(t, enc.Encode(v))
	return b.String()
}

// FuzzMarshal: records are written as encoding/json writes them.
func FuzzMarshal(f *testing.F) {
	for _, text := range []string{
		`{}`, `{"b": [1, 2.50, -1e3, true, false, null, "", [], {}], "a": {"B": {"é": "\u2028<&>\u0000\"\\\ud800"}}}`,
		`{"\u007f": "\t", "a b": "~ !"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := records.Decode(text, records.Limits{})
		if _, ok := v.(map[string]any); err != nil || !ok {
			return
		}
		got := must.Get(marshal(v))(t)
		if want := standard(t, v); want != string(got) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}

// What is no decoded JSON is written, too.
func TestMarshalOthers(t *testing.T) {
	type record struct {
		Name string `json:"name"`
	}
	var (
		none  []any
		empty map[string]any
	)
	deep := any("x")
	for range 2 * maxNested {
		deep = map[string]any{"a": []any{deep}}
	}
	for _, v := range []any{
		record{"<a>"}, &record{"a"}, map[string]string{"b": "1", "a": "2"}, map[string]any{"a": record{"b"}, "n": none, "e": empty, "f": 0.5}, deep,
	} {
		got, err := marshal(v)
		if want := standard(t, v); err != nil || want != string(got) {
			t.Errorf("got  %q, %v\nwant %q", got, err, want)
		}
	}
	cycle := map[string]any{}
	cycle["a"] = cycle
	for _, v := range []any{cycle, "text", 1, nil, map[string]any{"a": func() {}}} {
		if got, err := marshal(v); err == nil {
			t.Errorf("%T was written as %q", v, got)
		}
	}
}
