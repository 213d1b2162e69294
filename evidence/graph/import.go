package graph

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/powershell"
	"github.com/posture-score/posture/schemas"
)

// Responses are saved answers of Graph, and the datasets that they make.
type Responses struct {
	files  fs.FS
	plan   *plan
	limits evidence.Limits
}

// Read looks through files, each of which holds one response or an array of
// them.
func Read(ctx context.Context, files fs.FS, names []string, registry *schemas.Registry, limits evidence.Limits) (*Responses, error) {
	var pages []page
	for _, name := range names {
		more, err := walk(ctx, files, name, nil)
		if err != nil {
			return nil, within(name, err)
		}
		pages = append(pages, more...)
	}
	p, err := newPlan(registry, pages)
	if err != nil {
		return nil, err
	}
	return &Responses{files: files, plan: p, limits: limits}, nil
}

// IsResponse reports whether a file holds a response, whatever its name.
func IsResponse(ctx context.Context, files fs.FS, name string) bool {
	pages, err := walk(ctx, files, name, nil)
	return err == nil && slices.ContainsFunc(pages, func(p page) bool { return p.context != "" })
}

// Skipped tells what made no evidence.
func (r *Responses) Skipped() []Skipped { return r.plan.skipped }

// Datasets names the datasets that Write will write, and a file of each.
func (r *Responses) Datasets() map[string]string { return r.plan.files }

