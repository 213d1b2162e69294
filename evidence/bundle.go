package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/records"
)

// Bundle is an open bundle. It is safe for concurrent use, except for SetTenant.
type Bundle struct {
	name     string // as the user gave it
	root     *os.Root
	release  func() error // removes the temporary folder that it is in; nil if it is in none
	imported bool         // an importer made its files, which users do not know
	written  bool         // by this program, which computed its digests
	limits   Limits
	manifest Manifest
}

// Open opens a folder or an archive, and checks its manifest. An archive is unpacked into a temporary
// folder, which Close removes. The error is an [*Error]; errors.Is finds [ErrNotBundle] if path is no
// bundle at all.
func Open(ctx context.Context, path string, limits Limits) (*Bundle, error) {
	limits = limits.withDefaults()
	name := strings.TrimRight(filepath.ToSlash(path), "/")
	if name == "" {
		name = path
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, &Error{Path: name, Summary: "cannot be opened: " + withoutPath(err).Error(), cause: err}
	}
	if info.IsDir() {
		root, err := os.OpenRoot(path)
		if err != nil {
			return nil, &Error{Path: name, Summary: "cannot be opened: " + withoutPath(err).Error(), cause: err}
		}
		return start(ctx, &Bundle{name: name, root: root, limits: limits})
	}
	f, err := inputfile.Open(path)
	if err != nil {
		return nil, &Error{Path: name, Summary: "cannot be opened: " + withoutPath(err).Error(), cause: err}
	}
	defer func() { _ = f.Close() }()
	if !info.Mode().IsRegular() {
		return OpenReader(ctx, f, name, limits)
	}
	return openArchive(ctx, f, info.Size(), name, limits)
}

// OpenTemp opens the bundle in dir, which is in a temporary folder that release removes: Close calls it,
// and so does an error of OpenTemp. The name stands for the bundle in errors.
func OpenTemp(ctx context.Context, dir, name string, limits Limits, release func() error) (*Bundle, error) {
	b := &Bundle{name: name, release: release, limits: limits.withDefaults()}
	var err error
	if b.root, err = os.OpenRoot(dir); err != nil {
		return nil, errors.Join(&Error{Path: name, Summary: "cannot be opened: " + withoutPath(err).Error(), cause: err}, b.Close())
	}
	return start(ctx, b)
}

// start reads the manifest and checks the files. On an error it closes the bundle.
func start(ctx context.Context, b *Bundle) (*Bundle, error) {
	err := b.readManifest(ctx)
	if err == nil {
		err = b.checkSizes()
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// checkSizes checks that the files exist, and are within the limits.
func (b *Bundle) checkSizes() error {
	var total int64
	for _, d := range b.manifest.Datasets {
		if d.Status != Collected {
			continue
		}
		info, err := b.stat(d.Path)
		if err != nil {
			return err
		}
		if total += info.Size(); total > b.limits.TotalBytes {
			return &Error{Path: b.name, Summary: "holds more than " + records.FormatBytes(b.limits.TotalBytes)}
		}
	}
	return nil
}

func (b *Bundle) readManifest(ctx context.Context) error {
	if _, err := b.root.Lstat(manifestName); errors.Is(err, fs.ErrNotExist) {
		return &Error{
			Path: b.name, Summary: "holds no " + manifestName, cause: ErrNotBundle,
			Hint: "A bundle is a folder or an archive with this file and those that it lists.",
		}
	}
	f, stored, err := b.openRaw(manifestName)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if stored > manifestBytes {
		return b.errorAt(manifestName, nil, "is larger than "+records.FormatBytes(manifestBytes), "")
	}
	data, err := io.ReadAll(io.LimitReader(f, manifestBytes))
	if err == nil {
		b.manifest, err = parseManifest(data)
	}
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		var errs []error
		for _, err := range all.Unwrap() {
			errs = append(errs, b.explain(ctx, manifestName, err))
		}
		return errors.Join(errs...)
	}
	if err != nil {
		return b.explain(ctx, manifestName, err)
	}
	return nil
}

// Name returns the name by which the bundle was opened.
func (b *Bundle) Name() string { return b.name }

// File returns the path of the file of a dataset, or the name of the dataset if an importer made the file.
func (b *Bundle) File(d Dataset) string {
	if b.imported {
		return d.Name
	}
	return d.Path
}

// Manifest returns the manifest, with its datasets sorted by name.
func (b *Bundle) Manifest() Manifest {
	m := b.manifest
	m.Datasets = slices.Clone(m.Datasets)
	return m
}

// SetTenant names the tenant of a bundle that does not name one. It returns an error if the bundle
// names another tenant.
func (b *Bundle) SetTenant(t Tenant) error {
	said := &b.manifest.Tenant
	if said.ID != "" && !strings.EqualFold(said.ID, t.ID) {
		return &Error{Path: b.name, Summary: fmt.Sprintf("the evidence is of tenant %s, not of %s", said.ID, t.ID), Hint: "Check --tenant, or tenant in posture.hcl."}
	}
	if said.ID == "" {
		said.ID = t.ID
	}
	if said.Name == "" {
		said.Name = t.Name
	}
	return nil
}

// Dataset returns the entry of a dataset in the manifest, and whether there is one.
func (b *Bundle) Dataset(name string) (Dataset, bool) {
	i, ok := slices.BinarySearchFunc(b.manifest.Datasets, name, func(d Dataset, name string) int { return strings.Compare(d.Name, name) })
	if !ok {
		return Dataset{}, false
	}
	return b.manifest.Datasets[i], true
}

// Digest identifies the evidence: "sha256:" and the hexadecimal digest of a text with a line for the
// tenant and one for each dataset, in order of their names, with its status and the digest of its file.
// Verify checks that the files have these digests.
func (b *Bundle) Digest() string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "posture evidence %s\ntenant %q\n", SchemaVersion, b.manifest.Tenant.ID)
	for _, d := range b.manifest.Datasets {
		_, _ = fmt.Fprintf(h, "%s %s %s\n", d.Name, d.Status, d.SHA256)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// Verify compares the digest of every file with that in the manifest. It returns all differences, joined.
//
// A file may be changed between Verify and reading it. So complete passes over a dataset compare what they read themselves, and a
// program that makes one over each of them needs Verify for those without a digest alone.
func (b *Bundle) Verify(ctx context.Context) error {
	var all []error
	for _, d := range b.manifest.Datasets {
		if d.Status != Collected {
			continue
		}
		err := b.VerifyDataset(ctx, d.Name)
		if ctx.Err() != nil {
			return err
		}
		all = append(all, err)
	}
	return errors.Join(all...)
}

// VerifyDataset compares the digest of the file of one dataset, which was collected, with that in the manifest.
func (b *Bundle) VerifyDataset(ctx context.Context, name string) error {
	if b.written {
		return nil
	}
	d, _ := b.Dataset(name)
	if d.SHA256 == "" {
		return b.errorAt(manifestName, nil, "dataset "+quote(name)+" has no sha256", "Without it nobody can tell whether the file was changed.")
	}
	f, stored, err := b.openRaw(d.Path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return b.verify(ctx, d.Path, d.SHA256, newHashedReader(f, stored, d.SHA256))
}

// Close releases the bundle, and removes its temporary folder.
func (b *Bundle) Close() error {
	var err error
	if b.root != nil {
		err = b.root.Close()
	}
	if b.release != nil {
		err = errors.Join(err, b.release())
		b.release = nil
	}
	if err != nil {
		return &Error{Path: b.name, Summary: "cannot be closed: " + withoutPath(err).Error(), cause: err}
	}
	return nil
}
