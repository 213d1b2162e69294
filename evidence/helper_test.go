package evidence_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
)

// folder writes files into ./contoso of a new working folder.
func folder(t testing.TB, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	must.Do(t, os.Mkdir("contoso", 0o700))
	for name, content := range files {
		name = filepath.Join("contoso", filepath.FromSlash(name))
		must.Do(t, os.MkdirAll(filepath.Dir(name), 0o700))
		must.Do(t, os.WriteFile(name, []byte(content), 0o600))
	}
}

// single gives the files of a bundle whose one dataset, entra.users, has this content.
func single(content string, records int) map[string]string {
	digest := sha256.Sum256([]byte(content))
	return map[string]string{
		"users": content,
		"manifest.json": manifest(map[string]any{
			"name": "entra.users", "status": "collected", "path": "users",
			"sha256": hex.EncodeToString(digest[:]), "records": records,
		}),
	}
}

func manifest(datasets ...map[string]any) string {
	data, err := json.MarshalIndent(map[string]any{
		"schema_version": "1",
		"tenant":         map[string]any{"id": "5f1b0d3e"},
		"collected_at":   "2026-03-01T06:00:00Z",
		"datasets":       datasets,
	}, "", "  ")
	if err != nil {
		panic(err)
	}
	return string(data)
}

// readAllOf reads all of entra.users in ./contoso.
func readAllOf(t testing.TB, limits evidence.Limits) ([]string, error) {
	t.Helper()
	b, err := evidence.Open(t.Context(), "contoso", limits)
	if err != nil {
		return nil, err
	}
	defer closeBundle(t, b)
	return read1(t, b)
}

func read1(t testing.TB, b *evidence.Bundle) ([]string, error) {
	t.Helper()
	var got []string
	for r, err := range b.Records(t.Context(), "entra.users") {
		if err != nil {
			return got, err
		}
		got = append(got, string(r.JSON))
	}
	return got, nil
}

func closeBundle(t testing.TB, b *evidence.Bundle) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

// leavesNothing fails the test if something stays in the temporary folder.
func leavesNothing(t testing.TB) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func gz(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func zst(s string) string {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err)
	}
	defer func() { _ = w.Close() }()
	return string(w.EncodeAll([]byte(s), nil))
}

func lines(s ...string) string { return strings.Join(s, "\n") }
