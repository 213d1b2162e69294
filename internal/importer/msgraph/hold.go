package msgraph

import (
	"context"
	"fmt"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/schemas"
)

// maxHeld bounds the answers that are held to be compared, in bytes.
const maxHeld = 64 << 20

// manyRecords are too many to hold them for the sake of a few that stand on two
// pages.
const manyRecords = 20_000

// held are the records of one answer by their key.
type held struct {
	file  string
	order []string
	byKey map[string]any
}

// merge makes one list, or one document, of several answers to the same request,
// such as those of v1.0 and of beta. They have to agree in what both have; it
// says in what they do not.
func (r *responses) merge(ctx context.Context, dataset *schemas.Dataset, wholes []whole, saved psobject.Files) ([]any, string, error) {
	var all *held
	size := 0
	for _, w := range wholes {
		next, err := r.hold(ctx, dataset, w, saved, &size)
		if err != nil {
			return nil, "", err
		}
		if all == nil {
			all = next
			continue
		}
		if why := all.add(next, dataset); why != "" {
			return nil, why, nil
		}
	}
	for _, w := range wholes[1:] {
		r.plan.skip(w.file(), fmt.Sprintf("it answers the same as %s and agrees with it: %s is made of both", all.file, dataset.Name))
	}
	list := make([]any, 0, len(all.order))
	for _, key := range all.order {
		list = append(list, all.byKey[key])
	}
	return list, "", nil
}

// hold reads an answer as a whole.
func (r *responses) hold(ctx context.Context, dataset *schemas.Dataset, w whole, saved psobject.Files, size *int) (*held, error) {
	h := &held{file: w.file(), byKey: map[string]any{}}
	filled, seen := r.filledIn(ctx, w.pages), newSeen(dataset)
	err := r.each(ctx, w.pages, func(a answer, record map[string]any, n int) error {
		if *size += n; *size > maxHeld {
			return &evidence.Error{Summary: "the answers are too long to be compared", Hint: "Keep one of them."}
		}
		value := r.convert(a, record, filled, dataset, saved)
		again, err := seen.again(value)
		if err != nil || again {
			return err
		}
		name, ok := identity(dataset, value)
		if !ok {
			name = fmt.Sprint(len(h.order))
		}
		before, twice := h.byKey[name]
		switch {
		case !twice:
			h.order = append(h.order, name)
			h.byKey[name] = value
		case !isDated(dataset):
			return &evidence.Error{Summary: fmt.Sprintf("two records of %s differ", jsonfile.Clip(name)), Hint: "Save the answer again."}
		case updated(value) > updated(before):
			h.byKey[name] = value
		}
		return nil
	})
	return h, err
}

const lastUpdated = "lastUpdatedDateTime"

// isDated reports whether records say when they were last looked at: of two that
// two pages have, the later one counts.
func isDated(dataset *schemas.Dataset) bool {
	properties, _ := dataset.Shape()["properties"].(map[string]any)
	return properties[lastUpdated] != nil
}

func updated(record any) string {
	fields, _ := record.(map[string]any)
	text, _ := fields[lastUpdated].(string)
	return text
}

// add merges another answer, or says in what it differs.
func (h *held) add(other *held, dataset *schemas.Dataset) string {
	differ := func(format string, args ...any) string {
		return fmt.Sprintf("%s and %s answer the same request and differ: %s; keep one of them", h.file, other.file, fmt.Sprintf(format, args...))
	}
	for _, key := range other.order {
		if _, ok := h.byKey[key]; !ok {
			return differ("%s is in the second alone", jsonfile.Clip(key))
		}
	}
	for _, key := range h.order {
		also, ok := other.byKey[key]
		if !ok {
			return differ("%s is in the first alone", jsonfile.Clip(key))
		}
		merged, where := agree(h.byKey[key], also, dataset.Shape(), "")
		if where != "" {
			if dataset.Kind == schemas.Document {
				return differ("%s", where)
			}
			return differ("%s of %s", where, jsonfile.Clip(key))
		}
		h.byKey[key] = merged
	}
	return ""
}
