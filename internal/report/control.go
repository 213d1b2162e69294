package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

// controlSummary is one control in the JSON of a list of controls.
type controlSummary struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Category string       `json:"category"`
	Product  string       `json:"product"`
	Points   score.Points `json:"points"`
	Stage    string       `json:"stage,omitempty"` // absent if the control counts
	Replaced string       `json:"replaced_by,omitempty"`
	Kind     string       `json:"kind,omitempty"` // a deprecated control may have none
	// Confidence in the facts behind the rule: high, medium or low.
	Confidence string   `json:"confidence"`
	Datasets   []string `json:"datasets"`
	Digest     string   `json:"digest"`
}

// Controls is the page of the controls of a catalog.
type Controls struct{ Controls []*catalog.Control }

func (page Controls) document() any { return summaries(page.Controls) }

func summaries(controls []*catalog.Control) []controlSummary {
	list := make([]controlSummary, len(controls))
	for i, c := range controls {
		list[i] = controlSummary{
			ID: c.ID, Title: c.Title, Category: c.Category, Product: c.Product, Points: score.Points(c.Points),
			Stage: string(c.Stage), Replaced: c.ReplacedBy, Kind: string(c.Kind), Confidence: c.Confidence, Datasets: append([]string{}, c.Datasets()...), Digest: c.Digest,
		}
	}
	return list
}

// table prints nothing where there is nothing: that is no line of a table, and the command says it.
func (page Controls) table(p *printer) {
	if len(page.Controls) == 0 {
		return
	}
	t := grid{columns: []gridColumn{
		{head: "ID", id: true},
		{head: "POINTS", right: true},
		{head: "CATEGORY", drop: 4},
		{head: "PRODUCT", drop: 3},
		{head: "KIND", drop: 2},
		{head: "CONFIDENCE", drop: 1},
		{head: "TITLE", least: leastText},
	}}
	for _, c := range page.Controls {
		t.add(c.ID, controlPoints(c), c.Category, c.Product, cmp.Or(string(c.Kind), "-"), c.Confidence, c.Title)
	}
	p.grid(&t)
}

// sheet has all that the JSON has.
func (page Controls) sheet() sheet {
	s := sheet{heads: []head{
		{name: "ID"},
		{name: "Title"},
		{name: "Category"},
		{name: "Product"},
		{name: "Points", number: true},
		{name: "Stage"},
		{name: "Replaced by"},
		{name: "Kind"},
		{name: "Confidence"},
		{name: "Datasets"},
		{name: "Digest"},
	}}
	for _, c := range summaries(page.Controls) {
		s.rows = append(s.rows, []string{
			c.ID, c.Title, c.Category, c.Product, c.Points.String(), c.Stage, c.Replaced, c.Kind, c.Confidence, strings.Join(c.Datasets, ", "), c.Digest,
		})
	}
	return s
}

// Control is the page of a control as the catalog declares it, with the text of its rule.
type Control struct {
	Catalog *catalog.Catalog
	Control *catalog.Control
}

func (page Control) document() any {
	type control struct {
		*catalog.Control
		Points score.Points `json:"points"` // with decimals, as everywhere else
	}
	rule, _ := page.Catalog.RuleText(page.Control)
	return struct {
		SchemaVersion string  `json:"schema_version"`
		Control       control `json:"control"`
		Digest        string  `json:"digest"`
		Place         string  `json:"place"` // file:line
		Rule          string  `json:"rule,omitempty"`
	}{schemaVersion, control{page.Control, score.Points(page.Control.Points)}, page.Control.Digest, controlPlace(page.Control), string(rule)}
}

