package importer

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/archive"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/leftover"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// Options say how to open evidence. Without importers only bundles can be opened; package builtin has those that exist.
type Options struct {
	Importers   []Importer // the earlier come first where two of them collected the same dataset
	Limits      evidence.Limits
	Tenant      evidence.Tenant           // of evidence that does not name it; an error for evidence that names another
	CollectedAt time.Time                 // of evidence that does not say it
	Now         time.Time                 // used as CollectedAt by exports that do not say it, where the option is zero
	Undated     func()                    // called where an export does not say when it was collected; may be nil
	Skipped     func(file, reason string) // called by Open for files that make no evidence; may be nil
	Only        Importer                  // reads the one file that Import names, whatever the others say; may be nil

	name   string // of what is imported, as the user knows it; its path if empty
	packed bool   // the user knows it as an archive
}

// Open opens the evidence at a path, or that of stdin if the path is "-", in whatever form it is: a bundle or exports,
// as a folder, an archive or one file. The form is recognized by content. Exports are imported into a temporary bundle,
// which is removed when the bundle is closed.
func (o Options) Open(ctx context.Context, path string, stdin io.Reader) (*evidence.Bundle, error) {
	tenant := o.Tenant
	o.Tenant = evidence.Tenant{} // the bundle says which tenant it is of before this one counts
	bundle, err := o.open(ctx, path, stdin)
	if err != nil || tenant.ID == "" {
		return bundle, err
	}
	if err := bundle.SetTenant(tenant); err != nil {
		return nil, errors.Join(err, bundle.Close())
	}
	return bundle, nil
}

func (o Options) open(ctx context.Context, path string, stdin io.Reader) (*evidence.Bundle, error) {
	if path == Stdin {
		return o.stored(ctx, stdin, "standard input")
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("opening evidence: %w", err)
	}
	if !info.IsDir() {
		return o.file(ctx, path, path)
	}
	bundle, err := evidence.Open(ctx, path, o.Limits)
	if err == nil || !errors.Is(err, evidence.ErrNotBundle) && !o.isForeign(ctx, path) {
		return bundle, err
	}
	return o.imported(ctx, path, path)
}

// isForeign reports whether the manifest.json of a folder is no manifest of a bundle.
func (o Options) isForeign(ctx context.Context, dir string) bool {
	f, err := inputfile.Open(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	return o.detect(ctx, "manifest.json", f).form == other
}

// headBytes are enough of a file to recognize an archive.
const headBytes = 512

// file opens a file that is a bundle or an export. The user knows it by the name.
func (o Options) file(ctx context.Context, path, name string) (*evidence.Bundle, error) {
	f, err := inputfile.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening evidence: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("opening evidence: %w", err)
	}
	if !info.Mode().IsRegular() {
		return o.stored(ctx, f, name)
	}
	data, err := evidence.Decompress(ctx, f, info.Size(), o.Limits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer func() { _ = data.Close() }()
	in := bufio.NewReader(data)
	first, err := in.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if archive.Is(first) {
		return o.archive(ctx, f, name)
	}
	base := filepath.Base(path)
	found := o.detect(ctx, base, in)
	if _, match := o.match(ctx, Head{Path: base}, nil); found.form == export || match == Yes {
		return o.imported(ctx, path, name)
	}
	return nil, o.unrecognized(name, found.what)
}

// unrecognized is the error of a file that no importer knows: what it is, and what was looked for.
func (o Options) unrecognized(name, what string) error {
	accepted := []string{"a bundle, which is a folder or an archive with manifest.json"}
	for _, i := range o.Importers {
		if accepts := i.Info().Accepts; accepts != "" {
			accepted = append(accepted, accepts)
		}
	}
	return &evidence.Error{
		Path:    name,
		Summary: "no evidence that posture knows (" + what + ")",
		Hint:    "Looked for: " + strings.Join(accepted, "; ") + ".",
	}
}

// maxFilesPacked bounds the files of an archive of exports. A bundle has fewer.
const maxFilesPacked = 10_000

// archive unpacks an archive and opens its content: a bundle, or a folder of exports.
func (o Options) archive(ctx context.Context, f *os.File, name string) (*evidence.Bundle, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("opening evidence: %w", err)
	}
	temp, remove, err := leftover.Folder()
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", name, err)
	}
	limits := o.Limits
	limits.Files = max(limits.Files, maxFilesPacked)
	found, err := evidence.Unpack(ctx, f, name, temp, limits)
	switch {
	case err != nil:
	case found != "" && !o.isForeign(ctx, filepath.Join(temp, filepath.FromSlash(found))):
		return evidence.OpenTemp(ctx, filepath.Join(temp, filepath.FromSlash(found)), path.Join(filepath.ToSlash(name), found), o.Limits, remove)
	default:
		o.packed = true
		var bundle *evidence.Bundle
		if bundle, err = o.imported(ctx, temp, name); err == nil {
			return bundle, remove()
		}
	}
	return nil, errors.Join(err, remove())
}

// stored opens a stream, which it stores in a temporary file of that name.
func (o Options) stored(ctx context.Context, r io.Reader, name string) (*evidence.Bundle, error) {
	dir, remove, err := leftover.Folder()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	defer func() { _ = remove() }()
	stored := filepath.Join(dir, filepath.Base(name))
	if err := store(ctx, r, stored, o.Limits); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return o.file(ctx, stored, name)
}

// maxStreamBytes bounds a stream that is no archive: no export is larger.
const maxStreamBytes = 1 << 30

func store(ctx context.Context, r io.Reader, path string, limits evidence.Limits) error {
	in := bufio.NewReader(cancelled{ctx.Err, r})
	most := int64(maxStreamBytes)
	first, err := in.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if archive.Is(first) {
		most = max(limits.TotalBytes, most)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, io.LimitReader(in, most+1))
	if err == nil && n > most {
		err = fmt.Errorf("it holds more than %d MiB", most>>20)
	}
	return errors.Join(err, f.Close())
}

// cancelled is a reader that fails once the context is done.
type cancelled struct {
	err  func() error
	from io.Reader
}

func (c cancelled) Read(p []byte) (int, error) {
	if err := c.err(); err != nil {
		return 0, err
	}
	return c.from.Read(p)
}

// imported imports a folder of exports, or one file, into a temporary bundle.
func (o Options) imported(ctx context.Context, path, name string) (*evidence.Bundle, error) {
	temp, remove, err := leftover.Folder()
	if err != nil {
		return nil, fmt.Errorf("importing %s: %w", name, err)
	}
	dir := filepath.Join(temp, "bundle")
	o.name = name
	var bundle *evidence.Bundle
	skipped, err := o.write(ctx, path, dir, func(w *evidence.Writer) (err error) {
		bundle, err = w.Bundle(name, o.Limits, remove)
		return err
	})
	if err != nil {
		err = renameFolder(err, dir, name)
		if path != name {
			err = renameFolder(err, path, name)
		}
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), remove())
	}
	if o.Skipped != nil {
		for _, s := range skipped {
			o.Skipped(s.Path, s.Reason)
		}
	}
	return bundle, nil
}
