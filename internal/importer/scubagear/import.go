package scubagear

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/powershell"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

// Importer is the [importer.Importer] of ScubaGear's exports.
type Importer struct{}

// Info is part of [importer.Importer].
func (Importer) Info() importer.Info {
	return importer.Info{
		Name:    "scubagear",
		Accepts: "ProviderSettingsExport.json of ScubaGear",
		PerFile: true,
		Command: &importer.Command{
			Args: "FILE", Flags: "--output DIR",
			Short:   "Turn ScubaGear's ProviderSettingsExport.json into a bundle",
			Example: "posture evidence import scubagear ProviderSettingsExport.json -o evidence",
		},
	}
}

// Detect is part of [importer.Importer].
func (Importer) Detect(_ context.Context, head importer.Head, _ fs.FS) importer.Match {
	if holdsExport(head.Members) || head.Whole && isResults(head.Members) { // Import says that the results lack the export
		return importer.Yes
	}
	return importer.No
}

// Companion is part of [importer.Companion].
func (Importer) Companion(file string) string {
	if path.Base(file) == "TestResults.json" || path.Base(path.Dir(file)) == "IndividualReports" || strings.HasSuffix(file, "Report.json") {
		return "it is a part of ScubaGear's report"
	}
	return ""
}

// Import is part of [importer.Importer].
func (Importer) Import(ctx context.Context, in importer.Input) (*importer.Report, error) {
	report, err := readReport(ctx, in)
	if err != nil {
		return nil, wrap(err)
	}
	return report, nil
}

func wrap(err error) error { return fmt.Errorf("importing a ScubaGear export: %w", err) }

func readReport(ctx context.Context, in importer.Input) (*importer.Report, error) {
	name := in.Names[0]
	f, err := in.Files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	e, err := read(ctx, f, wanted(), in.Limits)
	if err != nil {
		return nil, err
	}
	made := e.made()
	if made.IsZero() {
		made = in.CollectedAt
	}
	if made.IsZero() {
		return nil, &evidence.Error{
			Summary: "the export does not say when it was made: it has no " + zuluKey,
			Hint:    "Give the time with --collected-at TIME.",
		}
	}
	all, err := e.outcomes(in.Registry)
	if err != nil {
		return nil, err
	}
	version, _ := e.values[versionKey].(string)
	report := &importer.Report{
		Collector: evidence.Collector{Name: "ScubaGear", Version: version}, CollectedAt: made,
		Tenant: e.tenant(), TenantFile: name, Files: map[string]string{},
		Write: func(ctx context.Context, w *evidence.Writer, wanted func(string) bool) error {
			return write(ctx, w, all, wanted)
		},
	}
	for _, o := range all {
		report.Files[o.dataset.Name] = name
	}
	return report, nil
}

// wanted returns the keys that are read.
func wanted() map[string]bool {
	keys := map[string]bool{versionKey: true, zuluKey: true, dateKey: true, tenantKey: true}
	for _, source := range sources() {
		for _, key := range source.also {
			keys[key] = true
		}
		for _, part := range source.parts {
			keys[part.key] = true
			keys[part.older], keys[part.license] = true, true
		}
	}
	return keys
}

// outcome is what an export holds for one dataset: records, or why there are none, or nothing if ScubaGear did not ask for it.
type outcome struct {
	dataset   *schemas.Dataset
	records   []any
	truncated []evidence.Truncated
	failure   string
	absent    bool
}

func failed(format string, args ...any) outcome {
	return outcome{failure: fmt.Sprintf(format, args...)}
}

// outcomes returns the datasets of an export, those that failed included.
func (e *export) outcomes(registry *schemas.Registry) ([]outcome, error) {
	var all []outcome
	sources := sources()
	foreign := !slices.ContainsFunc(sources, func(s source) bool {
		return !s.optional && slices.ContainsFunc(s.parts, func(p part) bool { return e.has(e.key(p)) })
	})
	for _, source := range sources {
		dataset, ok := registry.Dataset(source.dataset)
		if !ok {
			return nil, fmt.Errorf("dataset %s has no schema", source.dataset)
		}
		made := e.make(source, dataset)
		if made.absent && foreign && !source.optional {
			made = failed("the export is of other products: it has no %s", source.parts[0].key)
		}
		if made.dataset = dataset; !made.absent {
			all = append(all, made)
		}
	}
	return all, nil
}

