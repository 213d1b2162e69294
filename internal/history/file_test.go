package history_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// TestAnotherProgram leaves a database of another program as it is, byte by byte.
func TestAnotherProgram(t *testing.T) {
	for name, statements := range map[string][]string{
		"a table": {"CREATE TABLE contacts (name TEXT)"}, "tables of ours, too": {"CREATE TABLE schema_versions (version_id)", "CREATE TABLE x (y)"},
		"one named as ours": {"CREATE TABLE tenants (id)"}, "an id": {"PRAGMA application_id = 252006673"},
	} {
		path := filepath.Join(t.TempDir(), history.Name)
		tamper(t, path, append(statements, "PRAGMA user_version = 1")...)
		before := must.Get(os.ReadFile(path))(t)
		for _, open := range []func() (*history.Store, error){
			func() (*history.Store, error) { return history.Open(t.Context(), path) },
			func() (*history.Store, error) { return history.OpenExisting(t.Context(), path) },
		} {
			if _, err := open(); err == nil || !strings.Contains(err.Error(), "it is a database of another program") {
				t.Errorf("%s: %v", name, err)
			}
		}
		expect.Equal(t, string(before), string(must.Get(os.ReadFile(path))(t)))
	}
}

// TestWithoutID takes a store that has no application id, and gives it one.
func TestWithoutID(t *testing.T) {
	path := filepath.Join(t.TempDir(), history.Name)
	s := must.Get(history.Open(t.Context(), path))(t)
	record(t, s, sample("t", 1, 1))
	must.Do(t, s.Close())
	tamper(t, path, "PRAGMA application_id = 0")
	s = must.Get(history.Open(t.Context(), path))(t)
	sound(t, s, 1)
	must.Do(t, s.Close())
	tamper(t, path, "CREATE TABLE later (x)") // as a later version might
	must.Do(t, must.Get(history.Open(t.Context(), path))(t).Close())
}

// TestReadersWriteNothing opens a store and reads it, and leaves its file as it was: who watches it would be told of a change that is none.
func TestReadersWriteNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), history.Name)
	s := must.Get(history.Open(t.Context(), path))(t)
	record(t, s, sample("t", 1, 1))
	must.Do(t, s.Close())
	long := time.Now().Add(-time.Hour)
	must.Do(t, os.Chtimes(path, long, long))
	before := must.Get(os.Stat(path))(t).ModTime()
	for range 2 {
		s := must.Get(history.OpenExisting(t.Context(), path))(t)
		sound(t, s, 1)
		must.Do(t, s.Close())
	}
	expect.Equal(t, before, must.Get(os.Stat(path))(t).ModTime())
}

// TestSecretStore never shows what may be a password, and makes no file of it.
func TestSecretStore(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, url := range []string{
		"postgres:/u:s3cret@h/db", "host=h password=s3cret", "u:s3cret@h/db", ":memory:", "file:s3cret?mode=memory", "mysql://u:s3cret@h", "password=s3cret://h",
		"postgres://u:12#s3cret@h/db", "postgres://u:1/s3cret@h/db", "postgres://u:1?s3cret@h/db",
	} {
		if shown := history.Shown(url); strings.Contains(shown, "s3cret") {
			t.Errorf("%s is shown as %s", url, shown)
		}
		if strings.HasPrefix(url, "postgres://") {
			continue
		}
		if _, err := history.Open(t.Context(), url); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", url, err)
		}
	}
	expect.Equal(t, 0, len(must.Get(os.ReadDir("."))(t)))
}
