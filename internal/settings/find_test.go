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

// TestFind looks from a folder upward: the nearest file counts, and the root of a repository is no end.
func TestFind(t *testing.T) {
	root := t.TempDir()
	must.Do(t, os.MkdirAll(filepath.Join(root, "org", "repo", ".git"), 0o755))
	must.Do(t, os.MkdirAll(filepath.Join(root, "org", "repo", "deep", "er"), 0o755))
	deep := filepath.Join(root, "org", "repo", "deep", "er")
	find := func() string { return must.Get(filepath.Rel(root, must.Get(Find(deep))(t)))(t) }

	put(t, filepath.Join(root, "org", Name), "")
	expect.Equalf(t, filepath.Join("org", Name), find(), "above a repository")
	put(t, filepath.Join(root, "org", "repo", Name), "")
	expect.Equalf(t, filepath.Join("org", "repo", Name), find(), "the nearest")
	put(t, filepath.Join(deep, Name), "")
	expect.Equalf(t, filepath.Join("org", "repo", "deep", "er", Name), find(), "in the folder")
}

// TestFindFromHere gives a path from the working directory, as a shell would show it.
func TestFindFromHere(t *testing.T) {
	root := t.TempDir()
	put(t, filepath.Join(root, Name), "store = \"a.db\"\n")
	must.Do(t, os.MkdirAll(filepath.Join(root, "a", "b"), 0o755))
	t.Chdir(filepath.Join(root, "a", "b"))
	expect.Equal(t, filepath.Join("..", "..", Name), must.Get(Find("."))(t))
	s := must.Get(Load("."))(t)
	expect.Equal(t, filepath.Join("..", "..", "a.db"), s.Store)

	// A link to a folder leads to the folders above that one, for the paths that are shown and for the system alike.
	if err := os.Symlink(filepath.Join(root, "a", "b"), filepath.Join(root, "link")); err != nil {
		t.Skip(err)
	}
	t.Chdir(filepath.Join(root, "link"))
	expect.Equal(t, filepath.Join("..", "..", Name), must.Get(Find("."))(t))
}

func TestLoad(t *testing.T) {
	root := t.TempDir()
	t.Chdir(root)
	if _, err := os.Stat(filepath.Join(filepath.Dir(root), Name)); err != nil {
		expect.Equalf(t, &Settings{}, must.Get(Load("."))(t), "no file")
	}
	must.Do(t, os.Mkdir(Name, 0o755))
	if _, err := Load("."); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("a folder in its place: %v", err)
	}
	if _, err := Find(filepath.Join(root, "none")); err == nil {
		t.Error("a folder that is not there has settings")
	}
}

// Without settings in the folder or above it, those beside the register hold.
func TestLoadNear(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	beside := filepath.Join(elsewhere, "register.hcl")
	if path := must.Get(Find(dir))(t); path != "" {
		t.Skip("there are settings above the temporary folder")
	}
	expect.Equal(t, "", must.Get(LoadNear(dir, beside))(t).Path)
	must.Do(t, os.WriteFile(Beside(beside), nil, 0o600))
	expect.Equal(t, filepath.Join(elsewhere, Name), must.Get(LoadNear(dir, beside))(t).Path)
	must.Do(t, os.WriteFile(filepath.Join(dir, Name), nil, 0o600))
	expect.Equal(t, filepath.Join(dir, Name), must.Get(LoadNear(dir, beside))(t).Path)
	expect.Equal(t, filepath.Join(dir, Name), must.Get(LoadNear(dir, ""))(t).Path)
}
