package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

// ControlSummary is one control in the JSON of a list of controls.
type ControlSummary struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Category string       `json:"category"`
	Product  string       `json:"product"`
	Points   score.Points `json:"points"`
	Stage    string       `json:"stage,omitempty"` // absent if the control counts
	Replaced string       `json:"replaced_by,omitempty"`
	Kind     string       `json:"kind,omitempty"` // a deprecated control may have none
	// Confidence is how sure the facts behind the rule are: high, medium or low.
	Confidence string   `json:"confidence"`
	Datasets   []string `json:"datasets"`
	Digest     string   `json:"digest"`
}

// ControlsJSON writes the controls of a catalog as a JSON array.
func ControlsJSON(w io.Writer, controls []*catalog.Control) error {
	return JSON(w, summaries(controls))
}

func summaries(controls []*catalog.Control) []ControlSummary {
	list := make([]ControlSummary, len(controls))
	for i, c := range controls {
		list[i] = ControlSummary{
			ID: c.ID, Title: c.Title, Category: c.Category, Product: c.Product, Points: score.Points(c.Points),
			Stage: string(c.Stage), Replaced: c.ReplacedBy, Kind: string(c.Kind), Confidence: c.Confidence, Datasets: append([]string{}, c.Datasets()...), Digest: c.Digest,
		}
	}
	return list
}

// Controls writes the controls of a catalog as a table.
func Controls(w io.Writer, controls []*catalog.Control, style Style) error {
	p := &printer{Style: style, w: w}
	widths := []int{len("ID"), len("POINTS"), len("CATEGORY"), len("PRODUCT"), len("KIND"), len("CONFIDENCE")}
	rows := [][]string{{"ID", "POINTS", "CATEGORY", "PRODUCT", "KIND", "CONFIDENCE", "TITLE"}}
	for _, c := range controls {
		rows = append(rows, []string{c.ID, controlPoints(c), c.Category, c.Product, cmp.Or(string(c.Kind), "-"), c.Confidence, clean(c.Title)})
	}
	for _, row := range rows {
		for i := range widths {
			widths[i] = max(widths[i], columns(row[i]))
		}
	}
	for i, row := range rows {
		line := ""
		for column, width := range widths {
			line += pad(row[column], width) + "  "
		}
		if line += row[len(widths)]; i == 0 {
			line = p.bold(line)
		}
		p.printf("%s\n", line)
	}
	return p.err
}

// Checked writes that controls were checked and found to be well, but for warnings.
func Checked(w io.Writer, controls, warnings int) error {
	found := "no problems"
	if warnings > 0 {
		found = plural(warnings, "warning")
	}
	_, err := fmt.Fprintf(w, "%s, %s\n", plural(controls, "control"), found)
	return err
}

// Control writes all that the catalog says of a control, and the text of its rule.
func Control(w io.Writer, cat *catalog.Catalog, c *catalog.Control, style Style) error {
	p := &printer{Style: style, w: w}
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
	p.field("declared at", fmt.Sprintf("%s:%d", c.Range.Filename, c.Range.Start.Line))
	p.field("digest", c.Digest)
	p.implementation(c)
	if text, ok := cat.RuleText(c); ok {
		p.printf("\n%s\n%s", p.bold("Rule"), lines(indent(string(text))))
	}
	return p.err
}

// controlPoints is what a control counts, or why it doesn't.
func controlPoints(c *catalog.Control) string {
	return cmp.Or(string(c.Stage), score.Points(c.Points).String())
}

// stage says what a control is worth, and why if it counts for nothing.
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

// required says what a prerequisite asks for.
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

// Tests writes the outcome of a catalog's Rego tests: what failed, a summary, and the coverage if there is one.
func Tests(w io.Writer, tests catalog.TestReport, verbose bool, style Style) error {
	p := &printer{Style: style, w: w}
	failed, skipped := 0, 0
	for _, test := range tests.Tests {
		state := "PASS"
		switch {
		case test.Skip:
			state = "SKIP"
			skipped++
		case !test.Pass:
			state = "FAIL"
			failed++
		}
		if state == "PASS" && !verbose {
			continue
		}
		p.printf("%s  %s:%d: %s\n", state, clean(test.Path), test.Row, clean(test.Name))
		for _, name := range test.Failed {
			p.printf("      case %s\n", clean(name))
		}
		for _, detail := range []string{test.Error, test.Output} {
			if detail != "" {
				p.printf("%s\n", strings.TrimRight(lines(indent(indent(indent(detail)))), "\n"))
			}
		}
	}
	if tests.Coverage != nil {
		p.covered(tests.Coverage)
	}
	p.printf("%d passed, %d failed, %d skipped\n", len(tests.Tests)-failed-skipped, failed, skipped)
	return p.err
}

// covered writes the files that tests don't reach all of.
func (p *printer) covered(coverage *catalog.TestCoverage) {
	for _, file := range coverage.Files {
		if len(file.Uncovered) > 0 {
			p.printf("%6.2f%%  %s, not reached: lines %s\n", file.Percent(), clean(file.Path), ranges(file.Uncovered))
		}
	}
	p.printf("%6.2f%%  of lines covered in %s\n", coverage.Percent(), plural(len(coverage.Files), "file"))
}

// ranges writes ascending numbers with runs shortened: 1-3, 7.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, fmt.Sprint(numbers[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", numbers[i], numbers[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

func indent(text string) string {
	lines := slices.Collect(strings.Lines(text))
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "")
}
