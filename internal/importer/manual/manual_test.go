package manual_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/importer/manual"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func dataset(t *testing.T, name string) *schemas.Dataset {
	t.Helper()
	registry := must.Get(schemas.Builtin())(t)
	found, ok := registry.Dataset(name)
	if !ok {
		t.Fatalf("no dataset %s", name)
	}
	return found
}

func TestRecords(t *testing.T) {
	tests := []struct {
		name, dataset, text string
		want                []string // ids of the records
		unknown             []string
		err                 string
	}{
		{"a list", "entra.domains", `[{"id":"a"},{"id":"b"}]`, []string{"a", "b"}, nil, ""},
		{"lines", "entra.domains", "{\"id\":\"a\"}\r\n\r\n{\"id\":\"b\"}\n", []string{"a", "b"}, nil, ""},
		{"one object", "entra.domains", `{"id":"a"}`, []string{"a"}, nil, ""},
		{"a byte-order mark", "entra.domains", "\ufeff" + `[{"id":"a"}]`, []string{"a"}, nil, ""},
		{"UTF-16", "entra.domains", "\xff\xfe[\x00{\x00\"\x00i\x00d\x00\"\x00:\x00\"\x00a\x00\"\x00}\x00]\x00", []string{"a"}, nil, ""},
		{"no records", "exchange.transport_rules", "[]", nil, nil, ""},
		{"fields of no schema", "entra.domains", `[{"id":"a","Id":1},{"id":"b","Id":2,"Age":3}]`, []string{"a", "b"}, []string{"Id", "Age"}, ""},
		{"an empty file", "exchange.transport_rules", " \n", nil, nil, "f: it is empty. Write [] if there are none."},
		{"no users", "entra.domains", "[]", nil, nil, "f: it holds no record; every tenant has some of entra.domains"},
		{"text", "entra.domains", "hello", nil, nil, "f: it cannot be read: not well-formed JSON: "},
		{"a value", "entra.domains", "[\n 1]", nil, nil, "f:2:2: the record is no object (record 1, byte 3). Records are objects with the fields that the schema of entra.domains names."},
		{"wrong types", "entra.domains", "[{\"id\":\"a\"},\n{\"id\":\"b\",\"isVerified\":1},\n  {\"id\":2}]", []string{"a"}, nil, "f:2:1: /isVerified: want boolean or null, got number (record 2, byte 13)\nf:3:3: /id: want string, got number (record 3, byte 42)"},
		{"something behind the list", "entra.domains", "[{\"id\":\"a\"}]\n{}", []string{"a"}, nil, "f:2:2: something follows the end of the list"},
		{"a list that was cut off", "entra.domains", "[{\"id\":\"a\"},\n{\"id\"", []string{"a"}, nil, "f:2:6: the JSON ends too early: the file was cut off (record 2, byte 18)"},
		{"a document", "entra.security_defaults", `[{"isEnabled":true}]`, []string{"<nil>"}, nil, ""},
		{"two documents", "entra.security_defaults", "{\"isEnabled\":true}\n{\"isEnabled\":true}", []string{"<nil>"}, nil, "f: it holds 2 objects; entra.security_defaults is one"},
		{"no document", "entra.security_defaults", "[]", nil, nil, "f: it holds 0 objects; entra.security_defaults is one"},
		{"many problems", "entra.domains", strings.Repeat("{}\n", 12), nil, nil, "and 2 more"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var ids, unknown []string
			var failed error
			file := manual.File{Name: "f", Dataset: dataset(t, test.dataset), Unknown: func(field string) { unknown = append(unknown, field) }}
			for record, err := range file.Records(t.Context(), strings.NewReader(test.text)) {
				if failed = err; err == nil {
					ids = append(ids, fmt.Sprint(record.(map[string]any)["id"]))
				}
			}
			if test.err == "" && failed != nil || test.err != "" && (failed == nil || !strings.Contains(failed.Error(), test.err)) {
				t.Errorf("error %v\nwant  %s", failed, test.err)
			}
			expect.Equalf(t, test.want, ids, "records")
			if diff := cmp.Diff(test.unknown, unknown); diff != "" && test.err == "" {
				t.Errorf("unknown fields (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAttestOnBase puts a claim on top of others, and is told by none of their files.
func TestAttestOnBase(t *testing.T) {
	limits := evidence.DefaultLimits()
	claim := manual.Claim{Control: "c", Compliant: true, By: "Ada", At: noon, Until: noon.Add(time.Hour)}
	options := manual.Options{Tenant: evidence.Tenant{ID: "t"}, CollectedAt: noon, Limits: limits}
	base := must.Get(options.Attest(t.Context(), filepath.Join(t.TempDir(), "a"), claim))(t)
	defer func() { _ = base.Close() }()
	claim.By = "Ben"
	next := must.Get(manual.Options{Base: base, CollectedAt: noon.Add(-time.Hour), Limits: limits}.Attest(t.Context(), filepath.Join(t.TempDir(), "b"), claim))(t)
	defer func() { _ = next.Close() }()
	var by []string
	for record, err := range next.Records(t.Context(), manual.Attestations) {
		must.Do(t, err)
		value := must.Get(jsonfile.Decode(record.JSON, limits))(t)
		by = append(by, value.(map[string]any)["by"].(string))
	}
	expect.Equalf(t, []string{"Ada", "Ben"}, by, "claims")
	m := next.Manifest()
	if !m.CollectedAt.Equal(noon) || !m.Datasets[0].CollectedAt.Equal(noon.Add(-time.Hour)) || m.Tenant.ID != "t" {
		t.Errorf("manifest %+v", m)
	}
	if err := next.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	claim.By = " "
	if _, err := options.Attest(t.Context(), filepath.Join(t.TempDir(), "c"), claim); err == nil {
		t.Error("nobody vouches, and it is written")
	}
}

// FuzzRecords reads anything: it ends, and what it hands on is what the schema says.
func FuzzRecords(f *testing.F) {
	f.Add("[{\"id\":\"a\"}]")
	f.Add("{\"id\":\"a\"}\n{\"id\":1}")
	f.Add("\xff\xfe[\x00]\x00")
	registry := must.Get(schemas.Builtin())(f)
	domains, _ := registry.Dataset("entra.domains")
	f.Fuzz(func(t *testing.T, text string) {
		failed := false
		for record, err := range (manual.File{Name: "f", Dataset: domains}).Records(t.Context(), strings.NewReader(text)) {
			if failed {
				t.Fatal("records follow an error")
			}
			if failed = err != nil; !failed && len(domains.Validate(record)) > 0 {
				t.Errorf("a record that is not what the schema says: %v", record)
			}
		}
	})
}
