package reference

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
)

// fact is an attribute of a control, as Markdown.
type fact struct {
	name   string // unique among the facts of a control
	value  string // what may differ within a family
	note   string // what does not: a description
	column string // its column in the family's table if it differs; "" for below the table
	cell   string // how it is written there, if not as its value
}

// item returns the fact as an item of a list.
func (f fact) item() string {
	said := slices.DeleteFunc([]string{f.value, f.note}, func(s string) bool { return s == "" })
	return fmt.Sprintf("- **%s**: %s\n", f.name, strings.Join(said, ". "))
}

// facts returns the attributes of a control that are in no table of its page.
func (b *book) facts(c *catalog.Control) []fact {
	facts := []fact{
		{name: "stage", value: stage(c), column: "stage", cell: string(c.Stage)},
		{name: "points", value: b.earned(c), column: "points"},
		{name: "records", value: matched(c), column: "records"},
		{name: "evidence", value: datasets(c), column: "evidence"},
		{name: "license", value: licenses(c), column: "license"},
		{name: "comes after", value: b.first(c), column: "comes after"},
	}
	for _, p := range c.Parameters {
		f := fact{name: "parameter " + code(p.Name), value: value(p.Value), note: text(p.Description), column: "parameters"}
		if !slices.Contains([]string{"`[]`", "`{}`", "`\"\"`", "`null`"}, f.value) {
			f.cell = code(p.Name) + " = " + f.value
		}
		facts = append(facts, f)
	}
	facts = append(facts,
		fact{name: "status", value: exception(c), column: "exceptions", cell: code(c.Exception)},
		fact{name: "confidence", value: confidence(c), column: "confidence"},
		fact{name: "frameworks", value: frameworks(c), column: "frameworks"},
		fact{name: "differences from Microsoft", value: text(strings.Join(c.Differences, " "))},
		fact{name: "source", value: text(c.Source)},
	)
	return slices.DeleteFunc(facts, func(f fact) bool { return f.value == "" })
}

func (b *book) factsOf(controls []*catalog.Control) [][]fact {
	all := make([][]fact, len(controls))
	for i, c := range controls {
		all[i] = b.facts(c)
	}
	return all
}

// column is what differs within a family: one cell for each control.
type column struct {
	name  string
	cells []string
}

// compare splits the facts of a family into those that all members share and those that differ. The
// latter are columns of a table, or notes if they are too long for one.
func compare(members [][]fact) (shared []fact, columns, notes []column) {
	for _, name := range names(members) {
		found := make([]fact, len(members)) // the zero fact where a member has no such fact
		for i, facts := range members {
			if at := slices.IndexFunc(facts, func(f fact) bool { return f.name == name }); at >= 0 {
				found[i] = facts[at]
			}
		}
		differs := slices.ContainsFunc(found, func(f fact) bool { return f.value != found[0].value })
		known := found[slices.IndexFunc(found, func(f fact) bool { return f.name != "" })]
		switch {
		case !differs:
			shared = append(shared, known)
		case known.column == "":
			notes = gather(notes, name, found)
		default:
			if known.note != "" {
				shared = append(shared, fact{name: name, note: known.note})
			}
			columns = gather(columns, known.column, found)
		}
	}
	return shared, columns, notes
}

// names returns the names of the facts of a family, each once, in the order of its members.
func names(members [][]fact) []string {
	var names []string
	for _, facts := range members {
		for _, f := range facts {
			if !slices.Contains(names, f.name) {
				names = append(names, f.name)
			}
		}
	}
	return names
}

// gather adds facts to the column of that name, which several may share.
func gather(columns []column, name string, facts []fact) []column {
	at := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
	if at < 0 {
		at = len(columns)
		columns = append(columns, column{name: name, cells: make([]string, len(facts))})
	}
	for i, f := range facts {
		written := f.cell
		if written == "" && !strings.HasPrefix(f.name, "parameter ") {
			written = f.value
		}
		if cell := &columns[at].cells[i]; *cell != "" && written != "" {
			*cell += "<br>" + written
		} else {
			*cell += written
		}
	}
	return columns
}

