package msgraph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/schemas"
)

// Responses are saved answers of Graph, and the datasets that they make.
type Responses struct {
	files  fs.FS
	limits evidence.Limits
	plan   *plan
	made   map[string]*made   // by dataset
	failed map[string]failure // by dataset; none is also made
	member *memberships       // what entra.group_members and entra.group_member_lists are made of
}

// made is what a dataset is made of: one answer, which is streamed, or records
// that were put together of several and are held.
type made struct {
	dataset *schemas.Dataset
	file    string
	from    whole
	held    []any
	isHeld  bool
	saved   psobject.Files // what was cut off in the files
}

// Read looks through files. One that can't be read costs the dataset that it is
// named after, and no other.
func Read(ctx context.Context, files fs.FS, names []string, registry *schemas.Registry, limits evidence.Limits) (*Responses, error) {
	r := &Responses{
		files: files, limits: limits, plan: newPlan(registry),
		made: map[string]*made{}, failed: map[string]failure{}, member: newMemberships(),
	}
	for _, name := range names {
		pages, err := walk(ctx, files, name, limits, nil)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			r.plan.unreadable(name, err)
		}
		for _, page := range pages {
			r.plan.sort(page)
		}
	}
	for _, name := range r.plan.datasets() {
		if err := r.settle(ctx, name); err != nil {
			return nil, err
		}
	}
	if err := r.describeHolders(ctx); err != nil {
		return nil, err
	}
	return r, r.settleMembers(ctx)
}

// IsResponse reports whether a file holds a response, whatever its name.
func IsResponse(ctx context.Context, files fs.FS, name string) bool {
	pages, err := walk(ctx, files, name, evidence.DefaultLimits(), nil)
	return err == nil && slices.ContainsFunc(pages, func(p page) bool { return p.context != "" || p.id != "" })
}

// unreadable notes a file that is no response.
func (p *plan) unreadable(file string, err error) {
	why := err.Error()
	before := len(p.skipped)
	p.fail(file, why, false)
	if len(p.skipped) == before {
		p.skip(file, why)
	}
}

// settle decides what a dataset is made of, or why it failed.
func (r *Responses) settle(ctx context.Context, name string) error {
	if name == groupMembers {
		return nil // when all others are settled
	}
	dataset, _ := r.plan.registry.Dataset(name)
	wholes, gaps := gather(dataset, r.sure(name))
	lost := slices.Clone(r.plan.errors[name])
	for _, g := range gaps {
		lost = append(lost, failure{g.file, g.reason, -1})
		if slices.ContainsFunc(wholes, func(w whole) bool { return w.pages[0].rank == g.rank && w.pages[0].version() == g.version }) {
			r.failed[name] = failure{g.file, g.reason, -1}
			return nil
		}
	}
	if len(wholes) == 0 {
		r.failed[name] = lost[0]
		return nil
	}
	m, why, err := r.choose(ctx, dataset, wholes)
	if err != nil {
		why = err.Error()
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case why != "":
		r.failed[name] = failure{wholes[0].file(), why, -1}
		return nil
	}
	r.made[name] = m
	for _, l := range lost {
		// Of several ways to a dataset one is enough, and the others may need a license.
		if l.rank >= 0 && !slices.ContainsFunc(wholes, func(w whole) bool { return w.pages[0].rank == l.rank }) {
			continue
		}
		r.plan.skip(l.file, fmt.Sprintf("%s is made of %s instead: %s", name, m.file, l.reason))
	}
	return nil
}

// sure gives the answers for a dataset. One that nothing but the name of its file
// tells of gives way to any other.
func (r *Responses) sure(name string) []answer {
	answers := r.plan.answers[name]
	sure := slices.DeleteFunc(slices.Clone(answers), func(a answer) bool { return a.guessed })
	if len(sure) == 0 {
		return answers
	}
	for _, a := range answers {
		if a.guessed {
			r.plan.skip(a.file, noContext)
		}
	}
	return sure
}

// choose makes a dataset of whole answers, or says why they don't make it.
func (r *Responses) choose(ctx context.Context, dataset *schemas.Dataset, wholes []whole) (*made, string, error) {
	if dataset.Name == roleAssignments {
		return r.assignments(ctx, dataset, wholes)
	}
	wholes, why, err := r.unite(ctx, dataset, partial(wholes))
	if why != "" || err != nil {
		return nil, why, err
	}
	m := &made{dataset: dataset, file: wholes[0].file(), from: wholes[0], saved: psobject.Files{}}
	if len(wholes) > 1 || len(m.from.pages) > 1 && isDated(dataset) && m.from.records() < manyRecords {
		m.isHeld = true
		m.held, why, err = r.merge(ctx, dataset, wholes, m.saved)
	}
	return m, why, err
}

