package msgraph

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

// reading is the records of some answers, which one visitor wants.
type reading struct {
	answers []answer
	visit   func(from answer, record map[string]any, bytes int) error
	err     error // why it ended before the last record; ErrStop if the visitor wanted no more
	n       int   // records of the file that is being read
}

// each visits the records of answers in the order of their files, with the length of each in bytes.
// Deleted objects are left out.
func (r *responses) each(ctx context.Context, answers []answer, visit func(answer, map[string]any, int) error) error {
	one := &reading{answers: answers, visit: visit}
	if err := r.eachOf(ctx, []*reading{one}); err != nil {
		return err
	}
	if errors.Is(one.err, jsonfile.ErrStop) {
		return nil
	}
	return one.err
}

// eachOf does the same for several visitors, and reads each file once for all of them: one file can
// hold the answers about thousands of groups. The error is that of the context.
func (r *responses) eachOf(ctx context.Context, readings []*reading) error {
	byFile := map[string]map[int]place{}
	for _, to := range readings {
		for _, a := range to.answers {
			if byFile[a.file] == nil {
				byFile[a.file] = map[int]place{}
			}
			byFile[a.file][a.index] = place{a, to}
		}
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		if err := r.eachIn(ctx, file, byFile[file]); err != nil {
			return err
		}
	}
	return nil
}

// place is an answer and the reading that wants it.
type place struct {
	from answer
	to   *reading
}

