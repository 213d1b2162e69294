package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/schemas"
)

// Import reads the files of a folder and of those below it, or one file, and writes the bundle that they make into
// dir. It also returns what made no evidence, sorted by path.
func (o Options) Import(ctx context.Context, source, dir string) (*evidence.Bundle, []Skipped, error) {
	if info, err := os.Stat(source); o.Only != nil && (err != nil || info.IsDir()) {
		return nil, nil, fmt.Errorf("opening the export: %w", cmp.Or(err, errors.New("it is a folder: name the file")))
	}
	var bundle *evidence.Bundle
	skipped, err := o.write(ctx, source, dir, func(w *evidence.Writer) error { return w.Close() })
	if err == nil {
		bundle, err = evidence.Open(ctx, dir, o.Limits)
	}
	return bundle, skipped, err
}

// write writes the bundle of a folder, which finish completes, and returns what was skipped.
func (o Options) write(ctx context.Context, source, dir string, finish func(*evidence.Writer) error) ([]Skipped, error) {
	i := &importing{options: o, name: cmp.Or(o.name, source)}
	err := i.run(ctx, source, dir, finish)
	i.sortSkipped()
	if err != nil && (i.tree == nil || !i.alone) {
		err = fmt.Errorf("importing saved exports: %w", err)
	}
	return i.skipped, err
}

// importing is the import of one folder.
type importing struct {
	*tree
	options  Options
	name     string // of the folder, as the user knows it
	registry *schemas.Registry
	sources  []*source
	skipped  []Skipped
}

// source is what the files of one importer hold, or one export.
type source struct {
	*Report
	export string           // the one file; "" if the importer reads all of its files together
	staged *evidence.Bundle // the datasets that other sources make as well
}

func (i *importing) skip(name, reason string) {
	i.skipped = append(i.skipped, Skipped{Path: name, Reason: reason})
}

func (i *importing) sortSkipped() {
	slices.SortFunc(i.skipped, func(a, b Skipped) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Reason, b.Reason))
	})
	i.skipped = slices.Compact(i.skipped)
}

func (i *importing) run(ctx context.Context, source, dir string, finish func(*evidence.Writer) error) (err error) {
	if i.registry, err = schemas.Builtin(); err != nil {
		return err
	}
	if i.tree, err = openTree(ctx, source, i.options.Limits); err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	c := &classifier{tree: i.tree, options: i.options, registry: i.registry}
	if by := i.options.Only; by != nil && i.alone {
		c.files = map[Importer][]string{by: i.names}
	} else {
		err = c.classify(ctx)
		if i.skipped = c.skipped; err == nil {
			err = c.refuse(i.name)
		}
	}
	if err != nil {
		return err
	}
	defer i.release()
	if err = i.read(ctx, c.files); err == nil {
		err = i.combine(ctx, dir, finish)
	}
	if err != nil && len(c.bundles) > 0 && ctx.Err() == nil {
		return fmt.Errorf("%w %s", err, c.nameBundles(i.name))
	}
	return err
}

// read has every importer read its files. The sources are in the order of preference: what a service returned itself
// comes before what another tool made of it, and a newer export before an older one.
func (i *importing) read(ctx context.Context, files map[Importer][]string) error {
	total := 0
	for by, names := range files {
		switch {
		case by.Info().PerFile:
			total += len(names)
		case len(names) > 0:
			total++
		}
	}
	for _, by := range i.options.Importers {
		names := files[by]
		switch {
		case len(names) == 0:
		case by.Info().PerFile:
			for _, name := range names {
				if err := i.readExport(ctx, by, name, total, len(names) > 1); err != nil {
					return err
				}
			}
		default:
			report, err := by.Import(ctx, i.input(names...))
			if err != nil {
				return err
			}
			i.add(report, "")
		}
	}
	slices.SortStableFunc(i.sources, func(a, b *source) int {
		switch {
		case a.export == "" && b.export == "":
			return 0
		case a.export == "" || b.export == "":
			return strings.Compare(a.export, b.export)
		}
		return b.CollectedAt.Compare(a.CollectedAt)
	})
	return nil
}

func (i *importing) input(names ...string) Input {
	return Input{Files: i, Names: names, Registry: i.registry, Limits: i.options.Limits, CollectedAt: i.options.CollectedAt}
}

func (i *importing) add(report *Report, export string) *source {
	s := &source{Report: report, export: export}
	i.sources = append(i.sources, s)
	i.skipped = append(i.skipped, report.Skipped...)
	return s
}

// readExport reads one export. One that cannot be read is skipped if there are other sources. Of several exports each
// is staged as soon as it is read, so that no two of them are held at a time.
func (i *importing) readExport(ctx context.Context, by Importer, name string, total int, several bool) error {
	report, err := by.Import(ctx, i.input(name))
	if err == nil {
		if s := i.add(report, name); several {
			err = i.stage(ctx, s, func(string) bool { return true })
		}
	}
	switch {
	case err == nil:
		return nil
	case total == 1 && i.alone:
		return err
	case ctx.Err() != nil, total == 1:
		return fmt.Errorf("%s: %w", name, err)
	}
	i.sources = slices.DeleteFunc(i.sources, func(s *source) bool { return s.export == name })
	i.skip(name, err.Error())
	return nil
}

