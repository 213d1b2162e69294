package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/score"
)

// Bounds of a comment. GitHub takes comments of 65,536 characters and drops a longer one whole, as it does a job summary of 1 MiB.
const (
	maxComment = 60_000 // bytes, which are at least as many as characters
	shownRows  = 10     // rows outside of what is folded
	maxCell    = 400    // columns of a cell
	maxWord    = 36     // columns of a word in a cell: a longer one widens the table beyond the comment, where nobody sees it
)

// comment is a text in Markdown for a pull request or the summary of a job, from the most to the least important.
type comment struct {
	marker  string // finds the comment again, to update it
	verdict string
	gates   []string // about each that is not met, which stay whatever else is left out
	lines   []string // what was compared, and what does not fit a table
	heads   []head
	rows    [][]string
	counts  string // what is left of the rows where there is no room for them
}

// commented is a page with a comment. It has none, and nothing is written, if nothing changed.
type commented interface{ comment() *comment }

// writeComment writes a comment. If it gets too long the folded rows are left out, then all rows, and then all but verdict and counts.
func writeComment(w io.Writer, page commented, _ Style) error {
	c := page.comment()
	if c == nil {
		return nil
	}
	most := len(c.rows)
	for _, rows := range []int{most, 200, 50, shownRows, 0} {
		if rows > most {
			continue
		}
		if text := c.text(rows, true); len(text) <= maxComment {
			_, err := io.WriteString(w, text)
			return err
		}
	}
	_, err := io.WriteString(w, c.text(0, false))
	return err
}

// text returns the comment with so many of its rows, and with its lines or without them.
func (c *comment) text(rows int, withLines bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n### %s\n", c.marker, c.verdict)
	for _, line := range c.gates {
		fmt.Fprintf(&b, "\n%s\n", line)
	}
	if withLines {
		for _, line := range c.lines {
			fmt.Fprintf(&b, "\n%s\n", line)
		}
	}
	shown := min(rows, shownRows)
	if shown > 0 {
		b.WriteString("\n")
		c.table(&b, c.rows[:shown])
	}
	if folded := c.rows[shown:max(shown, rows)]; len(folded) > 0 {
		fmt.Fprintf(&b, "\n<details><summary>%s</summary>\n\n", plural(len(folded), "more row"))
		c.table(&b, folded)
		b.WriteString("\n</details>\n")
	}
	if left := len(c.rows) - rows; left > 0 {
		fmt.Fprintf(&b, "\n%s left out, since a comment holds no more. ", plural(left, "row"))
		b.WriteString(c.counts + "\n")
	}
	return b.String()
}

func (c *comment) table(b *strings.Builder, rows [][]string) {
	heads, rules := make([]string, len(c.heads)), make([]string, len(c.heads))
	for i, head := range c.heads {
		heads[i], rules[i] = head.name, "---"
		if head.number {
			rules[i] = "--:"
		}
	}
	fmt.Fprintf(b, "| %s |\n| %s |\n", strings.Join(heads, " | "), strings.Join(rules, " | "))
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = inertMarkdown(clip(clean(cell), maxCell))
		}
		fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
	}
}

// inertMarkdown returns foreign text for a comment: it has no markup, links nothing, and calls nobody. GitHub and GitLab make links of addresses,
// of numbers after #, ! and GH-, and of names after @, and formulas of what stands between dollars, whatever is escaped.
func inertMarkdown(text string) string {
	text = literal(strings.ToValidUTF8(text, "\ufffd"))
	for _, mark := range []string{"@", `\#`, `\!`, `\~`, "%", "www", "WWW", "GH-", "gh-"} {
		text = strings.ReplaceAll(text, mark, mark+"<!-- -->")
	}
	return strings.ReplaceAll(text, "$", `\$`)
}

// marker returns the hidden mark of the comment about a tenant.
func marker(tenant string) string {
	return "<!-- posture-comment " + fingerprint("comment", strings.ToLower(tenant)) + " -->"
}

// comment says why the score changed; it is nil if nothing did.
func (page Attribution) comment() *comment {
	a := page.Attribution
	comparable := !slices.ContainsFunc(a.Causes, func(p attribution.Part) bool { return p.Cause == attribution.Incomparable })
	changes := slices.DeleteFunc((Attribution{a, true}).changes(), func(c attribution.Change) bool { return onlyOlder(&c) })
	if len(changes) == 0 && a.Change.Zero() && comparable {
		return nil
	}
	c := &comment{
		marker: marker(a.New.Tenant.ID), verdict: changeVerdict(a), lines: []string{sideLine("Base", a.Old) + "  \n" + sideLine("Head", a.New)},
		heads: []head{{name: "Points", number: true}, {name: "Recommended action"}, {name: "Changed because"}, {name: "Change"}},
	}
	if len(a.Causes) > 1 {
		var parts []string
		for _, part := range a.Causes {
			parts = append(parts, fmt.Sprintf("%s %s", causeName(part), part.Points))
		}
		c.lines = append(c.lines, "By cause, in points: "+inertMarkdown(clip(clean(strings.Join(parts, ", ")), 2*maxCell))+".")
	}
	if !a.Residual.Zero() {
		c.lines = append(c.lines, fmt.Sprintf("Not explained: %s points.", a.Residual.Points))
	}
	if n := len(a.Incomparable); n > 0 {
		c.lines = append(c.lines, fmt.Sprintf("%s could not be compared.", plural(n, "action")))
	}
	for _, note := range a.Notes[:min(len(a.Notes), shownRows)] {
		c.lines = append(c.lines, "Note: "+inertMarkdown(clip(clean(note), maxCell)))
	}
	words := map[string]int{}
	for _, change := range changes {
		words[string(change.Word)]++
		c.rows = append(c.rows, []string{
			change.Amount().Points.String(), change.Title + " (" + change.ID + ")", because(&change), string(change.Word) + ": " + states(&change),
		})
	}
	var counts []string
	for _, word := range sortedKeys(words) {
		counts = append(counts, fmt.Sprintf("%d %s", words[word], word))
	}
	c.counts = "All changes: " + strings.Join(counts, ", ") + "."
	return c
}

