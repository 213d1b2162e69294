package powershell

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

// Importer is the [importer.Importer] of saved answers of PowerShell cmdlets.
type Importer struct {
	table func() *table // of the built-in datasets, to detect files by
}

// New returns the importer.
func New() *Importer {
	return &Importer{table: sync.OnceValue(func() *table {
		registry, err := schemas.Builtin()
		if err != nil {
			return &table{} // Import returns the error
		}
		return newTable(registry)
	})}
}

// Info is part of [importer.Importer].
func (*Importer) Info() importer.Info {
	return importer.Info{
		Name:    "powershell",
		Accepts: "answers of PowerShell cmdlets, named after them, such as Get-SafeLinksPolicy.json",
		Command: &importer.Command{
			Args: "DIR", Flags: "--output DIR --collected-at TIME",
			Short: "Turn a folder or an archive of saved answers of PowerShell cmdlets into a bundle",
			Long: `Turn a folder of saved answers of PowerShell cmdlets into a bundle. Each file is what ConvertTo-Json made of one cmdlet's answer and
is named after the cmdlet, such as Get-SafeLinksPolicy.json. Saved responses of Microsoft Graph in the same folder become a part of the
bundle. Neither says when it was saved: --collected-at does. The organization's response, Get-ConnectionInformation, Get-CsTenant or
Get-MgContext says which tenant it is; where none was saved, --tenant does.`,
			Example: "posture evidence import powershell ./exports -o evidence --collected-at 2026-01-31T12:00:00Z",
		},
	}
}

// Detect is part of [importer.Importer]. A file is known by its name alone.
func (i *Importer) Detect(_ context.Context, head importer.Head, files fs.FS) importer.Match {
	if files == nil && head.Members == nil && i.table().knows(head.Path) {
		return importer.Yes
	}
	return importer.No
}

// Import is part of [importer.Importer].
func (*Importer) Import(ctx context.Context, in importer.Input) (*importer.Report, error) {
	e := &exports{files: in.Files, limits: in.Limits, datasets: map[string]*made{}}
	table := newTable(in.Registry)
	for _, name := range in.Names {
		if err := e.read(ctx, table, name); err != nil {
			return nil, err
		}
	}
	files := make(map[string]string, len(e.datasets))
	for name, m := range e.datasets {
		files[name] = m.ordered()[0].file
	}
	return &importer.Report{
		Collector: evidence.Collector{Name: "PowerShell"}, Tenant: e.tenant, TenantFile: e.tenantFile,
		Files: files, Skipped: e.skipped, Write: e.write,
	}, nil
}

// exports are saved answers of cmdlets, and what they make.
type exports struct {
	files    fs.FS
	limits   evidence.Limits
	datasets map[string]*made
	tenant   evidence.Tenant
	skipped  []importer.Skipped

	tenantFile string // the file that names the tenant
}

// made is a dataset and the files that make it.
type made struct {
	dataset *schemas.Dataset
	exports map[string]export // by cmdlet
	saved   psobject.Files
	failed  string // why no dataset can be made of them, or ""
}

type export struct {
	use
	file string
	content
}

// read looks through one file that the table knows. What is wrong with it costs the dataset that it makes, and nothing else.
func (e *exports) read(ctx context.Context, table *table, name string) error {
	u, ok := table.useOf(name)
	if !ok {
		return fmt.Errorf("%s: no dataset is made of it", name)
	}
	x := export{use: u, file: name}
	switch err := ctx.Err(); {
	case err != nil:
		return err
	case x.dataset == nil:
		return e.readTenant(ctx, x)
	default:
		return e.add(ctx, x)
	}
}

// add looks through a file of a dataset. It fails only with the context.
func (e *exports) add(ctx context.Context, x export) error {
	m := e.datasets[x.dataset.Name]
	if m == nil {
		m = &made{dataset: x.dataset, exports: map[string]export{}, saved: psobject.Files{}}
		e.datasets[x.dataset.Name] = m
	}
	if before, ok := m.exports[x.cmdlet]; ok {
		m.fail(fmt.Sprintf("%s and %s are two answers of %s: keep one of them", before.file, x.file, x.cmdlet))
		return nil
	}
	var err error
	x.content, err = walk(ctx, e.files, x.file, e.limits, func(map[string]any, int) error { return nil })
	m.exports[x.cmdlet] = x
	if err != nil {
		m.fail(err.Error())
	}
	return ctx.Err()
}

// fail notes why no dataset can be made; the first reason stays.
func (m *made) fail(why string) {
	if m.failed == "" {
		m.failed = why
	}
}

// property returns a property of a record if it is a string, or "".
func property(record map[string]any, name string) string {
	value, _ := psobject.Property(record, name)
	text, _ := value.(string)
	return text
}

