package growth

import (
	"bufio"
	"fmt"
	"strings"
)

const check = "policy check --no-builtin %/catalog"

// catalogDimensions are those of a catalog: its controls, its files and its tests.
func catalogDimensions() []Dimension {
	family := func(f *folder, n int) { f.family(n, n) }
	own := func(f *folder, n int) { f.own("catalog", n) }
	matched := func(f *folder, n int) { f.matched(n) }
	return []Dimension{
		{Name: "controls of one file, checked", Least: 500, command: check, write: family},
		{Name: "controls of one file, assessed", Least: 250, command: assess, write: family},
		{Name: "controls of one file, listed", Least: 500, command: "policy list --no-builtin --catalog %/catalog --format json", write: family},
		{Name: "controls that match records, assessed", Least: 250, command: assess, write: matched},
		{Name: "controls with a rule each, checked", Least: 50, command: check, write: own},
		{Name: "controls with a rule each, assessed", Least: 50, command: assess, write: own},
		{Name: "controls on top of the built-in ones, assessed", Least: 250, command: "assess %/evidence --catalog %/catalog --register= --format json", write: family},
		{Name: "controls in a file each, checked", Least: 250, command: check, write: func(f *folder, n int) { f.family(n, 1) }},
		{Name: "controls in a file each, formatted", Least: 250, command: "policy fmt %/catalog", write: func(f *folder, n int) { f.family(n, 1) }},
		{Name: "controls of two catalogs, compared", Least: 250, command: "policy diff %/catalog %/other", write: func(f *folder, n int) {
			f.family(n, n)
			f.text("other/catalog.hcl", product)
		}},
		{Name: "controls, their actions", Least: 500, prepare: assess + " --output %/assessment.json", command: "actions %/assessment.json --format json", write: family},
		{Name: "controls, one of them explained", Least: 500, prepare: assess + " --output %/assessment.json", command: "explain Item0 %/assessment.json", write: family},
		{Name: "controls, planned", Least: 250, prepare: assess + " --output %/assessment.json", command: "plan %/assessment.json --target 100 --assessed-only", write: family},
		{Name: "controls that wait for one another, assessed", Least: 250, command: assess, write: func(f *folder, n int) { f.chain(n) }},
		{Name: "parameters of a control", Least: 250, command: check, write: func(f *folder, n int) { f.parameters(n) }},
		{Name: "tests of one file", Least: 100, command: "policy test --no-builtin %/catalog", write: func(f *folder, n int) { f.tests(n, n) }},
		{Name: "tests in a file each", Least: 25, command: "policy test --no-builtin %/catalog", write: func(f *folder, n int) { f.tests(n, 1) }},
		{Name: "tests with their coverage", Least: 100, command: "policy test --no-builtin --coverage %/catalog", write: func(f *folder, n int) { f.tests(n, n) }},
		{Name: "mistakes in one HCL file", Least: 5_000, Exit: 1, command: check, write: func(f *folder, n int) { f.mistakes("hcl", n) }},
		{Name: "mistakes in one Rego file", Least: 250, Exit: 1, command: check, write: func(f *folder, n int) { f.mistakes("rego", n) }},
		{Name: "fields that no schema knows in one Rego file", Least: 100, Exit: 1, command: check, write: func(f *folder, n int) { f.mistakes("field", n) }},
		{Name: "controls that are declared twice", Least: 500, Exit: 1, command: check, write: func(f *folder, n int) { f.mistakes("twice", n) }},
	}
}

// family writes n controls that share a rule, so many of them in each file, and a few records.
func (f *folder) family(n, each int) {
	f.text("catalog/catalog.hcl", product)
	f.text("catalog/schemas/growth/items.json", schema("growth.items", "population", itemFields))
	f.text("catalog/rules/item_on.rego", "package policies.rules.item_on\n\ndefault compliant := false\n\ncompliant if input.name != data.parameters.name\n")
	f.test("catalog/rules/item_on_test.rego")
	for start := 0; start < n; start += each {
		f.file(fmt.Sprintf("catalog/growth/items_%d.hcl", start), func(out *bufio.Writer) {
			list(out, "", "\n", "", each, func(i int) string {
				return fmt.Sprintf("control \"Item%d\" {\n  rule = \"item_on\"\n%s%s  parameter \"name\" {\n    type    = string\n    default = \"item %d\"\n  }\n}\n", start+i, control, coverage, start+i)
			})
		})
	}
	f.bundle(records{"growth.items", 3, item})
}

// matched writes n controls, each of which is about one record.
func (f *folder) matched(n int) {
	f.text("catalog/catalog.hcl", product)
	f.text("catalog/schemas/growth/items.json", schema("growth.items", "population", itemFields))
	f.text("catalog/growth/items.rego", "package policies.growth.items\n\n"+itemRule)
	f.file("catalog/growth/items.hcl", func(out *bufio.Writer) {
		list(out, "defaults {\n"+control+coverage+"}\n\n", "\n", "", n, func(i int) string {
			return fmt.Sprintf("control \"Item%d\" {\n  match = { name = \"item %d\" }\n}\n", i, i)
		})
	})
	f.bundle(records{"growth.items", n, item})
}

