package reference

import (
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

var update = flag.Bool("update", false, "rewrite docs/catalog and docs/evidence")

const docs = "../../docs"

// folders are ours alone: a file there that is no page is left over.
func folders() []string { return []string{"catalog", "evidence"} }

func builtin(t *testing.T) *catalog.Catalog {
	t.Helper()
	source := must.Get(catalog.Builtin())(t)
	return load(t, source)
}

func load(t *testing.T, sources ...catalog.Source) *catalog.Catalog {
	t.Helper()
	datasets := must.Get(schemas.Builtin())(t)
	return must.Get(catalog.Load(t.Context(), datasets, sources...))(t)
}

// TestPagesAreFresh holds the files to the pages: none is stale, missing or left over.
func TestPagesAreFresh(t *testing.T) {
	pages := Pages(builtin(t))
	if *update {
		rewrite(t, pages)
	}
	files := map[string]string{}
	for _, folder := range folders() {
		err := fs.WalkDir(os.DirFS(docs), folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			raw, err := os.ReadFile(filepath.Join(docs, name))
			files[name] = string(raw)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	for _, page := range pages {
		text, ok := files[page.Path]
		if diff := cmp.Diff(page.Text, text); !ok {
			t.Errorf("docs/%s is missing: run make update", page.Path)
		} else if diff != "" {
			t.Errorf("docs/%s is stale: run make update (-want +got):\n%s", page.Path, diff)
		}
		delete(files, page.Path)
	}
	for name := range files {
		t.Errorf("docs/%s is left over: run make update", name)
	}
}

func rewrite(t *testing.T, pages []Page) {
	t.Helper()
	for _, folder := range folders() {
		must.Do(t, os.RemoveAll(filepath.Join(docs, folder)))
		must.Do(t, os.Mkdir(filepath.Join(docs, folder), 0o755))
	}
	for _, page := range pages {
		must.Do(t, os.WriteFile(filepath.Join(docs, page.Path), []byte(page.Text), 0o644))
	}
}

// TestPagesAreTheSame makes them twice.
func TestPagesAreTheSame(t *testing.T) {
	cat := builtin(t)
	expect.Equal(t, Pages(cat), Pages(cat))
}

// TestPagesAreWhole finds every control and every dataset, described once.
func TestPagesAreWhole(t *testing.T) {
	cat := builtin(t)
	all := map[string]string{}
	for _, page := range Pages(cat) {
		all[page.Path] = page.Text
	}
	for _, c := range cat.Controls() {
		text := all["catalog/"+c.Product+".md"]
		if !strings.Contains(text, "| [`"+c.ID+"`](#") {
			t.Errorf("%s is not in the table of its product", c.ID)
		}
		if strings.Count(text, "\n## `"+c.ID+"`\n")+strings.Count(text, "\n| `"+c.ID+"` | ") != 1 {
			t.Errorf("%s is not described once", c.ID)
		}
	}
	for _, name := range cat.Datasets().Names() {
		area, _, _ := strings.Cut(name, ".")
		if strings.Count(all["evidence/"+area+".md"], "\n## `"+name+"`\n") != 1 {
			t.Errorf("%s is not described once", name)
		}
	}
}

// TestPagesAreWellFormed holds rows to as many cells as their table has, and code to its end.
func TestPagesAreWellFormed(t *testing.T) {
	for _, page := range Pages(builtin(t)) {
		wellFormed(t, page)
	}
}

func wellFormed(t *testing.T, page Page) {
	t.Helper()
	cells := 0
	for line := range strings.Lines(page.Text) {
		if strings.HasPrefix(line, "|") {
			n := len(regexp.MustCompile(`[^\\]\|`).FindAllString(line, -1))
			if cells != 0 && n != cells {
				t.Errorf("%s: the table has %d columns, and a row has %d: %s", page.Path, cells, n, line)
			}
			cells = n
		} else {
			cells = 0
		}
		if strings.HasSuffix(line, " \n") || strings.Contains(line, "****") {
			t.Errorf("%s: something is empty: %s", page.Path, line)
		}
	}
	if !strings.HasSuffix(page.Text, "\n") || strings.Contains(page.Text, "\n\n\n") {
		t.Errorf("%s: its lines are not as they should be", page.Path)
	}
}

// TestLinks follows every link within docs, to the heading.
func TestLinks(t *testing.T) {
	headings := map[string]bool{}
	pages := Pages(builtin(t))
	for _, page := range pages {
		for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page.Text, -1) {
			name := page.Path + "#" + anchor(heading[1])
			if headings[name] {
				t.Errorf("%s stands there twice", name)
			}
			headings[name] = true
		}
	}
	for _, page := range pages {
		for _, found := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(page.Text, -1) {
			file, part, _ := strings.Cut(found[1], "#")
			target := path.Join(path.Dir(page.Path), file)
			if file == "" {
				target = page.Path
			}
			if _, err := os.Stat(filepath.Join(docs, target)); err != nil {
				t.Errorf("%s: the link %s leads nowhere", page.Path, found[1])
			}
			ours := strings.HasPrefix(target, "catalog/") || strings.HasPrefix(target, "evidence/")
			if part != "" && ours && !headings[target+"#"+part] {
				t.Errorf("%s: the link %s leads to no heading", page.Path, found[1])
			}
		}
	}
}
