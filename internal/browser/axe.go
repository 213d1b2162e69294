package browser

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed testdata/axe/axe.min.js
var axe string

// Violation is a rule of accessibility that elements of the page break.
type Violation struct {
	Rule   string // "color-contrast"
	Impact string // minor, moderate, serious, critical
	Help   string // the rule as a sentence
	Nodes  []Node
}

// Node is an element that breaks a rule.
type Node struct {
	Selector string
	HTML     string // the start of its markup
	Summary  string // how to mend it
}

func (v Violation) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s (%s): %s", v.Rule, v.Impact, v.Help)
	for i, n := range v.Nodes {
		if i == 5 {
			fmt.Fprintf(&text, "\n  and %d more", len(v.Nodes)-i)
			break
		}
		fmt.Fprintf(&text, "\n  %s\n    %s\n    %s", n.Selector, n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n    "))
	}
	return text.String()
}

// Axe returns what axe-core finds in the page as it is shown: the rules of WCAG 2.0 and 2.1, levels A and AA, and its best practices.
func (p *Page) Axe() []Violation {
	p.t.Helper()
	if !Eval[bool](p, `typeof axe === "object"`) {
		p.Do(axe + "\n;0")
	}
	return Eval[[]Violation](p, `axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
		resultTypes: ["violations"],
	}).then(result => result.violations.map(v => ({
		Rule: v.id, Impact: v.impact, Help: v.help,
		Nodes: v.nodes.map(n => ({Selector: n.target.join(" "), HTML: n.html.slice(0, 200), Summary: n.failureSummary ?? ""})),
	})))`)
}

// Accessible fails the test for each violation that axe-core finds.
func (p *Page) Accessible() {
	p.t.Helper()
	for _, violation := range p.Axe() {
		p.t.Errorf("%s: %s", p.URL(), violation)
	}
}
