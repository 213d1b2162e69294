package page

import (
	"strings"
	"time"
)

// span is a range of time that the reader can choose. Style shows what is of the class of the chosen one, without a round trip.
type span struct {
	Label, Key string
	Checked    bool
	From, To   time.Time
}

// Class is that of what belongs to this range alone.
func (s span) Class() string { return "in-" + s.Key }

// spansOf returns the ranges that are shorter than the history, and all of it. What the address says is chosen, or else all.
func spansOf(first, last time.Time, asked string) []span {
	var list []span
	for _, s := range []struct {
		label, key string
		days       int
	}{{"30 days", "30d", 30}, {"90 days", "90d", 90}, {"180 days", "180d", 180}} {
		if from := last.AddDate(0, 0, -s.days); from.After(first) {
			list = append(list, span{Label: s.label, Key: s.key, From: from, To: last, Checked: asked == s.key})
		}
	}
	all := true
	for _, s := range list {
		all = all && !s.Checked
	}
	return append(list, span{Label: "All", Key: "all", From: first, To: last, Checked: all})
}

// classesOf returns the classes of what happened at a time: those of all ranges that have it.
func classesOf(spans []span, at time.Time) string {
	var classes []string
	for _, s := range spans {
		if !at.Before(s.From) {
			classes = append(classes, s.Class())
		}
	}
	return strings.Join(classes, " ")
}

// choice is one of several that a reader can choose.
type choice struct {
	Label, Key string
	Checked    bool
}
