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
	"strings"
	"text/template"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

//go:embed templates/*.tmpl
var templates embed.FS

// Placeholder is how a text begins that the author has to replace. It ends with ">".
const Placeholder = "<replace: "

// Control says which control to write. Its fields are checked by the caller.
type Control struct {
	ID       string // such as "ContosoGuestReview"
	Product  string // id of the product that the control protects, and the name of its folder
	Kind     string // setting, coverage, graded or attested
	Category string
	Dataset  Dataset
}

// Dataset is what the rule reads. It is not used for an attested control.
type Dataset struct {
	Name  string         // <area>.<dataset>
	Shape map[string]any // JSON Schema of one record, or of the document
	Key   string         // the field that names a record; empty for a document
}

// Write writes the control into the folder of its product below dir, and returns the paths of the
// files. If any of them exists already it writes none.
func Write(dir string, c Control) (paths []string, err error) {
	files, err := c.render()
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		path := filepath.Join(dir, c.Product, file.name)
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return nil, occupied(path, err)
		}
		paths = append(paths, path)
	}
	if err := os.MkdirAll(filepath.Join(dir, c.Product), 0o755); err != nil {
		return nil, fmt.Errorf("writing control: %w", err)
	}
	for i, path := range paths {
		if err := create(path, files[i].text); err != nil {
			return nil, errors.Join(err, remove(paths[:i]))
		}
	}
	return paths, nil
}

// file is one file of a control.
type file struct {
	name string
	text []byte
}

// values are what the templates are filled with.
type values struct {
	ID, Product, Kind, Name  string
	Category                 string
	Dataset                  string // name of the dataset
	Area, Base               string // the two parts of its name
	List                     bool   // the rule sees a list of records in its context
	Ref, Field, Good         string // the field of the example as it follows a variable, in words, and the value that complies
	Record, Failing, Lacking string // records or documents for the tests
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (c Control) render() ([]file, error) {
	name := fileName(c.ID)
	v := values{ID: c.ID, Product: c.Product, Kind: c.Kind, Name: name, Category: c.Category}
	endings := []string{".hcl"}
	if c.Kind != "attested" {
		endings = []string{".hcl", ".rego", "_test.rego"}
		if err := v.read(c.Dataset); err != nil {
			return nil, err
		}
	}
	set, err := template.New("control").Option("missingkey=error").ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("reading templates: %w", err)
	}
	var files []file
	for _, ending := range endings {
		from := "control.hcl.tmpl"
		if ending != ".hcl" {
			from = c.Kind + ending + ".tmpl"
		}
		var text bytes.Buffer
		if err := set.ExecuteTemplate(&text, from, v); err != nil {
			return nil, fmt.Errorf("writing control: %w", err)
		}
		written := text.Bytes()
		if ending == ".hcl" {
			written = hclwrite.Format(written) // the alignment depends on the values
		}
		files = append(files, file{name + ending, written})
	}
	return files, nil
}

// read fills in what the templates say about a dataset.
func (v *values) read(d Dataset) error {
	f, ok := example(d.Shape, d.Key)
	if !ok {
		return fmt.Errorf("the schema of %s has no field with a simple value to make an example of: name another dataset", d.Name)
	}
	v.Dataset, v.List = d.Name, d.Key != ""
	v.Area, v.Base, _ = strings.Cut(d.Name, ".")
	v.Ref, v.Field, v.Good = f.ref(), strings.Join(f.path, "."), literal(f.good)
	var key []string
	if d.Key != "" && d.Key != f.path[0] {
		key = append(key, literal(d.Key)+`: "a"`)
	}
	v.Record, v.Failing, v.Lacking = f.object(f.good, key...), f.object(f.bad, key...), "{"+strings.Join(key, "")+"}"
	return nil
}

func occupied(path string, err error) error {
	if err != nil {
		return fmt.Errorf("writing control: %w", err)
	}
	return fmt.Errorf("%s exists already and is left as it is: choose another id or folder", path)
}

// create writes a file that must not exist yet.
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

// remove removes the files of a control that could not be written whole.
func remove(paths []string) error {
	var errs []error
	for _, path := range paths {
		errs = append(errs, os.Remove(path))
	}
	return errors.Join(errs...)
}
