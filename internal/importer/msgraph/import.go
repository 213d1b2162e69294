package msgraph

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/schemas"
)

// Importer is the [importer.Importer] of saved responses of Microsoft Graph.
type Importer struct{}

// Info is part of [importer.Importer].
func (Importer) Info() importer.Info {
	return importer.Info{
		Name:    "graph",
		Accepts: `answers of Microsoft Graph, saved with their "@odata.context"`,
		Command: &importer.Command{
			Args: "DIR", Flags: "--output DIR --collected-at TIME",
			Short: "Turn a folder or an archive of saved Microsoft Graph responses into a bundle",
			Long: `Turn a folder of saved Microsoft Graph responses into a bundle. What a file answers is read from its @odata.context; the pages of a
list are put together. Files that are named after a PowerShell cmdlet are read as "posture evidence import powershell" reads them. Responses
don't say when they were asked for: --collected-at does.`,
			Example: "posture evidence import graph ./responses -o evidence --collected-at 2026-01-31T12:00:00Z",
		},
	}
}

// Detect is part of [importer.Importer]. A closer look finds a response after the first element of a list, or one whose
// "@odata.context" is not among the first members.
func (Importer) Detect(ctx context.Context, head importer.Head, files fs.FS) importer.Match {
	switch last := head.Last(); {
	case files != nil && isSaved(ctx, files, head.Path):
		return importer.Yes
	case files != nil:
		return importer.Maybe
	case last == "" && isNamed(head.Path):
		return importer.Name
	case last == "@odata.context" && !strings.HasSuffix(head.Context, "huntingQueryResults"): // which package defender reads
		return importer.Yes
	case last == "responses" && head.Kind == '[':
		return importer.Yes
	}
	return importer.No
}

// Import is part of [importer.Importer].
func (Importer) Import(ctx context.Context, in importer.Input) (*importer.Report, error) {
	r, err := read(ctx, in.Files, in.Names, in.Registry, in.Limits)
	if err != nil {
		return nil, err
	}
	tenant, file, err := r.tenant(ctx)
	if err != nil {
		return nil, err
	}
	return &importer.Report{
		Collector: evidence.Collector{Name: "Microsoft Graph"}, Tenant: tenant, TenantFile: file,
		Files: r.datasets(), Skipped: r.plan.sortedSkipped(), Write: r.write,
	}, nil
}

// Subject is part of [importer.Subject]: the id of the group whose members a file is named after, folders included.
func (Importer) Subject(file string) string {
	members, _ := groupNamed(file)
	return strings.ToLower(members.key)
}

// responses are saved answers of Graph, and the datasets that they make.
type responses struct {
	files  fs.FS
	limits evidence.Limits
	plan   *plan
	made   map[string]*made   // by dataset
	failed map[string]failure // by dataset; none is also made
	member *memberships       // what entra.group_members and entra.group_member_lists are made of
}

// made is the source of a dataset: one answer, which is streamed, or records that were merged from
// several answers and are held.
type made struct {
	dataset *schemas.Dataset
	file    string
	from    whole
	held    []any
	isHeld  bool
	saved   psobject.Files // what was cut off in the files
}

// read reads files. One that cannot be read costs the dataset that it is named after, and no other.
func read(ctx context.Context, files fs.FS, names []string, registry *schemas.Registry, limits evidence.Limits) (*responses, error) {
	r := &responses{
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
		if err := r.decide(ctx, name); err != nil {
			return nil, err
		}
	}
	if err := r.describeHolders(ctx); err != nil {
		return nil, err
	}
	return r, r.decideMembers(ctx)
}

// isSaved reports whether a file holds a response, whatever its name.
func isSaved(ctx context.Context, files fs.FS, name string) bool {
	pages, err := walk(ctx, files, name, evidence.DefaultLimits(), nil)
	return err == nil && slices.ContainsFunc(pages, func(p page) bool { return p.context != "" || p.id != "" })
}

// unreadable adds a file that is no response.
func (p *plan) unreadable(file string, err error) {
	why := err.Error()
	before := len(p.skipped)
	p.fail(file, why, false)
	if len(p.skipped) == before {
		p.skip(file, why)
	}
}

