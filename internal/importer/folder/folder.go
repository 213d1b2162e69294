package folder

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/msgraph"
	"github.com/posture-score/posture/internal/importer/powershell"
	"github.com/posture-score/posture/schemas"
)

// Options say what exports don't.
type Options struct {
	Name        string          // the folder as the user knows it; its path if empty
	Packed      bool            // the user knows it as an archive
	CollectedAt time.Time       // when the exports were saved, if none of them says so
	Now         time.Time       // taken for CollectedAt where answers of Graph and cmdlets do not say it
	Tenant      evidence.Tenant // whose they are, if none of them says so
	Limits      evidence.Limits
}

// Skipped is a file, or a part of one, that made no evidence.
type Skipped = msgraph.Skipped

// Import reads the files of a folder and of those below it, or one file, and
// writes the bundle that they make into dir. It also tells what made no
// evidence.
func Import(ctx context.Context, source, dir string, options Options) (*evidence.Bundle, []Skipped, error) {
	i := &importer{options: options}
	bundle, err := i.importInto(ctx, source, dir)
	switch {
	case err == nil:
		return bundle, i.skipped, nil
	case i.tree != nil && i.alone:
		return nil, i.skipped, err
	}
	return nil, i.skipped, fmt.Errorf("importing saved exports: %w", err)
}

// IsExport reports whether a file that bears a name would be read as the answer
// of a cmdlet.
func IsExport(name string) bool {
	registry, err := schemas.Builtin()
	return err == nil && powershell.NewTable(registry).Knows(name)
}

// importer makes one bundle. It lives as long as one call.
type importer struct {
	*tree
	registry *schemas.Registry
	options  Options
	parts    []*part
	skipped  []Skipped
}

func (i *importer) importInto(ctx context.Context, source, dir string) (bundle *evidence.Bundle, err error) {
	if i.registry, err = schemas.Builtin(); err != nil {
		return nil, err
	}
	if i.tree, err = plant(ctx, source, i.options.Limits); err != nil {
		return nil, err
	}
	defer func() { _ = i.Close() }()
	name := cmp.Or(i.options.Name, source)
	s := &sorter{tree: i.tree, table: powershell.NewTable(i.registry), registry: i.registry, packed: i.options.Packed}
	if err := s.sort(ctx); err != nil {
		return nil, err
	}
	i.skipped = s.skipped
	defer i.order()
	if err := s.refuse(name); err != nil {
		return nil, err
	}
	defer i.release()
	err = i.read(ctx, s)
	if err == nil {
		err = i.write(ctx, dir)
	}
	switch {
	case err == nil:
		return evidence.Open(ctx, dir, i.options.Limits)
	case len(s.bundles) > 0 && ctx.Err() == nil:
		return nil, fmt.Errorf("%w %s", err, s.nameBundles(name))
	}
	return nil, err
}

// order sorts what was skipped by its path.
func (i *importer) order() {
	slices.SortFunc(i.skipped, func(a, b Skipped) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Reason, b.Reason))
	})
	i.skipped = slices.Compact(i.skipped)
}

func (i *importer) skip(name, reason string) {
	i.skipped = append(i.skipped, Skipped{Path: name, Reason: reason})
}

// write makes one bundle of the parts.
func (i *importer) write(ctx context.Context, dir string) error {
	if !slices.ContainsFunc(i.parts, func(p *part) bool { return len(p.files) > 0 }) {
		i.order()
		return i.nothing()
	}
	manifest, err := i.manifest()
	if err != nil {
		return err
	}
	i.parts = slices.DeleteFunc(i.parts, func(p *part) bool { return len(p.files) == 0 })
	manifest.Collector = collector(i.parts)
	if len(i.parts) > 1 {
		for _, p := range i.parts {
			if err := i.store(ctx, p, manifest); err != nil {
				return err
			}
		}
	}
	w, err := evidence.Create(dir, manifest)
	if err != nil {
		return err
	}
	defer func() { _ = w.Abort() }()
	if only := i.parts[0]; len(i.parts) == 1 && only.bundle == nil {
		err = only.write(ctx, w)
		i.skipped = append(i.skipped, only.skipped()...)
	} else {
		err = i.combine(ctx, w)
	}
	if err != nil {
		return err
	}
	return w.Close()
}

func (i *importer) manifest() (evidence.Manifest, error) {
	tenant, err := i.whose()
	if err != nil {
		return evidence.Manifest{}, err
	}
	at := i.options.CollectedAt
	for _, p := range i.parts {
		if p.bundle != nil && i.options.CollectedAt.IsZero() && p.bundle.Manifest().CollectedAt.After(at) {
			at = p.bundle.Manifest().CollectedAt
		}
	}
	// The time of an export alone is its own, whatever is said of it.
	if len(i.parts) == 1 && i.parts[0].bundle != nil {
		at = i.parts[0].bundle.Manifest().CollectedAt
	}
	if at.IsZero() {
		at = i.options.Now
	}
	if at.IsZero() {
		return evidence.Manifest{}, &evidence.Error{
			Summary: "the files do not say when they were saved",
			Hint:    "Give the time with --collected-at TIME.",
		}
	}
	return evidence.Manifest{SchemaVersion: evidence.SchemaVersion, Tenant: tenant, CollectedAt: at}, nil
}

// whose finds out which tenant the exports are of. All that say so have to agree.
func (i *importer) whose() (evidence.Tenant, error) {
	var (
		tenant evidence.Tenant
		told   string
	)
	for _, p := range i.parts {
		switch {
		case p.tenant.ID == "":
		case tenant.ID == "":
			tenant, told = p.tenant, p.told
		case !strings.EqualFold(tenant.ID, p.tenant.ID):
			return evidence.Tenant{}, &evidence.Error{
				Path: p.told, Summary: fmt.Sprintf("the export is of tenant %s, and %s of %s", p.tenant.ID, told, tenant.ID),
				Hint: "One folder is for one tenant.",
			}
		case tenant.Name == "":
			tenant.Name = p.tenant.Name
		}
	}
	given := i.options.Tenant
	switch {
	case tenant.ID == "":
		return given, nil
	case given.ID != "" && !strings.EqualFold(tenant.ID, given.ID):
		return evidence.Tenant{}, &evidence.Error{Path: told, Summary: fmt.Sprintf("the export is of tenant %s, not of %s", tenant.ID, given.ID), Hint: "Check --tenant."}
	}
	tenant.Name = cmp.Or(tenant.Name, given.Name)
	return tenant, nil
}
