package importer_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

var update = flag.Bool("update", false, "write the bundles that cases make into their files")

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// TestCases imports the folders in */testdata/*.txtar. The file CASE/PATH of such an archive is a file of the case, which
// is packed if the path goes through an archive (exports.zip/a.json) or ends with .gz; all/PATH is a file of every case.
// CASE/options has an option of the import in each line, and CASE/want what comes out.
func TestCases(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("*/testdata/*.txtar")
	own, _ := filepath.Glob("testdata/*.txtar")
	if archives = append(archives, own...); err != nil || len(archives) < 5 {
		t.Fatalf("%d archives of cases: %v", len(archives), err)
	}
	for _, file := range archives {
		t.Run(strings.TrimSuffix(filepath.ToSlash(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive := must.Get(txtar.ParseFile(file))(t)
			for _, c := range casesOf(archive) {
				t.Run(c.name, func(t *testing.T) {
					got := c.run(t)
					if *update {
						c.want.Data = []byte(got)
					} else if diff := cmp.Diff(string(c.want.Data), got); diff != "" {
						t.Errorf("bundle (-want +got):\n%s", diff)
					}
				})
			}
			if *update {
				must.Do(t, os.WriteFile(file, txtar.Format(archive), 0o600))
			}
		})
	}
}

type testCase struct {
	name    string
	files   map[string]string
	options importer.Options
	valid   bool // every record satisfies its schema
	want    *txtar.File
}

func casesOf(archive *txtar.Archive) []*testCase {
	var (
		cases  []*testCase
		shared = map[string]string{}
	)
	for i := range archive.Files {
		f := &archive.Files[i]
		name, file, _ := strings.Cut(f.Name, "/")
		if name == "all" {
			shared[file] = strings.TrimSuffix(string(f.Data), "\n")
			continue
		}
		if len(cases) == 0 || cases[len(cases)-1].name != name {
			cases = append(cases, &testCase{name: name, files: maps.Clone(shared), options: importer.Options{Importers: builtin.Importers(), CollectedAt: noon}})
		}
		c := cases[len(cases)-1]
		switch file {
		case "want":
			c.want = f
		case "options":
			c.option(strings.Fields(string(f.Data)))
		default:
			c.files[file] = strings.TrimSuffix(string(f.Data), "\n") // a file that is cut off does not end with a line
		}
	}
	return cases
}

func (c *testCase) option(options []string) {
	for _, option := range options {
		name, value, _ := strings.Cut(option, "=")
		at, _ := time.Parse(time.RFC3339, value)
		switch name {
		case "valid":
			c.valid = true
		case "collected-at":
			c.options.CollectedAt = at
		case "now":
			c.options.Now = at
		case "tenant":
			c.options.Tenant.ID = value
		case "only":
			for _, i := range c.options.Importers {
				if i.Info().Name == value {
					c.options.Only = i
				}
			}
		}
	}
}

// run imports the case, and returns what was skipped, the manifest, and the records of each dataset.
func (c *testCase) run(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "F")
	write(t, dir, packed(t, c.files))
	source := dir
	if c.options.Only != nil {
		source = filepath.Join(dir, slices.Collect(maps.Keys(c.files))[0])
	}
	bundle, skipped, err := c.options.Import(t.Context(), source, filepath.Join(t.TempDir(), "bundle"))
	var b strings.Builder
	for _, s := range skipped {
		fmt.Fprintf(&b, "= skipped %s: %s\n", s.Path, s.Reason)
	}
	if err != nil {
		return fmt.Sprintf("%s= error %s\n", &b, strings.ReplaceAll(err.Error(), dir, "F"))
	}
	defer func() { _ = bundle.Close() }()
	if err := bundle.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	registry := must.Get(schemas.Builtin())(t)
	if report, err := validate.Bundle(t.Context(), bundle, registry, 1); c.valid && (err != nil || report.Total > 0) {
		t.Errorf("%d violations: %v, %v", report.Total, report.Violations, err)
	}
	b.WriteString(contents(t, bundle))
	return b.String()
}

// contents returns the manifest and the records of a bundle.
func contents(t *testing.T, bundle *evidence.Bundle) string {
	t.Helper()
	var b strings.Builder
	m := bundle.Manifest()
	fmt.Fprintf(&b, "= tenant %q %q by %s at %s\n", m.Tenant.ID, m.Tenant.Name, m.Collector.Name, m.CollectedAt.UTC().Format(time.RFC3339Nano))
	for _, d := range m.Datasets {
		if d.Status == evidence.Failed {
			fmt.Fprintf(&b, "= %s failed: %s\n", d.Name, d.Reason)
			continue
		}
		b.WriteString("= " + d.Name)
		if !d.CollectedAt.Equal(m.CollectedAt) {
			b.WriteString(" at " + d.CollectedAt.UTC().Format(time.RFC3339Nano))
		}
		for _, cut := range d.Truncated {
			b.WriteString(" truncated " + cut.Field + " in " + cut.File)
		}
		separator := " "
		if d.Records != 1 {
			separator = "\n"
		}
		for record, err := range bundle.Records(t.Context(), d.Name) {
			must.Do(t, err)
			b.WriteString(separator + string(record.JSON))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// write writes files into a folder.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	err := os.MkdirAll(dir, 0o700)
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		err = errors.Join(err, os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600))
	}
	must.Do(t, err)
}

// packed packs the files whose path goes through an archive, and compresses those that end with .gz.
func packed(t *testing.T, files map[string]string) map[string]string {
	t.Helper()
	all, archives := map[string]string{}, map[string]map[string]string{}
	for name, text := range files {
		parts := strings.Split(name, "/")
		i := slices.IndexFunc(parts[:len(parts)-1], func(part string) bool { return isArchive(strings.ToLower(part)) })
		switch {
		case i >= 0:
			archive := path.Join(parts[:i+1]...)
			if archives[archive] == nil {
				archives[archive] = map[string]string{}
			}
			archives[archive][strings.Join(parts[i+1:], "/")] = text
		case strings.HasSuffix(name, ".gz"):
			all[name] = gzipOf(t, text)
		default:
			all[name] = text
		}
	}
	for name, members := range archives {
		members = packed(t, members)
		switch lower := strings.ToLower(name); {
		case strings.HasSuffix(lower, ".zip"):
			all[name] = zipOf(t, members)
		case strings.HasSuffix(lower, ".tar"):
			all[name] = tarOf(t, members)
		default:
			all[name] = gzipOf(t, tarOf(t, members))
		}
	}
	return all
}

func isArchive(name string) bool {
	return slices.ContainsFunc([]string{".zip", ".tar", ".tar.gz", ".tgz"}, func(ending string) bool { return strings.HasSuffix(name, ending) })
}

func zipOf(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(files[name]))
		}
		must.Do(t, err)
	}
	must.Do(t, w.Close())
	return b.String()
}

func gzipOf(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	must.Do(t, errors.Join(err, w.Close()))
	return b.String()
}

func tarOf(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(files[name]))})
		if err == nil {
			_, err = w.Write([]byte(files[name]))
		}
		must.Do(t, err)
	}
	must.Do(t, w.Close())
	return b.String()
}
