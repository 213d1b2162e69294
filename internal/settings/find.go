package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/textlimit"
)

// Load finds the settings that hold in a folder, and reads them. Without a file they are zero.
func Load(dir, home string) (*Settings, error) {
	path, err := Find(dir, home)
	return found(path, err)
}

// LoadNear is Load, and takes those beside a file, such as a register, if the folder has none: [Beside] says where they are made.
func LoadNear(dir, home, beside string) (*Settings, error) {
	path, err := Find(dir, home)
	if err == nil && path == "" && beside != "" {
		if _, missing := os.Lstat(Beside(beside)); missing == nil {
			path = Beside(beside)
		}
	}
	return found(path, err)
}

// found reads a file that was looked for.
func found(path string, err error) (*Settings, error) {
	if err != nil || path == "" {
		return &Settings{}, err
	}
	s, err := Open(path)
	if err == nil {
		s.Found = true
	}
	return s, err
}

// Open reads the settings in a file.
func Open(path string) (*Settings, error) {
	text, err := inputfile.ReadFile(path, textlimit.MaxHCLBytes)
	if err != nil {
		return nil, fmt.Errorf("reading the settings %s: %w", path, atomicfile.Bare(err))
	}
	return Read(path, text)
}

// Find looks for the file in a folder and in those above it, up to the root of a repository, to a home folder or to the root of the file
// system, whichever comes first, and returns the nearest as a path from dir; it is empty if there is none. Folders that can't be searched
// have none. The home folder is empty if there is none.
//
// A file above the folder counts only if it belongs to the user, to the administrator, or to whom the folder belongs: whoever may write
// into /tmp must not be able to say where a user who works below it keeps history.
func Find(dir, home string) (string, error) {
	full, err := filepath.Abs(dir)
	if err == nil {
		full, err = filepath.EvalSymlinks(full) // what .. means to the system
	}
	if err != nil {
		return "", fmt.Errorf("looking for %s: %w", Name, err)
	}
	if real, err := filepath.EvalSymlinks(home); err == nil {
		home = real
	}
	for at, up := full, dir; ; at, up = filepath.Dir(at), filepath.Join(up, "..") {
		path := filepath.Join(up, Name)
		info, err := os.Lstat(path)
		switch {
		case err == nil && at != full && !trusted(info, dir):
			return "", fmt.Errorf("%s belongs to another user: name it with --config to use it, or run the command in its folder", path)
		case err == nil:
			return path, nil
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission):
			return "", fmt.Errorf("looking for %s: %w", path, atomicfile.Bare(err))
		}
		if at == home || filepath.Dir(at) == at || isRepository(up) {
			return "", nil
		}
	}
}

// isRepository reports whether a folder is the root of a repository of git: .git is a folder in it, or a file in a work tree.
func isRepository(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return err == nil
}
