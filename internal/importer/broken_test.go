package importer_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

// broken are texts of files that something is wrong with, by the names of the files.
func broken() map[string][]string {
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	graph := func(value string) string {
		return `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":` + value + `}`
	}
	scuba := func(members string) string {
		return `{"baseline_version":"1","module_version":"1.8.0","timestamp_zulu":"2026-05-04T17:15:48Z","tenant_details":[{"TenantId":"t1"}]` + members + `}`
	}
	return map[string][]string{
		"users.json": {
			"", "[", "{", "null", "1", "hello", "\x00\x01\x02", "\xff\xfe{\x00", graph("["), graph("[1]"), graph("{}"), graph("[]"), graph(`[{"id":1}]`),
			graph(`[{"id":"a","x":` + deep + `}]`), graph(`[{"id":"a","n":1e999}]`), graph(`[{"id":"a"}]`) + "x", graph(`[{"id":"` + "\xff" + `"}]`),
			"[" + graph("[]") + "," + graph("[]") + "]", `{"error":{"code":"Forbidden"}}`, graph(`[{"id":"a","@odata.type":"System.Object[]"}]`),
			`{"schema_version":"1","datasets":[]}`,
		},
		"entra.security_defaults.json": {`{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#policies/identitySecurityDefaultsEnforcementPolicy/$entity","value":[{"id":"a"}]}`},
		"Get-SharingPolicy.json":       {"", "[", "{}", "null", "1", "Name\n----\na", `[{"Name":1}]`, `[{"Name":"a","Domains":` + deep + `}]`, `{"value":[],"Count":0}x`, "[null]"},
		"Get-SPOTenant.json":           {"[]", "[{},{}]", `{"value":[{"a":1}]}`, `{"SharingCapability":{"a":{"b":[]}}}`},
		"ProviderSettingsExport.json":  {scuba(""), scuba(`,"sharing_policy":[`), scuba(`,"sharing_policy":5`), scuba(`,"sharing_policy":[5]`), scuba(`,"transport_rule":{"value":[]}`), scuba(`,"SPO_tenant":[{},{}]`), scuba(`,"sharing_policy":{"a":` + deep + `}`)},
	}
}

// TestBroken looks at all that is said of broken evidence: it is about the path
// that the user gave, never about a temporary one. In a folder it costs nothing else.
func TestBroken(t *testing.T) {
	registry := must.Get(schemas.Builtin())(t)
	for name, texts := range broken() {
		for i, text := range texts {
			for form, path := range forms(t, name, text) {
				t.Run(fmt.Sprintf("%s %d %s", name, i, form), func(t *testing.T) {
					temp := t.TempDir()
					t.Setenv("TMPDIR", temp)
					shown := path
					if path == importer.Stdin {
						shown = "standard input"
					}
					var said []string
					options := importer.Options{
						Importers:   builtin.Importers(),
						CollectedAt: noon, Limits: evidence.DefaultLimits(),
						Skipped: func(file, reason string) { said = append(said, file+": "+reason) },
					}
					opened, err := options.Open(t.Context(), path, strings.NewReader(text))
					if err != nil {
						if form == "folder" {
							t.Errorf("a bad file costs the others: %v", err)
						}
						if said = append(said, err.Error()); !strings.HasPrefix(err.Error(), shown) {
							t.Errorf("the error does not begin with %s: %v", shown, err)
						}
					} else {
						if d, _ := opened.Dataset("entra.organization"); form == "folder" && d.Status != evidence.Collected {
							t.Errorf("a bad file costs the organization: %s", d.Reason)
						}
						said = append(said, messages(t, opened, registry)...)
						if err := opened.Close(); err != nil {
							t.Error(err)
						}
					}
					for _, s := range said {
						if strings.Contains(s, temp) || strings.Contains(s, "posture-") {
							t.Errorf("a temporary path: %s", s)
						}
					}
				})
			}
		}
	}
}

// forms puts a text where evidence may be.
func forms(t *testing.T, name, text string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	folder := filepath.Join(dir, "folder")
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err == nil {
		_, err = f.Write([]byte(text))
	}
	must.Do(t, errors.Join(err, w.Close(), os.Mkdir(folder, 0o700),
		os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600),
		os.WriteFile(filepath.Join(folder, "zipped.zip"), b.Bytes(), 0o600),
		os.WriteFile(filepath.Join(dir, "alone.zip"), b.Bytes(), 0o600),
		os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600),
		os.WriteFile(filepath.Join(folder, "o.json"), []byte(response), 0o600)))
	return map[string]string{
		"file": filepath.Join(dir, name), "folder": folder, "zip": filepath.Join(dir, "alone.zip"), "stdin": importer.Stdin,
	}
}

// messages reads a whole bundle, and returns every message about it.
func messages(t *testing.T, b *evidence.Bundle, registry *schemas.Registry) []string {
	t.Helper()
	var said []string
	for _, d := range b.Manifest().Datasets {
		said = append(said, d.Reason)
	}
	report, err := validate.Bundle(t.Context(), b, registry, 100)
	if err != nil {
		return append(said, err.Error())
	}
	for _, v := range report.Violations {
		said = append(said, v.File+": "+v.Message)
	}
	return said
}
