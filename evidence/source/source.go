package source

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/folder"
	"github.com/posture-score/posture/evidence/scubagear"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// The file of ScubaGear's report folder that holds the evidence.
const exportName = "ProviderSettingsExport.json"

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
	if !errors.Is(err, evidence.ErrNotBundle) {
		return bundle, err
	}
	if export := filepath.Join(path, exportName); isFile(export) {
		return o.scubagear(ctx, export, export)
	}
	return o.folder(ctx, path, path)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
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
	in := bufio.NewReader(f)
	first, err := in.Peek(head)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("opening evidence: %w", err)
	}
	if evidence.IsArchive(first) {
		return evidence.Open(ctx, path, o.Limits)
	}
	found, why := look(ctx, in)
	switch {
	case found == scubagearExport:
		return o.scubagear(ctx, path, name)
	case found == graphResponse, folder.IsExport(filepath.Base(path)):
		return o.folder(ctx, path, name)
	}
	return nil, unrecognised(name, why)
}

// stream opens standard input. What is no archive has to be read twice, so it
// is stored meanwhile.
func (o Options) stream(ctx context.Context, stdin io.Reader) (*evidence.Bundle, error) {
	const name = "standard input"
	in := bufio.NewReader(stdin)
	first, err := in.Peek(head)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if evidence.IsArchive(first) {
		return evidence.OpenReader(ctx, in, name, o.Limits)
	}
	dir, err := os.MkdirTemp("", "posture-*")
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	stored := filepath.Join(dir, name)
	if err := store(ctx, in, stored); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return o.file(ctx, stored, name)
}

// maxBytes bounds what is taken of a stream: no export is larger.
const maxBytes = 1 << 30

func store(ctx context.Context, r io.Reader, path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, io.LimitReader(cancelled{ctx.Err, r}, maxBytes+1))
	if err == nil && n > maxBytes {
		err = fmt.Errorf("it holds more than %d MiB", maxBytes>>20)
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

func (o Options) scubagear(ctx context.Context, path, name string) (*evidence.Bundle, error) {
	return o.imported(ctx, name, func(dir string) (*evidence.Bundle, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		bundle, err := scubagear.Import(ctx, f, dir, scubagear.Options{CollectedAt: o.CollectedAt, Limits: o.Limits})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return bundle, nil
	})
}

func (o Options) folder(ctx context.Context, path, name string) (*evidence.Bundle, error) {
	return o.imported(ctx, name, func(dir string) (*evidence.Bundle, error) {
		bundle, skipped, err := folder.Import(ctx, path, dir, folder.Options{CollectedAt: cmp.Or(o.CollectedAt, o.Now), Limits: o.Limits})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if o.Skipped != nil {
			for _, s := range skipped {
				o.Skipped(s.Path, s.Reason)
			}
		}
		return bundle, nil
	})
}

// imported makes a bundle of what an importer writes, which is removed when the bundle is closed.
func (o Options) imported(ctx context.Context, name string, into func(dir string) (*evidence.Bundle, error)) (*evidence.Bundle, error) {
	temp, err := os.MkdirTemp("", "posture-*")
	if err != nil {
		return nil, fmt.Errorf("importing %s: %w", name, err)
	}
	dir := filepath.Join(temp, "bundle")
	bundle, err := into(dir)
	if err == nil {
		err = bundle.Close()
	}
	if err != nil {
		return nil, errors.Join(hidden{err, dir, name}, os.RemoveAll(temp))
	}
	return evidence.Adopt(ctx, temp, dir, name, o.Limits)
}
