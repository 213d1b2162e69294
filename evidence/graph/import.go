package graph

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/powershell"
	"github.com/posture-score/posture/schemas"
)

// maxFiles bounds a folder: a page has some hundred records.
const maxFiles = 100_000

// Options say what responses don't.
type Options struct {
	CollectedAt time.Time       // when the responses were saved
	Tenant      evidence.Tenant // whose they are, if the organization is not among them
	Limits      evidence.Limits
}

// Import reads the .json files of a folder and of those below it, or one file,
// and writes the bundle that they make into dir. It also tells what made no
// evidence.
func Import(ctx context.Context, source, dir string, options Options) (*evidence.Bundle, []Skipped, error) {
	bundle, skipped, err := importInto(ctx, source, dir, options)
	if err != nil {
		return nil, skipped, fmt.Errorf("importing responses of Graph: %w", err)
	}
	return bundle, skipped, nil
}

func importInto(ctx context.Context, source, dir string, options Options) (*evidence.Bundle, []Skipped, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, nil, err
	}
	root, names, err := list(source)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = root.Close() }()
	var pages []page
	for _, name := range names {
		more, err := walk(ctx, root.FS(), name, nil)
		if err != nil {
			return nil, nil, within(name, err)
		}
		pages = append(pages, more...)
	}
	p, err := newPlan(registry, pages)
	if err != nil {
		return nil, nil, err
	}
	i := importer{files: root.FS(), plan: p, options: options}
	if err := i.write(ctx, dir); err != nil {
		return nil, p.skipped, err
	}
	bundle, err := evidence.Open(ctx, dir, options.Limits)
	return bundle, p.skipped, err
}

// list opens a folder and names the files in it that may be responses, sorted.
// Nothing outside of it is read, whatever its links say.
func list(source string) (*os.Root, []string, error) {
	info, err := os.Stat(source)
	if err != nil {
		return nil, nil, err
	}
	folder, only := source, ""
	if !info.IsDir() {
		folder, only = filepath.Split(source)
	}
	root, err := os.OpenRoot(filepath.Clean(folder))
	if err != nil {
		return nil, nil, err
	}
	if only != "" {
		return root, []string{only}, nil
	}
	var names []string
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.Type().IsRegular() || !strings.EqualFold(path.Ext(name), ".json") {
			return nil
		}
		if names = append(names, name); len(names) > maxFiles {
			return fmt.Errorf("it has more than %d files", maxFiles)
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = &evidence.Error{
			Summary: "the folder has no .json file",
			Hint:    `Save the answers of Graph there as they come, with their "@odata.context".`,
		}
	}
	if err != nil {
		return nil, nil, errors.Join(err, root.Close())
	}
	return root, names, nil
}

// importer writes what a plan says. It lives as long as one call.
type importer struct {
	files   fs.FS
	plan    *plan
	options Options
}

func (i *importer) write(ctx context.Context, dir string) error {
	if len(i.plan.chosen)+len(i.plan.failed) == 0 {
		return &evidence.Error{
			Summary: "no file holds a response that a dataset is made of",
			Hint:    `Their "@odata.context" is what tells them; ` + i.example(),
		}
	}
	manifest, err := i.manifest(ctx)
	if err != nil {
		return err
	}
	w, err := evidence.Create(dir, manifest)
	if err != nil {
		return err
	}
	defer func() { _ = w.Abort() }()
	if err := i.checkMembers(ctx); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(i.plan.failed)) {
		w.Fail(name, i.plan.failed[name])
	}
	for _, name := range slices.Sorted(maps.Keys(i.plan.chosen)) {
		dataset, _ := i.plan.registry.Dataset(name)
		if dataset.Kind != schemas.Document {
			if err := w.Records(name, i.records(ctx, dataset)); err != nil {
				return err
			}
			continue
		}
		document, err := i.document(ctx, dataset)
		if err != nil {
			return err
		}
		if err := w.Document(name, document); err != nil {
			return err
		}
	}
	return w.Close()
}

// example names what was skipped first, if anything was.
func (i *importer) example() string {
	if len(i.plan.skipped) == 0 {
		return "there was none"
	}
	first := i.plan.skipped[0]
	return fmt.Sprintf("%s was skipped because %s", first.Path, first.Reason)
}

