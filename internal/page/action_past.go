package page

import (
	"cmp"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/score"
)

// pastChange is a change of the action in the history.
type pastChange struct {
	Day, Entry string // date, and address of the entry
	Points     score.Delta
	Word       string
	From, To   string
	Causes     []string
	Records    []string
}

// maxPast is how many changes the page of an action tells. The history has all.
const maxPast = 20

// pastOf returns the changes of actions, the latest first, by id: of all actions if none is named.
func pastOf(f *frame, ids ...string) map[string][]pastChange {
	past := map[string][]pastChange{}
	if f.snapshot.Past == nil {
		return past
	}
	changes := f.snapshot.Past.Changes
	for i := len(changes) - 1; i >= 0; i-- {
		if changes[i].Attribution == nil {
			continue
		}
		list := changes[i].Attribution.Actions
		for j := range list {
			if c := &list[j]; len(ids) == 0 || slices.Contains(ids, c.ID) {
				past[c.ID] = append(past[c.ID], pastChangeOf(f, changes[i].After.ID, day(changes[i].After.EvaluatedAt), c))
			}
		}
	}
	return past
}

func pastChangeOf(f *frame, entry int64, on string, c *attribution.Change) pastChange {
	p := pastChange{Day: on, Entry: f.Links.Entry(entry), Points: c.Amount().Points, Word: capital(string(c.Word)), From: pastState(c.Before), To: pastState(c.After)}
	for _, part := range c.Parts {
		text := string(part.Cause)
		if part.Detail != "" {
			text += ": " + part.Detail
		}
		if part.Points != 0 && len(c.Parts) > 1 {
			text += " " + signed(part.Points)
		}
		p.Causes = append(p.Causes, text)
	}
	if m := c.Records; m != nil {
		for _, set := range setsOf(m) {
			if set.Total > 0 {
				p.Records = append(p.Records, count(set.Total)+" "+set.words+named(set.Set, f.File))
			}
		}
	}
	return p
}

// named names the first records of a set.
func named(set *attribution.Set, brief bool) string {
	if brief || len(set.Shown) == 0 {
		return ""
	}
	var names []string
	for _, record := range set.Shown[:min(len(set.Shown), maxNamed)] {
		names = append(names, shortened(cmp.Or(record.Label, record.Key), maxShown))
	}
	text := ": " + strings.Join(names, ", ")
	if rest := set.Total - int64(len(names)); rest > 0 {
		text += " and " + count(rest) + " more"
	}
	return text
}

// maxNamed is how many records a line of the history names.
const maxNamed = 3

// pastState says what an action was at a time.
func pastState(s *attribution.State) string {
	if s == nil {
		return ""
	}
	text := spaced(string(s.Outcome))
	if s.Status != engine.ToAddress && s.Status != engine.Completed && s.Status != "" {
		text += ", " + strings.ToLower(status(s.Status))
	}
	if s.Counts {
		text += " " + points(s.Achieved) + " / " + points(s.Max)
	}
	return text
}
