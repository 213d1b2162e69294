package importer_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
)

func zipOf(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipOf(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func tarOf(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(files[name]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestImportArchives(t *testing.T) {
	exports := map[string]string{"o.json": organization, "exchange/Get-SharingPolicy.json": `[{"Name":"a"}]`}
	both := []string{"entra.organization", "exchange.sharing_policies"}
	tests := []struct {
		name    string
		files   map[string]string
		want    []string
		skipped []string
	}{
		{"a zip", map[string]string{"exports.ZIP": zipOf(t, exports)}, both, nil},
		{"a zip below", map[string]string{"a/b/exports.zip": zipOf(t, exports)}, both, nil},
		{"a tar", map[string]string{"exports.tar": tarOf(t, exports)}, both, nil},
		{"a compressed tar", map[string]string{"exports.tar.gz": gzipOf(t, tarOf(t, exports)), "x.txt": ""}, both, nil},
		{
			"one for each service",
			map[string]string{"a.zip": zipOf(t, map[string]string{"o.json": organization}), "b.tgz": gzipOf(t, tarOf(t, map[string]string{"Get-SharingPolicy.json": "[]"}))},
			both, nil,
		},
		{
			"beside the files that it was made of",
			map[string]string{"o.json": organization, "exchange/Get-SharingPolicy.json": `[{"Name":"a"}]`, "exports.zip": zipOf(t, exports)},
			both,
			[]string{"exports.zip/exchange/Get-SharingPolicy.json: it is the same as exchange/Get-SharingPolicy.json", "exports.zip/o.json: it is the same as o.json"},
		},
		{"compressed files", map[string]string{"o.json.gz": gzipOf(t, organization), "Get-SharingPolicy.json.gz": gzipOf(t, "[]")}, both, nil},
		{"paths as Windows PowerShell writes them", map[string]string{"x.zip": zipOf(t, map[string]string{`exports\o.json`: organization})}, both[:1], nil},
		{
			"paths of Windows that lead out",
			map[string]string{"o.json": organization, "x.zip": zipOf(t, map[string]string{`..\Get-SharingPolicy.json`: "[]"})},
			both[:1],
			[]string{`x.zip: it cannot be unpacked: the archive holds "../Get-SharingPolicy.json", which leads out of the bundle. A bundle needs no such path: do not unpack this by other means.`},
		},
		{
			"what a Mac adds",
			map[string]string{"x.zip": zipOf(t, map[string]string{"o.json": organization, "__MACOSX/._o.json": "\x00\x05\x16\x07", ".DS_Store": ""})},
			both[:1], nil,
		},
		{
			"an archive within an archive",
			map[string]string{"o.json": organization, "x.zip": zipOf(t, map[string]string{"y.zip": zipOf(t, exports)})},
			both[:1],
			[]string{"x.zip/y.zip: it is an archive within an archive, or none"},
		},
		{
			"paths that lead out",
			map[string]string{"o.json": organization, "x.zip": zipOf(t, map[string]string{"../../Get-SharingPolicy.json": "[]"})},
			both[:1],
			[]string{`x.zip: it cannot be unpacked: the archive holds "../../Get-SharingPolicy.json", which leads out of the bundle. A bundle needs no such path: do not unpack this by other means.`},
		},
		{
			"a bomb",
			map[string]string{"o.json": organization, "x.zip": zipOf(t, map[string]string{"Get-SharingPolicy.json": "[]"}), "y.zip": bomb(t)},
			both,
			[]string{"y.zip: it cannot be unpacked: unpacks to more than 500 times its size. Evidence does not compress that well; this looks made to fill a disk."},
		},
		{
			"a damaged archive",
			map[string]string{"o.json": organization, "x.zip": zipOf(t, exports)[:60]},
			both[:1],
			[]string{"x.zip: it cannot be unpacked: the archive is damaged: zip: not a valid zip file"},
		},
		{
			"a bundle in an archive",
			map[string]string{"o.json": organization, "x.zip": zipOf(t, map[string]string{"manifest.json": `{"schema_version":"1","datasets":[]}`, "entra.users.json": "[]"})},
			both[:1],
			[]string{"x.zip: it is a bundle of its own: name it to assess it"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bundle, skipped, err := importing(t, test.files, importer.Options{CollectedAt: noon})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = bundle.Close() }()
			if diff := cmp.Diff(test.want, names(bundle)); diff != "" {
				t.Errorf("datasets (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.skipped, texts(skipped)); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}

// bomb is an archive of a thousand times its size.
func bomb(t *testing.T) string {
	t.Helper()
	return zipOf(t, map[string]string{"Get-TransportRule.json": "[" + strings.Repeat(" ", 8<<20) + "]"})
}

func names(bundle *evidence.Bundle) []string {
	var names []string
	for _, dataset := range bundle.Manifest().Datasets {
		names = append(names, dataset.Name)
	}
	return names
}

func texts(skipped []importer.Skipped) []string {
	var all []string
	for _, s := range skipped {
		all = append(all, s.Path+": "+s.Reason)
	}
	return all
}

// TestImportArchive names an archive itself.
func TestImportArchive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "exports")
	if err := os.WriteFile(path, []byte(zipOf(t, map[string]string{"o.json": organization})), 0o600); err != nil {
		t.Fatal(err)
	}
	bundle, _, err := importer.Options{Importers: builtin.Importers(), CollectedAt: noon}.Import(t.Context(), path, filepath.Join(t.TempDir(), "bundle"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bundle.Close() }()
	if diff := cmp.Diff([]string{"entra.organization"}, names(bundle)); diff != "" {
		t.Errorf("datasets (-want +got):\n%s", diff)
	}
}