// write writes the wanted datasets.
func write(ctx context.Context, w *evidence.Writer, all []outcome, wanted func(dataset string) bool) error {
	for _, made := range all {
		name := made.dataset.Name
		if !wanted(name) {
			continue
		}
		if made.failure != "" {
			w.Fail(name, made.failure)
			continue
		}
		truncated := func() []evidence.Truncated { return made.truncated }
		if err := importer.WriteDataset(ctx, w, made.dataset, validate.RequireFields(made.dataset, each(made.records), truncated), truncated); err != nil {
			return wrap(err)
		}
	}
	return nil
}

// make returns the outcome of one dataset.
func (e *export) make(from source, dataset *schemas.Dataset) outcome {
	for _, part := range from.parts {
		for _, command := range part.cmdlets {
			if e.failed[command] {
				return failed("ScubaGear could not run %s", command)
			}
		}
	}
	present := slices.ContainsFunc(from.parts, func(p part) bool { return e.has(e.key(p)) })
	switch {
	case !present:
		return outcome{absent: true}
	case from.gap != "":
		return failed("%s", from.gap)
	}
	made := outcome{records: []any{}}
	for _, part := range from.parts {
		if !e.has(e.key(part)) {
			return failed("the export has no %s", part.key)
		}
		if part.license != "" && psobject.Unwrap(e.values[part.license], "boolean") == false && len(elements(e.values[e.key(part)])) == 0 {
			return failed("ScubaGear ran no %s: %s is false", part.cmdlets[0], part.license)
		}
		if why := e.invalid[e.key(part)]; why != "" {
			return failed("the export cannot be read: %s", why)
		}
		if from.derive != nil {
			continue
		}
		if part.older != "" && e.has(part.older) && !reflect.DeepEqual(e.values[e.key(part)], e.values[part.older]) {
			return failed("%s and %s are of one cmdlet, and differ", part.key, part.older)
		}
		more := e.records(part, dataset)
		if more.failure != "" {
			return more
		}
		made.records = append(made.records, more.records...)
		made.truncated = append(made.truncated, more.truncated...)
	}
	if n := len(made.records); dataset.Kind == schemas.Document && n != 1 {
		return failed("%s holds %d objects, not one", e.key(from.parts[0]), n)
	}
	if from.incomplete != nil {
		if why := from.incomplete(e); why != "" {
			return failed("%s", why)
		}
	}
	if from.derive != nil {
		if made = e.derived(from, dataset); made.failure != "" {
			return made
		}
	}
	made.absent = from.optional && len(made.records) == 0
	return made
}

// derived returns the records of a dataset that is not a list of the answers of one cmdlet.
func (e *export) derived(from source, dataset *schemas.Dataset) outcome {
	key := e.key(from.parts[0])
	saved := psobject.NewFile(key + " of the export")
	made := outcome{records: []any{}}
	for _, element := range from.derive(e) {
		record, ok := element.(map[string]any)
		if !ok {
			return failed("%s: %v", key, psobject.NoRecord(element))
		}
		made.records = append(made.records, saved.Convert(record, 1, nil, dataset.Shape()))
	}
	made.truncated = saved.Truncated()
	return made
}

// records returns the records under one key, converted to the shape of the dataset.
func (e *export) records(from part, dataset *schemas.Dataset) outcome {
	key := e.key(from)
	list := elements(e.values[key])
	// Nothing found and nothing asked look the same but for the list of
	// cmdlets that succeeded.
	if len(list) == 0 && !slices.ContainsFunc(from.cmdlets, func(command string) bool { return e.succeeded[command] }) {
		return failed("%s is empty and the export does not say that %s succeeded", key, strings.Join(from.cmdlets, " or "))
	}
	// Each key was written by a ConvertTo-Json of its own, with a depth of its own.
	saved := psobject.NewFile(key + " of the export")
	records := make([]any, 0, len(list))
	for i, element := range list {
		record, ok := element.(map[string]any)
		if !ok {
			wrong := psobject.NoRecord(element)
			wrong.Record = int64(i + 1)
			return failed("%s: %v", key, wrong)
		}
		converted, _ := saved.Convert(record, 1, from.translate, dataset.Shape()).(map[string]any)
		powershell.FlattenTexts(dataset.Name, converted)
		records = append(records, converted)
	}
	return outcome{records: records, truncated: saved.Truncated()}
}

// key returns which of the two keys of a part the export has.
func (e *export) key(of part) string {
	if of.older != "" && !e.has(of.key) && e.has(of.older) {
		return of.older
	}
	return of.key
}

func (e *export) has(key string) bool {
	_, there := e.values[key]
	return there
}

func each(records []any) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, record := range records {
			if !yield(record, nil) {
				return
			}
		}
	}
}
