package infer_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/infer"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

const servers = `{"host": "web-1", "serverId": "S1", "state": "on", "cores": 4, "load": 1, "seen": "2026-05-04T12:00:00Z", "owner": "ada@contoso.example", "tags": ["a"], "disks": [{"size": 10}, {"size": 20, "crypt": true}], "note": null}
{"host": "web-2", "serverId": "S2", "state": "on", "cores": 8, "load": 0.5, "seen": "2026-05-04T12:00:00Z", "owner": null, "tags": [], "disks": [], "note": null}
`

func TestPropose(t *testing.T) {
	proposal := must.Get(infer.Propose(t.Context(), "inventory.our_servers", "", strings.NewReader(servers)))(t)
	want := `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:posture:evidence:inventory.our_servers",
  "title": "Our servers",
  "description": "<replace: what one record is>",
  "x-posture": {
    "kind": "population",
    "key": "serverId",
    "sources": [
      {
        "endpoint": "<replace: where these records come from>"
      }
    ]
  },
  "type": "object",
  "required": ["cores", "disks", "host", "load", "note", "owner", "seen", "serverId", "state", "tags"],
  "properties": {
    "cores": {"type": "integer"},
    "disks": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["size"],
        "properties": {
          "crypt": {"type": "boolean"},
          "size": {"type": "integer"}
        }
      }
    },
    "host": {"type": "string"},
    "load": {"type": "number"},
    "note": {"type": ["string", "null"]},
    "owner": {"type": ["string", "null"], "format": "mail"},
    "seen": {"type": "string", "format": "date-time"},
    "serverId": {"type": "string", "minLength": 1},
    "state": {"type": "string"},
    "tags": {"type": "array", "items": {"type": "string"}}
  }
}`
	expect.Equalf(t, decode(t, want), decode(t, string(proposal.Schema)), "schema")
	if !strings.HasPrefix(string(proposal.Schema), strings.Split(want, `  "type"`)[0]) {
		t.Errorf("the schema begins with\n%s", proposal.Schema)
	}
	if diff := cmp.Diff([]string{"of these fields the sample shows no value, so a text is proposed: note"}, proposal.Advice); diff != "" || proposal.Records != 2 {
		t.Errorf("%d records, advice (-want +got):\n%s", proposal.Records, diff)
	}
}