// manifest returns the manifest of the bundle, without its datasets.
func (i *importing) manifest() (evidence.Manifest, error) {
	tenant, err := i.tenant()
	if err != nil {
		return evidence.Manifest{}, err
	}
	m := evidence.Manifest{SchemaVersion: evidence.SchemaVersion, Tenant: tenant, CollectedAt: i.collectedAt()}
	if m.CollectedAt.IsZero() {
		return m, &evidence.Error{Summary: "the files do not say when they were saved", Hint: "Give the time with --collected-at TIME."}
	}
	i.sources = slices.DeleteFunc(i.sources, func(s *source) bool { return len(s.Files) == 0 })
	if i.options.Undated != nil && slices.ContainsFunc(i.sources, func(s *source) bool { return s.CollectedAt.IsZero() }) {
		i.options.Undated()
	}
	m.Collector = collector(i.sources)
	return m, nil
}

// collectedAt returns the time of a lone export, the time that was given, the time of the newest export, or now.
func (i *importing) collectedAt() time.Time {
	var newest time.Time
	for _, s := range i.sources {
		if s.CollectedAt.After(newest) {
			newest = s.CollectedAt
		}
	}
	switch {
	case len(i.sources) == 1 && !newest.IsZero():
		return newest
	case !i.options.CollectedAt.IsZero():
		return i.options.CollectedAt
	case !newest.IsZero():
		return newest
	}
	return i.options.Now
}

// tenant returns the tenant of the exports. All that name one have to agree.
func (i *importing) tenant() (evidence.Tenant, error) {
	var (
		tenant evidence.Tenant
		file   string
	)
	for _, s := range i.sources {
		switch {
		case s.Tenant.ID == "":
		case tenant.ID == "":
			tenant, file = s.Tenant, s.TenantFile
		case !strings.EqualFold(tenant.ID, s.Tenant.ID):
			return evidence.Tenant{}, &evidence.Error{
				Path: s.TenantFile, Summary: fmt.Sprintf("the export is of tenant %s, and %s of %s", s.Tenant.ID, file, tenant.ID),
				Hint: "One folder is for one tenant.",
			}
		case tenant.Name == "":
			tenant.Name = s.Tenant.Name
		}
	}
	given := i.options.Tenant
	switch {
	case tenant.ID == "":
		return given, nil
	case given.ID != "" && !strings.EqualFold(tenant.ID, given.ID):
		return evidence.Tenant{}, &evidence.Error{Path: file, Summary: fmt.Sprintf("the export is of tenant %s, not of %s", tenant.ID, given.ID), Hint: "Check --tenant, or tenant in posture.hcl."}
	}
	tenant.Name = cmp.Or(tenant.Name, given.Name)
	return tenant, nil
}

// collector returns the collectors of the sources, joined.
func collector(sources []*source) evidence.Collector {
	var names []string
	for _, s := range sources {
		if !slices.Contains(names, s.Collector.Name) {
			names = append(names, s.Collector.Name)
		}
	}
	if len(names) == 1 {
		return sources[0].Collector
	}
	last := len(names) - 1
	return evidence.Collector{Name: strings.Join(names[:last], ", ") + " and " + names[last]}
}

// nothing is the error of a folder whose files make no dataset.
func (i *importing) nothing() error {
	hint := `Responses of Graph are told by their "@odata.context", exports of PowerShell by the name of the cmdlet; there was none.`
	if len(i.skipped) > 0 {
		i.sortSkipped()
		first := i.skipped[0]
		hint = strings.Replace(hint, "there was none", fmt.Sprintf("%s was skipped because %s", first.Path, first.Reason), 1)
	}
	return &evidence.Error{Summary: "no file holds what a dataset is made of", Hint: hint}
}

// release closes the staged bundles.
func (i *importing) release() {
	for _, s := range i.sources {
		if s.staged != nil {
			_ = s.staged.Close()
		}
	}
}

// stage writes the wanted datasets of a source into a temporary bundle.
func (i *importing) stage(ctx context.Context, s *source, wanted func(dataset string) bool) (err error) {
	dir, err := i.tempDir()
	if err != nil {
		return err
	}
	defer func() { err = renameFolder(err, dir, "the bundle") }() // the path is temporary
	at := s.CollectedAt
	if at.IsZero() {
		at = i.collectedAt()
	}
	w, err := evidence.Create(dir, evidence.Manifest{SchemaVersion: evidence.SchemaVersion, CollectedAt: at})
	if err != nil {
		return err
	}
	defer func() { _ = w.Abort() }()
	if err := s.Write(ctx, w, wanted); err != nil {
		return err
	}
	s.Write = nil // an export may be held by it
	s.staged, err = w.Bundle("the bundle", i.options.Limits, nil)
	return err
}