// eachIn visits the records of answers of one file, by their index.
func (r *responses) eachIn(ctx context.Context, file string, places map[int]place) error {
	waiting := map[*reading]bool{}
	for _, at := range places {
		if at.to.err == nil {
			at.to.n, waiting[at.to] = 0, true
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	_, err := walk(ctx, r.files, file, r.limits, func(index int, raw jsontext.Value) error {
		at, ok := places[index]
		if !ok || !waiting[at.to] {
			return nil
		}
		if at.to.err = at.to.record(at.from, raw, r.limits); at.to.err != nil {
			delete(waiting, at.to)
		}
		if len(waiting) == 0 {
			return jsonfile.ErrStop
		}
		return nil
	})
	switch {
	case err == nil, errors.Is(err, jsonfile.ErrStop):
	case ctx.Err() != nil:
		return ctx.Err()
	default:
		for to := range waiting {
			to.err = within(file, err)
		}
	}
	return nil
}

// record hands a record to the visitor.
func (to *reading) record(from answer, raw jsontext.Value, limits evidence.Limits) error {
	to.n++
	err := to.decoded(from, raw, limits)
	if err == nil || errors.Is(err, jsonfile.ErrStop) {
		return err
	}
	return within(from.file, jsonfile.Unreadable("the response", err))
}

func (to *reading) decoded(from answer, raw jsontext.Value, limits evidence.Limits) error {
	value, err := jsonfile.Decode(raw, limits)
	if err != nil {
		return fmt.Errorf("record %d: %w", to.n, err)
	}
	record, ok := value.(map[string]any)
	if !ok {
		wrong := psobject.NoRecord(value)
		wrong.Record = int64(to.n)
		return wrong
	}
	if record = unfolded(record); isDeleted(record) {
		return nil
	}
	return to.visit(from, record, len(raw))
}

// convert returns a record in the form of its dataset, and notes the fields that were cut off.
func (r *responses) convert(from answer, record map[string]any, filled map[string]bool, dataset *schemas.Dataset, saved psobject.Files) any {
	if filled != nil {
		maps.DeleteFunc(record, func(name string, value any) bool { return value == nil && !filled[strings.ToLower(name)] })
	}
	return saved.Of(from.file).Convert(record, from.level, r.plan.known[from.rank].adapt, dataset.Shape())
}

// filledIn returns the fields that have a value in some record of an answer, if null may mean that
// the field was not asked for; nil otherwise.
func (r *responses) filledIn(ctx context.Context, pages []answer) map[string]bool {
	var filled map[string]bool
	for _, a := range pages {
		if a.context != "" || a.filled == nil || !nullIsUnasked(a.path) {
			return nil
		}
		if filled == nil {
			filled = map[string]bool{}
		}
		maps.Copy(filled, a.filled)
	}
	if filled != nil && r.cloudOnly(ctx) {
		filled["onpremisessyncenabled"] = true // it is null for every user
	}
	return filled
}

// cloudOnly reports whether the organization says that nothing is synchronized from a directory on
// premises.
func (r *responses) cloudOnly(ctx context.Context) bool {
	m, ok := r.made["entra.organization"]
	if !ok {
		return false
	}
	organization, err := r.documentOf(ctx, m)
	synchronized, file := organization["onPremisesSyncEnabled"]
	return err == nil && file && synchronized == nil
}

// recordsOf returns the records of a dataset, or its document.
func (r *responses) recordsOf(ctx context.Context, m *made) iter.Seq2[any, error] {
	switch {
	case m.dataset.Kind == schemas.Document:
		return func(yield func(any, error) bool) {
			document, err := r.documentOf(ctx, m)
			yield(document, err)
		}
	case m.dataset.Name == groupMembers:
		return r.memberRecords(ctx)
	case m.isHeld:
		return checked(m, func(yield func(any, error) bool) {
			for _, record := range m.held {
				if !yield(record, nil) {
					return
				}
			}
		})
	}
	return checked(m, r.records(ctx, m))
}

// records streams the pages of one answer, a file at a time.
func (r *responses) records(ctx context.Context, m *made) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		seen, filled := newSeen(m.dataset), r.filledIn(ctx, m.from.pages)
		err := r.each(ctx, m.from.pages, func(a answer, record map[string]any, _ int) error {
			value := r.convert(a, record, filled, m.dataset, m.saved)
			again, err := seen.duplicate(value)
			if err != nil || again {
				return err
			}
			if !yield(value, nil) {
				return jsonfile.ErrStop
			}
			return nil
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

// documentOf returns the one object of a dataset.
func (r *responses) documentOf(ctx context.Context, m *made) (map[string]any, error) {
	if m.isHeld {
		document, _ := m.held[0].(map[string]any)
		return document, nil
	}
	return r.document(ctx, m.from.pages[0], m.saved)
}

// document reads the one object of an answer.
func (r *responses) document(ctx context.Context, a answer, saved psobject.Files) (map[string]any, error) {
	dataset, _ := r.plan.registry.Dataset(r.plan.known[a.rank].dataset)
	var document map[string]any
	err := r.each(ctx, []answer{a}, func(from answer, record map[string]any, _ int) error {
		document, _ = r.convert(from, record, nil, dataset, saved).(map[string]any)
		return nil
	})
	if err == nil && document == nil {
		err = &evidence.Error{Path: a.file, Summary: "the response holds no object"}
	}
	return document, err
}

// isDeleted reports whether a record is of a deleted object.
func isDeleted(record map[string]any) bool {
	return record["deletedDateTime"] != nil || record["DeletedDateTime"] != nil
}

// nullIsUnasked reports whether Microsoft Graph PowerShell writes null for what was not asked for:
// Graph returns a few properties of users and groups, and the others only on request.
func nullIsUnasked(path string) bool { return path == allUsers || path == allGroups }

// addFilled adds the fields of a record that have a value.
func addFilled(filled map[string]bool, record map[string]any) map[string]bool {
	if filled == nil {
		filled = map[string]bool{}
	}
	for name, value := range unfolded(record) {
		if value != nil {
			filled[strings.ToLower(name)] = true
		}
	}
	return filled
}

// more is the property in which Microsoft Graph PowerShell puts what it has no property for.
const more = "AdditionalProperties"

// unfolded returns an object of Microsoft Graph PowerShell as Graph spells it: names in camel case,
// and the additional properties next to the others.
func unfolded(record map[string]any) map[string]any {
	if _, folded := record[more]; !folded && record["Id"] == nil {
		return record
	}
	plain, _ := unfoldedValue(record).(map[string]any)
	return plain
}

func unfoldedValue(value any) any {
	switch value := value.(type) {
	case map[string]any:
		plain := make(map[string]any, len(value))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if name != more {
				plain[psobject.CamelCase(name)] = unfoldedValue(value[name])
			}
		}
		added, _ := value[more].(map[string]any)
		for name, v := range added {
			if plain[name] == nil {
				plain[name] = v
			}
		}
		return plain
	case []any:
		list := make([]any, len(value))
		for i, element := range value {
			list[i] = unfoldedValue(element)
		}
		return list
	}
	return value
}

// checked returns the records, and an error behind the last one if they are no full list: if a
// field that rules read was not asked for, or if all users are guests.
func checked(m *made, records iter.Seq2[any, error]) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		n, guests := 0, 0
		for record, err := range validate.RequireFields(m.dataset, records, m.saved.Truncated) {
			var missing *validate.MissingFieldsError
			if errors.As(err, &missing) {
				err = &evidence.Error{Summary: err.Error(), Hint: askFor(m.dataset, m.file)}
			}
			fields, _ := record.(map[string]any)
			if n++; fields["userType"] == "Guest" {
				guests++
			}
			if !yield(record, err) || err != nil {
				return
			}
		}
		if m.dataset.Name == "entra.users" && n > 0 && n == guests {
			yield(nil, &evidence.Error{Summary: fmt.Sprintf("all %d users are guests", n), Hint: "Save the members of the organization as well."})
		}
	}
}

// askFor returns how to ask for all fields of a dataset, in the way that a file was made.
func askFor(dataset *schemas.Dataset, file string) string {
	cmdlet, _ := cmdletNamed(file)
	for _, source := range dataset.Sources {
		query := source.Query(dataset)
		switch names, selects := strings.CutPrefix(query, "$select="); {
		case selects && cmdlet != "":
			return fmt.Sprintf("Save what %s gives with -All -Property %s.", cmdlet, names)
		case query != "":
			return fmt.Sprintf("Save the answer to %s?%s.", source.Endpoint, query)
		}
	}
	return "Save the answer with all of its fields."
}
