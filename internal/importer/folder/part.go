package folder

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/defender"
	"github.com/posture-score/posture/internal/importer/msgraph"
	"github.com/posture-score/posture/internal/importer/powershell"
	"github.com/posture-score/posture/internal/importer/scubagear"
)

// part is what the files of one kind make, or one export of ScubaGear.
type part struct {
	collector evidence.Collector
	tenant    evidence.Tenant
	told      string            // the file that names the tenant
	files     map[string]string // a file of each dataset
	write     func(context.Context, *evidence.Writer) error
	skipped   func() []Skipped // known once it is written
	bundle    *evidence.Bundle // what was written of it; nil until then
	export    string           // the file of ScubaGear; empty for the others
}

// read makes the parts, the preferred first: what was asked directly comes
// before what another tool made of it, and a newer export before an older one.
func (i *importer) read(ctx context.Context, s *sorter) error {
	if err := i.readResponses(ctx, s); err != nil {
		return err
	}
	if err := i.readExports(ctx, s); err != nil {
		return err
	}
	if err := i.readDevices(ctx, s.devices); err != nil {
		return err
	}
	return i.readScubaGear(ctx, s.scubagear)
}

func (i *importer) readDevices(ctx context.Context, names []string) error {
	if len(names) == 0 {
		return nil
	}
	answers, err := defender.Read(ctx, i, names, i.registry, i.options.Limits)
	if err != nil {
		return err
	}
	for _, skipped := range answers.Skipped() {
		i.skip(skipped.Path, skipped.Reason)
	}
	i.parts = append(i.parts, &part{
		collector: evidence.Collector{Name: "Microsoft Defender"},
		files:     answers.Datasets(), write: answers.Write, skipped: func() []Skipped { return nil },
	})
	return nil
}

func (i *importer) readResponses(ctx context.Context, s *sorter) error {
	if len(s.responses) == 0 {
		return nil
	}
	responses, err := msgraph.Read(ctx, i, s.responses, i.registry, i.options.Limits)
	if err != nil {
		return err
	}
	tenant, told, err := responses.Tenant(ctx)
	if err != nil {
		return err
	}
	p := &part{
		collector: evidence.Collector{Name: "Microsoft Graph"}, tenant: tenant, told: told,
		files: responses.Datasets(), write: responses.Write, skipped: responses.Skipped,
	}
	if len(p.files) == 0 {
		i.skipped = append(i.skipped, responses.Skipped()...)
	}
	i.parts = append(i.parts, p)
	return nil
}

func (i *importer) readExports(ctx context.Context, s *sorter) error {
	if len(s.exports) == 0 {
		return nil
	}
	exports, err := powershell.Read(ctx, i, s.exports, s.table, i.options.Limits)
	if err != nil {
		return err
	}
	tenant, told := exports.Tenant()
	i.parts = append(i.parts, &part{
		collector: evidence.Collector{Name: "PowerShell"}, tenant: tenant, told: told,
		files: exports.Datasets(), write: exports.Write, skipped: func() []Skipped { return nil },
	})
	for _, skipped := range exports.Skipped() {
		i.skip(skipped.Path, skipped.Reason)
	}
	return nil
}

// readScubaGear makes a part of each export, the newest first. One that can't be
// read is skipped if there is another file.
func (i *importer) readScubaGear(ctx context.Context, names []string) error {
	var parts []*part
	for _, name := range names {
		bundle, err := i.scubaGear(ctx, name)
		switch {
		case err == nil:
		case ctx.Err() != nil, len(names)+len(i.parts) == 1:
			return i.within(name, err)
		default:
			i.skip(name, err.Error())
			continue
		}
		m := bundle.Manifest()
		p := &part{collector: m.Collector, tenant: m.Tenant, told: name, files: map[string]string{}, bundle: bundle, export: name}
		for _, dataset := range m.Datasets {
			p.files[dataset.Name] = name
		}
		parts = append(parts, p)
	}
	slices.SortStableFunc(parts, func(a, b *part) int { return b.made().Compare(a.made()) })
	i.parts = append(i.parts, parts...)
	return nil
}

// within names the file that something is wrong in, unless there is but one.
func (i *importer) within(name string, err error) error {
	if i.alone {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

func (p *part) made() time.Time { return p.bundle.Manifest().CollectedAt }

func (i *importer) scubaGear(ctx context.Context, name string) (*evidence.Bundle, error) {
	f, err := i.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	dir, err := i.room()
	if err != nil {
		return nil, err
	}
	options := scubagear.Options{CollectedAt: i.options.CollectedAt, Limits: i.options.Limits}
	bundle, err := scubagear.Import(ctx, f, dir, options)
	return bundle, hide(err, dir)
}

// store writes a part into a bundle of its own, unless that was done.
func (i *importer) store(ctx context.Context, p *part, manifest evidence.Manifest) error {
	if p.bundle != nil {
		return nil
	}
	dir, err := i.room()
	if err != nil {
		return err
	}
	w, err := evidence.Create(dir, manifest)
	if err != nil {
		return err
	}
	defer func() { _ = w.Abort() }()
	if err := p.write(ctx, w); err != nil {
		return hide(err, dir)
	}
	if err := w.Close(); err != nil {
		return hide(err, dir)
	}
	i.skipped = append(i.skipped, p.skipped()...)
	p.bundle, err = evidence.Open(ctx, dir, i.options.Limits)
	return hide(err, dir)
}

// room makes a new folder for a part, which is removed with the tree.
func (t *tree) room() (string, error) {
	if t.temp == "" {
		temp, err := os.MkdirTemp("", "posture-*")
		if err != nil {
			return "", err
		}
		t.temp = temp
	}
	t.rooms++
	dir := filepath.Join(t.temp, fmt.Sprint(t.rooms))
	return dir, os.Mkdir(dir, 0o700)
}

// release closes the bundles of the parts.
func (i *importer) release() {
	for _, p := range i.parts {
		if p.bundle != nil {
			_ = p.bundle.Close()
		}
	}
}

// hide takes the path of a temporary folder out of an error: nobody knows it.
func hide(err error, dir string) error { return evidence.Renamed(err, dir, "the bundle") }

// collector names whoever collected the parts.
func collector(parts []*part) evidence.Collector {
	var names []string
	for _, p := range parts {
		if !slices.Contains(names, p.collector.Name) {
			names = append(names, p.collector.Name)
		}
	}
	if len(names) == 1 {
		return parts[0].collector
	}
	last := len(names) - 1
	return evidence.Collector{Name: strings.Join(names[:last], ", ") + " and " + names[last]}
}
