package evidence_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

var contoso = evidence.Manifest{
	Tenant:      evidence.Tenant{ID: "5f1b0d3e", Name: "Contoso & Söhne"},
	Collector:   evidence.Collector{Name: "test", Version: "1"},
	CollectedAt: time.Date(2026, 3, 1, 8, 0, 0, 0, time.FixedZone("", 7200)),
}

func create(t testing.TB) *evidence.Writer {
	t.Helper()
	t.Chdir(t.TempDir())
	return must.Get(evidence.Create("parent/contoso", contoso))(t)
}

func seq(values ...any) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, v := range values {
			if err, ok := v.(error); ok {
				yield(nil, err)
				return
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

func TestWriter(t *testing.T) {
	archive := must.Get(txtar.ParseFile("testdata/writer.txtar"))(t)
	w := create(t)
	w.Fail("forms.settings", "access denied")
	must.Do(t, w.Records("entra.users", seq(
		map[string]any{"z": json.Number("1.50"), "a": "<&>\u2028é", "m": []any{}},
		json.RawMessage(`{"id": 2}`),
	)))
	must.Do(t, w.Records("entra.groups", seq()))
	must.Do(t, w.Document("entra.security_defaults", map[string]any{"isEnabled": false, "id": "x"}))
	must.Do(t, w.Close())
	if err := errors.Join(w.Close(), w.Abort()); err != nil {
		t.Error(err)
	}
	want := map[string]string{}
	for _, file := range archive.Files {
		want[file.Name] = string(file.Data)
	}
	expect.Equal(t, want, files(t, "parent/contoso"))
	b := must.Get(evidence.Open(t.Context(), "parent/contoso", evidence.Limits{}))(t)
	defer closeBundle(t, b)
	if err := b.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// files reads a folder.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries := must.Get(os.ReadDir(dir))(t)
	for _, e := range entries {
		data := must.Get(os.ReadFile(dir + "/" + e.Name()))(t)
		all[e.Name()] = string(data)
	}
	return all
}

func TestCreateErrors(t *testing.T) {
	folder(t, map[string]string{"x": ""})
	change := func(f func(*evidence.Manifest)) evidence.Manifest {
		m := contoso
		f(&m)
		return m
	}
	tests := []struct {
		name, dir string
		manifest  evidence.Manifest
		want      string
	}{
		{"not empty", "contoso", contoso, "contoso: the folder is not empty. Name a new folder, or empty this one: nothing is overwritten."},
		{"a file", "contoso/x", contoso, "contoso/x: cannot be created: not a directory"},
		{"no time", "new", change(func(m *evidence.Manifest) { m.CollectedAt = time.Time{} }), "new: the manifest needs the time of collection"},
		{"another version", "new", change(func(m *evidence.Manifest) { m.SchemaVersion = "2" }), `new: schema_version "2" cannot be written`},
		{
			"datasets", "new", change(func(m *evidence.Manifest) { m.Datasets = []evidence.Dataset{{}} }),
			"new: the manifest lists datasets already. The writer lists those that it writes.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := evidence.Create(tt.dir, tt.manifest)
			expect.Equal(t, tt.want, text(err))
		})
	}
	if _, err := os.Stat("new"); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a folder was made for nothing")
	}
}