// unite takes the whole lists, and makes one of two parts that are all of it.
func (r *Responses) unite(ctx context.Context, dataset *schemas.Dataset, wholes []whole) ([]whole, string, error) {
	var full, parts []whole
	for _, w := range wholes {
		if w.filter == "" {
			full = append(full, w)
		} else {
			parts = append(parts, w)
		}
	}
	switch {
	case len(full) > 0:
		for _, part := range parts {
			r.plan.skip(part.file(), fmt.Sprintf("it holds a part of the list (%s): %s is made of %s", clip(part.filter), dataset.Name, full[0].file()))
		}
		return full, "", nil
	case len(parts) == 2 && complete(parts[0].filter, parts[1].filter):
		for _, part := range parts {
			if why, err := r.holds(ctx, part); why != "" || err != nil {
				return nil, why, err
			}
		}
		return []whole{{pages: slices.Concat(parts[0].pages, parts[1].pages)}}, "", nil
	}
	return nil, fmt.Sprintf("%s holds a part of the list (%s), not all of it: save the answer to GET /v1.0/%s, in a file of another name",
		parts[0].file(), clip(parts[0].filter), r.plan.known[parts[0].pages[0].rank].path), nil
}

// holds makes sure that a part of the users holds what it says, and no others.
func (r *Responses) holds(ctx context.Context, part whole) (string, error) {
	said, _ := parseFilter(part.filter)
	why := ""
	err := r.each(ctx, part.pages, func(_ answer, record map[string]any, _ int) error {
		for name, value := range record {
			if strings.EqualFold(name, said.field) && (strings.EqualFold(fmt.Sprint(value), said.value) == said.negated) && (!said.negated || value != nil) {
				why = fmt.Sprintf("%s should hold a part of the list (%s), and has a record with %s %s", part.file(), part.filter, name, clip(fmt.Sprint(value)))
				return errStop
			}
		}
		return nil
	})
	return why, err
}

// Skipped tells what made no evidence.
func (r *Responses) Skipped() []Skipped { return r.plan.told() }

// Datasets names the datasets that Write will write, and a file of each.
func (r *Responses) Datasets() map[string]string {
	names := map[string]string{}
	for name, m := range r.made {
		names[name] = m.file
	}
	for name, f := range r.failed {
		names[name] = f.file
	}
	return names
}

// Tenant says whose the responses are, and which file told; nothing if the
// organization is not among them.
func (r *Responses) Tenant(ctx context.Context) (evidence.Tenant, string, error) {
	const name = "entra.organization"
	tenant, told := evidence.Tenant{}, ""
	for _, a := range r.plan.answers[name] {
		organization, err := r.document(ctx, a, psobject.Files{})
		if ctx.Err() != nil {
			return evidence.Tenant{}, "", ctx.Err()
		}
		id, _ := organization["id"].(string)
		if err != nil || id == "" {
			continue
		}
		display, _ := organization["displayName"].(string)
		if tenant.ID != "" && !strings.EqualFold(tenant.ID, id) {
			return evidence.Tenant{}, "", &evidence.Error{
				Path: a.file, Summary: fmt.Sprintf("the export is of tenant %s, and %s of %s", clip(id), told, clip(tenant.ID)),
				Hint: "One folder is for one tenant.",
			}
		}
		if tenant.ID == "" {
			tenant, told = evidence.Tenant{ID: id}, a.file
		}
		tenant.Name = cmp.Or(tenant.Name, display)
	}
	return tenant, told, nil
}

// Write writes the datasets. One whose records can't be read is listed as failed.
func (r *Responses) Write(ctx context.Context, w *evidence.Writer) error {
	for _, name := range slices.Sorted(maps.Keys(r.failed)) {
		w.Fail(name, r.failed[name].reason)
	}
	for _, name := range slices.Sorted(maps.Keys(r.made)) {
		if err := r.write(ctx, w, r.made[name]); err != nil {
			return err
		}
	}
	return nil
}

func (r *Responses) write(ctx context.Context, w *evidence.Writer, m *made) error {
	name := m.dataset.Name
	var broken, err error
	if m.dataset.Kind == schemas.Document {
		var document map[string]any
		if document, broken = r.documentOf(ctx, m); broken == nil {
			err = w.Document(name, document)
		}
	} else {
		records := r.recordsOf(ctx, m)
		err = w.Records(name, func(yield func(any, error) bool) {
			for record, failed := range records {
				if broken = failed; !yield(record, failed) {
					return
				}
			}
		})
	}
	w.Truncated(name, m.saved.Truncated()...)
	var disk *fs.PathError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case broken != nil:
		w.Fail(name, broken.Error())
	case errors.As(err, &disk):
		return err
	case err != nil:
		w.Fail(name, err.Error())
	}
	return nil
}

// within names the file that something is wrong in.
func within(file string, err error) error { return fmt.Errorf("%s: %w", file, err) }

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
