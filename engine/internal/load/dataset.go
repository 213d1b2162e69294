package load

import (
	"fmt"
	"iter"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
	"github.com/posture-score/posture/schemas"
)

// Missing is the status of a dataset that a control reads and the bundle doesn't hold. Those of other
// datasets are evidence.Collected and evidence.Failed.
const Missing = "missing"

// Options say how an assessment reads a bundle.
type Options struct {
	Workers   int   // goroutines that scan a dataset; 0 for one for each processor
	BlockSize int   // bytes that one of them takes at once; 0 for the default of records.Options
	Validate  int64 // records from the beginning of each population that are validated; less than 0 for all, 0 to validate nothing
	Progress  func(dataset string, records int64)
}

// SampleSize is how many records of a population are validated by default.
const SampleSize = 1000

// Dataset is the state of one dataset in an assessment.
type Dataset struct {
	Name       string
	Spec       *schemas.Dataset // nil if this version doesn't know the dataset
	Status     string
	Reason     string // why it failed
	Digest     string
	Records    int64
	Violations Violations
	Repeats    *unique.Repeats // records that repeat others; nil as long as that isn't known

	Mask  *jsonscan.FieldMask // what rules read of it as a document, or as a list of records; nil if none does
	Value ast.Value           // as rules see it there

	listed   evidence.Dataset // as the manifest lists it
	bundle   *evidence.Bundle
	options  Options
	buffers  *records.Buffers
	unique   *unique.Fields // nil if nothing identifies its records
	complete bool           // all of its records were read
}

// Collected reports whether the dataset is in the bundle.
func (d *Dataset) Collected() bool { return d.Status == evidence.Collected }

// Complete reports whether all records were read.
func (d *Dataset) Complete() bool { return d.complete }

// fail notes that the dataset can't be used.
func (d *Dataset) fail(reason string) {
	d.Status, d.Reason, d.Digest, d.Value = evidence.Failed, reason, "", nil
}

// recordMask returns what is read of each record of a dataset that is read as a document, or as a list.
func (d *Dataset) recordMask() *jsonscan.FieldMask {
	if d.Spec.Kind == schemas.Document || d.Mask.Whole {
		return d.Mask
	}
	return d.Mask.Each
}

// Checker returns a checker of the records of a population; key is the field that they are joined on,
// or "".
func (d *Dataset) Checker(key string) Checker {
	if key != "" {
		key = "/" + key
	}
	return Checker{spec: d.Spec, head: d.options.Validate, key: key}
}

// AddViolations adds the violations of a part whose first record has that index.
func (d *Dataset) AddViolations(part Violations, first int64) { d.Violations.merge(part, first) }

// ViolationCount returns how many violations were found.
func (d *Dataset) ViolationCount() int64 { return d.Violations.count }

// Warnings returns what is odd about the dataset and doesn't end an assessment.
func (d *Dataset) Warnings() []string {
	if d.Spec == nil {
		return []string{fmt.Sprintf("%s is not a dataset that this version knows; nothing reads it", d.Name)}
	}
	var list []string
	if warning := d.Spec.LimitWarning(d.Records); d.Collected() && warning != "" {
		list = append(list, warning)
	}
	list = append(list, d.Repeats.Warnings(d.Name, d.unique)...)
	for _, example := range d.Violations.examples {
		list = append(list, d.Name+": "+example.String())
	}
	if more := d.Violations.count - int64(len(d.Violations.examples)); more > 0 {
		list = append(list, fmt.Sprintf("%s: and %d more violations of its schema", d.Name, more))
	}
	return list
}

// List returns the records of a dataset that was read as a list, in the order of the evidence. What is
// not an object is skipped.
func (d *Dataset) List() iter.Seq[ast.Object] {
	return func(yield func(ast.Object) bool) {
		if d == nil {
			return
		}
		array, _ := d.Value.(*ast.Array)
		for i := range array.Len() {
			if record, ok := array.Elem(i).Value.(ast.Object); ok && !yield(record) {
				return
			}
		}
	}
}

// Field returns a field of a record; nil if it has none.
func Field(record ast.Object, name string) ast.Value {
	if term := record.Get(ast.StringTerm(name)); term != nil {
		return term.Value
	}
	return nil
}

// Text returns a field of a record that is a string; "" if it is missing or something else.
func Text(record ast.Object, name string) string {
	text, _ := Field(record, name).(ast.String)
	return string(text)
}
