package growth

import (
	"bufio"
	"fmt"
	"strings"
)

// The catalog of most dimensions of evidence: one population, one rule.
const (
	product = "catalog {\n  version = \"1.0.0\"\n}\n\nproduct \"growth\" {\n  title = \"Growth\"\n}\n"

	control = `  title       = "Keep items on"
  category    = "apps"
  product     = "growth"
  points      = 5
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  threats     = ["data_exfiltration"]
  implementation {
    steps = ["Switch the item on."]
  }
  source = "internal/bench"
`
	coverage = "  coverage \"growth.items\" {\n    when_empty = \"not_applicable\"\n  }\n"

	itemRule = `default in_scope := true

default compliant := false

compliant if input.on == true

reasons contains sprintf("%s is off", [input.name]) if not compliant
`
)

// schema is that of a dataset of records with an id, and the given fields.
func schema(dataset, kind, fields string) string {
	key := ""
	if kind != "document" {
		key = `, "key": "id"`
	}
	if fields != "" {
		fields = ", " + fields
	}
	return fmt.Sprintf(`{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:posture:evidence:%s",
  "title": "Items",
  "description": "Items.",
  "x-posture": {"kind": %q%s, "sources": [{"endpoint": "internal/bench"}]},
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": {"type": "string", "minLength": 1, "description": "Id."}%s
  }
}
`, dataset, kind, key, fields)
}

const itemFields = `
    "name": {"type": "string", "description": "Name."},
    "on": {"type": "boolean", "description": "Whether it is on."},
    "texts": {"type": "array", "items": {"type": "string"}, "description": "Texts."},
    "lists": {"type": "array", "items": {"type": "array", "items": {"type": "string"}, "description": "Texts."}, "description": "Lists."},
    "numbers": {"type": "array", "items": {"type": "number"}, "description": "Numbers."},
    "objects": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "number", "description": "A number."}}}, "description": "Objects."},
    "members": {"type": "object", "description": "Members."}`

// catalog writes a catalog of one control over items.
func (f *folder) catalog(extra, rule string) {
	f.text("catalog/catalog.hcl", product)
	f.text("catalog/schemas/growth/items.json", schema("growth.items", "population", itemFields))
	f.text("catalog/growth/items_on.hcl", "control \"ItemsOn\" {\n"+control+coverage+extra+"}\n")
	f.text("catalog/growth/items_on.rego", "package policies.growth.items_on\n\n"+rule)
	f.test("catalog/growth/items_on_test.rego")
}

// test writes a test of a rule, since the check asks for one.
func (f *folder) test(name string) {
	rule := strings.ReplaceAll(strings.TrimSuffix(name, "_test.rego"), "/", ".")
	_, rule, _ = strings.Cut(rule, ".")
	f.text(name, fmt.Sprintf("package policies.%s_test\n\nimport data.policies.%s as rule\n\ntest_nothing if not rule.compliant with input as {\"id\": \"a\"}\n", rule, rule))
}

func item(i int) string {
	return fmt.Sprintf(`{"id":%q,"name":"item %d","on":%v}`, guid(1, i), i, i%2 == 0)
}

const (
	assess     = "assess %/evidence --no-builtin --catalog %/catalog --register= --format json"
	assessOnce = "assess %/evidence --register= --format json" // with the built-in catalog
)

func evidenceDimensions() []Dimension {
	items := func(f *folder, n int) {
		f.catalog("", itemRule)
		f.bundle(records{"growth.items", n, item})
	}
	texts := func(part func(i int) string) func(f *folder, n int) {
		return func(f *folder, n int) { f.oneRecord("texts", n, part) }
	}
	values := func(field, part string) func(f *folder, n int) {
		return func(f *folder, n int) { f.oneRecord(field, n, func(int) string { return part }) }
	}
	return []Dimension{
		{Name: "records", Least: 25_000, command: assess, write: items},
		{Name: "failing records, all listed", Least: 12_500, command: assess + " --failing all", write: items},
		{Name: "failing records, in a file", Least: 25_000, command: assess + " --failing-file %/failing.ndjson", write: items},
		{Name: "records that violate their schema", Least: 12_500, Exit: 1, command: "evidence check %/evidence --catalog %/catalog --max 1000000", write: func(f *folder, n int) {
			f.catalog("", itemRule)
			f.bundle(records{"growth.items", n, func(i int) string { return fmt.Sprintf(`{"id":%q,"name":%d}`, guid(1, i), i) }})
		}},
		{Name: "records that repeat others", Least: 12_500, command: assess, write: func(f *folder, n int) {
			f.catalog("", itemRule)
			f.bundle(records{"growth.items", n, func(i int) string { return item(i / 2) }})
		}},
		{Name: "joined records", Least: 25_000, command: assess, write: joined(1)},
		{Name: "joined records of one key", Least: 12_500, command: assess, write: joined(1 << 30)},
		{Name: "joined records without a partner", Least: 12_500, command: assess, write: joined(0)},
		{Name: "records of a document", Least: 6_250, command: assess, write: func(f *folder, n int) {
			f.document()
			f.bundle(records{"growth.list", n, item})
		}},
		{Name: "reasons of an action", Least: 2_500, command: assess, write: func(f *folder, n int) {
			f.document()
			f.text("catalog/growth/list_on.rego", "package policies.growth.list_on\n\ndefault compliant := false\n\nreasons contains sprintf(\"%s is off\", [item.name]) if some item in data.evidence.growth.list\n")
			f.bundle(records{"growth.list", n, item})
		}},
		{Name: "strings in a record", Least: 60_000, command: assess, write: texts(func(i int) string { return fmt.Sprintf("\"text %d\"", i) })},
		{Name: "bytes of one string", Least: 1_000_000, command: assess, write: func(f *folder, n int) { f.oneString(n) }},
		{Name: "empty objects in a record", Least: 60_000, command: assess, write: values("objects", "{}")},
		{Name: "empty lists in a record", Least: 60_000, command: assess, write: values("lists", "[]")},
		{Name: "small numbers in a record", Least: 60_000, command: assess, write: values("numbers", "1")},
		{Name: "small objects in a record", Least: 30_000, command: assess, write: values("objects", `{"a":1}`)},
		{Name: "members of an object in a record", Least: 50_000, command: assess, write: func(f *folder, n int) {
			f.catalog("", "default compliant := false\n\ncompliant if count(input.members) == 0\n")
			f.object("members", n)
		}},
		{Name: "datasets in a bundle", Least: 500, command: "assess %/evidence --no-builtin --catalog %/catalog --register= --format json", write: datasets},
	}
}

