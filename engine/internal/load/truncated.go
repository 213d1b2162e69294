package load

import (
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: a dataset whose export truncated a field that anything reads is failed; one that lost
// only other fields is as good as complete.

// refuseTruncated marks a dataset as failed if a truncated field is read by a control or the engine.
func (d *Dataset) refuseTruncated(rules *Rules, truncated []evidence.Truncated) {
	if !d.Collected() || d.Spec == nil || len(truncated) == 0 {
		return
	}
	mask := d.readMask(rules)
	var read []evidence.Truncated
	for _, t := range truncated {
		if readsField(mask, t.Field) {
			read = append(read, t)
		}
	}
	if len(read) == 0 {
		return
	}
	more := ""
	switch n := len(read) - 1; {
	case n == 1:
		more = ", and so was 1 more field"
	case n > 1:
		more = fmt.Sprintf(", and so were %d more fields", n)
	}
	d.fail(fmt.Sprintf("%s was cut off in %s%s, as ConvertTo-Json does below its depth: save it again with -Depth 10",
		read[0].Field, read[0].File, more))
}

// readMask returns what anything reads of each record of a dataset, or of a document.
func (d *Dataset) readMask(rules *Rules) *jsonscan.FieldMask {
	mask := &jsonscan.FieldMask{}
	if d.Mask != nil {
		mask.Add(d.recordMask())
	}
	if d.Spec.Key != "" {
		mask.Field(d.Spec.Key)
	}
	for _, field := range d.Spec.Unique {
		mask.Field(field)
	}
	if d.Name == UserDataset {
		mask.Field(LicenseField).Add(&jsonscan.FieldMask{Whole: true})
	}
	for _, control := range rules.Controls() {
		if control.Coverage != nil {
			d.addPopulationMask(mask, rules, control)
		}
	}
	return mask
}

// addPopulationMask adds what a coverage control reads of the records, as its population or by joins.
func (d *Dataset) addPopulationMask(mask *jsonscan.FieldMask, rules *Rules, control *catalog.Control) {
	coverage := control.Coverage
	if coverage.Dataset == d.Name {
		mask.Add(Needed.of(rules.Of(control)).Input)
		for _, match := range coverage.Match {
			mask.Field(match.Field)
		}
		if coverage.Fresh != nil {
			mask.Field(coverage.Fresh.Field)
		}
	}
	for _, j := range coverage.Joins {
		if j.Dataset == d.Name {
			mask.Field(j.On)
			mask.Add(rules.JoinMask(KeyOf(j), Needed))
		}
	}
}

// readsField reports whether a mask reads a field, a part of it, or a value that contains it as a
// whole. The field is a dotted path; lists on the way add no step.
func readsField(mask *jsonscan.FieldMask, field string) bool {
	switch {
	case mask == nil:
		return false
	case mask.Whole, field == "":
		return true
	}
	for name, child := range mask.Fields {
		if rest, ok := cutStep(field, name); ok && readsField(child, rest) {
			return true
		}
	}
	if mask.Each == nil {
		return false
	}
	// Each is the mask of list elements, or of an object's fields whatever their names are.
	if readsField(mask.Each, field) {
		return true
	}
	_, rest, _ := strings.Cut(field, ".")
	return readsField(mask.Each, rest)
}

// cutStep returns a dotted path without its first step, if that is the name.
func cutStep(field, name string) (string, bool) {
	rest, ok := strings.CutPrefix(field, name)
	if !ok || rest == "" {
		return "", ok
	}
	return strings.CutPrefix(rest, ".")
}
