package growth

import (
	"bufio"
	"fmt"
	"strings"
)

// textDimensions are those of the texts that people write.
func textDimensions() []Dimension {
	parameters := func(kind string, form func(out *bufio.Writer, n int)) func(f *folder, n int) {
		return func(f *folder, n int) {
			f.catalog("  parameter \"names\" {\n    type    = "+kind+"\n    default = "+map[bool]string{true: "{}", false: "[]"}[strings.HasPrefix(kind, "map")]+"\n  }\n", "default compliant := false\n\ncompliant if input.name in data.parameters.names\n")
			f.bundle(records{"growth.items", 3, item})
			f.file("parameters.hcl", func(out *bufio.Writer) { form(out, n) })
		}
	}
	rego := func(form func(out *bufio.Writer, n int)) func(f *folder, n int) {
		return func(f *folder, n int) {
			f.catalog("", itemRule)
			f.file("catalog/growth/items_on.rego", func(out *bufio.Writer) {
				_, _ = out.WriteString("package policies.growth.items_on\n\n" + itemRule + "\n")
				form(out, n)
			})
		}
	}
	register := func(form func(out *bufio.Writer, n int)) func(f *folder, n int) {
		return func(f *folder, n int) {
			f.catalog("", itemRule)
			f.bundle(records{"growth.items", 3, item})
			f.file("register.hcl", func(out *bufio.Writer) { form(out, n) })
		}
	}
	const overridden = assess + " --parameters %/parameters.hcl"
	const registered = "assess %/evidence --no-builtin --catalog %/catalog --register=%/register.hcl --format json"
	exclusions := register(func(out *bufio.Writer, n int) {
		list(out, "action \"ItemsOn\" {\n", "", "}\n", n, func(i int) string {
			return fmt.Sprintf("  exclude %q {\n    reason = \"reason %d\"\n  }\n", guid(1, i), i)
		})
	})
	return []Dimension{
		{Name: "steps in an HCL file", Least: 5_000, command: check, write: func(f *folder, n int) { f.steps(n) }},
		{Name: "bytes of a string in an HCL file", Least: 100_000, command: check, write: func(f *folder, n int) {
			f.long(func(n int) string { return `"` + strings.Repeat("step\\n", n/6+1) + `"` }, n)
		}},
		{Name: "bytes of comments in an HCL file", Least: 250_000, command: check, write: func(f *folder, n int) {
			f.catalog("", itemRule)
			f.text("catalog/growth/comments.hcl", strings.Repeat("# comment\n", n/10))
		}},
		{Name: "texts of a list of parameters", Least: 5_000, command: overridden, write: parameters("list(string)", func(out *bufio.Writer, n int) {
			list(out, "control \"ItemsOn\" {\n  names = [\n", "", "  ]\n}\n", n, func(i int) string { return fmt.Sprintf("    \"name %d\",\n", i) })
		})},
		{Name: "members of a map of parameters", Least: 5_000, command: overridden, write: parameters("map(string)", func(out *bufio.Writer, n int) {
			list(out, "control \"ItemsOn\" {\n  names = {\n", "", "  }\n}\n", n, func(i int) string { return fmt.Sprintf("    name%d = \"name %d\"\n", i, i) })
		})},
		{Name: "controls in a file of parameters", Least: 250, command: overridden, write: func(f *folder, n int) {
			f.family(n, n)
			f.file("parameters.hcl", func(out *bufio.Writer) {
				list(out, "", "\n", "", n, func(i int) string { return fmt.Sprintf("control \"Item%d\" {\n  name = \"name %d\"\n}\n", i, i) })
			})
		}},
		{Name: "mistakes in a file of parameters", Least: 2_500, Exit: 1, command: overridden, write: parameters("list(string)", func(out *bufio.Writer, n int) {
			list(out, "control \"ItemsOn\" {\n", "", "}\n", n, func(i int) string { return fmt.Sprintf("  nam%d = \"\"\n", i) })
		})},
		{Name: "rules in a Rego file", Least: 120, command: check, write: rego(func(out *bufio.Writer, n int) {
			list(out, "", "\n", "", n, func(i int) string { return fmt.Sprintf("compliant if input.name == \"item %d\"\n", i) })
		})},
		{Name: "names of rules in a Rego file", Least: 60, command: check, write: rego(func(out *bufio.Writer, n int) {
			list(out, "", "\n", "", n, func(i int) string {
				return fmt.Sprintf("_rule_%d if input.name == \"item %d\"\n\ncompliant if _rule_%d\n", i, i, i)
			})
		})},
		{Name: "rules that build on one another in a Rego file", Least: 125, command: check, write: rego(func(out *bufio.Writer, n int) {
			list(out, "_rule_0 if input.on == true\n\n", "\n", fmt.Sprintf("\ncompliant if _rule_%d\n", n), n, func(i int) string {
				return fmt.Sprintf("_rule_%d if {\n\t_rule_%d\n\tinput.name != \"item %d\"\n}\n", i+1, i, i)
			})
		})},
		{Name: "expressions of a rule in a Rego file", Least: 60, command: check, write: rego(func(out *bufio.Writer, n int) {
			list(out, "compliant if {\n", "", "}\n", n, func(i int) string { return fmt.Sprintf("\tinput.name != \"item %d\"\n", i) })
		})},
		{Name: "strings of a set in a Rego file", Least: 2_500, command: check, write: rego(func(out *bufio.Writer, n int) {
			list(out, "_names := {\n", "", "}\n\ncompliant if input.name in _names\n", n, func(i int) string { return fmt.Sprintf("\t\"item %d\",\n", i) })
		})},
		{Name: "bytes of a string in a Rego file", Least: 100_000, command: check, write: rego(func(out *bufio.Writer, n int) {
			_, _ = out.WriteString("compliant if input.name == \"" + strings.Repeat("item\\n", n/6+1) + "\"\n")
		})},
		{Name: "bytes of comments in a Rego file", Least: 100_000, command: check, write: rego(func(out *bufio.Writer, n int) {
			_, _ = out.WriteString(strings.Repeat("# comment\n", n/10))
		})},
		{Name: "actions in a register", Least: 1_000, command: registered, write: register(func(out *bufio.Writer, n int) {
			list(out, "", "\n", "", n, func(i int) string {
				return fmt.Sprintf("action \"Item%d\" {\n  status = \"planned\"\n  owner = \"ada@contoso.example\"\n}\n", i)
			})
		})},
		{Name: "exclusions in a register", Least: 1_000, command: registered, write: exclusions},
		{Name: "exclusions in a register, one more", Least: 500, command: "action exclude ItemsOn item --reason new --register %/register.hcl --no-builtin --catalog %/catalog", write: exclusions},
		{Name: "notes in a register", Least: 1_000, command: registered, write: register(func(out *bufio.Writer, n int) {
			list(out, "action \"ItemsOn\" {\n", "", "}\n", n, func(i int) string {
				return fmt.Sprintf("  note {\n    time = \"2026-10-01T06:00:00Z\"\n    author = \"Ada\"\n    text = \"note %d\"\n  }\n", i)
			})
		})},
		{Name: "mistakes in a register", Least: 2_500, Exit: 1, command: registered, write: register(func(out *bufio.Writer, n int) {
			list(out, "action \"ItemsOn\" {\n", "", "}\n", n, func(i int) string { return fmt.Sprintf("  a%d = \"\"\n", i) })
		})},
		{Name: "fields of a schema", Least: 250, command: check, write: func(f *folder, n int) { f.fields(n) }},
		{Name: "values of an enumeration of a schema", Least: 1_000, command: check, write: func(f *folder, n int) { f.enumeration(n) }},
		{Name: "records of a sample for a schema", Least: 40_000, command: "schema new growth.items --sample %/sample.ndjson", write: func(f *folder, n int) {
			f.file("sample.ndjson", func(out *bufio.Writer) { list(out, "", "\n", "\n", n, item) })
		}},
		{Name: "fields of a sample for a schema", Least: 500, command: "schema new growth.items --sample %/sample.ndjson", write: func(f *folder, n int) {
			f.file("sample.ndjson", func(out *bufio.Writer) {
				list(out, `{"id":"a",`, ",", "}\n", n, func(i int) string { return fmt.Sprintf(`"field%d":%d`, i, i) })
			})
		}},
	}
}

