package engine

import (
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/schemas"
)

// Invariant: a dataset that lost a field which anything reads is failed; one that lost other fields alone is as good as whole.

// refuseTruncated turns datasets into failed ones that lost a field which some control or the engine itself reads.
func (r *run) refuseTruncated() {
	for _, listed := range r.bundle.Manifest().Datasets {
		s := r.sources[listed.Name]
		if s.status != Collected || s.spec == nil || len(listed.Truncated) == 0 {
			continue
		}
		read := r.recordPaths(listed.Name, s)
		var lost []evidence.Truncated
		for _, t := range listed.Truncated {
			if reaches(read, t.Field) {
				lost = append(lost, t)
			}
		}
		if len(lost) > 0 {
			s.status, s.reason, s.digest = Failed, truncatedReason(lost), ""
		}
	}
}

// truncatedReason says what was lost, where, and what to do.
func truncatedReason(lost []evidence.Truncated) string {
	more := ""
	switch n := len(lost) - 1; {
	case n == 1:
		more = ", and so was 1 more field"
	case n > 1:
		more = fmt.Sprintf(", and so were %d more fields", n)
	}
	return fmt.Sprintf("%s was cut off in %s%s, as ConvertTo-Json does below its depth: save it again with -Depth 10", lost[0].Field, lost[0].File, more)
}

// recordPaths returns what anything reads of each record of a dataset, or of a document.
func (r *run) recordPaths(name string, s *source) *jsonscan.FieldMask {
	paths := &jsonscan.FieldMask{}
	if s.whole != nil {
		paths.Add(ofRecord(s))
	}
	if s.spec.Key != "" {
		paths.Field(s.spec.Key)
	}
	for _, field := range s.spec.Unique {
		paths.Field(field)
	}
	if name == userDataset {
		paths.Field(licenseField).Add(&jsonscan.FieldMask{Whole: true})
	}
	for _, control := range r.engine.catalog.InForce() {
		if coverage := control.Coverage; coverage != nil {
			r.addCoverage(paths, name, control)
		}
	}
	return paths
}

// addCoverage adds what a control that is measured over a population reads of a dataset's records, there or by its joins.
func (r *run) addCoverage(paths *jsonscan.FieldMask, name string, control *catalog.Control) {
	coverage := control.Coverage
	if coverage.Dataset == name {
		paths.Add(r.engine.rules[control.Package].AccessPaths().Input)
		for _, match := range coverage.Match {
			paths.Field(match.Field)
		}
		if coverage.Fresh != nil {
			paths.Field(coverage.Fresh.Field)
		}
	}
	for _, j := range coverage.Joins {
		if j.Dataset == name {
			paths.Field(j.On)
			paths.Add(r.engine.joinPaths(indexKey{j.Dataset, j.On, j.Many}, reads))
		}
	}
}

// ofRecord returns what is read of each record of a dataset that is read whole.
func ofRecord(s *source) *jsonscan.FieldMask {
	if s.spec.Kind == schemas.Document || s.whole.Whole {
		return s.whole
	}
	return s.whole.Each
}

// reaches reports whether somebody who reads so much of a value reads a field of it, a part of the field, or something that the field is
// a part of and that is read with all that is in it. A field is the names that lead to it, with dots; lists on the way add none.
func reaches(paths *jsonscan.FieldMask, field string) bool {
	switch {
	case paths == nil:
		return false
	case paths.Whole, field == "":
		return true
	}
	for name, below := range paths.Fields {
		if rest, ok := behind(field, name); ok && reaches(below, rest) {
			return true
		}
	}
	if paths.Each == nil {
		return false
	}
	// Of the elements of a list, or of all members of an object, whatever their names.
	if reaches(paths.Each, field) {
		return true
	}
	_, rest, _ := strings.Cut(field, ".")
	return reaches(paths.Each, rest)
}

// behind cuts a name off the beginning of a field.
func behind(field, name string) (string, bool) {
	rest, ok := strings.CutPrefix(field, name)
	if !ok || rest == "" {
		return "", ok
	}
	return strings.CutPrefix(rest, ".")
}
