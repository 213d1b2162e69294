package engine

import (
	"fmt"

	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// Invariant: what is found wrong with records does not depend on where one part of a dataset ends and the next begins.

// maxExamples is how many violations of a dataset's schema are quoted.
const maxExamples = 3

// checker compares records of one part of a dataset with their schema.
type checker struct {
	spec *schemas.Dataset
	mode Validation
	all  bool   // every record, whatever the mode says of samples
	key  string // pointer of the field that records are joined on; empty where nothing is joined

	first int64 // index of the part's first record; less than 0 where nobody knows it
	count int64 // records so far
	lost  bool  // the key of the last record is structurally not what the schema says
	flaws flaws
}

// flaws are what is wrong with some records, in their order. Indexes count from the first of them.
type flaws struct {
	count    int64
	examples []flaw
	breaches breaches // the structural ones
}

type flaw struct {
	record int64
	text   string
}

func (c *checker) begin(first int64) {
	c.first, c.count, c.flaws = first, 0, flaws{}
}

// check returns the places where the next record structurally departs from its schema.
func (c *checker) check(json []byte) [][]string {
	index := c.count
	c.count++
	c.lost = false
	if !c.wanted(index) || c.spec == nil || c.spec.Accepts(json) {
		return nil
	}
	decoded, err := records.Decode(json, records.Limits{})
	if err != nil {
		return c.flaws.add(index, schemas.Violation{Message: err.Error()}, true)
	}
	var places [][]string
	for _, v := range c.spec.Validate(decoded) {
		c.lost = c.lost || c.key != "" && v.Pointer == c.key && v.Structural()
		places = append(places, c.flaws.add(index, v, v.Structural())...)
	}
	return places
}

func (c *checker) wanted(index int64) bool {
	switch {
	case c.mode == ValidateOff:
		return false
	case c.all || c.mode == ValidateFull:
		return true
	}
	return c.first >= 0 && c.first+index < sampleSize
}

// add notes a violation, and returns its places if it is structural.
func (f *flaws) add(index int64, v schemas.Violation, structural bool) [][]string {
	text := fmt.Sprintf("%s: %s", pointer(v.Pointer), v.Message)
	found := flaw{index, text}
	f.count++
	if len(f.examples) < maxExamples {
		f.examples = append(f.examples, found)
	}
	if !structural {
		return nil
	}
	places := v.Places()
	for _, place := range places {
		f.breaches.add(breach{found, place, v.Keyword == "required" && len(places) > 0})
	}
	return places
}

func pointer(p string) string {
	if p == "" {
		return "the whole record"
	}
	return p
}

// take puts the flaws of a part that begins at that record to those of the parts before it.
func (s *source) take(name string, f flaws, first int64) {
	s.violations += f.count
	for _, example := range f.examples {
		if len(s.examples) < maxExamples {
			s.examples = append(s.examples, name+": "+example.at(first))
		}
	}
	for _, found := range f.breaches.list {
		found.record += first
		s.breaches.add(found)
	}
}

func (f flaw) at(first int64) string { return fmt.Sprintf("record %d, %s", first+f.record+1, f.text) }