// decide decides what a dataset is made of, or why it failed.
func (r *responses) decide(ctx context.Context, name string) error {
	if name == groupMembers {
		return nil // when all others are settled
	}
	dataset, _ := r.plan.registry.Dataset(name)
	wholes, gaps := gather(dataset, r.sure(name))
	failures := slices.Clone(r.plan.errors[name])
	for _, g := range gaps {
		failures = append(failures, failure{g.file, g.reason, -1})
		if slices.ContainsFunc(wholes, func(w whole) bool { return w.pages[0].rank == g.rank && w.pages[0].version() == g.version }) {
			r.failed[name] = failure{g.file, g.reason, -1}
			return nil
		}
	}
	if len(wholes) == 0 {
		r.failed[name] = failures[0]
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
	for _, l := range failures {
		// Of several ways to a dataset one is enough, and the others may need a license.
		if l.rank >= 0 && !slices.ContainsFunc(wholes, func(w whole) bool { return w.pages[0].rank == l.rank }) {
			continue
		}
		r.plan.skip(l.file, fmt.Sprintf("%s is made of %s instead: %s", name, m.file, l.reason))
	}
	return nil
}

// sure returns the answers for a dataset. An answer that is known by the name of its file only
// counts if there is no other.
func (r *responses) sure(name string) []answer {
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

// choose returns the source of a dataset that has whole answers, or why it failed.
func (r *responses) choose(ctx context.Context, dataset *schemas.Dataset, wholes []whole) (*made, string, error) {
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

// unite returns the full lists, or one list of two parts that are all of it, or why there is
// neither.
func (r *responses) unite(ctx context.Context, dataset *schemas.Dataset, wholes []whole) ([]whole, string, error) {
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
			r.plan.skip(part.file(), fmt.Sprintf("it holds a part of the list (%s): %s is made of %s", jsonfile.Clip(part.filter), dataset.Name, full[0].file()))
		}
		return full, "", nil
	case len(parts) == 2 && complete(parts[0].filter, parts[1].filter):
		for _, part := range parts {
			if why, err := r.checkPart(ctx, part); why != "" || err != nil {
				return nil, why, err
			}
		}
		return []whole{{pages: slices.Concat(parts[0].pages, parts[1].pages)}}, "", nil
	}
	return nil, fmt.Sprintf("%s holds a part of the list (%s), not all of it: save the answer to GET /v1.0/%s, in a file of another name",
		parts[0].file(), jsonfile.Clip(parts[0].filter), r.plan.known[parts[0].pages[0].rank].path), nil
}

// checkPart returns why an answer to a part of the users holds others; "" if it does not.
func (r *responses) checkPart(ctx context.Context, part whole) (string, error) {
	said, _ := parseFilter(part.filter)
	why := ""
	err := r.each(ctx, part.pages, func(_ answer, record map[string]any, _ int) error {
		for name, value := range record {
			if strings.EqualFold(name, said.field) && (strings.EqualFold(fmt.Sprint(value), said.value) == said.negated) && (!said.negated || value != nil) {
				why = fmt.Sprintf("%s should hold a part of the list (%s), and has a record with %s %s", part.file(), part.filter, name, jsonfile.Clip(fmt.Sprint(value)))
				return jsonfile.ErrStop
			}
		}
		return nil
	})
	return why, err
}

// datasets returns a file of each dataset that write writes.
func (r *responses) datasets() map[string]string {
	names := map[string]string{}
	for name, m := range r.made {
		names[name] = m.file
	}
	for name, f := range r.failed {
		names[name] = f.file
	}
	return names
}

// tenant returns the tenant that the organization's response names, and the file; zero values if there is none.
func (r *responses) tenant(ctx context.Context) (evidence.Tenant, string, error) {
	const name = "entra.organization"
	tenant, file := evidence.Tenant{}, ""
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
				Path: a.file, Summary: fmt.Sprintf("the export is of tenant %s, and %s of %s", jsonfile.Clip(id), file, jsonfile.Clip(tenant.ID)),
				Hint: "One folder is for one tenant.",
			}
		}
		if tenant.ID == "" {
			tenant, file = evidence.Tenant{ID: id}, a.file
		}
		tenant.Name = cmp.Or(tenant.Name, display)
	}
	return tenant, file, nil
}

// write writes the wanted datasets. One whose records cannot be read is listed as failed.
func (r *responses) write(ctx context.Context, w *evidence.Writer, wanted func(dataset string) bool) error {
	for _, name := range sortedKeys(r.failed) {
		if wanted(name) {
			w.Fail(name, r.failed[name].reason)
		}
	}
	for _, name := range sortedKeys(r.made) {
		if m := r.made[name]; wanted(name) {
			if err := importer.WriteDataset(ctx, w, m.dataset, r.recordsOf(ctx, m), m.saved.Truncated); err != nil {
				return err
			}
		}
	}
	return nil
}

// within adds the name of a file to an error.
func within(file string, err error) error { return fmt.Errorf("%s: %w", file, err) }

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
