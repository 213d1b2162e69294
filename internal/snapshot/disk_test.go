package snapshot

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// TestTree tells of each change of evidence, and of nothing else.
func TestTree(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		must.Do(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		must.Do(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("manifest.json", "1")
	last := tree(dir)
	for _, test := range []struct {
		name    string
		change  func()
		another bool
	}{
		{"nothing", func() {}, false},
		{"a file", func() { write("users/a.json", "1") }, true},
		{"its text", func() { write("users/a.json", "12") }, true},
		{"a folder without files", func() { must.Do(t, os.Mkdir(filepath.Join(dir, "empty"), 0o700)) }, false},
		{"a hidden file", func() { write(".lock", "1") }, false},
		{"a file of git", func() { write(".git/HEAD", "1") }, false},
		{"what a database keeps beside it", func() { write("posture.db-wal", "1"); write("posture.db-shm", "1") }, false},
		{"a link", func() { must.Do(t, os.Symlink("manifest.json", filepath.Join(dir, "link.json"))) }, true},
		{"what a link leads to", func() { write("manifest.json", "123") }, true},
		{"a link to nothing", func() { must.Do(t, os.Symlink("none", filepath.Join(dir, "none.json"))) }, false},
		{"a file that is gone", func() { must.Do(t, os.Remove(filepath.Join(dir, "users", "a.json"))) }, true},
	} {
		test.change()
		now := tree(dir)
		if (now != last) != test.another {
			t.Errorf("%s: another state: %v", test.name, now != last)
		}
		last = now
	}
	if hidden := filepath.Join(dir, ".evidence"); tree(hidden) != tree(filepath.Join(dir, "none")) {
		t.Error("what is not there has a state")
	} else if must.Do(t, os.MkdirAll(hidden, 0o700)); true {
		write(".evidence/a.json", "1")
		if tree(hidden) == tree(filepath.Join(dir, "none")) {
			t.Error("a folder that is named is read, whatever its name")
		}
	}
}
