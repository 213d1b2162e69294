package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/score"
)

// sheets returns what a workbook of an assessment has: a summary, all actions, the failing records that it names, the gates and the
// entries of the history if there are any.
func (page Assessment) sheets() []sheet {
	list := []sheet{page.summarySheet(), page.actionSheet(), page.failingSheet()}
	if len(page.Gates) > 0 {
		list = append(list, page.gateSheet())
	}
	if len(page.History) > 0 {
		entries := Entries{Tenant: page.Tenant, Entries: page.History}.sheet()
		entries.title = "History"
		list = append(list, entries)
	}
	return list
}

// summarySheet has a line for each figure: the score, its views and parts, what it was made from, findings and warnings.
func (page Assessment) summarySheet() sheet {
	a := page.Assessment
	s := sheet{title: "Summary", heads: []head{{name: "Figure"}, {name: "Points", number: true}, {name: "Of", number: true}, {name: "Percent", number: true}, {name: "Value", date: true}}}
	says := func(figure, value string) { s.rows = append(s.rows, []string{figure, "", "", "", value}) }
	counts := func(figure string, points, of, percent engine.Points) {
		s.rows = append(s.rows, []string{figure, points.String(), of.String(), hundredths(percent) + " %", ""})
	}
	says("Tenant", a.Tenant.Name)
	says("Tenant ID", a.Tenant.ID)
	says("As of", a.EvaluatedAt.UTC().Format(time.RFC3339))
	says("Evidence collected", a.Evidence.CollectedAt.UTC().Format(time.RFC3339))
	counts("Secure score", a.Score.Achieved, a.Score.Total, a.Score.Percent)
	counts("With all planned actions", a.Score.Planned.Points, a.Score.Total, a.Score.Planned.Percent)
	counts("With the current licenses", a.Score.CurrentLicense.Points, a.Score.Total, a.Score.CurrentLicense.Percent)
	counts("Achievable", a.Score.Achievable.Points, a.Score.Total, a.Score.Achievable.Percent)
	s.rows = append(s.rows, []string{"Assessed", a.Score.AssessedTotal.String(), a.Score.Total.String(), "", ""})
	for _, c := range a.Score.Categories {
		counts("Category "+c.Category, c.Achieved, c.Total, score.Percent(c.Achieved, c.Total))
	}
	for _, p := range a.Score.Products {
		counts("Product "+p.Product, p.Achieved, p.Total, score.Percent(p.Achieved, p.Total))
	}
	says("Failing records", page.namedRecords())
	for _, finding := range a.Findings {
		says("Finding", finding)
	}
	for _, warning := range a.Evidence.Warnings {
		says("Warning", warning)
	}
	says("Evidence digest", a.Evidence.Digest)
	says("Catalog", a.Catalog.Version)
	says("Catalog digest", a.Catalog.Digest)
	says("Engine", a.Engine.Version)
	return s
}

// namedRecords says how many failing records there are, and how many of them are named.
func (page Assessment) namedRecords() string {
	total, named := int64(0), int64(0)
	for i := range page.Actions {
		if f := page.Actions[i].Failing; f != nil {
			total += f.Total
			named += int64(len(f.Shown))
		}
	}
	text := strconv.FormatInt(total, 10)
	if named < total {
		text += fmt.Sprintf(", of which %d are named: --failing says how many of an action", named)
	}
	return text
}

// actionSheet has a line for each action, those to do next first, with its points as numbers.
func (page Assessment) actionSheet() sheet {
	list := make([]*engine.Action, len(page.Actions))
	for i := range page.Actions {
		list[i] = &page.Actions[i]
	}
	actions.Sort(list, "rank")
	shown := columnsOf("rank", "title", "id", "category", "product", "tier", "status", "outcome")
	shown = append(shown, pointColumns()...)
	shown = append(shown, columnsOf("left", "impact", "license", "owner", "due", "expires", "ticket", "waits")...)
	shown = append(shown, evidenceColumns()...)
	s := (&Actions{Assessment: page.Assessment}).exported(shown, list)
	s.title = "Actions"
	return s
}

// pointColumns are the points of an action, each a number of its own.
func pointColumns() []column {
	return []column{
		{export: "Points achieved", number: true, text: fact(func(a *engine.Action) string { return a.Points.Achieved.String() })},
		{export: "Points possible", number: true, text: fact(func(a *engine.Action) string { return a.Points.Max.String() })},
	}
}

// evidenceColumns say what the evidence showed.
func evidenceColumns() []column {
	return []column{
		{export: "In scope", number: true, text: fact(func(a *engine.Action) string {
			if a.Coverage == nil {
				return ""
			}
			return strconv.FormatInt(a.Coverage.InScope, 10)
		})},
		{export: "Failing records", number: true, text: fact(func(a *engine.Action) string {
			if a.Failing == nil {
				return ""
			}
			return strconv.FormatInt(a.Failing.Total, 10)
		})},
		{export: "Reasons", text: fact(func(a *engine.Action) string { return strings.Join(a.Reasons, "; ") })},
		{export: "Missing evidence", text: fact(func(a *engine.Action) string { return strings.Join(a.Missing, ", ") })},
	}
}

// failingSheet has a line for each failing record that the assessment names.
func (page Assessment) failingSheet() sheet {
	s := sheet{title: "Failing records", heads: []head{{name: "ID"}, {name: "Recommended action"}, {name: "Dataset"}, {name: "Record"}, {name: "Key"}}}
	for i := range page.Actions {
		a := &page.Actions[i]
		if a.Failing == nil {
			continue
		}
		s.rows = slices.Grow(s.rows, len(a.Failing.Shown))
		for _, r := range a.Failing.Shown {
			s.rows = append(s.rows, []string{a.ID, a.Title, a.Population, r.Label, r.Key})
		}
	}
	return s
}
