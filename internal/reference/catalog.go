package reference

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

// contents returns the first page of the catalog: its products.
func (b *book) contents() string {
	var page strings.Builder
	page.WriteString("# The catalog\n\n")
	fmt.Fprintf(&page, fresh, "the built-in catalog, version "+b.catalog.Version())
	fmt.Fprintf(&page, "`posture policy show ID` prints all that it says of a control, with the steps to take and the text of the rule.\n\n")
	page.WriteString(head("product", "controls", "points", "Rego tests", "a tenant has it with"))
	var all []*catalog.Control
	tests := 0
	for _, c := range b.chapters {
		controls := c.controls()
		page.WriteString(row(link(text(c.product.Title), c.product.ID+".md"), fmt.Sprint(len(controls)), points(controls), fmt.Sprint(b.tests(c)),
			licenseText(c.product.LicenseTitle, c.product.ServicePlans)))
		all, tests = append(all, controls...), tests+b.tests(c)
	}
	page.WriteString(row("**all**", fmt.Sprint(len(all)), points(all), fmt.Sprint(tests), ""))
	page.WriteString(manual)
	page.WriteString(b.licenses())
	return page.String()
}

// licenseText returns the license of a product or a control: one that the first page lists, or any
// one of some plans.
func licenseText(license string, plans []string) string {
	switch {
	case license != "":
		return link(text(license), "README.md#licenses")
	case len(plans) > 1:
		return "any of " + codes(plans)
	}
	return codes(plans)
}

// licenses returns the table of licenses and their service plans.
func (b *book) licenses() string {
	var page strings.Builder
	page.WriteString("\n## Licenses\n\nA tenant holds a license with any one of its service plans, by name or by id, in any case.\n\n")
	page.WriteString(head("license", "service plans"))
	for _, license := range b.catalog.Licenses() {
		var names []string
		for _, plan := range license.Plans {
			names = append(names, plan.Name)
		}
		page.WriteString(row(text(license.Title), codes(names)))
	}
	return page.String()
}

// manual explains how to read the pages of products.
const manual = `
A tenant is scored over the products that it has. One without a license in this table is part of every tenant.

## How to read a page

A table of all controls of the product comes first; each leads to the facts about it. Controls that share a rule are described
together, with what they have in common said once, and a table of what each of them asks for.

| kind | the points earned |
|---|---|
| setting | all or none |
| coverage | the share of the records in scope that comply |
| graded | a fraction that the rule works out |
| attested | all or none, by a claim that has not expired |

- A **preview** is evaluated and in no total. A **deprecated** control is kept for the record, with what became of it, and evaluated no more.
- The **confidence** says how sure the facts behind a rule are: none is shown where it is high.
- A **license** is what it takes to carry the action out. Any one of the service plans is enough.
- A **parameter** can be given [another value](../controls.md#overriding-parameters) by the organization.
- An action with **exceptions** takes its [status](../scoring.md#device-settings) from those in the evidence that name it so.
- **Evidence** is what the rule reads. Each dataset is described in the [reference of evidence](../evidence/README.md).
- **Frameworks** name what a control stands for elsewhere: [where the built-in entries come from](../controls.md#frameworks).
- The **tests** are those of the rule itself. Go tests evaluate every control besides.
`

// points returns the sum of the points of controls.
func points(controls []*catalog.Control) string {
	sum := score.Points(0)
	for _, c := range controls {
		sum += score.Points(c.Counted())
	}
	return sum.String()
}

// counted returns the points of a control, or the reason why it has none.
func counted(c *catalog.Control) string {
	return cmp.Or(string(c.Stage), score.Points(c.Points).String())
}

// tests returns the number of Rego tests of a product, without those of shared Rego.
func (b *book) tests(c *chapter) int {
	n := 0
	for _, f := range c.files {
		n += b.catalog.Tests(f.controls[0])
	}
	return n
}

