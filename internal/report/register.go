package report

import (
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/inspect"
)

// Decided is the page of what an organization decided: all of it, or what ends soon, or what has no effect.
type Decided struct {
	Register   string             // the file
	Assessment *engine.Assessment // nil if the decisions are compared with the catalog alone
	Now        time.Time          // what days are counted from
	Entries    []inspect.Entry
	ByOwner    bool
	Nothing    string // the sentence in the place of an empty list
	After      string // a sentence below the list, or ""
}

func (page Decided) document() any {
	document := struct {
		SchemaVersion string          `json:"schema_version"`
		Register      string          `json:"register"`
		Tenant        *engine.Tenant  `json:"tenant,omitempty"`
		EvaluatedAt   string          `json:"evaluated_at,omitempty"`
		At            string          `json:"at"`
		Decisions     []inspect.Entry `json:"decisions"`
	}{SchemaVersion: schemaVersion, Register: page.Register, At: page.Now.UTC().Format(time.RFC3339), Decisions: page.Entries}
	if page.Assessment != nil {
		of := newHeader(page.Assessment)
		document.Tenant, document.EvaluatedAt = &of.Tenant, of.EvaluatedAt
	}
	return document
}

func (page Decided) table(p *printer) {
	p.printf("%s, decisions as of %s\n", p.bold(clean(page.Register)), onDay(page.Now))
	if len(page.Entries) == 0 {
		p.printf("\n")
		p.hang("", page.Nothing, plain)
	}
	t := grid{columns: []gridColumn{{head: "ID", id: true}, {head: "STATUS", drop: 1}, {head: "STATE"}, {head: "WHO", least: 20, wraps: true}}}
	for _, group := range page.groups() {
		if page.ByOwner {
			t.rows = append(t.rows, gridRow{title: group.name})
		}
		for _, entry := range group.entries {
			t.add(entry.ID, spaced(string(entry.Status)), entryWords(entry), page.who(entry))
			for _, line := range entryLines(entry) {
				t.below(line)
			}
		}
	}
	if len(t.rows) > 0 {
		p.printf("\n")
	}
	p.grid(&t)
	if len(page.Entries) > 0 {
		p.printf("\n%s\n", plural(len(page.Entries), "decision"))
	}
	if page.After != "" {
		p.hang("", page.After, p.faint)
	}
}

// who returns who owns an entry, unless it stands under that name, and who approved it.
func (page Decided) who(entry inspect.Entry) string {
	var who []string
	if entry.Owner != "" && !page.ByOwner {
		who = append(who, clip(clean(entry.Owner), maxName))
	}
	if entry.Approved != "" {
		who = append(who, "approved by "+clip(clean(entry.Approved), maxName))
	}
	return strings.Join(who, ", ")
}

// entryLines returns what is said of an entry in words.
func entryLines(entry inspect.Entry) []string {
	var lines []string
	if entry.Record != "" {
		lines = append(lines, "the record "+clean(entry.Record))
	}
	if entry.Void != "" {
		lines = append(lines, "no effect: "+clip(clean(entry.Void), maxText))
	}
	if entry.Reason != "" {
		lines = append(lines, clip(clean(entry.Reason), maxText))
	}
	return lines
}

// entryWords is standingWords for an entry, whose status stands beside it.
func entryWords(entry inspect.Entry) string {
	switch entry.State {
	case decisions.Standing, decisions.Open:
		return strings.TrimSpace("standing " + until(entry.Expires))
	}
	return standingWords(entry.Item)
}

func until(day string) string {
	if day == "" {
		return ""
	}
	return "until " + day
}

// ownedEntries are entries under the name of who owns them.
type ownedEntries struct {
	name    string
	entries []inspect.Entry
}

// groups returns the entries by owner, nobody's last; or all of them as one.
func (page Decided) groups() []ownedEntries {
	if len(page.Entries) == 0 {
		return nil
	}
	if !page.ByOwner {
		return []ownedEntries{{entries: page.Entries}}
	}
	var groups []ownedEntries
	for _, owner := range decisions.ByOwner(items(page.Entries)) {
		group := ownedEntries{name: "Nobody"}
		if owner.Name != "" {
			group.name = clip(clean(owner.Name), maxName)
		}
		for _, entry := range page.Entries {
			if decisions.SameOwner(entry.Owner, owner.Name) {
				group.entries = append(group.entries, entry)
			}
		}
		groups = append(groups, group)
	}
	return groups
}

func items(entries []inspect.Entry) []decisions.Item {
	list := make([]decisions.Item, len(entries))
	for i, entry := range entries {
		list[i] = entry.Item
	}
	return list
}

func (page Decided) sheet() sheet {
	s := sheet{title: "Decisions", heads: []head{
		{name: "ID"},
		{name: "Recommended action"},
		{name: "Record"},
		{name: "Status"},
		{name: "State"},
		{name: "Owner"},
		{name: "Approved by"},
		{name: "Reason"},
		{name: "Due", number: true, date: true},
		{name: "Expires", number: true, date: true},
		{name: "Days until expiry", number: true},
		{name: "Without effect because"},
		{name: "Ticket"},
		{name: "Tags"},
		{name: "Line", number: true},
	}}
	for _, e := range page.Entries {
		s.rows = append(s.rows, []string{
			e.ID, e.Title, e.Record, capital(spaced(string(e.Status))), spaced(string(e.State)), e.Owner, e.Approved, e.Reason,
			e.Due, e.Expires, optional(e.EndsIn), e.Void, e.Ticket, strings.Join(e.Tags, ", "), strconv.Itoa(e.Line),
		})
	}
	return s
}

func (page Decided) sheets() []sheet { return []sheet{page.sheet()} }

// RegisterCheck is the page of what a check of a register found. The text does not have the problems, which [Problems] writes elsewhere.
type RegisterCheck struct {
	Register string // the file
	Actions  int    // about which something is registered
	Problems *diag.Problems
}

func (page RegisterCheck) document() any {
	document := struct {
		SchemaVersion string         `json:"schema_version"`
		Register      string         `json:"register"`
		Actions       int            `json:"actions"`
		Errors        int            `json:"errors"`
		Warnings      int            `json:"warnings"`
		Problems      []diag.Problem `json:"problems"`
	}{SchemaVersion: schemaVersion, Register: page.Register, Actions: page.Actions, Problems: page.Problems.List()}
	document.Errors, document.Warnings = severities(document.Problems)
	return document
}

func (page RegisterCheck) results() []result {
	return checked("register check", page.Register, page.Problems, map[string]bool{page.Register: true})
}

func (page RegisterCheck) table(p *printer) {
	found := "no problems"
	if page.Problems != nil {
		found = plural(len(page.Problems.Diagnostics), "warning")
	}
	p.printf("%s: %s, %s\n", clean(page.Register), plural(page.Actions, "action"), found)
}
