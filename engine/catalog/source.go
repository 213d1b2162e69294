package catalog

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/archive"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/policies"
)

// Bounds of a catalog. A catalog is text written by people: the built-in one is far below each of these.
const (
	maxFiles     = 20_000
	maxFileBytes = 4 << 20
	maxBytes     = 256 << 20
	maxDepth     = 8 // folders below the root
)

// Source is one tree of policy files, read into memory.
type Source struct {
	Name     string // the prefix of each path in messages
	files    map[string][]byte
	fallback bool // it yields to declarations of other sources
}

// Builtin returns the catalog that this build carries.
func Builtin() (Source, error) { return read("policies", policies.Files) }

// Products returns the products of the built-in catalog without its controls and shared Rego. A
// source that declares one of them itself replaces it.
func Products() (Source, error) {
	text, err := policies.Files.ReadFile("catalog.hcl")
	if err != nil {
		return Source{}, err
	}
	return Source{Name: "policies", files: map[string][]byte{"catalog.hcl": text}, fallback: true}, nil
}

// Dir reads a catalog from a folder. Links that lead out of the folder are errors.
func Dir(dir string) (Source, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Source{}, fmt.Errorf("opening catalog: %w", err)
	}
	defer root.Close()
	return read(dir, inputfile.FS(root))
}

// Open reads a catalog from a folder or from a .tar.gz file.
func Open(name string) (Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Source{}, fmt.Errorf("opening catalog: %w", err)
	}
	if info.IsDir() {
		return Dir(name)
	}
	file, err := inputfile.Open(name)
	if err != nil {
		return Source{}, fmt.Errorf("opening catalog: %w", err)
	}
	defer file.Close()
	return Archive(name, file)
}

// Archive reads a catalog from a gzip-compressed tar stream. It may hold only regular files and
// folders.
func Archive(name string, r io.Reader) (Source, error) {
	source, _, err := unpack(name, r, func(string) bool { return false })
	return source, err
}

// unpack reads a catalog from an archive. It also returns all files of the archive that a function keeps, with those of the catalog.
func unpack(name string, r io.Reader, keep func(string) bool) (source, all Source, err error) {
	zr, err := gzip.NewReader(r)
	if err != nil {
		return Source{}, Source{}, fmt.Errorf("catalog %s is neither a folder nor a .tar.gz file", name)
	}
	all = Source{Name: name, files: map[string][]byte{}}
	// The bound is on what is unpacked, headers included: an archive of nothing but empty entries
	// is large, too.
	bounded := &io.LimitedReader{R: zr, N: maxBytes}
	whole := archive.NewTar(bounded)
	for tr := tar.NewReader(whole); ; {
		header, err := tr.Next()
		if errors.Is(err, io.EOF) {
			if err = whole.End(); err == nil {
				source, err = all.policies().filled()
				return source, all, err
			}
		} else if err == nil {
			err = all.addEntry(header, tr, func(name string) bool { return isPolicyFile(name) || keep(name) })
		}
		if bounded.N <= 0 {
			return Source{}, Source{}, fmt.Errorf("reading catalog %s: it unpacks to more than %d MiB", name, maxBytes>>20)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return Source{}, Source{}, fmt.Errorf("reading catalog %s: it was cut off: pack or copy it again", name)
		}
		if err != nil {
			return Source{}, Source{}, fmt.Errorf("reading catalog %s: %w", name, err)
		}
	}
}

// policies returns the files that are part of a catalog.
func (s *Source) policies() *Source {
	policies := &Source{Name: s.Name, files: map[string][]byte{}}
	for name, text := range s.files {
		if isPolicyFile(name) {
			policies.files[name] = text
		}
	}
	return policies
}

// ErrEmpty says that a folder or an archive is no catalog.
var ErrEmpty = errors.New("no .hcl or .rego files")

// filled returns the source unless there is nothing in it, which is more likely a wrong path than a
// catalog.
func (s *Source) filled() (Source, error) {
	if len(s.files) == 0 {
		return Source{}, fmt.Errorf("reading catalog %s: it holds %w", s.Name, ErrEmpty)
	}
	return *s, nil
}

