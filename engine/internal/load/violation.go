package load

import (
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// Invariant: the violations of a dataset don't depend on where one part of it ends and the next begins.

// Bounds of what is kept of the violations of a dataset.
const (
	maxExamples   = 3   // quoted in warnings
	maxStructural = 200 // different paths; further violations count as being everywhere
)

// Violation is the first structural violation of a schema at a path in the records of a dataset.
type Violation struct {
	record  int64 // index from the first record of the part or, once added to a dataset, of the dataset
	text    string
	path    []string // of field names and list indexes; empty for the whole record
	missing bool     // a required field is missing; otherwise a value has the wrong shape
}

// String returns the record and what is wrong with it.
func (v Violation) String() string { return fmt.Sprintf("record %d, %s", v.record+1, v.text) }

// Violations are those of some records, in the order of the records.
type Violations struct {
	count      int64
	examples   []Violation
	structural []Violation // one for each path
	seen       map[string]bool
}

// add adds a violation and returns its paths if it is structural.
func (v *Violations) add(record int64, found schemas.Violation, structural bool) [][]string {
	pointer := found.Pointer
	if pointer == "" {
		pointer = "the whole record"
	}
	first := Violation{record: record, text: fmt.Sprintf("%s: %s", pointer, found.Message)}
	v.count++
	if len(v.examples) < maxExamples {
		v.examples = append(v.examples, first)
	}
	if !structural {
		return nil
	}
	paths := found.Paths()
	for _, path := range paths {
		first.path, first.missing = path, found.Keyword == "required" && len(paths) > 0
		v.addStructural(first)
	}
	return paths
}

// addStructural adds a structural violation if its path is a new one.
func (v *Violations) addStructural(found Violation) {
	key := pathKey(found.path)
	if found.missing {
		key += "\x00?"
	}
	if v.seen[key] || len(v.structural) > maxStructural {
		return
	}
	if len(v.structural) == maxStructural {
		found.path, found.missing = nil, false
	}
	if v.seen == nil {
		v.seen = map[string]bool{}
	}
	v.seen[key] = true
	v.structural = append(v.structural, found)
}

// pathKey returns a key of a path that is the same for all elements of a list.
func pathKey(path []string) string {
	steps := make([]string, len(path))
	for i, step := range path {
		if steps[i] = step; strings.Trim(step, "0123456789") == "" {
			steps[i] = "0"
		}
	}
	return strings.Join(steps, "\x00")
}

// merge adds the violations of a part whose first record has that index.
func (v *Violations) merge(part Violations, first int64) {
	v.count += part.count
	for _, example := range part.examples {
		if len(v.examples) < maxExamples {
			example.record += first
			v.examples = append(v.examples, example)
		}
	}
	for _, found := range part.structural {
		found.record += first
		v.addStructural(found)
	}
}

// first returns the first structural violation in what a mask reads, of those that are wanted; nil if
// there is none.
func (v *Violations) first(mask *jsonscan.FieldMask, wanted func(*Violation) bool) *Violation {
	for i := range v.structural {
		if found := &v.structural[i]; wanted(found) && readsPath(mask, found.path) {
			return found
		}
	}
	return nil
}

// ReadsAny reports whether a mask reads any of some paths.
func ReadsAny(mask *jsonscan.FieldMask, paths [][]string) bool {
	for _, path := range paths {
		if readsPath(mask, path) {
			return true
		}
	}
	return false
}

// readsPath reports whether a mask reads the value at a path, a part of it, or a value that contains it
// as a whole. A step is a field name or a list index.
func readsPath(mask *jsonscan.FieldMask, path []string) bool {
	switch {
	case mask == nil:
		return false
	case mask.Whole || len(path) == 0:
		return true
	}
	return readsPath(mask.Each, path[1:]) || readsPath(mask.Fields[path[0]], path[1:])
}

// Checker validates the records of one part of a dataset. It is for one goroutine.
type Checker struct {
	spec *schemas.Dataset
	head int64  // only so many records from the beginning of the dataset are validated; less than 0 for all
	key  string // JSON pointer of the field that records are joined on; empty without a join

	first int64 // index of the part's first record; less than 0 if it isn't known
	count int64 // records so far

	KeyInvalid bool       // the field that the last record is joined on structurally violates the schema
	Found      Violations // in the part
}

// Begin begins a part.
func (c *Checker) Begin(first int64) { c.first, c.count, c.Found = first, 0, Violations{} }

// Index returns the index of the next record in the part.
func (c *Checker) Index() int64 { return c.count }

// Check validates the next record and returns the paths at which it structurally violates its schema.
func (c *Checker) Check(json []byte) [][]string {
	index := c.count
	c.count++
	c.KeyInvalid = false
	if wanted := c.head < 0 || c.first >= 0 && c.first+index < c.head; !wanted || c.spec == nil || c.spec.Accepts(json) {
		return nil
	}
	decoded, err := records.Decode(json, records.Limits{})
	if err != nil {
		return c.Found.add(index, schemas.Violation{Message: err.Error()}, true)
	}
	var paths [][]string
	for _, v := range c.spec.Validate(decoded) {
		c.KeyInvalid = c.KeyInvalid || c.key != "" && v.Pointer == c.key && v.Structural()
		paths = append(paths, c.Found.add(index, v, v.Structural())...)
	}
	return paths
}