// steps writes a control with n steps.
func (f *folder) steps(n int) {
	f.catalog("", itemRule)
	f.file("catalog/growth/items_on.hcl", func(out *bufio.Writer) {
		before, after, _ := strings.Cut(control, "\"Switch the item on.\"")
		list(out, "control \"ItemsOn\" {\n"+before+"\n", "", after+coverage+"}\n", n, func(i int) string { return fmt.Sprintf("      \"Do step %d.\",\n", i) })
	})
}

// long writes a control with a long text as its only step.
func (f *folder) long(text func(n int) string, n int) {
	f.catalog("", itemRule)
	f.text("catalog/growth/items_on.hcl", "control \"ItemsOn\" {\n"+strings.Replace(control, "\"Switch the item on.\"", text(n), 1)+coverage+"}\n")
}

// fields writes a schema with n more fields, all of which a rule reads.
func (f *folder) fields(n int) {
	f.catalog("", itemRule)
	f.file("catalog/schemas/growth/items.json", func(out *bufio.Writer) {
		before, after, _ := strings.Cut(schema("growth.items", "population", itemFields), `"on": {`)
		list(out, before, ",\n", ",\n\"on\": {"+after, n, func(i int) string {
			return fmt.Sprintf(`    "field%d": {"type": "string", "description": "Field %d."}`, i, i)
		})
	})
	f.file("catalog/growth/items_on.rego", func(out *bufio.Writer) {
		list(out, "package policies.growth.items_on\n\ndefault compliant := false\n\ncompliant if \"a\" in [\n", "", "]\n", n, func(i int) string { return fmt.Sprintf("\tinput.field%d,\n", i) })
	})
}

// enumeration writes a schema with a field of n values, and a rule that compares it with some.
func (f *folder) enumeration(n int) {
	f.catalog("", "default compliant := false\n\ncompliant if input.name == \"value 0\"\n")
	f.file("catalog/schemas/growth/items.json", func(out *bufio.Writer) {
		before, after, _ := strings.Cut(schema("growth.items", "population", itemFields), `"name": {"type": "string"`)
		list(out, before+`"name": {"type": "string", "enum": [`, ", ", "]"+after, n, func(i int) string { return fmt.Sprintf("\"value %d\"", i) })
	})
}
