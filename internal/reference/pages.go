package reference

import (
	"cmp"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
)

// Page is one file of the reference.
type Page struct {
	Path string // below docs, with slashes
	Text string
}

// fresh is the first paragraph of every page: what it is written from.
const fresh = "This page is written from %s; `make update` rewrites it.\n"

// Pages returns the reference of a catalog and of all evidence that it may read, sorted by path.
func Pages(cat *catalog.Catalog) []Page {
	b := newBook(cat)
	pages := []Page{
		{Path: "catalog/README.md", Text: b.contents()},
		{Path: "evidence/README.md", Text: b.datasets()},
	}
	for _, c := range b.chapters {
		pages = append(pages, Page{Path: "catalog/" + c.product.ID + ".md", Text: b.chapter(c)})
	}
	for _, area := range b.areas() {
		pages = append(pages, Page{Path: "evidence/" + area + ".md", Text: b.area(area)})
	}
	slices.SortFunc(pages, func(a, b Page) int { return cmp.Compare(a.Path, b.Path) })
	return pages
}

// book is a catalog in the order in which it is shown.
type book struct {
	catalog  *catalog.Catalog
	chapters []*chapter // products that have controls, by id
}

// chapter is the controls of a product.
type chapter struct {
	product *catalog.Product
	files   []*file // by path
}

// file is the controls of one product that a policy file declares: one, or a family that shares a rule.
type file struct {
	path     string // without .hcl
	chapter  *chapter
	controls []*catalog.Control // in the order written
}

func newBook(cat *catalog.Catalog) *book {
	controls := cat.Controls()
	slices.SortStableFunc(controls, func(a, b *catalog.Control) int {
		return cmp.Or(cmp.Compare(a.Product, b.Product), cmp.Compare(a.Position().File, b.Position().File),
			cmp.Compare(a.Position().Line, b.Position().Line))
	})
	b := &book{catalog: cat}
	for _, c := range controls {
		if last := len(b.chapters) - 1; last < 0 || b.chapters[last].product.ID != c.Product {
			product, _ := cat.Product(c.Product)
			b.chapters = append(b.chapters, &chapter{product: product})
		}
		b.chapters[len(b.chapters)-1].add(c)
	}
	return b
}

// add adds a control, which comes after all others of the chapter.
func (c *chapter) add(control *catalog.Control) {
	path := strings.TrimSuffix(control.Position().File, ".hcl")
	if last := len(c.files) - 1; last < 0 || c.files[last].path != path {
		c.files = append(c.files, &file{path: path, chapter: c})
	}
	last := c.files[len(c.files)-1]
	last.controls = append(last.controls, control)
}

func (c *chapter) controls() []*catalog.Control {
	var controls []*catalog.Control
	for _, f := range c.files {
		controls = append(controls, f.controls...)
	}
	return controls
}

// heading returns the heading of the section of a file: its control, or the file if it has several.
func (f *file) heading() string {
	if len(f.controls) == 1 {
		return f.controls[0].ID
	}
	parts := strings.Split(f.path, "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

// address returns the link target of the section of the file, for a page in another folder of docs.
func (f *file) address() string {
	return "../catalog/" + f.chapter.product.ID + ".md#" + anchor(f.heading())
}
