package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// repeated is a reader of one letter without end.
type repeated byte

func (r repeated) Read(p []byte) (int, error) {
	p = p[:min(len(p), 32<<10)]
	return copy(p, bytes.Repeat([]byte{byte(r)}, len(p))), nil
}

// manifest lists one dataset of one record.
func manifest(name, path, digest string) string {
	return fmt.Sprintf(`{"schema_version": "1", "tenant": {"id": "t-1"}, "collected_at": "2026-03-01T06:00:00Z", "datasets": [
  {"name": %q, "status": "collected", "path": %q, "records": 1, "sha256": %q}]}`, name, path, digest)
}

// TestLongString has a string in a record that is longer than any record may be. It must be refused before it is held,
// and costs its dataset only: check lists it with the violations of the others.
func TestLongString(t *testing.T) {
	dir := t.TempDir()
	file := must.Get(os.Create(filepath.Join(dir, "users.ndjson")))(t)
	digest := sha256.New()
	text := io.MultiReader(strings.NewReader(`{"id": "`), io.LimitReader(repeated('a'), 96<<20), strings.NewReader("\"}\n"))
	must.Get(io.Copy(io.MultiWriter(file, digest), text))(t)
	must.Do(t, file.Close())
	write(t, filepath.Join(dir, "manifest.json"), manifest("entra.users", "users.ndjson", hex.EncodeToString(digest.Sum(nil))))
	stdout, stderr := failedCheck(t, dir)
	if stderr != "" {
		t.Errorf("on standard error %q, want nothing", stderr)
	}
	says(t, stdout, "users.ndjson", "longer than 16 MiB")
}

// TestLongStringOfExport has the same in a foreign export, whose importer skips what it doesn't know.
func TestLongStringOfExport(t *testing.T) {
	file := must.Get(os.Create(filepath.Join(t.TempDir(), "export.json")))(t)
	text := io.MultiReader(
		strings.NewReader(`{"baseline_version": "1", "module_version": "1.8.0", "timestamp_zulu": "2026-05-04T17:15:48Z", "odd": "`),
		io.LimitReader(repeated('a'), 96<<20), strings.NewReader("\"}\n"))
	must.Get(io.Copy(file, text))(t)
	must.Do(t, file.Close())
	refused(t, file.Name(), "export.json", "longer than 16 MiB")
}

// TestBomb has an archive that unpacks to a thousand times its size.
func TestBomb(t *testing.T) {
	name := filepath.Join(t.TempDir(), "evidence.zip")
	file := must.Get(os.Create(name))(t)
	archive := zip.NewWriter(file)
	for _, member := range []struct {
		name string
		text io.Reader
	}{
		{"manifest.json", strings.NewReader(manifest("entra.users", "users.json", strings.Repeat("0", 64)))},
		{"users.json", io.LimitReader(repeated(' '), 16<<20)},
	} {
		w := must.Get(archive.Create(member.name))(t)
		must.Get(io.Copy(w, member.text))(t)
	}
	must.Do(t, archive.Close())
	must.Do(t, file.Close())
	refused(t, name, "evidence.zip", "500 times")
}

// refused wants evidence to be turned down as a whole with a message that says both words.
func refused(t *testing.T, path, where, why string) {
	t.Helper()
	stdout, stderr := failedCheck(t, path)
	if stdout != "" {
		t.Errorf("on standard output %q, want nothing", stdout)
	}
	says(t, stderr, where, why)
}

// failedCheck gives what checking evidence prints. It wants the check to fail without taking much memory.
func failedCheck(t *testing.T, path string) (stdout, stderr string) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	code, stdout, stderr := command(t, "", "evidence", "check", path)
	runtime.ReadMemStats(&after)
	if code != exitFailure {
		t.Errorf("exit code %d, want %d", code, exitFailure)
	}
	const most = 80 << 20
	if taken := after.TotalAlloc - before.TotalAlloc; taken > most {
		t.Errorf("took %d MiB of memory in all, want at most %d", taken>>20, most>>20)
	}
	return stdout, stderr
}

// says wants a message to name a place and a reason.
func says(t *testing.T, message, where, why string) {
	t.Helper()
	if !strings.Contains(message, where) || !strings.Contains(message, why) {
		t.Errorf("got %q, want it to name %s and say %q", message, where, why)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	must.Do(t, os.WriteFile(path, []byte(text), 0o644))
}
