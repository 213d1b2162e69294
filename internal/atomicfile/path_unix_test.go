//go:build unix

package atomicfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/atomicfile"
)

// TestSame compares files by all sorts of names, whether they exist or not.
func TestSame(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"link": "a", "dangling": "folder/new", "also": "folder", "loop": "loop"} {
		if err := os.Symlink(target, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link("a", "hard"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"a", "a", true},
		{"a", "./a", true},
		{"a", filepath.Join(dir, "a"), true},
		{"a", "folder/../a", true},
		{"a", "link", true},
		{"a", "hard", true},
		{"a", "b", false},
		{"a", "new", false},
		{"new", "folder/../new", true},
		{"new", filepath.Join(dir, "new"), true},
		{"new", "newer", false},
		{"folder/new", "also/new", true},
		{"folder/new", "dangling", true},
		{"also/new", "dangling", true},
		{"new", "dangling", false},
		{"nowhere/new", "./nowhere/new", true},
		{"nowhere/new", "nowhere/newer", false},
		{"loop", "loop", true},
		{"loop", "a", false},
	} {
		for _, names := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
			if got := atomicfile.Same(names[0], names[1]); got != test.want {
				t.Errorf("%s and %s: %v, want %v", names[0], names[1], got, test.want)
			}
		}
	}
}