// stage returns the stage of a control that does not count, with the reason.
func stage(c *catalog.Control) string {
	if c.Stage == catalog.StageCurrent {
		return ""
	}
	parts := []string{string(c.Stage)}
	if c.ReplacedBy != "" {
		parts = append(parts, "replaced by "+code(c.ReplacedBy))
	}
	if c.Reason != "" {
		parts = append(parts, text(c.Reason))
	}
	return strings.Join(parts, ": ")
}

// earned returns how a control earns its points.
func (b *book) earned(c *catalog.Control) string {
	switch c.Kind {
	case "": // a deprecated control without a rule
		return ""
	case catalog.KindSetting:
		return "all or none"
	case catalog.KindGraded:
		return "the fraction that the rule works out"
	case catalog.KindAttested:
		return "all or none, by a claim in " + dataset(catalog.AttestationDataset)
	}
	over := dataset(c.Coverage.Dataset)
	earned := "the share of the records of " + over + " in scope that comply"
	if c.Coverage.AllOrNothing {
		earned = "all or none: every record of " + over + " in scope has to comply"
	}
	if c.Coverage.Fresh != nil {
		earned += fmt.Sprintf(", those left out whose %s is more than %s days ago", code(c.Coverage.Fresh.Field), code(c.Coverage.Fresh.Days))
	}
	if c.Coverage.WhenEmpty == "full" {
		return earned + "; all if none is in scope"
	}
	return earned + "; not applicable if none is in scope"
}

// matched returns which records of its population a control is about.
func matched(c *catalog.Control) string {
	if c.Coverage == nil {
		return ""
	}
	conditions := make([]string, len(c.Coverage.Match))
	for i, match := range c.Coverage.Match {
		conditions[i] = code(match.Field) + " = " + code(fmt.Sprint(match.Value))
	}
	return strings.Join(conditions, ", ")
}

func datasets(c *catalog.Control) string {
	names := c.Datasets()
	for i, name := range names {
		names[i] = dataset(name)
	}
	return strings.Join(names, ", ")
}

// dataset returns a link to a dataset, from a page of the catalog.
func dataset(name string) string {
	area, _, _ := strings.Cut(name, ".")
	return link(code(name), "../evidence/"+area+".md#"+anchor(name))
}

func licenses(c *catalog.Control) string {
	var needs []string
	for _, p := range c.Prerequisites {
		if len(p.ServicePlans) > 0 {
			needs = append(needs, licenseText(p.LicenseTitle, p.ServicePlans))
		}
	}
	return strings.Join(needs, ", and ")
}

// first returns the controls that have to come before.
func (b *book) first(c *catalog.Control) string {
	var needs []string
	for _, p := range c.Prerequisites {
		if p.Control != "" {
			needs = append(needs, b.reference(p.Control))
		}
	}
	return strings.Join(needs, ", ")
}

// reference returns a link to a control, from a page of the catalog.
func (b *book) reference(id string) string {
	for _, chapter := range b.chapters {
		for _, f := range chapter.files {
			if slices.ContainsFunc(f.controls, func(c *catalog.Control) bool { return c.ID == id }) {
				return link(code(id), f.address())
			}
		}
	}
	return code(id)
}

func exception(c *catalog.Control) string {
	if c.Exception == "" {
		return ""
	}
	return "by exceptions of " + code(c.Exception) + " in " + dataset(catalog.ExceptionDataset)
}

// confidence returns the confidence where it is not high.
func confidence(c *catalog.Control) string {
	if c.Confidence == "high" {
		return ""
	}
	return c.Confidence
}

func frameworks(c *catalog.Control) string {
	var named []string
	for name, ids := range c.Frameworks {
		named = append(named, text(name)+" "+codes(ids))
	}
	slices.Sort(named)
	return strings.Join(named, "; ")
}