// readTenant reads the tenant that a file names, if it does.
func (e *exports) readTenant(ctx context.Context, x export) error {
	var other error
	_, err := walk(ctx, e.files, x.file, e.limits, func(record map[string]any, _ int) error {
		id, name := property(record, x.tenantOf.id), property(record, x.tenantOf.name)
		switch {
		case id == "":
		case e.tenant.ID == "":
			e.tenant, e.tenantFile = evidence.Tenant{ID: id, Name: name}, x.file
		case !strings.EqualFold(e.tenant.ID, id):
			other = &evidence.Error{
				Path: x.file, Summary: fmt.Sprintf("the export is of tenant %s, and %s of %s", jsonfile.Clip(id), e.tenantFile, jsonfile.Clip(e.tenant.ID)),
				Hint: "One folder is for one tenant.",
			}
			return jsonfile.ErrStop
		case e.tenant.Name == "":
			e.tenant.Name = name
		}
		return nil
	})
	switch {
	case other != nil:
		return other
	case err != nil && ctx.Err() == nil:
		e.skipped = append(e.skipped, importer.Skipped{Path: x.file, Reason: strings.TrimPrefix(err.Error(), x.file+": ")})
		return nil
	}
	return ctx.Err()
}

// write writes the wanted datasets.
func (e *exports) write(ctx context.Context, w *evidence.Writer, wanted func(dataset string) bool) error {
	for _, name := range slices.Sorted(maps.Keys(e.datasets)) {
		m := e.datasets[name]
		if !wanted(name) {
			continue
		}
		if why := m.failure(); why != "" {
			w.Fail(name, why)
			continue
		}
		records := validate.RequireFields(m.dataset, e.records(ctx, m), m.saved.Truncated)
		if err := importer.WriteDataset(ctx, w, m.dataset, records, m.saved.Truncated); err != nil {
			return err
		}
	}
	return nil
}

// ordered returns the exports in the order of the sources of their dataset.
func (m *made) ordered() []export {
	var all []export
	for _, cmdlet := range cmdletsOf(m.dataset) {
		if x, ok := m.exports[cmdlet]; ok {
			all = append(all, x)
		}
	}
	return all
}

// failure returns why the exports do not make their dataset; "" if they do.
func (m *made) failure() string {
	if m.failed != "" {
		return m.failed
	}
	for _, cmdlet := range cmdletsOf(m.dataset) {
		x, saved := m.exports[cmdlet]
		switch {
		case !saved && complements()[cmdlet] == "":
			return fmt.Sprintf("%s was not saved", cmdlet)
		case saved && x.more:
			return fmt.Sprintf("%s lacks a page: its last one names a next one (\"@odata.nextLink\")", x.file)
		case saved && x.nothing:
			return fmt.Sprintf("%s holds nothing, as it would if %s had failed: save @(%s -ErrorAction Stop), which is [] if there is none", x.file, cmdlet, cmdlet)
		case saved && m.dataset.Kind == schemas.Document && x.records != 1:
			return fmt.Sprintf("%s holds %d objects, not one", x.file, x.records)
		}
	}
	return ""
}

// records streams the records of a dataset.
func (e *exports) records(ctx context.Context, m *made) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		more, err := e.complement(ctx, m)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, x := range m.ordered() {
			if complements()[x.cmdlet] != "" {
				continue
			}
			err := e.each(ctx, m, x, func(record map[string]any) error {
				more.complete(record)
				if !yield(record, nil) {
					return jsonfile.ErrStop
				}
				return nil
			})
			if err != nil {
				if !errors.Is(err, jsonfile.ErrStop) {
					yield(nil, err)
				}
				return
			}
		}
	}
}

// each visits the records of an export, converted to the shape of its dataset.
func (e *exports) each(ctx context.Context, m *made, x export, visit func(map[string]any) error) error {
	saved, translate := m.saved.Of(x.file), translations()[x.cmdlet]
	_, err := walk(ctx, e.files, x.file, e.limits, func(record map[string]any, level int) error {
		converted, _ := saved.Convert(record, level, translate, m.dataset.Shape()).(map[string]any)
		FlattenTexts(m.dataset.Name, converted)
		return visit(converted)
	})
	return err
}

// complement holds what one cmdlet adds to the records of another.
type complement struct {
	field string                    // that both have
	added map[string]map[string]any // by the value of the field
}

// complement reads the file that completes the others of its dataset, if there is one.
func (e *exports) complement(ctx context.Context, m *made) (complement, error) {
	c := complement{added: map[string]map[string]any{}}
	properties, _ := m.dataset.Shape()["properties"].(map[string]any)
	for _, x := range m.ordered() {
		if c.field = complements()[x.cmdlet]; c.field == "" {
			continue
		}
		return c, e.each(ctx, m, x, func(record map[string]any) error {
			key, ok := c.key(record)
			if !ok {
				return nil
			}
			maps.DeleteFunc(record, func(name string, _ any) bool { return properties[name] == nil })
			c.added[key] = record
			return nil
		})
	}
	return c, nil
}

func (c complement) key(record map[string]any) (string, bool) {
	key, ok := record[c.field].(string)
	return strings.ToLower(key), ok && key != ""
}

// complete adds the fields that a record lacks.
func (c complement) complete(record map[string]any) {
	key, ok := c.key(record)
	if !ok {
		return
	}
	for name, value := range c.added[key] {
		if _, there := record[name]; !there {
			record[name] = value
		}
	}
}
