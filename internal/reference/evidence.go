package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/schemas"
)

// datasets returns the first page of the evidence: every dataset, and where it comes from.
func (b *book) datasets() string {
	var page strings.Builder
	page.WriteString("# Datasets\n\n")
	fmt.Fprintf(&page, fresh, "the schemas of [`schemas/evidence`](../../schemas/evidence)")
	page.WriteString("What a bundle is, and what the kinds of datasets mean, is in [Evidence](../evidence.md).\n\n")
	page.WriteString(head("dataset", "kind", "key", "what", "where from", "permission", "controls"))
	registry := b.catalog.Datasets()
	for _, name := range registry.Names() {
		d, ok := registry.Dataset(name)
		if !ok {
			continue
		}
		area, _, _ := strings.Cut(name, ".")
		page.WriteString(row(link(code(name), area+".md#"+anchor(name)), string(d.Kind), code(d.Key), text(d.Description),
			strings.Join(sources(d), "<br>"), strings.Join(permissions(d), "<br>"),
			fmt.Sprint(b.readers(name).controls)))
	}
	page.WriteString("\nThe last column counts the controls that read the dataset. One without any decides something else, such as\n" +
		"licenses, or is kept for controls to come and for catalogs of your own.\n")
	return page.String()
}

// areas returns the areas of datasets, sorted.
func (b *book) areas() []string {
	var areas []string
	for _, name := range b.catalog.Datasets().Names() {
		area, _, _ := strings.Cut(name, ".")
		areas = append(areas, area)
	}
	slices.Sort(areas)
	return slices.Compact(areas)
}

// area returns the page of the datasets of an area.
func (b *book) area(area string) string {
	var list, parts strings.Builder
	registry := b.catalog.Datasets()
	for _, name := range registry.Names() {
		if d, ok := registry.Dataset(name); ok && strings.HasPrefix(name, area+".") {
			fmt.Fprintf(&list, "- %s: %s\n", link(code(name), "#"+anchor(name)), text(d.Title))
			parts.WriteString(b.dataset(d))
		}
	}
	return fmt.Sprintf("# Evidence of %s\n\n"+fresh+"\n%s%s", code(area), "[the schemas](README.md)", &list, &parts)
}

// dataset returns the section of a dataset, with its fields.
func (b *book) dataset(d *schemas.Dataset) string {
	var part strings.Builder
	fmt.Fprintf(&part, "\n## %s\n\n%s\n\n", code(d.Name), text(d.Description))
	kind := string(d.Kind)
	if d.Key != "" {
		kind += ", with the key " + code(d.Key)
	}
	if d.Label != "" {
		kind += ", shown by " + code(d.Label)
	}
	switch {
	case d.Key != "" && len(d.Unique) == 0:
		kind += "; nothing tells records apart"
	case len(d.Unique) > 1:
		kind += "; told apart by " + codes(d.Unique)
	}
	if d.NeverEmpty {
		kind += "; never empty: without a record it counts as failed"
	}
	for _, field := range slices.Sorted(maps.Keys(d.Always)) {
		kind += fmt.Sprintf("; not whole unless a record has %s %v", code(field), d.Always[field])
	}
	if d.DefaultLimit > 0 {
		kind += fmt.Sprintf("; just %d records may not be all, and a warning says so", d.DefaultLimit)
	}
	fmt.Fprintf(&part, "- **kind**: %s\n- **where from**: %s\n", kind, strings.Join(sources(d), ", "))
	if needed := permissions(d); len(needed) > 0 {
		fmt.Fprintf(&part, "- **permission**: %s\n", strings.Join(needed, ", "))
	}
	fmt.Fprintf(&part, "- **read by**: %s\n", b.readers(d.Name))
	file := "schemas/evidence/" + strings.ReplaceAll(d.Name, ".", "/") + ".json"
	fmt.Fprintf(&part, "- **schema**: %s\n\n", link(code(file), "../../"+file))
	part.WriteString(head("field", "type", "what"))
	for _, f := range Fields(d) {
		kind := f.Type(literal)
		if f.Required {
			kind += " (required)"
		}
		part.WriteString(row(code(f.Path), kind, text(f.Description)))
	}
	return part.String()
}

// sources returns where a dataset can be collected from.
func sources(d *schemas.Dataset) []string {
	var sources []string
	for _, s := range d.Sources {
		switch method, _, _ := strings.Cut(s.Endpoint, " "); {
		case s.Cmdlet != "":
			sources = append(sources, code(s.Cmdlet))
		case method == "GET" || method == "POST":
			address := s.Endpoint
			if query := s.Query(d); query != "" {
				address += "?" + query
			}
			sources = append(sources, code(address))
		default: // in words
			sources = append(sources, text(s.Endpoint))
		}
	}
	return sources
}

// permissions returns the permissions for reading a dataset, each once.
func permissions(d *schemas.Dataset) []string {
	var needed []string
	for _, s := range d.Sources {
		if permission := text(s.Permission); permission != "" && !slices.Contains(needed, permission) {
			needed = append(needed, permission)
		}
	}
	return needed
}

// readers are the controls that read a dataset.
type readers struct {
	controls int
	links    []string // one for each policy file
}

func (r readers) String() string {
	if r.controls == 0 {
		return "no control"
	}
	return strings.Join(r.links, ", ")
}

// readers returns the controls that read a dataset, or whose status comes from it.
func (b *book) readers(name string) readers {
	var found readers
	for _, chapter := range b.chapters {
		for _, f := range chapter.files {
			n := 0
			for _, c := range f.controls {
				if slices.Contains(c.Datasets(), name) || c.Exception != "" && name == catalog.ExceptionDataset {
					n++
				}
			}
			if n == 0 {
				continue
			}
			found.controls += n
			to := link(code(f.heading()), f.address())
			if len(f.controls) > 1 {
				to += " (" + count(n, "control") + ")"
			}
			found.links = append(found.links, to)
		}
	}
	return found
}
