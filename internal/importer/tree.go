package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/archive"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/leftover"
)

const (
	// maxFiles bounds a folder: a page has some hundred records.
	maxFiles = 100_000
	// maxArchived bounds the files of one archive, and maxArchives how many of them are unpacked.
	maxArchived = 10_000
	maxArchives = 100
)

// tree lists the files of a folder and of the archives in it, each of which appears as a folder. It is the fs.FS that
// importers read: a compressed file opens as its content.
type tree struct {
	ctx      context.Context //nolint:containedctx // io/fs has no other way to learn of it
	root     *os.Root
	archives map[string]*os.Root // by name
	names    []string            // of all files, sorted
	alone    bool                // it is one file, which was asked for

	unreadable []Skipped
	limits     evidence.Limits
	temp       string       // where archives are unpacked and bundles are staged
	remove     func() error // removes temp
	dirs       int          // folders in it
	left       int64        // bytes that may still be unpacked
}

// openTree opens a folder and lists its files, or opens one file. Nothing outside of the folder is read, whatever its
// links point to.
func openTree(ctx context.Context, source string, limits evidence.Limits) (*tree, error) {
	info, err := os.Stat(source)
	if err != nil {
		return nil, err
	}
	t := &tree{ctx: ctx, archives: map[string]*os.Root{}, limits: limits, left: limits.TotalBytes}
	if t.left <= 0 {
		t.left = evidence.DefaultLimits().TotalBytes
	}
	folder, only := source, ""
	if !info.IsDir() {
		folder, only = filepath.Split(source)
	}
	if t.root, err = os.OpenRoot(filepath.Clean(folder)); err != nil {
		return nil, err
	}
	switch {
	case only == "":
		if err = t.walk(inputfile.FS(t.root), ""); err == nil {
			err = t.unpack()
		}
	case t.isArchive(only):
		err = t.mount(only)
	default:
		t.names, t.alone = []string{only}, true
	}
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	slices.Sort(t.names)
	return t, nil
}

// walk lists the files below a folder, except hidden ones.
func (t *tree) walk(files fs.FS, below string) error {
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && entry == nil, t.ctx.Err() != nil:
			return errors.Join(err, t.ctx.Err())
		case err != nil:
			t.unreadable = append(t.unreadable, Skipped{Path: path.Join(below, name), Reason: "it cannot be read"})
			return fs.SkipDir
		case name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "__MACOSX"):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			return nil
		}
		if t.names = append(t.names, path.Join(below, name)); len(t.names) > maxFiles {
			return fmt.Errorf("it has more than %d files", maxFiles)
		}
		return nil
	})
}

// unpack replaces archives by the files in them. An archive within an archive stays as it is.
func (t *tree) unpack() error {
	for _, name := range slices.Clone(t.names) {
		if !mayBeArchive(name) || !t.isArchive(name) {
			continue
		}
		t.names = slices.DeleteFunc(t.names, func(n string) bool { return n == name })
		if len(t.archives) == maxArchives {
			t.skip(name, fmt.Sprintf("more than %d archives are not unpacked", maxArchives))
			continue
		}
		if err := t.mount(name); err != nil {
			return err
		}
	}
	return nil
}

// mayBeArchive reports whether a file has a name of an archive or of a compressed file.
func mayBeArchive(name string) bool {
	return slices.Contains([]string{".zip", ".tar", ".tgz", ".gz", ".zst"}, strings.ToLower(path.Ext(name)))
}

// isArchive reports whether the first bytes of a file, decompressed, are those of an archive.
func (t *tree) isArchive(name string) bool {
	f, err := inputfile.In(t.root, name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	data, err := t.decompress(f)
	if err != nil {
		return false
	}
	defer func() { _ = data.Close() }()
	head := make([]byte, 512)
	n, _ := io.ReadFull(data, head)
	return archive.Is(head[:n])
}

// mount unpacks an archive and lists its files. An archive that cannot be unpacked is skipped.
func (t *tree) mount(name string) error {
	dir, err := t.tempDir()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	t.archives[name] = root
	if err := t.extract(name, dir); err != nil {
		if t.ctx.Err() != nil {
			return err
		}
		t.skip(name, "it cannot be unpacked: "+strings.TrimPrefix(err.Error(), name+": "))
		return nil
	}
	return t.walk(root.FS(), name)
}

func (t *tree) extract(name, dir string) error {
	if t.left <= 0 {
		return errors.New("the archives of this folder hold too much")
	}
	limits := t.limits
	limits.Files, limits.TotalBytes = maxArchived, t.left
	f, err := inputfile.In(t.root, name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	_, err = evidence.Unpack(t.ctx, f, name, dir, limits)
	t.left -= diskUsage(dir)
	return err
}

// diskUsage returns the bytes of the files of a folder.
func diskUsage(dir string) int64 {
	total := int64(0)
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := entry.Info(); err == nil && !entry.IsDir() {
			total += info.Size()
		}
		return nil
	})
	return total
}

// tempDir makes a folder that is removed with the tree.
func (t *tree) tempDir() (string, error) {
	if t.temp == "" {
		var err error
		if t.temp, t.remove, err = leftover.Folder(); err != nil {
			return "", err
		}
	}
	t.dirs++
	dir := filepath.Join(t.temp, fmt.Sprint(t.dirs))
	return dir, os.Mkdir(dir, 0o700)
}

func (t *tree) skip(name, reason string) {
	t.unreadable = append(t.unreadable, Skipped{Path: name, Reason: reason})
}

// Open opens a file, decompressed.
func (t *tree) Open(name string) (fs.File, error) {
	f, err := t.open(name)
	if err != nil {
		return nil, err
	}
	if packed := strings.ToLower(path.Ext(name)); !t.alone && packed != ".gz" && packed != ".zst" {
		return f, nil
	}
	data, err := t.decompress(f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &unpacked{File: f, data: data}, nil
}

// open opens a file of the folder or of one of its archives.
func (t *tree) open(name string) (*os.File, error) {
	if mounted := t.archive(name); mounted != "" {
		return inputfile.In(t.archives[mounted], strings.TrimPrefix(name, mounted+"/"))
	}
	return inputfile.In(t.root, name)
}

// archive returns the archive that a file is in; "" if it is in none.
func (t *tree) archive(name string) string {
	for at := path.Dir(name); at != "."; at = path.Dir(at) {
		if t.archives[at] != nil {
			return at
		}
	}
	return ""
}

func (t *tree) decompress(f *os.File) (io.ReadCloser, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return evidence.Decompress(t.ctx, f, info.Size(), t.limits)
}

// size returns the bytes of a file as it is stored; -1 on an error.
func (t *tree) size(name string) int64 {
	f, err := t.open(name)
	if err != nil {
		return -1
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return -1
	}
	return info.Size()
}

// Close closes the folder, and removes temporary files.
func (t *tree) Close() error {
	err := t.root.Close()
	for _, root := range t.archives {
		err = errors.Join(err, root.Close())
	}
	if t.temp != "" {
		err = errors.Join(err, t.remove())
	}
	return err
}

// unpacked is a compressed file that reads as its content.
type unpacked struct {
	fs.File
	data io.ReadCloser
}

// Read reads the content of the file.
func (u *unpacked) Read(p []byte) (int, error) { return u.data.Read(p) }

// Close closes the file.
func (u *unpacked) Close() error { return errors.Join(u.data.Close(), u.File.Close()) }
