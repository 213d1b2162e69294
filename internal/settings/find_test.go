package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
)

func points(hundredths int) score.Points { return score.Points(hundredths) }

func put(t *testing.T, path, text string) {
	t.Helper()
	must.Do(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must.Do(t, os.WriteFile(path, []byte(text), 0o644))
}

// TestFind looks from a folder upward: the nearest file counts, and the root of a repository and a home folder are the last that are looked into.
func TestFind(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		folders, files []string // folders that have to be there, and those that have settings
		home           string
		want           string // the folder of the settings that are found; empty for none
	}{
		"in the folder":             {files: []string{".", "a", "a/b"}, want: "a/b"},
		"the nearest":               {files: []string{".", "a"}, want: "a"},
		"at the root of a work":     {folders: []string{"a/.git"}, files: []string{".", "a"}, want: "a"},
		"above a repository":        {folders: []string{"a/.git"}, files: []string{"."}},
		"a repository further up":   {folders: []string{".git"}, files: []string{"."}, want: "."},
		"in a home":                 {files: []string{".", "a"}, home: "a", want: "a"},
		"above a home":              {files: []string{"."}, home: "a"},
		"a home that is not passed": {files: []string{"."}, home: "c", want: "."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			for _, dir := range append(test.folders, "a/b", "c") {
				must.Do(t, os.MkdirAll(filepath.Join(root, filepath.FromSlash(dir)), 0o755))
			}
			for _, dir := range test.files {
				put(t, filepath.Join(root, filepath.FromSlash(dir), Name), "")
			}
			want := ""
			if test.want != "" {
				want = filepath.Join(root, filepath.FromSlash(test.want), Name)
			}
			home := ""
			if test.home != "" {
				home = filepath.Join(root, test.home)
			}
			expect.Equal(t, want, must.Get(Find(filepath.Join(root, "a", "b"), home))(t))
		})
	}
}

// In a work tree of git .git is a file.
func TestFindWorkTree(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	put(t, filepath.Join(root, Name), "")
	put(t, filepath.Join(root, "tree", ".git"), "gitdir: elsewhere")
	expect.Equal(t, "", must.Get(Find(filepath.Join(root, "tree"), ""))(t))
}

// TestFindFromHere gives a path from the working directory, as a shell would show it.
func TestFindFromHere(t *testing.T) {
	root := t.TempDir()
	put(t, filepath.Join(root, Name), "store = \"a.db\"\n")
	must.Do(t, os.MkdirAll(filepath.Join(root, "a", "b"), 0o755))
	t.Chdir(filepath.Join(root, "a", "b"))
	expect.Equal(t, filepath.Join("..", "..", Name), must.Get(Find(".", ""))(t))
	s := must.Get(Load(".", ""))(t)
	expect.Equal(t, filepath.Join("..", "..", "a.db"), s.Store)

	// A link to a folder leads to the folders above that one, for the paths that are shown and for the system alike.
	if err := os.Symlink(filepath.Join(root, "a", "b"), filepath.Join(root, "link")); err != nil {
		t.Skip(err)
	}
	t.Chdir(filepath.Join(root, "link"))
	expect.Equal(t, filepath.Join("..", "..", Name), must.Get(Find(".", ""))(t))
}

func TestLoad(t *testing.T) {
	root := t.TempDir()
	t.Chdir(root)
	if _, err := os.Stat(filepath.Join(filepath.Dir(root), Name)); err != nil {
		expect.Equalf(t, &Settings{}, must.Get(Load(".", ""))(t), "no file")
	}
	must.Do(t, os.Mkdir(Name, 0o755))
	if _, err := Load(".", ""); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a folder in its place: %v", err)
	}
	if _, err := Find(filepath.Join(root, "none"), ""); err == nil {
		t.Error("a folder that is not there has settings")
	}
}

// Without settings in the folder or above it, those beside the register hold.
func TestLoadNear(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	beside := filepath.Join(elsewhere, "register.hcl")
	if path := must.Get(Find(dir, ""))(t); path != "" {
		t.Skip("there are settings above the temporary folder")
	}
	expect.Equal(t, "", must.Get(LoadNear(dir, "", beside))(t).Path)
	must.Do(t, os.WriteFile(Beside(beside), nil, 0o600))
	expect.Equal(t, filepath.Join(elsewhere, Name), must.Get(LoadNear(dir, "", beside))(t).Path)
	must.Do(t, os.WriteFile(filepath.Join(dir, Name), nil, 0o600))
	expect.Equal(t, filepath.Join(dir, Name), must.Get(LoadNear(dir, "", beside))(t).Path)
	expect.Equal(t, filepath.Join(dir, Name), must.Get(LoadNear(dir, "", ""))(t).Path)
}
