package evidence_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
)

// tight limits keep a fuzzed input from costing more than it is worth.
func tight() evidence.Limits {
	return evidence.Limits{Files: 20, FileBytes: 1 << 20, TotalBytes: 4 << 20, Ratio: 50, RecordBytes: 64 << 10, Depth: 16}
}

// wellFormed fails if an error is not one of ours, or shows more than it should.
func wellFormed(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if all, ok := err.(interface{ Unwrap() []error }); ok { // the mistakes of a manifest, one on a line
		for _, one := range all.Unwrap() {
			wellFormed(t, one)
		}
		return
	}
	if e := new(evidence.Error); !errors.As(err, &e) {
		t.Errorf("got a %T: %v", err, err)
	}
	for _, bad := range []string{os.TempDir() + "/", "\x00", "\x1b", "\n"} {
		if strings.Contains(err.Error(), bad) {
			t.Errorf("the error has %q: %q", bad, err)
		}
	}
}

// readAll reads all that a bundle has.
func readAll(t *testing.T, b *evidence.Bundle) {
	t.Helper()
	for _, d := range b.Manifest().Datasets {
		for r, err := range b.Records(context.Background(), d.Name) {
			wellFormed(t, err)
			if err != nil {
				break
			}
			if !json.Valid(r.JSON) {
				t.Errorf("%q", r.JSON)
			}
		}
	}
	_ = b.Verify(context.Background())
}

func FuzzManifest(f *testing.F) {
	for _, m := range []string{
		single("{}", 1)["manifest.json"], manifest(), `{"schema_version":"2"}`, "\ufeff{}", "\xff\xfe",
		manifest(map[string]any{"name": "entra.users", "status": "failed", "reason": "denied"}),
		manifest(map[string]any{"name": "entra.users", "status": "collected", "path": "../x", "records": 1}),
		`{"schema_version":"1","tenant":{"id":"x"},"collected_at":"2026-03-01T06:00:00Z","datasets":[],"datasets":[null]}`,
	} {
		f.Add([]byte(m))
		f.Add([]byte(strings.Replace(m, `"tenant"`, `"other":`+strings.Repeat("[", 20_000)+`,"tenant"`, 1)))
		f.Add([]byte(strings.Replace(m, `"datasets": [`, `"datasets": [`+strings.Repeat("null,", 20_000), 1)))
	}
	dir := f.TempDir()
	must.Do(f, os.WriteFile(filepath.Join(dir, "users"), []byte("{}"), 0o600))
	f.Chdir(dir)
	f.Fuzz(func(t *testing.T, data []byte) {
		must.Do(t, os.WriteFile("manifest.json", data, 0o600))
		b, err := evidence.Open(context.Background(), ".", tight())
		wellFormed(t, err)
		if err == nil {
			readAll(t, b)
			closeBundle(t, b)
		}
	})
}

func FuzzRecords(f *testing.F) {
	for _, s := range []string{
		"", "{}\n{}", "[{},{}]", `{"@odata.context":"x","value":[{},1]}`, `{"value":[],"@odata.nextLink":"x"}`,
		`{"a":[1e400]}`, "\ufeff[]", gz("{}"), zst("[1]"), `{"value":[1],"x":2}`, "{\"id\":\"\xff\"}", "[[[[[[[[[[[[[[[[[[",
		strings.Repeat(" ", 5000) + "{}", `"\ud800"`, "[1] 2",
	} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Chdir(dir)
	m := manifest(map[string]any{"name": "entra.users", "status": "collected", "path": "users", "records": 2})
	must.Do(f, os.WriteFile("manifest.json", []byte(m), 0o600))
	f.Fuzz(func(t *testing.T, data []byte) {
		must.Do(t, os.WriteFile("users", data, 0o600))
		b, err := evidence.Open(context.Background(), ".", tight())
		if err != nil {
			wellFormed(t, err)
			return
		}
		defer closeBundle(t, b)
		err = records.Each(context.Background(), b.Source("entra.users"), func(r records.Record) bool {
			// What is streamed can be decoded, and is at its offset.
			if _, err := records.Decode(r.JSON, records.Limits{RecordBytes: tight().RecordBytes, Depth: tight().Depth}); err != nil {
				t.Errorf("%q: %v", r.JSON, err)
			}
			if packed := bytes.HasPrefix(data, []byte("\x1f\x8b")) || bytes.HasPrefix(data, []byte("\x28\xb5\x2f\xfd")); !packed && !bytes.HasPrefix(data[r.Offset:], r.JSON) {
				t.Errorf("%q is not at %d", r.JSON, r.Offset)
			}
			return true
		})
		wellFormed(t, err)
	})
}

func FuzzArchive(f *testing.F) {
	plain := members(single("{}\n{}", 2), "")
	for _, s := range []string{
		zipOf(plain), tarOf(plain), gz(tarOf(plain)), zst(tarOf(plain)), "", "PK\x03\x04", zipOf(members(single("{}", 1), "a/")),
		tarOf([]member{{name: "../x"}}), tarOf([]member{{name: "l", kind: '2', content: "/"}}), zipOf([]member{{name: "/x"}}),
	} {
		f.Add([]byte(s))
	}
	temp := f.TempDir()
	f.Setenv("TMPDIR", temp)
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := evidence.OpenReader(context.Background(), bytes.NewReader(data), "stdin", tight())
		wellFormed(t, err)
		if err == nil {
			readAll(t, b)
			closeBundle(t, b)
		}
		if left, _ := os.ReadDir(temp); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}