func TestWriterErrors(t *testing.T) {
	const path = "parent/contoso: "
	tests := []struct {
		name  string
		write func(*evidence.Writer) error
		want  string
		close string
	}{
		{
			"nothing", func(*evidence.Writer) error { return nil }, "",
			path + "a bundle without datasets is none. List what could not be collected as failed.",
		},
		{
			"source fails", func(w *evidence.Writer) error { return w.Records("entra.users", seq(errors.New("page 2: 503"))) },
			path + `dataset "entra.users": page 2: 503`, path + `dataset "entra.users": page 2: 503`,
		},
		{
			"source fails, and that is listed", func(w *evidence.Writer) error {
				err := w.Records("entra.users", seq(map[string]any{}, errors.New("page 2: 503")))
				w.Fail("entra.users", "page 2: 503")
				return err
			},
			path + `dataset "entra.users": page 2: 503`, "",
		},
		{
			"source fails, and works in the end", func(w *evidence.Writer) error {
				err := w.Records("entra.users", seq(map[string]any{}, errors.New("page 2: 503")))
				return errors.Join(err, w.Records("entra.users", seq(map[string]any{})))
			},
			path + `dataset "entra.users": page 2: 503`, "",
		},
		{
			"record is no object", func(w *evidence.Writer) error { return w.Records("entra.users", seq(map[string]any{}, "x")) },
			path + `dataset "entra.users": record 2: not an object`, path + `dataset "entra.users": record 2: not an object`,
		},
		{
			"record that JSON cannot say", func(w *evidence.Writer) error {
				return w.Records("entra.users", seq(map[string]any{"x": math.NaN()}))
			},
			path + `dataset "entra.users": record 1: json: unsupported value: NaN`, path + `dataset "entra.users": record 1: json: unsupported value: NaN`,
		},
		{
			"record that would be read as a page", func(w *evidence.Writer) error {
				return w.Records("entra.users", seq(map[string]any{"value": []any{}}))
			},
			path + `dataset "entra.users": record 1: would be read as a page of records`, path + `dataset "entra.users": record 1: would be read as a page of records`,
		},
		{
			"document that would be read as a page", func(w *evidence.Writer) error {
				return w.Document("entra.organization", map[string]any{"@odata.context": "x", "value": []any{}})
			},
			path + `dataset "entra.organization": would be read as a page of records`, path + `dataset "entra.organization": would be read as a page of records`,
		},
		{
			"document is null", func(w *evidence.Writer) error { return w.Document("entra.organization", nil) },
			path + `dataset "entra.organization": not an object`, path + `dataset "entra.organization": not an object`,
		},
		{
			"bad name", func(w *evidence.Writer) error { return w.Document("../x", map[string]any{}) },
			path + `dataset "../x": the name is not valid. Names are like "entra.users": lower-case letters, digits and underscores around one dot.`,
			path + "a bundle without datasets is none. List what could not be collected as failed.",
		},
		{
			"twice", func(w *evidence.Writer) error {
				return errors.Join(w.Document("entra.organization", map[string]any{}), w.Records("entra.organization", seq()))
			},
			path + `dataset "entra.organization": it was written before`, "",
		},
		{
			"failed after it was written", func(w *evidence.Writer) error {
				err := w.Document("entra.organization", map[string]any{})
				w.Fail("entra.organization", "denied")
				w.Fail("entra.users", "")
				return err
			},
			"", lines(path+`dataset "entra.organization": it was written before`, path+`dataset "entra.users": it failed without a reason`),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := create(t)
			expect.Equal(t, tt.want, text(tt.write(w)))
			expect.Equal(t, tt.close, text(w.Close()))
			if _, ok := files(t, "parent/contoso")["manifest.json"]; ok != (tt.close == "") {
				t.Errorf("manifest: %v", ok)
			}
			if err := w.Document("entra.domains", map[string]any{}); text(err) != path+`dataset "entra.domains": the bundle is complete` {
				t.Error(err)
			}
		})
	}
}

func TestAbort(t *testing.T) {
	w := create(t)
	must.Do(t, w.Document("entra.organization", map[string]any{}))
	if err := errors.Join(w.Abort(), w.Abort(), w.Close()); err != nil {
		t.Error(err)
	}
	// A folder that was made goes with what was written; one that was there stays, and is empty again.
	if left := files(t, "parent"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	must.Do(t, os.MkdirAll("parent/contoso", 0o700))
	w, err := evidence.Create("parent/contoso", evidence.Manifest{CollectedAt: time.Unix(1, 0)})
	if err := errors.Join(err, w.Document("entra.organization", map[string]any{}), w.Abort()); err != nil {
		t.Error(err)
	}
	expect.Equal(t, map[string]string{}, files(t, "parent/contoso"))
}

// TestWriterBundle holds that a bundle which is returned as it was written equals one that is read, and
// removes its folder.
func TestWriterBundle(t *testing.T) {
	t.Parallel()
	fill := func(dir string) *evidence.Writer {
		w := must.Get(evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "t"}, CollectedAt: time.Unix(1, 0)}))(t)
		w.Fail("forms.settings", "access denied")
		w.Truncated("entra.users", evidence.Truncated{Field: "b", File: "y.json"}, evidence.Truncated{Field: "b", File: "a.json"})
		must.Do(t, errors.Join(w.Records("entra.users", seq(map[string]any{"id": 1}, map[string]any{"id": 2})), w.Document("entra.organization", map[string]any{"id": "t"})))
		w.Date("entra.users", time.Unix(7, 0))
		return w
	}
	read := filepath.Join(t.TempDir(), "bundle")
	must.Do(t, fill(read).Close())
	want, err := evidence.Open(t.Context(), read, evidence.Limits{})
	must.Do(t, err)
	defer closeBundle(t, want)

	temp := filepath.Join(t.TempDir(), "temp")
	got := must.Get(fill(filepath.Join(temp, "bundle")).Bundle("export.json", evidence.Limits{}, removes(temp)))(t)
	if diff := cmp.Diff(want.Manifest(), got.Manifest()); diff != "" {
		t.Errorf("manifest (-read +written):\n%s", diff)
	}
	records, err := read1(t, got)
	if diff := cmp.Diff([]string{`{"id":1}`, `{"id":2}`}, records); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if err := errors.Join(got.Verify(t.Context()), got.Close()); err != nil || got.Digest() != want.Digest() {
		t.Errorf("%v, digest %s, want %s", err, got.Digest(), want.Digest())
	}
	wantGone(t, temp)

	w := fill(filepath.Join(temp, "bundle"))
	if _, err := w.Bundle("export.json", evidence.Limits{FileBytes: 5}, removes(temp)); err == nil || !strings.HasPrefix(err.Error(), "export.json (entra.organization): is larger than") {
		t.Errorf("the error is %v", err)
	}
	wantGone(t, temp)
}
