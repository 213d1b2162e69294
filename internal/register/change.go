package register

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
)

// Change is what is registered about one action in one text of a register and not in another.
type Change struct {
	ID            string
	Line          int             // of the action in the later text; 0 if it is not there
	Before, After engine.Decision // zero if nothing is registered
}

// Changes returns what differs between two texts of a register, by id.
func Changes(before, after []byte) ([]Change, error) {
	old, err := Read(Name, before)
	if err != nil {
		return nil, err
	}
	now, err := Read(Name, after)
	if err != nil {
		return nil, err
	}
	ids := slices.AppendSeq(slices.Collect(maps.Keys(old.decisions)), maps.Keys(now.decisions))
	slices.Sort(ids)
	var changes []Change
	for _, id := range slices.Compact(ids) {
		if VersionOf(old.decisions, id) != VersionOf(now.decisions, id) {
			changes = append(changes, Change{ID: id, Line: now.lines[id], Before: old.decisions[id], After: now.decisions[id]})
		}
	}
	return changes, nil
}

// String says in a few words what was changed, as in "planned -> risk accepted, expires 2027-01-31". It does not say who changed it when.
func (c Change) String() string {
	var parts []string
	said := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	before, after := statusWords(c.Before.Status), statusWords(c.After.Status)
	if before != after {
		said("%s -> %s", before, after)
	}
	for _, field := range []struct{ name, none, before, after string }{
		{"owner", "no owner", c.Before.Owner, c.After.Owner},
		{"due", "no due date", moment(c.Before.Due), moment(c.After.Due)},
		{"expires", "no end", moment(c.Before.Expires), moment(c.After.Expires)},
		{"approved by", "no approval", c.Before.ApprovedBy, c.After.ApprovedBy},
		{"ticket", "no ticket", c.Before.Ticket, c.After.Ticket},
	} {
		switch {
		case field.before == field.after:
		case field.after == "":
			said("%s", field.none)
		case field.before == "":
			said("%s %s", field.name, field.after)
		default:
			said("%s %s -> %s", field.name, field.before, field.after)
		}
	}
	if c.Before.Reason != c.After.Reason {
		said("%s", reasonWords(c.Before.Reason, c.After.Reason))
	}
	said("%s", list("tagged", missing(c.After.Tags, c.Before.Tags)))
	said("%s", list("no longer tagged", missing(c.Before.Tags, c.After.Tags)))
	said("%s", noteWords(len(c.After.Notes)-len(c.Before.Notes)))
	said("%s", exclusionWords(c.Before.Exclude, c.After.Exclude))
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return cmp.Or(strings.Join(parts, ", "), "written differently")
}

func statusWords(s engine.Status) string {
	return strings.ReplaceAll(string(cmp.Or(s, engine.ToAddress)), "_", " ")
}

// moment returns a time as it may be written in a register.
func moment(at *time.Time) string {
	switch {
	case at == nil:
		return ""
	case at.Equal(at.Truncate(24 * time.Hour)), at.Equal(at.Truncate(24 * time.Hour).Add(24*time.Hour - time.Second)):
		return at.Format(time.DateOnly)
	}
	return at.Format(time.RFC3339)
}

func reasonWords(before, after string) string {
	switch {
	case after == "":
		return "no reason"
	case before == "":
		return "a reason"
	}
	return "another reason"
}

func noteWords(more int) string {
	switch {
	case more == 1:
		return "noted"
	case more == -1:
		return "1 note less"
	case more < 0:
		return fmt.Sprintf("%d notes less", -more)
	case more > 0:
		return fmt.Sprintf("%d notes more", more)
	}
	return ""
}

// exclusionWords says which records are excluded, and which no more.
func exclusionWords(before, after []engine.Exclusion) string {
	had, has := map[string]engine.Exclusion{}, map[string]engine.Exclusion{}
	for _, x := range before {
		had[x.Key] = x
	}
	for _, x := range after {
		has[x.Key] = x
	}
	var added, gone, other []string
	for _, x := range after {
		was, there := had[x.Key]
		if !there {
			added = append(added, x.Key+until(x.Expires))
		} else if was.Reason != x.Reason || moment(was.Expires) != moment(x.Expires) {
			other = append(other, x.Key+until(x.Expires))
		}
	}
	for _, x := range before {
		if _, there := has[x.Key]; !there {
			gone = append(gone, x.Key)
		}
	}
	parts := []string{list("excludes", added), list("still excludes", other), list("no longer excludes", gone)}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

func until(at *time.Time) string {
	if at == nil {
		return ""
	}
	return " until " + moment(at)
}

// most is how many words a list in a sentence has at most.
const most = 5

func list(verb string, words []string) string {
	if len(words) == 0 {
		return ""
	}
	if more := len(words) - most; more > 0 {
		words = append(slices.Clone(words[:most]), fmt.Sprintf("%d more", more))
	}
	return verb + " " + strings.Join(words, ", ")
}

// missing returns the words of a list that another one lacks.
func missing(words, from []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool { return slices.Contains(from, word) })
}