// oneRecord writes a record with a long list in one of its fields, and a rule that reads the list.
func (f *folder) oneRecord(field string, n int, part func(i int) string) {
	f.catalog("", fmt.Sprintf("default compliant := false\n\ncompliant if count(input.%s) == 0\n", field))
	f.bundle(records{"growth.items", 1, func(int) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = part(i)
		}
		return fmt.Sprintf(`{"id":"a","%s":[%s]}`, field, strings.Join(parts, ","))
	}})
}

func (f *folder) object(field string, n int) {
	f.bundle(records{"growth.items", 1, func(int) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = fmt.Sprintf("\"m%d\":%d", i, i)
		}
		return fmt.Sprintf(`{"id":"a","%s":{%s}}`, field, strings.Join(parts, ","))
	}})
}

func (f *folder) oneString(n int) {
	f.catalog("", itemRule)
	f.bundle(records{"growth.items", 1, func(int) string { return `{"id":"a","name":"` + strings.Repeat("x\\n", n/3) + `"}` }})
}

// joined writes items, and a dataset that is joined with them: each of them to so many records of
// the other, or none.
func joined(each int) func(f *folder, n int) {
	return func(f *folder, n int) {
		f.catalog("", "default compliant := false\n\ncompliant if some p in input.parts\n")
		f.text("catalog/growth/items_on.hcl", "control \"ItemsOn\" {\n"+control+"  coverage \"growth.items\" {\n    when_empty = \"not_applicable\"\n    join \"parts\" {\n      dataset = \"growth.parts\"\n      on      = \"item\"\n      many    = true\n    }\n  }\n}\n")
		f.text("catalog/growth/items_on.rego", "package policies.growth.items_on\n\ndefault compliant := false\n\ncompliant if {\n\tsome p in input.parts\n\tp.on == true\n}\n")
		f.text("catalog/schemas/growth/parts.json", schema("growth.parts", "population", `
    "item": {"type": "string", "description": "Item."},
    "on": {"type": "boolean", "description": "Whether it is on."}`))
		item, count := item, n
		if each != 1 {
			count = 10
		}
		f.bundle(records{"growth.items", count, item}, records{"growth.parts", n, func(i int) string {
			owner := i
			switch each {
			case 0:
				owner = i + count
			case 1:
			default:
				owner = i / each
			}
			return fmt.Sprintf(`{"id":%q,"item":%q,"on":%v}`, guid(2, i), guid(1, owner), i%2 == 0)
		}})
	}
}

// document writes a catalog with one control over a list that its rule reads whole.
func (f *folder) document() {
	f.text("catalog/catalog.hcl", product)
	f.text("catalog/schemas/growth/list.json", schema("growth.list", "list", itemFields))
	f.text("catalog/growth/list_on.hcl", "control \"ListOn\" {\n"+control+"  context = [\"growth.list\"]\n  setting {}\n}\n")
	f.text("catalog/growth/list_on.rego", "package policies.growth.list_on\n\ndefault compliant := false\n\ncompliant if every item in data.evidence.growth.list { item.on == true }\n")
}

// datasets writes a catalog of many datasets, each with a control, and a bundle of them.
func datasets(f *folder, n int) {
	f.text("catalog/catalog.hcl", product)
	f.text("catalog/rules/item_on.rego", "package policies.rules.item_on\n\ndefault compliant := false\n\ncompliant if input.on == true\n")
	f.test("catalog/rules/item_on_test.rego")
	all := make([]records, n)
	for i := range n {
		name := fmt.Sprintf("growth.items_%d", i)
		f.text(fmt.Sprintf("catalog/schemas/growth/items_%d.json", i), schema(name, "population", itemFields))
		all[i] = records{name, 3, item}
	}
	f.file("catalog/growth/items.hcl", func(out *bufio.Writer) {
		list(out, "", "\n", "", n, func(i int) string {
			return fmt.Sprintf("control \"ItemsOn%d\" {\n  rule = \"item_on\"\n%s  coverage \"growth.items_%d\" {\n    when_empty = \"not_applicable\"\n  }\n}\n", i, control, i)
		})
	})
	f.bundle(all...)
}
