package validate

import (
	"context"
	"fmt"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
	"github.com/posture-score/posture/schemas"
)

// duplicates finds the records of a dataset with the unique fields of an earlier one. A nil value
// finds none.
type duplicates struct {
	fields   *unique.Fields
	loose    *records.Viewer
	keys     *unique.Keys
	detector *unique.Detector
}

func newDuplicates(spec *schemas.Dataset, expected int64) *duplicates {
	fields := unique.Of(spec)
	if fields == nil {
		return nil
	}
	slots := make([]int, len(fields.Names()))
	for i := range slots {
		slots[i] = i
	}
	return &duplicates{fields: fields, loose: records.NewViewer(fields.Projected()), keys: fields.Keys(slots), detector: unique.NewDetector(expected)}
}

// add adds a record.
func (d *duplicates) add(record evidence.Record) error {
	if d == nil {
		return nil
	}
	projected, err := d.loose.View(record.JSON)
	if err != nil {
		return err
	}
	if key, ok := d.keys.Of(projected); ok {
		d.detector.Add([]unique.Key{key})
	}
	return nil
}

// report calls to for each record that repeats an earlier one, or contradicts it, once all were added.
func (d *duplicates) report(ctx context.Context, b *evidence.Bundle, dataset string, to func(record evidence.Record, message string)) error {
	if d == nil || len(d.detector.Candidates()) == 0 {
		return nil
	}
	collector := unique.NewCollector()
	for record, err := range b.Records(ctx, dataset) {
		if err != nil {
			return err
		}
		projected, err := d.loose.View(record.JSON)
		if err != nil {
			return err
		}
		occurrence, found := d.keys.Occurrence(projected, record.Index, d.detector.Candidates())
		if !found {
			continue
		}
		first, same := collector.Add(occurrence)
		switch fields := d.fields; {
		case first < 0:
		case same:
			to(record, fmt.Sprintf("repeats an earlier record with the same %s; the first is record %d", fields, first+1))
		default:
			to(record, fmt.Sprintf("has the same %s as record %d and differs from it", fields, first+1))
		}
	}
	return nil
}
