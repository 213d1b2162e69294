package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/reference"
	"github.com/posture-score/posture/schemas"
)

// Datasets is the page of the datasets that are known.
type Datasets struct{ Registry *schemas.Registry }

// datasetSummary is one dataset in the JSON of a list of datasets.
type datasetSummary struct {
	Name  string       `json:"name"`
	Title string       `json:"title"`
	Kind  schemas.Kind `json:"kind"`
	Key   string       `json:"key,omitempty"`
}

func (page Datasets) document() any {
	list := []datasetSummary{}
	for _, name := range page.Registry.Names() {
		if d, ok := page.Registry.Dataset(name); ok {
			list = append(list, datasetSummary{d.Name, d.Title, d.Kind, d.Key})
		}
	}
	return list
}

func (page Datasets) table(p *printer) {
	t := grid{columns: []gridColumn{
		{head: "DATASET", id: true},
		{head: "KIND", drop: 1},
		{head: "KEY", drop: 2, least: 12},
		{head: "TITLE", least: leastText, wraps: true},
	}}
	for _, d := range page.document().([]datasetSummary) {
		t.add(d.Name, string(d.Kind), cmp.Or(d.Key, "-"), d.Title)
	}
	p.grid(&t)
}

// Dataset is the page of one dataset.
type Dataset struct {
	Dataset *schemas.Dataset
	Readers []string // ids of the controls that read it
}

func (page Dataset) document() any {
	d := page.Dataset
	return struct {
		Name        string            `json:"name"`
		Title       string            `json:"title"`
		Description string            `json:"description"`
		Kind        schemas.Kind      `json:"kind"`
		Key         string            `json:"key,omitempty"`
		Label       string            `json:"label,omitempty"`
		Subject     string            `json:"subject,omitempty"`
		Unique      []string          `json:"unique"`
		Sources     []schemas.Source  `json:"sources"`
		Controls    []string          `json:"controls"`
		Fields      []reference.Field `json:"fields"`
	}{
		d.Name, d.Title, d.Description, d.Kind, d.Key, d.Label, d.Subject, append([]string{}, d.Unique...), append([]schemas.Source{}, d.Sources...),
		append([]string{}, page.Readers...), append([]reference.Field{}, reference.Fields(d)...),
	}
}

// facts are what is to be said of the dataset as a whole: a name and one or more texts.
func (page Dataset) facts() [][]string {
	d := page.Dataset
	facts := [][]string{{"kind", string(d.Kind)}, {"key", d.Key}, {"label", d.Label}, {"subject", d.Subject}, {"unique", strings.Join(d.Unique, ", ")}}
	if d.NeverEmpty {
		facts = append(facts, []string{"records", "at least one: without any it counts as failed"})
	}
	for _, source := range d.Sources {
		text := cmp.Or(source.Cmdlet, source.Endpoint)
		if query := source.Query(d); query != "" {
			text += "?" + query
		}
		if source.Permission != "" {
			text += " (" + source.Permission + ")"
		}
		facts = append(facts, []string{"from", text})
	}
	return append(facts, []string{"read by", cmp.Or(strings.Join(page.Readers, ", "), "no control")})
}

func (page Dataset) table(p *printer) {
	d := page.Dataset
	p.hang("", d.Name+": "+clean(d.Title), p.bold)
	if d.Description != "" {
		p.hang("", clean(d.Description), plain)
	}
	p.printf("\n")
	for _, fact := range page.facts() {
		p.field(fact[0], clean(fact[1]))
	}
	p.printf("\n")
	t := grid{columns: []gridColumn{
		{head: "FIELD", id: true},
		{head: "TYPE", least: 10},
		{head: "REQUIRED", drop: 1},
		{head: "WHAT", least: leastText, wraps: true},
	}}
	for _, field := range reference.Fields(d) {
		kind, required, what := field.Type(nil), "-", field.Description
		if field.Required {
			required = "yes"
		}
		if values := field.Values(func(value any) string { return fmt.Sprint(value) }); values != "" {
			what = strings.TrimSpace("One of " + values + ". " + what)
		}
		t.add(field.Path, kind, required, what)
	}
	p.grid(&t)
}

func (page Dataset) sheets() []sheet {
	d := page.Dataset
	about := sheet{title: d.Name, heads: []head{{name: "about"}, {name: clean(d.Title)}}}
	if d.Description != "" {
		about.rows = append(about.rows, []string{"what", d.Description})
	}
	for _, fact := range page.facts() {
		if fact[1] != "" {
			about.rows = append(about.rows, fact)
		}
	}
	fields := sheet{title: "Fields", heads: []head{{name: "field"}, {name: "type"}, {name: "what"}}}
	for _, field := range reference.Fields(d) {
		kind := field.Type(func(value any) string { return fmt.Sprint(value) })
		if field.Required {
			kind += " (required)"
		}
		fields.rows = append(fields.rows, []string{field.Path, kind, field.Description})
	}
	return []sheet{about, fields}
}