// chapter returns the page of a product.
func (b *book) chapter(c *chapter) string {
	var page strings.Builder
	controls := c.controls()
	fmt.Fprintf(&page, "# %s\n\n", text(c.product.Title))
	fmt.Fprintf(&page, fresh, "[the catalog](README.md)")
	fmt.Fprintf(&page, "\n%s, %s points. ", count(len(controls), "control"), points(controls))
	if plans := codes(c.product.ServicePlans); plans != "" {
		fmt.Fprintf(&page, "A tenant has %s with %s.\n\n", text(c.product.Title), licenseText(c.product.LicenseTitle, c.product.ServicePlans))
	} else {
		page.WriteString("Every tenant has it.\n\n")
	}
	page.WriteString(head("control", "title", "points", "category", "kind", "confidence"))
	for _, f := range c.files {
		for _, control := range f.controls {
			page.WriteString(row(link(code(control.ID), "#"+anchor(f.heading())), text(control.Title), counted(control),
				control.Category, string(control.Kind), confidence(control)))
		}
	}
	for _, f := range c.files {
		if len(f.controls) == 1 {
			page.WriteString(b.single(f))
		} else {
			page.WriteString(b.family(f))
		}
	}
	return page.String()
}

// single returns the section of the only control of its file.
func (b *book) single(f *file) string {
	var part strings.Builder
	c := f.controls[0]
	fmt.Fprintf(&part, "\n## %s\n\n", code(f.heading()))
	fmt.Fprintf(&part, "**%s.**", strings.TrimSuffix(text(c.Title), "."))
	if c.Description != "" {
		fmt.Fprintf(&part, " %s", text(c.Description))
	}
	part.WriteString("\n\n")
	for _, fact := range b.facts(c) {
		part.WriteString(fact.item())
	}
	part.WriteString(b.files(f))
	return part.String()
}

// files returns links to the rule of a file and to its tests.
func (b *book) files(f *file) string {
	to := func(file string) string { return link(code(path.Base(file)), "../../"+file) }
	c := f.controls[0]
	if c.Package == "" {
		return "- **files**: " + to(f.path+".hcl") + "\n"
	}
	rule := strings.ReplaceAll(c.RulePackage(), ".", "/")
	tests := "no Rego tests"
	if n := b.catalog.Tests(c); n > 0 {
		tests = count(n, "Rego test") + " in " + to(rule+"_test.rego")
	}
	return fmt.Sprintf("- **files**: %s, %s, %s\n", to(f.path+".hcl"), to(rule+".rego"), tests)
}

// family returns the section of the controls of a file: what they share, then a table of what differs.
func (b *book) family(f *file) string {
	var part strings.Builder
	fmt.Fprintf(&part, "\n## %s\n\n", code(f.heading()))
	shared, columns, notes := compare(b.factsOf(f.controls))
	rule := "share one rule"
	if f.controls[0].Package == "" {
		rule = "stand in one file"
	}
	fmt.Fprintf(&part, "%s %s.\n\n", count(len(f.controls), "control"), rule)
	for _, fact := range shared {
		part.WriteString(fact.item())
	}
	part.WriteString(b.files(f))
	names := []string{"control", "the rule in words"}
	for _, column := range columns {
		names = append(names, column.name)
	}
	part.WriteString("\n" + head(names...))
	for i, c := range f.controls {
		cells := []string{code(c.ID), text(c.Description)}
		for _, column := range columns {
			cells = append(cells, column.cells[i])
		}
		part.WriteString(row(cells...))
	}
	part.WriteString(annotated(f.controls, notes))
	return part.String()
}

// annotated returns the facts that are too long for the table of a family: each once, with the
// controls that it holds for.
func annotated(controls []*catalog.Control, notes []column) string {
	var part strings.Builder
	for _, note := range notes {
		var values []string
		ids := map[string][]string{}
		for i, value := range note.cells {
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
			ids[value] = append(ids[value], controls[i].ID)
		}
		part.WriteString("\n")
		for _, value := range values {
			if value != "" {
				fmt.Fprintf(&part, "- **%s** of %s: %s\n", note.name, codes(ids[value]), value)
			}
		}
	}
	return part.String()
}
