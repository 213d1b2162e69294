package scaffold

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

//go:embed templates/*.tmpl
var templates embed.FS

// Request says which control to write.
type Request struct {
	ID      string // such as "ContosoGuestReview"
	Product string // id of the product that the control protects; its folder bears the same name
	Kind    string // one of [Kinds]

	// Products are the ids that the catalog declares. Product has to be one of them, unless the list is empty.
	Products []string
}

// Kinds returns the kinds of control that can be written.
func Kinds() []string { return []string{"coverage", "setting", "graded"} }

// endings are what stands after a control's file name, one per file that is written.
func endings() []string { return []string{".hcl", ".rego", "_test.rego"} }

// Write writes the control into the folder of its product below dir, and returns the paths of the files. If any of them is
// there already it writes none.
func Write(dir string, r Request) (paths []string, err error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	name := fileName(r.ID)
	texts, err := r.render(name)
	if err != nil {
		return nil, err
	}
	for _, ending := range endings() {
		path := filepath.Join(dir, r.Product, name+ending)
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return nil, occupied(path, err)
		}
		paths = append(paths, path)
	}
	if err := os.MkdirAll(filepath.Join(dir, r.Product), 0o755); err != nil {
		return nil, fmt.Errorf("writing control: %w", err)
	}
	for i, path := range paths {
		if err := create(path, texts[i]); err != nil {
			return nil, errors.Join(err, remove(paths[:i]))
		}
	}
	return paths, nil
}

var (
	validID      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,99}$`)
	validProduct = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

func (r Request) validate() error {
	switch {
	case !validID.MatchString(r.ID):
		return fmt.Errorf("the id %q is not 1 to 100 letters, digits, underscores, dots or hyphens that start with a letter", r.ID)
	case !validProduct.MatchString(r.Product):
		return fmt.Errorf("the product %q is not lower-case letters, digits and underscores that start with a letter", r.Product)
	case r.Product == "lib":
		return errors.New("the folder lib is for shared rules, so no product can be called lib")
	case len(r.Products) > 0 && !slices.Contains(r.Products, r.Product):
		return fmt.Errorf("the catalog declares no product %q. Choose one of %s; or declare it in a file such as catalog.hcl beside your controls: product %q { title = \"...\" }",
			r.Product, strings.Join(r.Products, ", "), r.Product)
	case !slices.Contains(Kinds(), r.Kind):
		return fmt.Errorf("the kind %q is not one of %s", r.Kind, strings.Join(Kinds(), ", "))
	}
	return nil
}

// render returns the texts of the files, in the order of endings.
func (r Request) render(name string) ([][]byte, error) {
	set, err := template.New("control").Option("missingkey=error").ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("reading templates: %w", err)
	}
	var texts [][]byte
	for _, ending := range endings() {
		var text bytes.Buffer
		err := set.ExecuteTemplate(&text, r.Kind+ending+".tmpl", map[string]string{"ID": r.ID, "Product": r.Product, "Name": name})
		if err != nil {
			return nil, fmt.Errorf("writing control: %w", err)
		}
		texts = append(texts, text.Bytes())
	}
	return texts, nil
}

func occupied(path string, err error) error {
	if err != nil {
		return fmt.Errorf("writing control: %w", err)
	}
	return fmt.Errorf("%s is there already, and is left as it is: choose another id or folder", path)
}

// create writes a file that must not be there yet.
func create(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("writing control: %w", err)
	}
	if _, err := file.Write(text); err != nil {
		return errors.Join(fmt.Errorf("writing control: %w", err), file.Close(), os.Remove(path))
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("writing control: %w", err)
	}
	return nil
}

// remove takes back the files of a control that could not be written whole.
func remove(paths []string) error {
	var errs []error
	for _, path := range paths {
		errs = append(errs, os.Remove(path))
	}
	return errors.Join(errs...)
}
