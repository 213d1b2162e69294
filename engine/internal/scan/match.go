package scan

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Invariant: a record is evaluated by every control whose match it satisfies or may satisfy, and by no
// other.

// candidate is a control that a record matches.
type candidate struct {
	control   *controlScan
	uncertain bool // a field that is matched has no usable value
}

// matchIndex holds the controls whose first match is on one column, by the value that they match.
type matchIndex struct {
	column   int
	controls []*controlScan
	byValue  map[string][]*controlScan
}

// matcher finds the controls that a record matches.
type matcher struct {
	always  []candidate // controls without match
	indexes []*matchIndex
	columns []int // of the fields that are matched
}

// add adds a control.
func (m *matcher) add(c *controlScan) {
	if len(c.match) == 0 {
		m.always = append(m.always, candidate{control: c})
		return
	}
	for _, term := range c.match {
		if !slices.Contains(m.columns, term.column) {
			m.columns = append(m.columns, term.column)
		}
	}
	first := c.match[0]
	i := slices.IndexFunc(m.indexes, func(x *matchIndex) bool { return x.column == first.column })
	if i < 0 {
		i = len(m.indexes)
		m.indexes = append(m.indexes, &matchIndex{column: first.column, byValue: map[string][]*controlScan{}})
	}
	x := m.indexes[i]
	x.controls = append(x.controls, c)
	x.byValue[first.value] = append(x.byValue[first.value], c)
}

// candidates returns the controls whose match the record satisfies; value returns matchKey of a column.
// If a field has no value of the kind that is matched, it isn't known which control the record belongs
// to: all those that its other fields don't rule out are uncertain candidates.
func (m *matcher) candidates(value func(column int) string) []candidate {
	found := slices.Clone(m.always)
	for _, x := range m.indexes {
		first, controls := value(x.column), x.controls
		if slices.ContainsFunc(controls, func(c *controlScan) bool { return sameKind(first, c.match[0].value) }) {
			controls = x.byValue[first]
		}
		for _, c := range controls {
			if matches, uncertain := c.matches(value); matches {
				found = append(found, candidate{c, uncertain})
			}
		}
	}
	return found
}

// matches reports whether a record satisfies the control's match, as far as its fields tell.
func (c *controlScan) matches(value func(column int) string) (matches, uncertain bool) {
	for _, term := range c.match {
		switch found := value(term.column); {
		case found == term.value:
		case sameKind(found, term.value):
			return false, false
		default:
			uncertain = true
		}
	}
	return true, uncertain
}

// matchKey encodes a scalar so that only equal values have equal keys. Other values have none: "".
func matchKey(value any) string {
	switch value := value.(type) {
	case string:
		return matchText(value)
	case bool:
		return fmt.Sprintf("b%t", value)
	case json.Number:
		if f, err := value.Float64(); err == nil {
			return fmt.Sprintf("n%g", f)
		}
	}
	return ""
}

// matchText is matchKey of a text.
func matchText[T string | []byte](text T) string { return string(append([]byte{'s'}, text...)) }

// sameKind reports whether two match keys are of values of the same kind.
func sameKind(a, b string) bool { return a != "" && b != "" && a[0] == b[0] }
