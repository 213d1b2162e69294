package importer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
	"github.com/posture-score/posture/internal/must"
)

const (
	export = `{"baseline_version":"1","module_version":"1.8.0","timestamp_zulu":"2026-05-04T17:15:48Z",
		"tenant_details":[{"TenantId":"t1"}],"sharing_policy":[{"Name":"a"}]}`
	device   = `{"DeviceId":"d1","ConfigurationId":"scid-25","IsCompliant":1}`
	response = `{"value":[{"id":"t1"}],"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#organization"}`
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, filepath.FromSlash(name))
		must.Do(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must.Do(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	folder := bundle(t, filepath.Join(dir, "bundle"))
	archive := zipped(t, folder)
	write("sub/Get-ConnectionInformation.json", `{"TenantID":"t1"}`)
	write("sub/o.json", response)
	tests := []struct {
		name, path, stdin string
		want              []string
	}{
		{"the folder of a bundle", folder, "", []string{"entra.domains"}},
		{"an archive, whatever its name", write("archive.json", archive), "", []string{"entra.domains"}},
		{"an archive on standard input", importer.Stdin, archive, []string{"entra.domains"}},
		{"an export of ScubaGear", write("any.json", export), "", []string{"exchange.sharing_policies"}},
		{"an export with a byte-order mark", write("mark.json", "\ufeff"+export), "", []string{"exchange.sharing_policies"}},
		{"an export on standard input", importer.Stdin, export, []string{"exchange.sharing_policies"}},
		{"the report folder of ScubaGear", filepath.Dir(write("report/ProviderSettingsExport.json", export)), "", []string{"exchange.sharing_policies"}},
		{"a folder of responses", filepath.Dir(write("graph/a.json", response)), "", []string{"entra.organization"}},
		{"a response", write("one.json", response), "", []string{"entra.organization"}},
		{"a file of Defender's export", write("part-0.c000.json.gz", gzipOf(t, device+"\n"+device)), "", []string{"defender_endpoint.secure_configuration"}},
		{"an answer of advanced hunting", write("hunting.json", `{"Schema":[],"Results":[`+device+`]}`), "", []string{"defender_endpoint.secure_configuration"}},
		{
			"an answer of advanced hunting by Graph", importer.Stdin,
			`{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.security.huntingQueryResults","schema":[],"results":[` + device + `]}`,
			[]string{"defender_endpoint.secure_configuration"},
		},
		{"a folder of answers of cmdlets", filepath.Dir(write("sub/Get-SharingPolicy.json", "[]")), "", []string{"entra.organization", "exchange.sharing_policies"}},
		{"a list of responses on standard input", importer.Stdin, "[" + response + "]", []string{"entra.organization"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			opened := must.Get(importer.Options{Importers: builtin.Importers(), CollectedAt: noon}.Open(t.Context(), test.path, strings.NewReader(test.stdin)))(t)
			var names []string
			for _, dataset := range opened.Manifest().Datasets {
				names = append(names, dataset.Name)
				for _, err := range opened.Records(t.Context(), dataset.Name) {
					if err != nil {
						t.Error(err)
					}
				}
			}
			expect.Equalf(t, test.want, names, "datasets")
			if err := opened.Verify(t.Context()); err != nil {
				t.Error(err)
			}
			if err := opened.Close(); err != nil {
				t.Error(err)
			}
			if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func TestOpenIsOpenWithLimits(t *testing.T) {
	opened := must.Get(importer.Options{Importers: builtin.Importers(), Limits: evidence.DefaultLimits()}.Open(t.Context(), importer.Stdin, strings.NewReader(export)))(t)
	if got := opened.Manifest().Tenant.ID; got != "t1" {
		t.Errorf("tenant %s, want t1", got)
	}
	if err := opened.Close(); err != nil {
		t.Error(err)
	}
	limits := evidence.DefaultLimits()
	limits.FileBytes = 1
	if opened, err := (importer.Options{Importers: builtin.Importers(), Limits: limits}).Open(t.Context(), importer.Stdin, strings.NewReader(export)); err == nil {
		t.Errorf("opened beyond the limits: %v", opened.Manifest())
	}
}

func TestOpenReportsSkipped(t *testing.T) {
	var reported []string
	options := importer.Options{Importers: builtin.Importers(), CollectedAt: noon, Skipped: func(file, reason string) { reported = append(reported, file+": "+reason) }}
	text := "[" + response + `,{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#applications","value":[]}]`
	opened := must.Get(options.Open(t.Context(), importer.Stdin, strings.NewReader(text)))(t)
	defer func() { _ = opened.Close() }()
	want := []string{"standard input: no dataset is made of what its context names: https://graph.microsoft.com/v1.0/$metadata#applications"}
	expect.Equalf(t, want, reported, "skipped")
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	alone := filepath.Join(t.TempDir(), "Get-SharingPolicy.txt")
	must.Do(t, os.WriteFile(alone, []byte("[]"), 0o600))
	tests := []struct{ name, path, stdin, want string }{
		{"the answer of one cmdlet, without a time", alone, "", "Get-SharingPolicy.txt: the files do not say when they were saved"},
		{"nothing there", filepath.Join(dir, "none"), "", "opening evidence: "},
		{"an empty folder", dir, "", "the folder has no .json file"},
		{"nothing at all", importer.Stdin, "", "standard input: no evidence that posture knows (it is empty). Looked for: a bundle,"},
		{"text", importer.Stdin, "hello", "no evidence that posture knows (not well-formed JSON: invalid character 'h' at start of value at byte 0)"},
		{"other JSON", importer.Stdin, `{"a":1}`, "no evidence that posture knows (JSON of another kind)"},
		{"a list of values", importer.Stdin, `[1]`, "no evidence that posture knows (a list, but not of responses)"},
		{"a value", importer.Stdin, `1`, "no evidence that posture knows (one bare value)"},
		{"a manifest alone", importer.Stdin, `{"schema_version":"1","datasets":[]}`, "a manifest by itself: name the folder that it is in"},
		{"an export that was cut off", importer.Stdin, export[:120], "standard input: importing a ScubaGear export: tenant_details: element 1: the export cannot be read: the JSON ends too early"},
		{"a response without a time", importer.Stdin, response, "standard input: the files do not say when they were saved"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			_, err := importer.Options{Importers: builtin.Importers()}.Open(t.Context(), test.path, strings.NewReader(test.stdin))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Open: %v\nwant %s", err, test.want)
			}
			if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func TestOpenStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := importer.Options{Importers: builtin.Importers()}.Open(ctx, importer.Stdin, strings.NewReader(export))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v, want context.Canceled", err)
	}
}

// FuzzOpen looks at anything that may come on standard input.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(export))
	f.Add([]byte(response))
	f.Add([]byte("[" + response + "]"))
	f.Add([]byte("PK\x05\x06"))
	f.Add(bytes.Repeat([]byte("["), 20_000))
	f.Add(bytes.Repeat([]byte(`{"value":`), 20_000))
	f.Add([]byte("[" + strings.Repeat(response+",", 500) + response + "]"))
	f.Add([]byte(gzipOf(f, export)))
	f.Fuzz(func(t *testing.T, data []byte) {
		t.Setenv("TMPDIR", t.TempDir())
		opened, err := importer.Options{Importers: builtin.Importers(), CollectedAt: noon}.Open(t.Context(), importer.Stdin, bytes.NewReader(data))
		if err != nil {
			return
		}
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
}

func bundle(t *testing.T, dir string) string {
	t.Helper()
	w, err := evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "t1"}, CollectedAt: noon})
	must.Do(t, err)
	err = w.Records("entra.domains", func(yield func(any, error) bool) { yield(map[string]any{"id": "d"}, nil) })
	must.Do(t, errors.Join(err, w.Close()))
	return dir
}

func zipped(t *testing.T, dir string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	must.Do(t, errors.Join(w.AddFS(os.DirFS(dir)), w.Close()))
	text := must.Get(io.ReadAll(&b))(t)
	return string(text)
}
