package scubagear

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/powershell"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

// Options say what an export may not.
type Options struct {
	CollectedAt time.Time       // when it was made
	Tenant      evidence.Tenant // whose it is
	Limits      evidence.Limits
}

// Import reads an export and writes the bundle that it makes into dir.
func Import(ctx context.Context, r io.Reader, dir string, options Options) (*evidence.Bundle, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	limits := options.Limits
	e, err := read(ctx, r, wanted(), limits)
	if err != nil {
		return nil, fmt.Errorf("importing a ScubaGear export: %w", err)
	}
	manifest, err := e.manifest(options)
	if err != nil {
		return nil, fmt.Errorf("importing a ScubaGear export: %w", err)
	}
	if err := e.write(dir, manifest, registry); err != nil {
		return nil, fmt.Errorf("importing a ScubaGear export: %w", err)
	}
	return evidence.Open(ctx, dir, limits)
}

// wanted are the keys that are read at all.
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

func (e *export) manifest(options Options) (evidence.Manifest, error) {
	tenant, given := e.tenant(), options.Tenant
	switch {
	case tenant.ID == "":
		tenant = given
	case given.ID != "" && !strings.EqualFold(tenant.ID, given.ID):
		return evidence.Manifest{}, &evidence.Error{Summary: fmt.Sprintf("the export is of tenant %s, not of %s", tenant.ID, given.ID), Hint: "Check --tenant."}
	}
	made := e.made()
	if made.IsZero() {
		made = options.CollectedAt
	}
	if made.IsZero() {
		return evidence.Manifest{}, &evidence.Error{
			Summary: "the export does not say when it was made: it has no " + zuluKey,
			Hint:    "Give the time with --collected-at TIME.",
		}
	}
	version, _ := e.values[versionKey].(string)
	return evidence.Manifest{
		SchemaVersion: evidence.SchemaVersion,
		Tenant:        tenant,
		Collector:     evidence.Collector{Name: "ScubaGear", Version: version},
		CollectedAt:   made,
	}, nil
}

// outcome is what an export gives for one dataset: records, or why there are
// none, or nothing if it was not asked for.
type outcome struct {
	records   []any
	truncated []evidence.Truncated
	failure   string
	absent    bool
}

func failed(format string, args ...any) outcome {
	return outcome{failure: fmt.Sprintf(format, args...)}
}

func (e *export) write(dir string, manifest evidence.Manifest, registry *schemas.Registry) error {
	w, err := evidence.Create(dir, manifest)
	if err != nil {
		return err
	}
	defer func() { _ = w.Abort() }()
	other := !slices.ContainsFunc(sources(), func(s source) bool {
		return !s.optional && slices.ContainsFunc(s.parts, func(p part) bool { return e.has(e.key(p)) })
	})
	for _, source := range sources() {
		dataset, ok := registry.Dataset(source.dataset)
		if !ok {
			return fmt.Errorf("dataset %s has no schema", source.dataset)
		}
		made := e.make(source, dataset)
		switch {
		case made.absent && other && !source.optional:
			w.Fail(dataset.Name, "the export is of other products: it has no "+source.parts[0].key)
		case made.absent:
			continue
		case made.failure != "":
			w.Fail(dataset.Name, made.failure)
		case dataset.Kind == schemas.Document:
			err = w.Document(dataset.Name, made.records[0])
		default:
			err = w.Records(dataset.Name, validate.Present(dataset, each(made.records), func() []evidence.Truncated { return made.truncated }))
		}
		var lacking *validate.LackingError
		if errors.As(err, &lacking) {
			w.Fail(dataset.Name, lacking.Error())
			continue
		}
		if err != nil {
			return fmt.Errorf("dataset %s: %w", dataset.Name, err)
		}
		w.Truncated(dataset.Name, made.truncated...)
	}
	return w.Close()
}

// make gathers the records of one dataset.
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
		if part.license != "" && psobject.Plain(e.values[part.license], "boolean") == false && len(elements(e.values[e.key(part)])) == 0 {
			return failed("ScubaGear ran no %s: %s is false", part.cmdlets[0], part.license)
		}
		if fault := e.faults[e.key(part)]; fault != "" {
			return failed("the export cannot be read: %s", fault)
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
	if from.doubt != nil {
		if why := from.doubt(e); why != "" {
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

// derived gathers the records of a dataset that is no list of the answers of one cmdlet.
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

// records gives the records under one key in the shape of the dataset.
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
		powershell.Plain(dataset.Name, converted)
		records = append(records, converted)
	}
	return outcome{records: records, truncated: saved.Truncated()}
}

// key is the one of its two keys that the export has of a part.
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
