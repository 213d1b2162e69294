package powershell

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

// Exports are saved answers of cmdlets, and what they make.
type Exports struct {
	files    fs.FS
	limits   evidence.Limits
	datasets map[string]*made
	tenant   evidence.Tenant
	told     string // the file that names the tenant
	skipped  []Skipped
}

// made is a dataset and the files that it is made of.
type made struct {
	dataset *schemas.Dataset
	exports map[string]export // by cmdlet
	saved   psobject.Files
	fault   string // why nothing can be made of them, or ""
}

type export struct {
	use
	file string
	content
}

// Skipped is a file that made no evidence.
type Skipped struct{ Path, Reason string }

// Read looks through files that the table knows. What is wrong with one of them costs the dataset that it makes, and nothing else.
func Read(ctx context.Context, files fs.FS, names []string, table *Table, limits evidence.Limits) (*Exports, error) {
	e := &Exports{files: files, limits: limits, datasets: map[string]*made{}}
	for _, name := range names {
		u, ok := table.useOf(name)
		if !ok {
			return nil, fmt.Errorf("%s: no dataset is made of it", name)
		}
		x := export{use: u, file: name}
		err := ctx.Err()
		switch {
		case err != nil:
		case x.dataset == nil:
			err = e.ask(ctx, x)
		default:
			err = e.add(ctx, x)
		}
		if err != nil {
			return nil, err
		}
	}
	return e, nil
}

// add looks through one file. It fails only with the context.
func (e *Exports) add(ctx context.Context, x export) error {
	m := e.datasets[x.dataset.Name]
	if m == nil {
		m = &made{dataset: x.dataset, exports: map[string]export{}, saved: psobject.Files{}}
		e.datasets[x.dataset.Name] = m
	}
	if before, ok := m.exports[x.cmdlet]; ok {
		m.spoil(fmt.Sprintf("%s and %s are two answers of %s: keep one of them", before.file, x.file, x.cmdlet))
		return nil
	}
	var err error
	x.content, err = walk(ctx, e.files, x.file, e.limits, func(map[string]any, int) error { return nil })
	m.exports[x.cmdlet] = x
	if err != nil {
		m.spoil(err.Error())
	}
	return ctx.Err()
}

// spoil notes why nothing can be made of the files; the first reason stays.
func (m *made) spoil(why string) {
	if m.fault == "" {
		m.fault = why
	}
}

// property returns a property of a record that is a text, or "".
func property(record map[string]any, name string) string {
	value, _ := psobject.Property(record, name)
	text, _ := value.(string)
	return text
}

// ask takes from a file whose it is. One that does not say is no harm.
func (e *Exports) ask(ctx context.Context, x export) error {
	var other error
	_, err := walk(ctx, e.files, x.file, e.limits, func(record map[string]any, _ int) error {
		id, name := property(record, x.teller.id), property(record, x.teller.name)
		switch {
		case id == "":
		case e.tenant.ID == "":
			e.tenant, e.told = evidence.Tenant{ID: id, Name: name}, x.file
		case !strings.EqualFold(e.tenant.ID, id):
			other = &evidence.Error{
				Path: x.file, Summary: fmt.Sprintf("the export is of tenant %s, and %s of %s", clip(id), e.told, clip(e.tenant.ID)),
				Hint: "One folder is for one tenant.",
			}
			return errStop
		case e.tenant.Name == "":
			e.tenant.Name = name
		}
		return nil
	})
	switch {
	case other != nil:
		return other
	case err != nil && ctx.Err() == nil:
		e.skipped = append(e.skipped, Skipped{Path: x.file, Reason: strings.TrimPrefix(err.Error(), x.file+": ")})
		return nil
	}
	return ctx.Err()
}

// Skipped tells which files made no evidence.
func (e *Exports) Skipped() []Skipped { return e.skipped }

// Tenant says whose the exports are, and which file told; nothing if none did.
func (e *Exports) Tenant() (evidence.Tenant, string) { return e.tenant, e.told }

// Datasets names the datasets that Write will write, and a file of each.
func (e *Exports) Datasets() map[string]string {
	names := make(map[string]string, len(e.datasets))
	for name, m := range e.datasets {
		names[name] = m.ordered()[0].file
	}
	return names
}

// Write writes the datasets.
func (e *Exports) Write(ctx context.Context, w *evidence.Writer) error {
	for _, name := range slices.Sorted(maps.Keys(e.datasets)) {
		m := e.datasets[name]
		if why := m.failure(); why != "" {
			w.Fail(name, why)
			continue
		}
		err := e.dataset(ctx, w, m)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			w.Fail(name, err.Error())
		default:
			w.Truncated(name, m.saved.Truncated()...)
		}
	}
	return nil
}

// dataset writes one dataset.
func (e *Exports) dataset(ctx context.Context, w *evidence.Writer, m *made) error {
	if m.dataset.Kind != schemas.Document {
		var broken error // without what the writer says around it
		records := validate.Present(m.dataset, e.records(ctx, m), m.saved.Truncated)
		err := w.Records(m.dataset.Name, func(yield func(any, error) bool) {
			for record, err := range records {
				if broken = err; !yield(record, err) {
					return
				}
			}
		})
		return cmp.Or(broken, err)
	}
	for document, err := range e.records(ctx, m) {
		if err != nil {
			return err
		}
		if err := w.Document(m.dataset.Name, document); err != nil {
			return err
		}
	}
	return nil
}

// ordered gives the exports in the order of the sources of their dataset.
func (m *made) ordered() []export {
	var all []export
	for _, cmdlet := range cmdletsOf(m.dataset) {
		if x, ok := m.exports[cmdlet]; ok {
			all = append(all, x)
		}
	}
	return all
}

// failure says why the exports do not make their dataset; "" if they do.
func (m *made) failure() string {
	if m.fault != "" {
		return m.fault
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
func (e *Exports) records(ctx context.Context, m *made) iter.Seq2[any, error] {
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
					return errStop
				}
				return nil
			})
			if err != nil {
				if !errors.Is(err, errStop) {
					yield(nil, err)
				}
				return
			}
		}
	}
}

// each visits the records of one export in the shape of its dataset.
func (e *Exports) each(ctx context.Context, m *made, x export, visit func(map[string]any) error) error {
	saved, translate := m.saved.Of(x.file), translations()[x.cmdlet]
	_, err := walk(ctx, e.files, x.file, e.limits, func(record map[string]any, level int) error {
		converted, _ := saved.Convert(record, level, translate, m.dataset.Shape()).(map[string]any)
		Plain(m.dataset.Name, converted)
		return visit(converted)
	})
	return err
}

// complement holds what one cmdlet adds to the records of another.
type complement struct {
	field string                    // that both have
	added map[string]map[string]any // by the value of the field
}

// complement reads the export that completes the others of its dataset, if there is one.
func (e *Exports) complement(ctx context.Context, m *made) (complement, error) {
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

// complete adds what a record does not have itself.
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
