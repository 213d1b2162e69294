//go:build unix

package atomicfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestSame compares files by all sorts of names, whether they exist or not.
func TestSame(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	must.Do(t, os.Mkdir("folder", 0o700))
	for _, name := range []string{"a", "b"} {
		must.Do(t, os.WriteFile(name, nil, 0o600))
	}
	for name, target := range map[string]string{"link": "a", "dangling": "folder/new", "also": "folder", "loop": "loop"} {
		must.Do(t, os.Symlink(target, name))
	}
	must.Do(t, os.Link("a", "hard"))
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
			expect.Equalf(t, test.want, atomicfile.Same(names[0], names[1]), "%s and %s", names[0], names[1])
		}
	}
}
