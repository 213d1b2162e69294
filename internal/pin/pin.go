package pin

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/inputfile"
)

// Name is the file beside posture.hcl, or in the working directory.
const Name = "posture.lock"

// Bounds of a file.
const (
	maxBytes    = 1 << 20
	maxCatalogs = 1000
)

// version is that of the format.
const version = 1

// Lock is what a file says. The zero value pins nothing.
type Lock struct {
	Version  int       `json:"version"`
	Builtin  *Builtin  `json:"builtin,omitempty"` // nil if the built-in catalog is not pinned
	Catalogs []Catalog `json:"catalogs"`          // sorted by path
}

// Builtin pins the built-in catalog.
type Builtin struct {
	Version string `json:"version"` // for people
	Digest  string `json:"digest"`  // as `posture version` prints it
}

// Catalog pins a catalog.
type Catalog struct {
	Path     string `json:"path"`               // from the folder of the file, with slashes
	Digest   string `json:"digest"`             // of its policy files, in a folder or packed
	From     string `json:"from,omitempty"`     // where it was pulled from: oci://registry/repository:tag
	Manifest string `json:"manifest,omitempty"` // digest of what was pulled
}

var isDigest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// What messages repeat, as a part of commands that people copy: the file may come from somebody else.
var (
	isAddress = regexp.MustCompile(`^oci://[A-Za-z0-9._:/@\[\]-]+$`)
	isVersion = regexp.MustCompile(`^[A-Za-z0-9._+-]*$`)
)

// How long they may be, in bytes: as a repetition of the expression, it would be compiled into as many steps whenever the program starts.
const (
	maxAddress = len("oci://") + 500
	maxVersion = 100
)

// Read reads the text of a file.
func Read(text []byte) (*Lock, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	var l Lock
	if err := dec.Decode(&l); err != nil {
		return nil, fmt.Errorf("it can't be read: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows its end")
	}
	if l.Version != version {
		return nil, fmt.Errorf("it has the version %d, and this program reads %d: write it anew with 'posture policy lock'", l.Version, version)
	}
	if l.Builtin != nil && !isDigest.MatchString(l.Builtin.Digest) {
		return nil, fmt.Errorf("the digest of the built-in catalog is %.100q: it has to be sha256: and 64 digits", l.Builtin.Digest)
	}
	if l.Builtin != nil && (len(l.Builtin.Version) > maxVersion || !isVersion.MatchString(l.Builtin.Version)) {
		return nil, fmt.Errorf("the version of the built-in catalog is %.100q: it has to be letters, digits and . _ + -", l.Builtin.Version)
	}
	if len(l.Catalogs) > maxCatalogs {
		return nil, fmt.Errorf("it pins %d catalogs, and at most %d are allowed", len(l.Catalogs), maxCatalogs)
	}
	for i, c := range l.Catalogs {
		switch {
		case c.Path == "":
			return nil, fmt.Errorf("catalog %d has no path", i+1)
		case !isDigest.MatchString(c.Digest):
			return nil, fmt.Errorf("the digest of %.100s is %.100q: it has to be sha256: and 64 digits", c.Path, c.Digest)
		case c.From != "" && (len(c.From) > maxAddress || !isAddress.MatchString(c.From)):
			return nil, fmt.Errorf("%.100s is from %.100q: it has to be an address such as oci://registry.contoso.example/security/catalog:1.2", c.Path, c.From)
		case c.Manifest != "" && !isDigest.MatchString(c.Manifest):
			return nil, fmt.Errorf("the manifest of %.100s is %.100q: it has to be sha256: and 64 digits", c.Path, c.Manifest)
		case i > 0 && l.Catalogs[i-1].Path >= c.Path:
			return nil, fmt.Errorf("its catalogs are not in order at %.100s, or it stands there twice", c.Path)
		}
	}
	return &l, nil
}

// Open reads a file. Without one nothing is pinned. A link that leads nowhere is an error: a folder from elsewhere may hold one, and what is
// pinned would be written to where it leads.
func Open(path string) (*Lock, error) {
	text, err := inputfile.ReadFile(path, maxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		if _, there := os.Lstat(path); there == nil {
			return nil, fmt.Errorf("reading %s: it is a link that leads nowhere: remove it", path)
		}
		return &Lock{Version: version}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, atomicfile.Bare(err))
	}
	l, err := Read(text)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return l, nil
}

// Encode returns the text of a file.
func (l *Lock) Encode() ([]byte, error) {
	if l.Catalogs == nil {
		l.Catalogs = []Catalog{}
	}
	l.Version = version
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(l); err != nil {
		return nil, fmt.Errorf("writing %s: %w", Name, err)
	}
	return text.Bytes(), nil
}

// Empty reports whether nothing is pinned.
func (l *Lock) Empty() bool { return l.Builtin == nil && len(l.Catalogs) == 0 }

// Set pins a catalog.
func (l *Lock) Set(c Catalog) {
	at, found := slices.BinarySearchFunc(l.Catalogs, c.Path, func(c Catalog, path string) int { return cmp.Compare(c.Path, path) })
	if found {
		l.Catalogs[at] = c
		return
	}
	l.Catalogs = slices.Insert(l.Catalogs, at, c)
}

// Find returns the pin of the catalog at a path, as the file writes it; nil if it is not pinned.
func (l *Lock) Find(path string) *Catalog {
	for i := range l.Catalogs {
		if l.Catalogs[i].Path == path {
			return &l.Catalogs[i]
		}
	}
	return nil
}

// Path returns a path from the working directory as the file in a folder writes it.
func Path(dir, path string) (string, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("pinning %s: %w", path, err)
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("pinning %s: %w", path, err)
	}
	relative, err := filepath.Rel(from, to)
	if err != nil { // on another drive
		return filepath.ToSlash(to), nil //nolint:nilerr // see above
	}
	return filepath.ToSlash(relative), nil
}
