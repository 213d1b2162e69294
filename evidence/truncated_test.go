package evidence_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestWriterTellsTruncatedFields(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bundle")
	w := must.Get(evidence.Create(dir, contoso))(t)
	must.Do(t, w.Document("entra.security_defaults", map[string]any{"isEnabled": true}))
	w.Fail("entra.users", "403")
	w.Truncated("entra.security_defaults", evidence.Truncated{Field: "b.c", File: "z.json"}, evidence.Truncated{Field: "b", File: "y.json"})
	w.Truncated("entra.security_defaults", evidence.Truncated{Field: "b.c", File: "a.json"})
	w.Truncated("entra.users", evidence.Truncated{Field: "id", File: "a.json"})
	must.Do(t, w.Close())
	b := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	defer func() { _ = b.Close() }()
	got := map[string][]evidence.Truncated{}
	for _, d := range b.Manifest().Datasets {
		got[d.Name] = d.Truncated
	}
	want := map[string][]evidence.Truncated{
		"entra.security_defaults": {{Field: "b", File: "y.json"}, {Field: "b.c", File: "a.json"}},
		"entra.users":             nil,
	}
	expect.Equalf(t, want, got, "truncated")
}

func TestManifestChecksTruncatedFields(t *testing.T) {
	tests := []struct{ entry, want string }{
		{`"status":"collected","path":"u.json","records":0,"truncated":[{"field":"a","file":"x"},{"field":"a.b","file":"x"}]`, ""},
		{`"status":"collected","path":"u.json","records":0,"truncated":[{"field":"a..b","file":"x"}]`, `has the truncated field "a..b", which is no path of names`},
		{`"status":"collected","path":"u.json","records":0,"truncated":[{"file":"x"}]`, `has the truncated field "", which is no path of names`},
		{`"status":"collected","path":"u.json","records":0,"truncated":[{"field":"a"}]`, `has the truncated field "a" without the file`},
		{`"status":"collected","path":"u.json","records":0,"truncated":[{"field":"a","file":"x"},{"field":"a","file":"y"}]`, `has the truncated field "a" twice`},
		{`"status":"collected","path":"u.json","records":0,"truncated":[{"field":"a","files":"x"}]`, `is unknown`},
		{`"status":"collected","path":"u.json","records":0,"truncated":[` + strings.Repeat(`{"field":"a","file":"x"},`, 1000) + `{"field":"a","file":"x"}]`, `has more truncated fields than a dataset has fields`},
		{`"status":"failed","reason":"403","truncated":[{"field":"a","file":"x"}]`, `failed and yet has truncated fields`},
	}
	for _, test := range tests {
		dir := t.TempDir()
		manifest := `{"schema_version":"1","tenant":{"id":"t"},"collected_at":"2026-05-04T12:00:00Z","datasets":[{"name":"entra.users",` + test.entry + `}]}`
		for name, text := range map[string]string{"manifest.json": manifest, "u.json": ""} {
			must.Do(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		}
		b, err := evidence.Open(t.Context(), dir, evidence.DefaultLimits())
		if err == nil {
			_ = b.Close()
		}
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.150s\n got %v\nwant %s", test.entry, err, test.want)
		}
	}
}
