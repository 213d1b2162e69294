package history_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// TestBomb reads an assessment that decompresses to a gigabyte, and takes no more memory than an assessment does.
func TestBomb(t *testing.T) {
	path := filepath.Join(t.TempDir(), history.Name)
	s := open(t, path)
	record(t, s, sample("t", 1, 1), sample("t", 2, 2))
	var bomb bytes.Buffer
	enc := must.Get(zstd.NewWriter(&bomb))(t)
	for range 1 << 10 {
		must.Get(enc.Write(make([]byte, 1<<20)))(t)
	}
	must.Do(t, enc.Close())
	db := must.Get(sql.Open("sqlite", path))(t)
	defer func() { must.Do(t, db.Close()) }()
	must.Get(db.ExecContext(t.Context(), "UPDATE contents SET assessment = ? WHERE entry_key = 1", bomb.Bytes()))(t)
	must.Get(db.ExecContext(t.Context(), "UPDATE contents SET assessment = zeroblob(70000000) WHERE entry_key = 2"))(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for id, want := range map[int64]string{1: "entry 1: it has more than 64 MiB", 2: "entry 2: the assessment is not the one that was stored"} {
		if _, err := s.Assessment(t.Context(), "t", id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 512<<20 {
		t.Errorf("reading them took %d MiB", took>>20)
	}
	v := must.Get(s.Verify(t.Context(), history.Filter{}))(t)
	expect.Equal(t, 2, len(v[0].Findings))
}

// TestNewer refuses a store that a later version made, and leaves it alone.
func TestNewer(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		record(t, s, sample("t", 1, 1))
		tamper(t, url, "INSERT INTO schema_versions (version_id, is_applied) VALUES (99, "+map[bool]string{true: "true", false: "1"}[history.Remote(url)]+")")
		_, err := history.Open(t.Context(), url)
		if !errors.As(err, new(*history.NewerError)) || !strings.Contains(err.Error(), "a later version of posture wrote it: its tables have version 99") {
			t.Error(err)
		}
	})
}

// TestCode refuses a file with statements of its own.
func TestCode(t *testing.T) {
	for _, code := range []string{
		"CREATE TRIGGER x AFTER INSERT ON entries BEGIN DELETE FROM contents; END",
		"CREATE VIEW x AS SELECT 1",
	} {
		path := filepath.Join(t.TempDir(), history.Name)
		must.Do(t, must.Get(history.Open(t.Context(), path))(t).Close())
		tamper(t, path, code)
		if _, err := history.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "it has triggers or views") {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// TestDamagedFile overwrites parts of a file: it is read, or an error says that it is damaged.
func TestDamagedFile(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole.db")
	s := must.Get(history.Open(t.Context(), whole))(t)
	record(t, s, sample("t", 1, 1), sample("t", 2, 2), sample("t", 3, 3))
	must.Do(t, s.Close())
	text := must.Get(os.ReadFile(whole))(t)
	for at := 0; at < len(text); at += 1777 {
		damaged := bytes.Clone(text)
		for i := at; i < min(at+64, len(text)); i++ {
			damaged[i] ^= 0x5a
		}
		readAll(t, filepath.Join(dir, fmt.Sprintf("%d.db", at)), damaged)
	}
	for _, length := range []int{1, 100, 4096, 5000, len(text) / 2, len(text) - 1} {
		readAll(t, filepath.Join(dir, fmt.Sprintf("cut%d.db", length)), text[:length])
	}
}

// readAll reads all that can be read of a file with this content, in every way. It must end.
func readAll(t testing.TB, path string, text []byte) {
	t.Helper()
	must.Do(t, os.WriteFile(path, text, 0o600))
	defer os.Remove(path)
	s, err := history.Open(t.Context(), path)
	if err != nil {
		return
	}
	defer func() { _ = s.Close() }() // it may be damaged
	skim(s.Entries(t.Context(), history.Filter{}))
	skim(s.Rows(t.Context(), history.Filter{}))
	skim(s.Sums(t.Context(), history.Filter{}))
	skim(s.Changes(t.Context(), history.Filter{}))
	_, _ = s.Tenants(t.Context())
	_, _ = s.Verify(t.Context(), history.Filter{})
	_, _ = s.Export(t.Context(), &bytes.Buffer{}, history.Filter{})
	_, _, _ = s.Append(t.Context(), sample("t", 9, 9), history.Posture)
}

// skim reads all, whether it is sound or not.
func skim[V any](seq iter.Seq2[V, error]) {
	for _, err := range seq {
		_ = err
	}
}

// FuzzFile opens anything as a store.
func FuzzFile(f *testing.F) {
	path := filepath.Join(f.TempDir(), history.Name)
	s := must.Get(history.Open(f.Context(), path))(f)
	record(f, s, sample("t", 1, 1), sample("t", 2, 2))
	must.Do(f, s.Close())
	f.Add(must.Get(os.ReadFile(path))(f))
	f.Add([]byte("SQLite format 3\x00"))
	f.Fuzz(func(t *testing.T, text []byte) { readAll(t, filepath.Join(t.TempDir(), history.Name), text) })
}

// TestNamespace makes a schema of its own on a server, where the URL names none, and says what is missing where it may not.
func TestNamespace(t *testing.T) {
	postgres.database(t)
	s := open(t, postgres.running.URL("postgres"))
	record(t, s, sample("t", 1, 1))
	tamper(t, postgres.running.URL("postgres")+"&search_path=posture", "UPDATE entries SET seq = seq")
	must.Do(t, postgres.running.Exec(t.Context(), "CREATE DATABASE another"))
	must.Do(t, postgres.running.Exec(t.Context(), "CREATE ROLE ada LOGIN"))
	for url, want := range map[string]string{
		postgres.running.As("ada", "another"):                                 "the first run needs CREATE on the database",
		postgres.running.As("nobody", "another"):                              "the server refuses the user or the password",
		postgres.running.URL("none"):                                          "the server has no such database: create it",
		postgres.running.URL("another") + "&search_path=none":                 "the database has no schema that the search_path names",
		postgres.running.URL("another") + "&default_transaction_read_only=on": "the server takes no writes",
	} {
		if s, err := history.Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want %q", url, s, err, want)
		}
	}
}