// own writes n controls with a file and a rule of their own.
func (f *folder) own(catalog string, n int) {
	f.text(catalog+"/catalog.hcl", product)
	f.text(catalog+"/schemas/growth/items.json", schema("growth.items", "population", itemFields))
	for i := range n {
		f.text(fmt.Sprintf("%s/growth/item_%d.hcl", catalog, i), fmt.Sprintf("control \"Item%d\" {\n%s%s}\n", i, control, coverage))
		f.text(fmt.Sprintf("%s/growth/item_%d.rego", catalog, i), fmt.Sprintf("package policies.growth.item_%d\n\n%s", i, itemRule))
		f.test(fmt.Sprintf("%s/growth/item_%d_test.rego", catalog, i))
	}
	f.bundle(records{"growth.items", 3, item})
}

// chain writes n controls, each of which waits for the one before it.
func (f *folder) chain(n int) {
	f.text("catalog/catalog.hcl", product)
	f.text("catalog/schemas/growth/items.json", schema("growth.items", "population", itemFields))
	f.text("catalog/growth/items.rego", "package policies.growth.items\n\n"+itemRule)
	f.file("catalog/growth/items.hcl", func(out *bufio.Writer) {
		list(out, "defaults {\n"+control+coverage+"}\n\n", "\n", "", n, func(i int) string {
			waits := ""
			if i > 0 {
				waits = fmt.Sprintf("  prerequisite {\n    control = \"Item%d\"\n  }\n", i-1)
			}
			return fmt.Sprintf("control \"Item%d\" {\n%s}\n", i, waits)
		})
	})
	f.bundle(records{"growth.items", 3, item})
}

// parameters writes a control with n parameters, all of which its rule reads.
func (f *folder) parameters(n int) {
	f.text("catalog/catalog.hcl", product)
	f.text("catalog/schemas/growth/items.json", schema("growth.items", "population", itemFields))
	f.file("catalog/growth/items_on.hcl", func(out *bufio.Writer) {
		list(out, "control \"ItemsOn\" {\n"+control+coverage, "", "}\n", n, func(i int) string {
			return fmt.Sprintf("  parameter \"name_%d\" {\n    type    = string\n    default = \"item %d\"\n  }\n", i, i)
		})
	})
	f.test("catalog/growth/items_on_test.rego")
	f.file("catalog/growth/items_on.rego", func(out *bufio.Writer) {
		list(out, "package policies.growth.items_on\n\ndefault compliant := false\n\ncompliant if input.name in [\n", "", "]\n", n, func(i int) string {
			return fmt.Sprintf("\tdata.parameters.name_%d,\n", i)
		})
	})
}

// tests writes n tests, so many of them in each file.
func (f *folder) tests(n, each int) {
	f.text("catalog/catalog.hcl", product)
	f.text("catalog/schemas/growth/items.json", schema("growth.items", "population", itemFields))
	for start := 0; start < n; start += each {
		name := fmt.Sprintf("item_%d", start)
		f.text("catalog/growth/"+name+".hcl", fmt.Sprintf("control \"Item%d\" {\n%s%s}\n", start, control, coverage))
		f.text("catalog/growth/"+name+".rego", "package policies.growth."+name+"\n\n"+itemRule)
		f.file("catalog/growth/"+name+"_test.rego", func(out *bufio.Writer) {
			list(out, fmt.Sprintf("package policies.growth.%s\n\nimport data.policies.growth.%s as rule\n\n", name, name), "\n", "", each, func(i int) string {
				return fmt.Sprintf("test_%d if {\n\trule.compliant with input as {\"id\": \"a\", \"name\": \"item %d\", \"on\": true}\n}\n", i, i)
			})
		})
	}
}

// mistakes writes a catalog with n mistakes of a kind in one file.
func (f *folder) mistakes(kind string, n int) {
	f.catalog("", itemRule)
	switch kind {
	case "hcl":
		f.text("catalog/growth/more.hcl", strings.Repeat("a=\n", n))
	case "rego":
		f.text("catalog/growth/items_on.rego", "package policies.growth.items_on\n\n"+itemRule+strings.Repeat("\nx := := 1\n", n))
	case "field":
		f.text("catalog/growth/items_on.rego", "package policies.growth.items_on\n\n"+itemRule+strings.Repeat("\ncompliant if input.nam == \"a\"\n", n))
	case "twice":
		f.text("catalog/growth/items_on.hcl", strings.Repeat("control \"ItemsOn\" {\n"+control+coverage+"}\n", n+1))
	}
}