// What is proposed for one field, from many records or from one.
func TestFields(t *testing.T) {
	many := func(values ...string) string {
		var text strings.Builder
		for i := range 20 {
			fmt.Fprintf(&text, "{\"id\": \"i%d\", \"x\": %s}\n", i, values[i%len(values)])
		}
		return text.String()
	}
	tests := []struct{ name, sample, want string }{
		{"an enumeration", many(`"on"`, `"off"`), `{"type": "string", "enum": ["off", "on"]}`},
		{"with null", many(`"on"`, `null`), `{"type": ["string", "null"], "enum": ["on", null]}`},
		{"many values", many(`"a"`, `"b"`, `"c"`, `"d"`, `"e"`), `{"type": "string"}`},
		{"numbers and texts", many(`1`, `"a"`), `{"type": ["integer", "string"]}`},
		{"ids", many(`"5f0c7a52-1c0e-4a54-9a0e-6a1f5f0f7b11"`), `{"type": "string", "format": "id"}`},
		{"files", many(`"readme.txt"`), `{"type": "string", "enum": ["readme.txt"]}`},
		{"objects of another form", many(`{"a": 1}`, `{"b": 1}`), `{"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}`},
		{"lists of nothing", many(`[]`), `{"type": "array"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			proposal := must.Get(infer.Propose(t.Context(), "a.b", schemas.List, strings.NewReader(test.sample)))(t)
			fields := decode(t, string(proposal.Schema)).(map[string]any)["properties"].(map[string]any)
			expect.Equalf(t, decode(t, test.want), fields["x"], "field")
		})
	}
}

// A sample that is no sample is refused in words; what it leaves open is said.
func TestUnclearSamples(t *testing.T) {
	tests := []struct {
		name, sample string
		kind         schemas.Kind
		want         string
	}{
		{"nothing", "", "", "the sample holds no record"},
		{"an empty list", "[]", "", "the sample holds no record"},
		{"no JSON", "host;state", "", "line 1, column 1 of the sample: not well-formed JSON"},
		{"texts", `["a"]`, "", "of the sample: record 1: it is no object"},
		{"cut off", `{"a": 1}` + "\n" + `{"a": `, "", "reading the sample: "},
		{"two documents", "{}\n{}", schemas.Document, "the sample holds 2 records, and a document is one"},
		{"a map", "{" + strings.TrimSuffix(strings.Repeat(`"a": {"b": 1}, `, 1), ", ") + "}", "", "document"},
		{"no key", `[{"a": "x"}, {"a": "X"}]`, "", "no field is a text that every record has"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			proposal, err := infer.Propose(t.Context(), "a.b", test.kind, strings.NewReader(test.sample))
			got := fmt.Sprint(err)
			if err == nil {
				got = strings.Join(proposal.Advice, "; ") + string(proposal.Schema)
			}
			if !strings.Contains(got, test.want) {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

// Objects whose keys are values are maps: they are not described field by field, and never without bound.
func TestMaps(t *testing.T) {
	wide := func(names int) string {
		fields := make([]string, names)
		for i := range fields {
			fields[i] = fmt.Sprintf(`"k%d": {"v": 1}`, i)
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	proposal := must.Get(infer.Propose(t.Context(), "a.b", "", strings.NewReader(`{"map": `+wide(201)+`}`)))(t)
	want := map[string]any{"map": map[string]any{"type": "object"}}
	if diff := cmp.Diff(want, decode(t, string(proposal.Schema)).(map[string]any)["properties"]); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	nested := strings.ReplaceAll(wide(199), "1}", wide(199)+"}")
	if _, err := infer.Propose(t.Context(), "a.b", "", strings.NewReader(nested)); err == nil || !strings.Contains(err.Error(), "more than 2000 fields") {
		t.Errorf("error %v", err)
	}
}

// FuzzPropose proposes a schema for anything: it is valid, and accepts its sample.
func FuzzPropose(f *testing.F) {
	f.Add(servers)
	f.Add("{\"a\": 1, \"a\": 2}")
	f.Add("{\"a\u202e\": 1, \"\xff\": 2}")
	f.Add(strings.Repeat(`{"a":`, 10_000))
	f.Add("[" + strings.Repeat(`{"a": 1},`, 10_000))
	f.Add(`[{"a": [[1], []], "b": {"c": {"d": "2026-05-04T12:00:00Z"}}}]`)
	f.Fuzz(func(t *testing.T, sample string) {
		proposal, err := infer.Propose(t.Context(), "a.b", "", strings.NewReader(sample))
		if err != nil || unnamed(proposal.Advice) {
			return
		}
		dataset, err := schemas.Parse("a.b", proposal.Schema)
		if err != nil {
			t.Fatalf("%v in\n%s", err, proposal.Schema)
		}
		decoder := json.NewDecoder(jsonfile.Text(strings.NewReader(sample)))
		decoder.UseNumber()
		var record map[string]any
		if decoder.Decode(&record) != nil { // a list, or encoded otherwise
			return
		}
		for _, violation := range dataset.Validate(record) {
			if !strings.Contains(violation.Message, "out of range") && !strings.Contains(violation.Message, "ConvertTo-Json") {
				t.Errorf("%v of its own sample", violation)
			}
		}
	})
}

// unnamed reports whether a proposal has no key, which it is for people to choose.
func unnamed(advice []string) bool {
	return len(advice) > 0 && strings.HasPrefix(advice[0], "no field is a text")
}

func decode(t testing.TB, text string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

// TestPlaces says where a mistake of a sample stands.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for sample, want := range map[string]string{
		"[{\"a\": 1},\n {\"a\": 1, \"a\": 2}]":    "line 2, column 11 of the sample: duplicate object member name",
		"{\"a\": 1}\n{\"b\u202e\": 1}\n":          "line 2, column 2 of the sample: the name of the field",
		"{\"a\": 1}\n\n{\"b\": 1]\n":              "line 3, column 8 of the sample: not well-formed JSON",
		"{\"a\": 1}\n[]\n":                        "line 2, column 1 of the sample: record 2: it is no object",
		"[{\"a\": {\"b\": 1, \"c\\u0000\": {}}}]": "of the sample: the name",
	} {
		_, err := infer.Propose(t.Context(), "a.b", "", strings.NewReader(sample))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", sample, err, want)
		}
	}
}