func (page Control) text(p *printer) {
	cat, c := page.Catalog, page.Control
	p.printf("%s  %s\n\n", p.bold(c.ID), clean(c.Title))
	p.paragraph(c.Description)
	product, _ := cat.Product(c.Product)
	p.stage(c)
	p.field("category", c.Category)
	p.field("product", fmt.Sprintf("%s (%s)", product.Title, c.Product))
	p.field("tier", c.Tier)
	p.field("threats", strings.Join(c.Threats, ", "))
	p.field("difficulty", c.Difficulty)
	p.field("user impact", c.UserImpact)
	p.field("complexity", c.Complexity)
	p.field("confidence", c.Confidence)
	p.field("kind", string(c.Kind))
	p.coverage(c.Coverage)
	p.field("datasets", strings.Join(c.Datasets(), ", "))
	p.field("scored with", c.RequiresSource)
	p.field("Microsoft", strings.Join(c.Differences, " "))
	for _, parameter := range c.Parameters {
		p.field("parameter", fmt.Sprintf("%s = %s", parameter.Name, compact(parameter.Value)))
	}
	for _, need := range c.Prerequisites {
		if need.Control != "" {
			p.field("requires", "the action "+need.Control)
			continue
		}
		p.field("requires", required(need))
	}
	for _, name := range sortedKeys(c.Frameworks) {
		p.field("framework", name+" "+strings.Join(c.Frameworks[name], ", "))
	}
	p.field("source", c.Source)
	p.field("declared at", controlPlace(c))
	p.field("digest", c.Digest)
	p.implementation(c)
	if text, ok := cat.RuleText(c); ok {
		p.printf("\n%s\n%s", p.bold("Rule"), lines(indent(string(text))))
	}
}

// controlPlace returns where a control is declared, as file:line.
func controlPlace(c *catalog.Control) string { return c.Position().String() }

// controlPoints returns the points of a control, or the stage of one that does not count.
func controlPoints(c *catalog.Control) string {
	return cmp.Or(string(c.Stage), score.Points(c.Points).String())
}

// stage prints the points of a control, and why if it does not count.
func (p *printer) stage(c *catalog.Control) {
	points := score.Points(c.Points).String()
	switch c.Stage {
	case catalog.StagePreview:
		p.field("stage", "preview: evaluated, and in no total")
	case catalog.StageDeprecated:
		p.field("stage", "deprecated: evaluated no more")
		p.field("replaced by", c.ReplacedBy)
	}
	if c.Stage != catalog.StageCurrent && c.Points == 0 {
		points = "not known"
	}
	p.field("because", c.Reason)
	p.field("points", points)
}

func (p *printer) paragraph(text string) {
	if text = strings.TrimSpace(text); text != "" {
		p.hang("", clean(text), plain)
		p.printf("\n")
	}
}

// field prints a named value, or nothing if it is empty.
func (p *printer) field(name, value string) {
	if value != "" {
		for i, line := range wrap(clean(value), p.columns()-17) {
			if i > 0 {
				name = ""
			}
			p.printf("  %s  %s\n", p.faint(pad(name, 13)), line)
		}
	}
}

func (p *printer) coverage(c *catalog.Coverage) {
	if c == nil {
		return
	}
	text := "records of " + c.Dataset
	for _, match := range c.Match {
		text += fmt.Sprintf(" with %s = %v", match.Field, match.Value)
	}
	if c.AllOrNothing {
		text += ", all or nothing"
	}
	p.field("measured over", text)
	for _, join := range c.Joins {
		text := fmt.Sprintf("%s: %s on %s", join.Name, join.Dataset, join.On)
		if join.IgnoreUnmatched {
			text += ", unmatched ignored"
		}
		p.field("joined", text)
	}
	if c.Fresh != nil {
		p.field("left out", fmt.Sprintf("records whose %s is more than %s days ago", c.Fresh.Field, c.Fresh.Days))
	}
	p.field("when empty", c.WhenEmpty)
}

func (p *printer) implementation(c *catalog.Control) {
	if c.UserImpactText != "" {
		p.printf("\n%s\n", p.bold("Impact on users"))
		p.hang("  ", clean(c.UserImpactText), plain)
	}
	if len(c.Implementation.Steps) > 0 {
		p.printf("\n%s\n", p.bold("Steps"))
	}
	for i, step := range c.Implementation.Steps {
		p.hang(fmt.Sprintf("  %d. ", i+1), clean(step), plain)
	}
	if c.Implementation.ManageURL != "" {
		p.printf("  %s\n", clean(c.Implementation.ManageURL))
	}
	for _, link := range c.Implementation.LearnMore {
		p.printf("  %s: %s\n", clean(link.Title), clean(link.URL))
	}
}

// required returns the license that a prerequisite asks for.
func required(need catalog.Prerequisite) string {
	if need.LicenseTitle != "" {
		return fmt.Sprintf("a license of %s (%s)", need.LicenseTitle, oneOfPlans(slices.Clone(need.ServicePlans)))
	}
	return oneOfPlans(slices.Clone(need.ServicePlans))
}

func oneOfPlans(plans []string) string {
	switch len(plans) {
	case 0:
		return ""
	case 1:
		return "service plan " + plans[0]
	default:
		return "one of the service plans " + strings.Join(plans, ", ")
	}
}
