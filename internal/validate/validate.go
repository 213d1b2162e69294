package validate

import (
	"context"
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
	Record  int64  `json:"record"`  // from 1
	Key     string `json:"key"`     // of the record, if it has one
	Pointer string `json:"pointer"` // JSON pointer into the record; empty for the whole record
	Message string `json:"message"`
}

// Bundle checks a whole bundle and keeps the first most violations. An error is one of evidence
// that cannot be read.
func Bundle(ctx context.Context, b *evidence.Bundle, registry *schemas.Registry, most int) (*Report, error) {
	if err := b.Verify(ctx); err != nil {
		return nil, err
	}
	report := &Report{Datasets: []Dataset{}, Violations: []Violation{}}
	for _, listed := range b.Manifest().Datasets {
		checked := Dataset{Name: listed.Name, Status: listed.Status, Reason: listed.Reason, Truncated: listed.Truncated}
		spec, known := registry.Dataset(listed.Name)
		checked.Known = known
		if listed.Status == evidence.Collected {
			if err := report.records(ctx, b, listed, spec, &checked, most); err != nil {
				return nil, err
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