// addEntry adds a file of an archive if it is to be kept.
func (s *Source) addEntry(header *tar.Header, r io.Reader, keep func(string) bool) error {
	name := path.Clean(strings.TrimPrefix(header.Name, "./"))
	switch header.Typeflag {
	case tar.TypeDir, tar.TypeXGlobalHeader:
		return nil
	case tar.TypeReg:
	default:
		return fmt.Errorf("%s is neither a file nor a folder; pack the files themselves, without links", header.Name)
	}
	if !fs.ValidPath(name) {
		return fmt.Errorf("%s leads out of the archive", header.Name)
	}
	if !keep(name) {
		return nil
	}
	if _, ok := s.files[name]; ok {
		return fmt.Errorf("%s stands in it twice", name)
	}
	return s.add(name, r, header.Size)
}

// add reads a file that is likely of that size.
func (s *Source) add(name string, r io.Reader, size int64) error {
	if len(s.files) == maxFiles {
		return fmt.Errorf("it holds more than %d policy files", maxFiles)
	}
	if strings.Count(name, "/") > maxDepth {
		return fmt.Errorf("%s lies deeper than %d folders", name, maxDepth)
	}
	var text bytes.Buffer
	text.Grow(int(min(max(size, 0), maxFileBytes)) + bytes.MinRead)
	if _, err := text.ReadFrom(io.LimitReader(r, maxFileBytes+1)); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	if text.Len() > maxFileBytes {
		return fmt.Errorf("%s is larger than %d MiB", name, maxFileBytes>>20)
	}
	s.files[name] = text.Bytes()
	return nil
}

// paths returns the paths of the source's files in order.
func (s *Source) paths() []string {
	paths := make([]string, 0, len(s.files))
	for name := range s.files {
		paths = append(paths, name)
	}
	slices.Sort(paths)
	return paths
}

func read(name string, tree fs.FS) (Source, error) {
	source := Source{Name: name, files: map[string][]byte{}}
	total := 0
	err := fs.WalkDir(tree, ".", func(p string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && hidden(p):
			return fs.SkipDir
		case entry.IsDir() || hidden(p):
			return nil
		}
		if ok, err := readable(tree, p, entry); !ok || err != nil {
			return err
		}
		if err := source.addFile(tree, p); err != nil {
			return err
		}
		if total += len(source.files[p]); total > maxBytes {
			return fmt.Errorf("it holds more than %d MiB", maxBytes>>20)
		}
		return nil
	})
	if err != nil {
		return Source{}, fmt.Errorf("reading catalog %s: %w", name, err)
	}
	return source.filled()
}

func (s *Source) addFile(tree fs.FS, name string) error {
	file, err := tree.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	size := int64(0)
	if info, err := file.Stat(); err == nil {
		size = info.Size()
	}
	return s.add(name, file, size)
}

// readable reports whether the entry is a policy file. Links to folders are errors, since controls
// behind them would be missed, and so are special files, such as pipes.
func readable(tree fs.FS, name string, entry fs.DirEntry) (bool, error) {
	if entry.Type().IsRegular() {
		return isPolicyFile(name), nil
	}
	info, err := fs.Stat(tree, name) // follows a link
	switch {
	case errors.Is(err, fs.ErrNotExist) && !isPolicyFile(name):
		return false, nil // a dead link to nothing of ours
	case err != nil:
		return false, fmt.Errorf("%s can't be followed: %w", name, err)
	case info.IsDir():
		return false, fmt.Errorf("%s is a link to a folder: put the folder itself there", name)
	case isPolicyFile(name) && !info.Mode().IsRegular():
		return false, fmt.Errorf("%s is no file", name)
	}
	return isPolicyFile(name), nil
}

// hidden reports whether the path is ignored: files of editors, archivers and version control.
func hidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part != "." && strings.HasPrefix(part, ".") {
			return true
		}
	}
	return false
}

func isPolicyFile(name string) bool {
	return !hidden(name) && (strings.HasSuffix(name, ".hcl") || strings.HasSuffix(name, ".rego") || isSchema(name))
}
