package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/score"
)

// Entries is the page of the entries of a tenant, newest first.
type Entries struct {
	Tenant  engine.Tenant
	Entries []history.Entry
}

// entryDocument is an entry in JSON.
type entryDocument struct {
	ID          int64           `json:"id"`
	Origin      history.Origin  `json:"origin"`
	EvaluatedAt time.Time       `json:"evaluated_at"`
	Score       scoreDocument   `json:"score"`
	Digests     history.Digests `json:"digests"`
	Content     string          `json:"content"`
	Hash        string          `json:"hash"`
	Pruned      bool            `json:"pruned"`
}

// scoreDocument is a score in JSON, without categories and products.
type scoreDocument struct {
	Achieved      score.Points `json:"achieved"`
	Total         score.Points `json:"total"`
	AssessedTotal score.Points `json:"assessed_total"`
	Percent       score.Points `json:"percent"`
	engine.Views
}

func newEntryDocument(e history.Entry) entryDocument {
	return entryDocument{
		ID: e.ID, Origin: e.Origin, EvaluatedAt: e.EvaluatedAt, Digests: e.Digests, Content: e.Content, Hash: e.Hash, Pruned: e.Pruned,
		Score: scoreDocument{e.Score.Achieved, e.Score.Total, e.Score.AssessedTotal, e.Score.Percent, e.Score.Views},
	}
}

// tenant returns the tenant with the name that it had last.
func (page Entries) tenant() engine.Tenant {
	if len(page.Entries) > 0 {
		return page.Entries[0].Tenant
	}
	return page.Tenant
}

func (page Entries) document() any {
	document := struct {
		SchemaVersion string          `json:"schema_version"`
		Tenant        engine.Tenant   `json:"tenant"`
		Entries       []entryDocument `json:"entries"`
	}{schemaVersion, page.tenant(), make([]entryDocument, len(page.Entries))}
	for i, e := range page.Entries {
		document.Entries[i] = newEntryDocument(e)
	}
	return document
}

func (page Entries) sheet() sheet {
	s := sheet{heads: []head{
		{name: "Entry", number: true},
		{name: "Time", number: true, date: true},
		{name: "Origin", number: true},
		{name: "Percent", number: true},
		{name: "Points", number: true},
		{name: "Total", number: true},
		{name: "Planned", number: true},
		{name: "Current license", number: true},
		{name: "Achievable", number: true},
		{name: "Pruned", number: true},
		{name: "Hash", number: true},
	}}
	for _, e := range page.Entries {
		s.rows = append(s.rows, []string{
			fmt.Sprint(e.ID), e.EvaluatedAt.Format(time.RFC3339), string(e.Origin), hundredths(e.Score.Percent), e.Score.Achieved.String(),
			e.Score.Total.String(), e.Score.Planned.Points.String(), e.Score.CurrentLicense.Points.String(), e.Score.Achievable.Points.String(),
			fmt.Sprint(e.Pruned), e.Hash,
		})
	}
	return s
}

func (page Entries) sheets() []sheet { return []sheet{page.sheet()} }

func (page Entries) table(p *printer) {
	tenant := page.tenant()
	p.printf("%s\n", p.bold(clean(cmp.Or(tenant.Name, tenant.ID))))
	if len(page.Entries) == 0 {
		p.printf("No entries in this time.\n")
		return
	}
	t := grid{indent: "  ", columns: []gridColumn{
		{head: "ENTRY", right: true},
		{head: "TIME"},
		{head: "SCORE", right: true},
		{head: "POINTS", right: true},
		{head: "OF", right: true},
		{head: "CATALOG", drop: 1},
		{},
	}}
	for _, e := range page.Entries {
		note := ""
		if e.Pruned {
			note = "score only"
		}
		t.add(fmt.Sprint(e.ID), shownTime(e.EvaluatedAt), percentText(e.Score.Percent), e.Score.Achieved.String(), e.Score.Total.String(), short(e.Digests.Catalog), note)
	}
	p.grid(&t)
}

func shownTime(at time.Time) string { return at.UTC().Format("2006-01-02 15:04") }

// short returns the beginning of a digest, by which people tell it from others.
func short(digest string) string {
	digest = strings.TrimPrefix(clean(digest), "sha256:")
	return digest[:min(12, len(digest))]
}

// Changes is the page of what changed of the actions of a tenant, newest first.
type Changes struct {
	Tenant  engine.Tenant
	Changes []changed
	hidden  int // that moved no points
	Gone    int // entries whose assessments retention dropped
}

