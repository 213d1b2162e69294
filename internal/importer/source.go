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
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/folder"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// Options say how to open evidence. The zero value will do for bundles and for
// exports that say themselves whose they are and when they were made.
type Options struct {
	Limits      evidence.Limits
	Tenant      evidence.Tenant           // of evidence that does not say it; an error for evidence that says another
	CollectedAt time.Time                 // of evidence that does not say it
	Now         time.Time                 // taken for CollectedAt where answers of Graph and cmdlets do not say it
	Skipped     func(file, reason string) // told of files that made no evidence; may be nil
}

// Open opens the evidence at a path, or that of stdin if the path is "-".
func (o Options) Open(ctx context.Context, path string, stdin io.Reader) (*evidence.Bundle, error) {
	bundle, err := o.open(ctx, path, stdin)
	if err != nil {
		return nil, err
	}
	if o.Tenant.ID != "" {
		err = bundle.SetTenant(o.Tenant)
	}
	if err != nil {
		return nil, errors.Join(err, bundle.Close())
	}
	return bundle, nil
}

func (o Options) open(ctx context.Context, path string, stdin io.Reader) (*evidence.Bundle, error) {
	if path == Stdin {
		return o.stream(ctx, stdin)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("opening evidence: %w", err)
	}
	if !info.IsDir() {
		return o.file(ctx, path, path)
	}
	bundle, err := evidence.Open(ctx, path, o.Limits)
	if err == nil || !errors.Is(err, evidence.ErrNotBundle) && !foreign(ctx, path) {
		return bundle, err
	}
	return o.folder(ctx, path, path)
}

// foreign reports whether a folder has a manifest.json that is no bundle's.
func foreign(ctx context.Context, dir string) bool {
	f, err := os.Open(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	form, _ := folder.Recognise(ctx, f)
	return form == folder.Other
}

// head is enough of a file to know an archive by.
const head = 512

// file opens a file that is a bundle or an export. Its name is the one that
// the user knows it by.
func (o Options) file(ctx context.Context, path, name string) (*evidence.Bundle, error) {
	f, err := os.Open(path)
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
	first, err := in.Peek(head)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if evidence.IsArchive(first) {
		return o.archive(ctx, f, name)
	}
	form, why := folder.Recognise(ctx, in)
	if form == folder.ScubaGear || form == folder.Response || form == folder.Devices || folder.IsExport(filepath.Base(path)) {
		return o.folder(ctx, path, name)
	}
	return nil, unrecognised(name, why)
}

// unrecognised says what was looked for, and what to do.
func unrecognised(name, why string) error {
	return &evidence.Error{
		Path:    name,
		Summary: "no evidence that posture knows (" + why + ")",
		Hint: "Looked for: a bundle, which is a folder or an archive with manifest.json; ProviderSettingsExport.json " +
			`of ScubaGear; answers of Microsoft Graph, saved with their "@odata.context"; answers of ` +
			"PowerShell cmdlets, named after them, such as Get-SafeLinksPolicy.json.",
	}
}

// files bounds those of an archive of exports: a bundle has fewer.
const files = 10_000

// archive unpacks an archive and opens what it holds: a bundle, or a folder of exports.
func (o Options) archive(ctx context.Context, f *os.File, name string) (*evidence.Bundle, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("opening evidence: %w", err)
	}
	temp, err := os.MkdirTemp("", "posture-*")
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", name, err)
	}
	limits := o.Limits
	limits.Files = max(limits.Files, files)
	found, err := evidence.Unpack(ctx, f, name, temp, limits)
	switch {
	case err != nil:
	case found != "" && !foreign(ctx, filepath.Join(temp, filepath.FromSlash(found))):
		return evidence.Adopt(ctx, temp, filepath.Join(temp, filepath.FromSlash(found)), path.Join(filepath.ToSlash(name), found), o.Limits)
	default:
		var bundle *evidence.Bundle
		if bundle, err = o.importing(ctx, temp, folder.Options{Name: name, Packed: true}); err == nil {
			return bundle, os.RemoveAll(temp)
		}
	}
	return nil, errors.Join(err, os.RemoveAll(temp))
}

// stream opens standard input.
func (o Options) stream(ctx context.Context, stdin io.Reader) (*evidence.Bundle, error) {
	return o.stored(ctx, stdin, "standard input")
}

// stored opens what can be read but once: it is stored meanwhile, in a file of that name.
func (o Options) stored(ctx context.Context, r io.Reader, name string) (*evidence.Bundle, error) {
	dir, err := os.MkdirTemp("", "posture-*")
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	stored := filepath.Join(dir, filepath.Base(name))
	if err := store(ctx, r, stored, o.Limits); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return o.file(ctx, stored, name)
}

// maxBytes bounds what is taken of a stream that is no archive: no export is larger.
const maxBytes = 1 << 30

func store(ctx context.Context, r io.Reader, path string, limits evidence.Limits) error {
	in := bufio.NewReader(cancelled{ctx.Err, r})
	most := int64(maxBytes)
	first, err := in.Peek(head)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if evidence.IsArchive(first) {
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

// cancelled ends a stream when nobody waits for it any more.
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

func (o Options) folder(ctx context.Context, path, name string) (*evidence.Bundle, error) {
	return o.importing(ctx, path, folder.Options{Name: name})
}

// importing imports a folder of exports, or one file, into a temporary bundle, which is removed when the bundle is closed.
func (o Options) importing(ctx context.Context, path string, options folder.Options) (*evidence.Bundle, error) {
	name := options.Name
	temp, err := os.MkdirTemp("", "posture-*")
	if err != nil {
		return nil, fmt.Errorf("importing %s: %w", name, err)
	}
	dir := filepath.Join(temp, "bundle")
	options.CollectedAt, options.Now, options.Limits = o.CollectedAt, o.Now, o.Limits
	bundle, skipped, err := folder.Import(ctx, path, dir, options)
	if err == nil {
		err = bundle.Close()
	}
	if err != nil {
		err = evidence.Renamed(err, dir, name)
		if path != name {
			err = evidence.Renamed(err, path, name)
		}
		err = fmt.Errorf("%s: %w", name, err)
		return nil, errors.Join(err, os.RemoveAll(temp))
	}
	if o.Skipped != nil {
		for _, s := range skipped {
			o.Skipped(s.Path, s.Reason)
		}
	}
	if bundle, err = evidence.Adopt(ctx, temp, dir, name, o.Limits); err != nil {
		return nil, err
	}
	bundle.SetImported()
	return bundle, nil
}