func (i *importer) manifest(ctx context.Context) (evidence.Manifest, error) {
	if i.options.CollectedAt.IsZero() {
		return evidence.Manifest{}, &evidence.Error{
			Summary: "responses of Graph do not say when they were saved",
			Hint:    "Give the time of collection.",
		}
	}
	tenant := i.options.Tenant
	if _, ok := i.plan.chosen["entra.organization"]; ok {
		dataset, _ := i.plan.registry.Dataset("entra.organization")
		organization, err := i.document(ctx, dataset)
		if err != nil {
			return evidence.Manifest{}, err
		}
		if id, ok := organization["id"].(string); ok && id != "" {
			name, _ := organization["displayName"].(string)
			tenant = evidence.Tenant{ID: id, Name: name}
		}
	}
	if tenant.ID == "" {
		return evidence.Manifest{}, &evidence.Error{
			Summary: "the responses do not say which tenant they are of",
			Hint:    "Save the answer to GET /v1.0/organization as well.",
		}
	}
	return evidence.Manifest{
		SchemaVersion: evidence.SchemaVersion,
		Tenant:        tenant,
		Collector:     evidence.Collector{Name: "Microsoft Graph"},
		CollectedAt:   i.options.CollectedAt,
	}, nil
}

// document gives the one object of a dataset.
func (i *importer) document(ctx context.Context, dataset *schemas.Dataset) (map[string]any, error) {
	rank := i.plan.chosen[dataset.Name]
	a := i.plan.answers[rank][0]
	record, err := whole(ctx, i.files, a.page, i.options.Limits)
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
	converted, _ := i.convert(rank, a, record, dataset).(map[string]any)
	return converted, nil
}

func (i *importer) convert(rank int, from answer, record map[string]any, dataset *schemas.Dataset) any {
	if from.path == groupMembers {
		return map[string]any{"groupId": from.key, "memberId": record["id"]}
	}
	if adapt := i.plan.known[rank].adapt; adapt != nil {
		record = adapt(record)
	}
	return powershell.Convert(record, dataset.Shape())
}

// errStop ends a walk whose records nobody wants any more.
var errStop = errors.New("stop")

// records streams the pages of a dataset, a file at a time.
func (i *importer) records(ctx context.Context, dataset *schemas.Dataset) iter.Seq2[any, error] {
	rank := i.plan.chosen[dataset.Name]
	return func(yield func(any, error) bool) {
		seen := seen{key: uniqueKey(dataset), records: map[digest]digest{}}
		err := i.each(ctx, i.plan.answers[rank], func(from answer, record map[string]any) error {
			value := i.convert(rank, from, record, dataset)
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
func (i *importer) each(ctx context.Context, answers []answer, visit func(answer, map[string]any) error) error {
	byFile := map[string]map[int]answer{}
	for _, a := range answers {
		if byFile[a.file] == nil {
			byFile[a.file] = map[int]answer{}
		}
		byFile[a.file][a.index] = a
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		n := 0
		_, err := walk(ctx, i.files, file, func(index int, raw jsontext.Value) error {
			from, ok := byFile[file][index]
			if !ok {
				return nil
			}
			n++
			value, err := evidence.Decode(raw, i.options.Limits)
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
func (i *importer) checkMembers(ctx context.Context) error {
	const members, groups = "entra.group_members", "entra.groups"
	rank, ok := i.plan.chosen[members]
	if !ok {
		return nil
	}
	why := "nothing tells whether the members of every group were saved: the list of groups is missing"
	if all, ok := i.plan.chosen[groups]; ok {
		saved := map[string]bool{}
		for _, a := range i.plan.answers[rank] {
			saved[strings.ToLower(a.key)] = true
		}
		total, missing, first := 0, 0, ""
		err := i.each(ctx, i.plan.answers[all], func(_ answer, record map[string]any) error {
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
	delete(i.plan.chosen, members)
	i.plan.failed[members] = why
	return nil
}

// within names the file that something is wrong in.
func within(file string, err error) error { return fmt.Errorf("%s: %w", file, err) }