// ChangeFilter chooses changes. An empty list stands for all.
type ChangeFilter struct {
	Categories []string
	Actions    []string
	Causes     []attribution.Cause
	All        bool // too those that moved no points
}

// changed is the change of one action with one entry.
type changed struct {
	before, after int64 // entries
	at            time.Time
	attribution.Change
}

// Add adds the changes of one entry that a filter chooses.
func (page *Changes) Add(step history.Change, f ChangeFilter) {
	if page.Tenant.Name == "" {
		page.Tenant = step.After.Tenant
	}
	if step.Attribution == nil {
		return
	}
	for _, c := range step.Attribution.Actions {
		if !f.chooses(c) {
			continue
		}
		if amount := c.Amount(); amount.Zero() && c.Word != attribution.Decided && !f.All {
			page.hidden++
			continue
		}
		page.Changes = append(page.Changes, changed{step.Before, step.After.ID, step.After.EvaluatedAt, c})
	}
}

func (f ChangeFilter) chooses(c attribution.Change) bool {
	if len(f.Categories) > 0 && !slices.Contains(f.Categories, c.Category) || len(f.Actions) > 0 && !slices.Contains(f.Actions, c.ID) {
		return false
	}
	return len(f.Causes) == 0 || slices.ContainsFunc(c.Parts, func(part attribution.Part) bool { return slices.Contains(f.Causes, part.Cause) })
}

// causes returns the causes of a change in words.
func causes(c *attribution.Change) string {
	names := make([]string, len(c.Parts))
	for i, part := range c.Parts {
		names[i] = causeName(part)
	}
	return strings.Join(names, ", ")
}

// resulting returns the points that an action has after a change.
func resulting(s *attribution.State) string {
	switch {
	case s == nil:
		return "gone"
	case !s.Counts:
		return spaced(string(s.Outcome))
	}
	return s.Achieved.String() + "/" + s.Max.String()
}

// changeDocument is a change in JSON.
type changeDocument struct {
	Entry       int64     `json:"entry"`
	Previous    int64     `json:"previous"`
	EvaluatedAt time.Time `json:"evaluated_at"`
	attribution.Change
}

func (page Changes) document() any {
	document := struct {
		SchemaVersion string           `json:"schema_version"`
		Tenant        engine.Tenant    `json:"tenant"`
		Changes       []changeDocument `json:"changes"`
		NotCompared   int              `json:"not_compared"` // entries whose assessments retention dropped
	}{schemaVersion, page.Tenant, make([]changeDocument, len(page.Changes)), page.Gone}
	for i, c := range page.Changes {
		document.Changes[i] = changeDocument{c.after, c.before, c.at, c.Change}
	}
	return document
}

func (page Changes) sheet() sheet {
	s := sheet{heads: []head{
		{name: "Time", number: true, date: true},
		{name: "Entry", number: true},
		{name: "Points changed", number: true},
		{name: "Total changed", number: true},
		{name: "Resulting points", number: true},
		{name: "Category"},
		{name: "ID"},
		{name: "Recommended action"},
		{name: "What", number: true},
		{name: "Cause", number: true},
	}}
	for i := range page.Changes {
		c := &page.Changes[i]
		amount := c.Amount()
		s.rows = append(s.rows, []string{
			c.at.Format(time.RFC3339), fmt.Sprint(c.after), amount.Points.String(), amount.Total.String(), resulting(c.After), c.Category, c.ID, c.Title,
			string(c.Word), causes(&c.Change),
		})
	}
	return s
}

func (page Changes) sheets() []sheet { return []sheet{page.sheet()} }

func (page Changes) table(p *printer) {
	p.printf("%s\n", p.bold(clean(cmp.Or(page.Tenant.Name, page.Tenant.ID))))
	if len(page.Changes) == 0 {
		p.printf("%s\n", noChange(page.Gone))
	}
	t := grid{indent: "  ", columns: []gridColumn{
		{head: "POINTS", right: true},
		{head: "THEN", right: true},
		{head: "CATEGORY", drop: 1},
		{head: "ACTION", id: true},
		{head: "WHY", least: leastText, wraps: true},
	}}
	for i := range page.Changes {
		c := &page.Changes[i]
		if i == 0 || page.Changes[i-1].after != c.after {
			t.rows = append(t.rows, gridRow{title: fmt.Sprintf("%s  entry %d", shownTime(c.at), c.after)})
		}
		t.add(c.Amount().Points.String(), resulting(c.After), c.Category, c.ID, string(c.Word)+", "+causes(&c.Change))
	}
	if len(t.rows) > 0 {
		p.printf("\n")
	}
	p.grid(&t)
	if page.hidden > 0 {
		p.printf("\n%s\n", p.faint(plural(page.hidden, "change")+" moved no points; --all lists them."))
	}
	if len(page.Changes) > 0 {
		p.gone(page.Gone)
	}
}