// onlyOlder reports whether all that changed about an action is that time passed, and it earns what it did: evidence that is collected again
// each night would make a comment for that.
func onlyOlder(c *attribution.Change) bool {
	passed := func(p attribution.Part) bool { return p.Cause == attribution.Time && p.Zero() }
	same := c.Word == attribution.NoEffect && c.Decision == nil && c.Records == nil && c.Fields == nil
	return same && len(c.Parts) > 0 && !slices.ContainsFunc(c.Parts, func(p attribution.Part) bool { return !passed(p) })
}

// changeVerdict says in a sentence how the score changed, and by what most.
func changeVerdict(a *attribution.Attribution) string {
	name := inertMarkdown(clip(clean(cmp.Or(a.New.Tenant.Name, a.New.Tenant.ID)), maxName))
	verb := "stays at"
	if a.New.Percent != a.Old.Percent {
		verb = "rose from " + hundredths(a.Old.Percent) + " % to"
		if a.New.Percent < a.Old.Percent {
			verb = "fell from " + hundredths(a.Old.Percent) + " % to"
		}
	}
	text := fmt.Sprintf("Secure score of %s %s %s %%: %s points", name, verb, hundredths(a.New.Percent), a.Change.Points)
	if a.Change.Total != 0 {
		text += fmt.Sprintf(", %s of the total", a.Change.Total)
	}
	if part := greatest(a.Causes); part != nil {
		text += ", " + "most by " + inertMarkdown(causeName(*part))
	}
	return text
}

// greatest returns the part that moved most, or nil if none moved any.
func greatest(parts []attribution.Part) *attribution.Part {
	var most *attribution.Part
	size := func(p *attribution.Part) score.Delta {
		return max(p.Points, -p.Points) + max(p.Total, -p.Total)
	}
	for i := range parts {
		if size(&parts[i]) > 0 && (most == nil || size(&parts[i]) > size(most)) {
			most = &parts[i]
		}
	}
	return most
}

// sideLine says which assessment was compared.
func sideLine(word string, s attribution.Side) string {
	return fmt.Sprintf("%s: %s of %s points, evidence of %s, catalog %s, posture %s.", word, s.Achieved, s.Total,
		s.CollectedAt.UTC().Format("2006-01-02 15:04 MST"), inertMarkdown(clip(clean(cmp.Or(s.Version, "unknown")), maxName)), inertMarkdown(clip(clean(cmp.Or(s.Engine, "unknown")), maxName)))
}

// because says what moved an action.
func because(c *attribution.Change) string {
	var list []string
	for _, part := range c.Parts {
		text := causeName(part)
		if len(c.Parts) > 1 {
			text += " " + part.Points.String()
		}
		list = append(list, text)
	}
	list = append(list, movedLines(c.Records)...)
	list = append(list, fieldLines(c.Fields)...)
	if d := c.Decision; d != nil && c.Word == attribution.Decided {
		list = append(list, decidedBy(d.Reason, d.ApprovedBy, d.Owner))
	}
	words := strings.Fields(strings.Join(list, "; "))
	for i, word := range words {
		words[i] = clip(word, maxWord)
	}
	return strings.Join(words, " ")
}

// comment says what changed since the baseline, or, without one, what to do next, and which gates are not met.
func (page Assessment) comment() *comment {
	gates := gateLines(page.Gates)
	var c *comment
	if page.Baseline != nil {
		if c = (Attribution{page.Baseline, true}).comment(); c == nil && len(gates) == 0 {
			return nil
		}
	}
	if c == nil { // a gate speaks, even where nothing changed
		c = page.next()
	}
	c.gates = gates
	return c
}

// next says what to do next.
func (page Assessment) next() *comment {
	a := page.Assessment
	c := &comment{
		marker: marker(a.Tenant.ID), verdict: fmt.Sprintf("Secure score of %s: %s %%, %s of %s points", inertMarkdown(page.tenantName()), hundredths(a.Score.Percent), a.Score.Achieved, a.Score.Total),
		heads: []head{{name: "Points left", number: true}, {name: "Recommended action"}, {name: "Outcome"}, {name: "Because"}},
	}
	side := attribution.Side{
		Achieved: a.Score.Achieved, Total: a.Score.Total, CollectedAt: a.Evidence.CollectedAt, Version: a.Catalog.Version, Engine: a.Engine.Version,
	}
	c.lines = append(c.lines, sideLine("Assessed", side))
	if rest := a.Score.Total - a.Score.AssessedTotal; rest > 0 {
		c.lines = append(c.lines, fmt.Sprintf("The evidence was not enough for actions worth %s, which count as not achieved.", worth(rest)))
	}
	var todo []*engine.Action
	for i := range a.Actions {
		if verdictOf(&a.Actions[i]) == open {
			todo = append(todo, &a.Actions[i])
		}
	}
	slices.SortStableFunc(todo, func(a, b *engine.Action) int { return cmp.Compare(b.Left(), a.Left()) })
	for _, action := range todo {
		reasons := strings.Join(action.Reasons[:min(len(action.Reasons), maxReasons)], "; ")
		c.rows = append(c.rows, []string{action.Left().String(), action.Title + " (" + action.ID + ")", progress(*action), reasons})
	}
	c.counts = plural(len(todo), "action") + " to do."
	return c
}