// Yield takes back a dataset that the responses tried and failed to make, since
// another file makes it. One that they made stays.
func (r *Responses) Yield(name, file string) {
	p := r.plan
	if _, failed := p.failed[name]; !failed {
		return
	}
	left := map[string]bool{p.files[name]: true}
	for rank, answers := range p.answers {
		for _, a := range answers {
			if p.known[rank].dataset == name {
				left[a.file] = true
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(left)) {
		p.skipped = append(p.skipped, Skipped{Path: path, Reason: fmt.Sprintf("%s is made of %s instead: %s", name, file, p.failed[name])})
	}
	delete(p.failed, name)
	delete(p.files, name)
}

// Tenant says whose the responses are, and which file told; nothing if the
// organization is not among them.
func (r *Responses) Tenant(ctx context.Context) (evidence.Tenant, string, error) {
	const name = "entra.organization"
	if _, ok := r.plan.chosen[name]; !ok {
		return evidence.Tenant{}, "", nil
	}
	dataset, _ := r.plan.registry.Dataset(name)
	organization, err := r.document(ctx, dataset, powershell.Files{})
	if err != nil {
		return evidence.Tenant{}, "", err
	}
	id, _ := organization["id"].(string)
	if id == "" {
		return evidence.Tenant{}, "", nil
	}
	display, _ := organization["displayName"].(string)
	return evidence.Tenant{ID: id, Name: display}, r.plan.files[name], nil
}

// Write writes the datasets.
func (r *Responses) Write(ctx context.Context, w *evidence.Writer) error {
	if err := r.checkMembers(ctx); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(r.plan.failed)) {
		w.Fail(name, r.plan.failed[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.plan.chosen)) {
		dataset, _ := r.plan.registry.Dataset(name)
		if err := r.dataset(ctx, w, dataset); err != nil {
			return err
		}
	}
	return nil
}

// dataset writes one dataset.
func (r *Responses) dataset(ctx context.Context, w *evidence.Writer, dataset *schemas.Dataset) error {
	saved := powershell.Files{}
	if dataset.Kind != schemas.Document {
		if err := w.Records(dataset.Name, r.records(ctx, dataset, saved)); err != nil {
			return err
		}
	} else {
		document, err := r.document(ctx, dataset, saved)
		if err != nil {
			return err
		}
		if err := w.Document(dataset.Name, document); err != nil {
			return err
		}
	}
	w.Truncated(dataset.Name, saved.Truncated()...)
	return nil
}

// document gives the one object of a dataset.
func (r *Responses) document(ctx context.Context, dataset *schemas.Dataset, saved powershell.Files) (map[string]any, error) {
	rank := r.plan.chosen[dataset.Name]
	a := r.plan.answers[rank][0]
	record, err := whole(ctx, r.files, a.page, r.limits)
	if err != nil {
		return nil, within(a.file, err)
	}
	if a.list {
		values, _ := record["value"].([]any)
		record = nil
		if len(values) == 1 {
			record, _ = values[0].(map[string]any)
		}
		if record == nil {
			return nil, &evidence.Error{Path: a.file, Summary: "the response holds no object"}
		}
	}
	converted, _ := r.convert(rank, a, record, dataset, saved).(map[string]any)
	return converted, nil
}

func (r *Responses) convert(rank int, from answer, record map[string]any, dataset *schemas.Dataset, saved powershell.Files) any {
	if from.path == groupMembers {
		return map[string]any{"groupId": from.key, "memberId": record["id"]}
	}
	level := 0
	if from.list {
		level = 2
	}
	return saved.Of(from.file).Convert(record, level, r.plan.known[rank].adapt, dataset.Shape())
}

// errStop ends a walk whose records nobody wants any more.
var errStop = errors.New("stop")

// records streams the pages of a dataset, a file at a time.
func (r *Responses) records(ctx context.Context, dataset *schemas.Dataset, saved powershell.Files) iter.Seq2[any, error] {
	rank := r.plan.chosen[dataset.Name]
	return func(yield func(any, error) bool) {
		seen := seen{key: uniqueKey(dataset), records: map[digest]digest{}}
		err := r.each(ctx, r.plan.answers[rank], func(from answer, record map[string]any) error {
			value := r.convert(rank, from, record, dataset, saved)
			again, err := seen.again(value)
			if err != nil || again {
				return err
			}
			if !yield(value, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}

// each visits the records of answers in the order of their files.
func (r *Responses) each(ctx context.Context, answers []answer, visit func(answer, map[string]any) error) error {
	byFile := map[string]map[int]answer{}
	for _, a := range answers {
		if byFile[a.file] == nil {
			byFile[a.file] = map[int]answer{}
		}
		byFile[a.file][a.index] = a
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		n := 0
		_, err := walk(ctx, r.files, file, func(index int, raw jsontext.Value) error {
			from, ok := byFile[file][index]
			if !ok {
				return nil
			}
			n++
			value, err := evidence.Decode(raw, r.limits)
			if err != nil {
				return fmt.Errorf("record %d: %w", n, err)
			}
			record, ok := value.(map[string]any)
			if !ok {
				return &evidence.Error{Record: int64(n), Summary: "the record is no object"}
			}
			return visit(from, record)
		})
		if err != nil {
			return within(file, err)
		}
	}
	return nil
}

// checkMembers makes sure that the members of every group were saved: a group
// without them would look empty, and whoever it leaves out of a policy covered.
func (r *Responses) checkMembers(ctx context.Context) error {
	const members, groups = "entra.group_members", "entra.groups"
	rank, ok := r.plan.chosen[members]
	if !ok {
		return nil
	}
	why := "nothing tells whether the members of every group were saved: the list of groups is missing"
	if all, ok := r.plan.chosen[groups]; ok {
		saved := map[string]bool{}
		for _, a := range r.plan.answers[rank] {
			saved[strings.ToLower(a.key)] = true
		}
		total, missing, first := 0, 0, ""
		err := r.each(ctx, r.plan.answers[all], func(_ answer, record map[string]any) error {
			id, _ := record["id"].(string)
			if total++; !saved[strings.ToLower(id)] {
				if missing++; first == "" {
					first = id
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if missing == 0 {
			return nil
		}
		why = fmt.Sprintf("the members of %d of %d groups were not saved, such as those of %s", missing, total, first)
	}
	delete(r.plan.chosen, members)
	r.plan.failed[members] = why
	return nil
}

// within names the file that something is wrong in.
func within(file string, err error) error { return fmt.Errorf("%s: %w", file, err) }