// notCompared says of how many entries nothing but the score is there.
func notCompared(gone int) string {
	if gone == 1 {
		return "1 entry, whose assessment was dropped, could not be compared: 'posture history list' and 'posture trends' show its score."
	}
	return fmt.Sprintf("%d entries, whose assessments were dropped, could not be compared: 'posture history list' and 'posture trends' show their scores.", gone)
}

// noChange says that no change is there to be told.
func noChange(gone int) string {
	if gone > 0 {
		return "No change is known in this time. " + notCompared(gone)
	}
	return "Nothing changed in this time."
}

func (p *printer) gone(count int) {
	if count > 0 {
		p.printf("\n")
		p.hang("", notCompared(count), p.faint)
	}
}

// Past is the page of everything that happened to one action.
type Past struct {
	Tenant  engine.Tenant
	Action  string
	Events  []changed     // newest first
	Results int           // entries that have the action
	Begin   history.Entry // the first of them
	First   history.Row   // the result in it
	Latest  history.Row   // and in the last one
	Gone    int           // entries whose assessments retention dropped
}

// Add adds what one entry changed of the action.
func (page *Past) Add(step history.Change) {
	changes := Changes{}
	changes.Add(step, ChangeFilter{Actions: []string{page.Action}, All: true})
	page.Events = append(page.Events, changes.Changes...)
}

// rowDocument is a result in JSON.
type rowDocument struct {
	Entry    int64            `json:"entry"`
	Outcome  engine.Outcome   `json:"outcome"`
	Status   engine.Status    `json:"status"`
	Achieved score.Points     `json:"achieved"`
	Max      score.Points     `json:"max"`
	Counts   bool             `json:"counts"`
	Coverage *engine.Coverage `json:"coverage,omitempty"`
}

func newRowDocument(r history.Row) rowDocument {
	return rowDocument{r.Entry, r.Outcome, r.Status, r.Achieved, r.Max, r.Counts(), r.Coverage}
}

func (page Past) document() any {
	document := struct {
		SchemaVersion string           `json:"schema_version"`
		Tenant        engine.Tenant    `json:"tenant"`
		Action        string           `json:"action"`
		First         *rowDocument     `json:"first"`
		Latest        *rowDocument     `json:"latest"`
		Changes       []changeDocument `json:"changes"`
		NotCompared   int              `json:"not_compared"` // entries whose assessments retention dropped
	}{SchemaVersion: schemaVersion, Tenant: page.Tenant, Action: page.Action, Changes: []changeDocument{}, NotCompared: page.Gone}
	if page.Results > 0 {
		first, latest := newRowDocument(page.First), newRowDocument(page.Latest)
		document.First, document.Latest = &first, &latest
	}
	for _, c := range page.Events {
		document.Changes = append(document.Changes, changeDocument{c.after, c.before, c.at, c.Change})
	}
	return document
}

func (page Past) table(p *printer) {
	title := clean(page.Action)
	if len(page.Events) > 0 && page.Events[0].Title != "" {
		title = clean(page.Events[0].Title) + " (" + title + ")"
	}
	p.hang("", title, p.bold)
	for i := range page.Events {
		c := &page.Events[i]
		p.printf("\n%s  %s\n", p.bold(shownTime(c.at)), p.faint(fmt.Sprintf("entry %d", c.after)))
		p.change(&c.Change, map[string]bool{})
	}
	defer p.gone(page.Gone)
	if page.Results == 0 {
		return
	}
	r := page.First
	p.printf("\n%s  %s\n", p.bold(shownTime(page.Begin.EvaluatedAt)), p.faint(fmt.Sprintf("entry %d, the first in this time", r.Entry)))
	text := fmt.Sprintf("%s of %s points, %s, %s", r.Achieved, r.Max, spaced(string(r.Outcome)), spaced(string(r.Status)))
	if c := r.Coverage; c != nil {
		text += fmt.Sprintf(", %d of %d in scope comply", c.Compliant, c.InScope)
	}
	p.hang(strings.Repeat(" ", 11), text, plain)
}
