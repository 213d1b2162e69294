package validate

import (
	"context"
	"errors"
	"fmt"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// Report is the result of a check.
type Report struct {
	Datasets   []Dataset   `json:"datasets"`   // sorted by name
	Violations []Violation `json:"violations"` // the first ones, in the order of the evidence; of a dataset, records that repeat others last
	Total      int64       `json:"total"`      // all violations, shown or not
}

// Dataset is the check of one dataset.
type Dataset struct {
	Name       string `json:"name"`
	Status     string `json:"status"` // collected or failed
	Reason     string `json:"reason,omitempty"`
	Records    int64  `json:"records"`
	Known      bool   `json:"known"` // false: there is no schema of that name, so nothing was checked
	Violations int64  `json:"violations"`

	Truncated    []evidence.Truncated `json:"truncated,omitempty"` // fields that were cut off
	LimitWarning string               `json:"doubt,omitempty"`     // why records may be missing: there are as many as a limit of its source
}

// Violation is evidence against its schema.
type Violation struct {
	Dataset string `json:"dataset"`
	File    string `json:"file"`
	Record  int64  `json:"record"`  // from 1; 0 if the whole file is meant
	Key     string `json:"key"`     // of the record, if it has one
	Pointer string `json:"pointer"` // JSON pointer into the record; empty for the whole record
	Message string `json:"message"`
}

// Bundle checks a whole bundle and keeps the first most violations. A file that was changed, or whose records can't be read to their end, is a
// violation, too: the other datasets are checked all the same. The error is one of the context.
func Bundle(ctx context.Context, b *evidence.Bundle, registry *schemas.Registry, most int) (*Report, error) {
	report := &Report{Datasets: []Dataset{}, Violations: []Violation{}}
	for _, listed := range b.Manifest().Datasets {
		checked := Dataset{Name: listed.Name, Status: listed.Status, Reason: listed.Reason, Truncated: listed.Truncated}
		spec, known := registry.Dataset(listed.Name)
		checked.Known = known
		if listed.Status == evidence.Collected {
			changed := b.VerifyDataset(ctx, listed.Name)
			report.broken(b, listed, &checked, most, changed)
			err := report.records(ctx, b, listed, spec, &checked, most)
			if err := ctx.Err(); err != nil {
				return nil, fmt.Errorf("checking %s: %w", b.Name(), err)
			}
			if err != nil && (changed == nil || err.Error() != changed.Error()) {
				report.broken(b, listed, &checked, most, err)
			}
		}
		if known {
			checked.LimitWarning = spec.LimitWarning(checked.Records)
		}
		report.Datasets = append(report.Datasets, checked)
		report.Total += checked.Violations
	}
	return report, nil
}

// broken adds an error of a dataset's file, if there is one.
func (r *Report) broken(b *evidence.Bundle, listed evidence.Dataset, checked *Dataset, most int, err error) {
	if err == nil {
		return
	}
	v := Violation{Dataset: listed.Name, File: b.File(listed), Message: err.Error()}
	var placed *evidence.Error
	if errors.As(err, &placed) {
		alone := *placed
		alone.Path, alone.Record, v.Record = "", 0, placed.Record
		v.Message = alone.Error()
	}
	r.add(checked, most, v)
}

func (r *Report) records(ctx context.Context, b *evidence.Bundle, listed evidence.Dataset, spec *schemas.Dataset, checked *Dataset, most int) error {
	duplicates := newDuplicates(spec, listed.Records)
	for record, err := range b.Records(ctx, listed.Name) {
		if err != nil {
			return err
		}
		checked.Records++
		decoded, err := records.Decode(record.JSON, records.Limits{})
		if err != nil {
			return fmt.Errorf("dataset %s: %w", listed.Name, &evidence.Error{Path: b.File(listed), Record: record.Index + 1, Summary: err.Error()})
		}
		if spec == nil {
			continue
		}
		if err := duplicates.add(record); err != nil {
			return err
		}
		for _, v := range spec.Validate(decoded) {
			r.add(checked, most, Violation{
				Dataset: listed.Name, File: b.File(listed), Record: record.Index + 1, Key: keyOf(decoded, spec.Key), Pointer: v.Pointer, Message: v.Message,
			})
		}
	}
	return duplicates.report(ctx, b, listed.Name, func(record evidence.Record, message string) {
		decoded, _ := records.Decode(record.JSON, records.Limits{}) // it could be
		r.add(checked, most, Violation{
			Dataset: listed.Name, File: b.File(listed), Record: record.Index + 1, Key: keyOf(decoded, spec.Key), Message: message,
		})
	})
}

func (r *Report) add(checked *Dataset, most int, v Violation) {
	checked.Violations++
	if len(r.Violations) < most {
		r.Violations = append(r.Violations, v)
	}
}

func keyOf(decoded any, key string) string {
	fields, _ := decoded.(map[string]any)
	text, _ := fields[key].(string)
	return text
}
