package validate

import (
	"context"
	"fmt"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
	"github.com/posture-score/posture/schemas"
)

// twins finds the records of a dataset that have the unique fields of an earlier one. Those of nil are none.
type twins struct {
	fields   *unique.Fields
	loose    *records.Viewer
	keys     *unique.Keys
	detector *unique.Detector
}

func newTwins(spec *schemas.Dataset, expected int64) *twins {
	fields := unique.Of(spec)
	if fields == nil {
		return nil
	}
	slots := make([]int, len(fields.Names()))
	for i := range slots {
		slots[i] = i
	}
	return &twins{fields: fields, loose: records.NewViewer(fields.Projected()), keys: fields.Keys(slots), detector: unique.NewDetector(expected)}
}

// note notes a record.
func (t *twins) note(record evidence.Record) error {
	if t == nil {
		return nil
	}
	projected, err := t.loose.View(record.JSON)
	if err != nil {
		return err
	}
	if key, ok := t.keys.Of(projected); ok {
		t.detector.Add([]unique.Key{key})
	}
	return nil
}

// tell tells of each record that repeats an earlier one, or contradicts it, once all were noted.
func (t *twins) tell(ctx context.Context, b *evidence.Bundle, dataset string, to func(record evidence.Record, message string)) error {
	if t == nil || len(t.detector.Candidates()) == 0 {
		return nil
	}
	collector := unique.NewCollector()
	for record, err := range b.Records(ctx, dataset) {
		if err != nil {
			return err
		}
		projected, err := t.loose.View(record.JSON)
		if err != nil {
			return err
		}
		occurrence, found := t.keys.Occurrence(projected, record.Index, t.detector.Candidates())
		if !found {
			continue
		}
		first, same := collector.Add(occurrence)
		switch fields := t.fields; {
		case first < 0:
		case same:
			to(record, fmt.Sprintf("repeats an earlier record with the same %s; the first is record %d", fields, first+1))
		default:
			to(record, fmt.Sprintf("has the same %s as record %d and differs from it", fields, first+1))
		}
	}
	return nil
}
