package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/posture-score/posture/engine/catalog/internal/scaffold"
	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/schemas"
)

// ScaffoldRequest says which control to write.
type ScaffoldRequest struct {
	ID      string // such as "ContosoGuestReview"
	Product string // id of the product that the control protects
	Kind    Kind
	Dataset string // that the rule reads; by default one that controls of the product read, or a well-known one
}

// Kinds returns the kinds of controls.
func Kinds() []Kind { return []Kind{KindSetting, KindCoverage, KindGraded, KindAttested} }

// Scaffold is a new control that can be written.
type Scaffold struct{ control scaffold.Control }

// NewScaffold checks a request against the catalog that the control is to be added to. The error
// says which part of the request is wrong.
func NewScaffold(catalog *Catalog, r ScaffoldRequest) (*Scaffold, error) {
	if err := catalog.checkRequest(r); err != nil {
		return nil, err
	}
	control := scaffold.Control{ID: r.ID, Product: r.Product, Kind: string(r.Kind), Category: catalog.usualCategory(r.Product)}
	if r.Kind == KindAttested {
		if r.Dataset != "" {
			return nil, fmt.Errorf("an attested control reads no dataset: leave out %s", r.Dataset)
		}
		return &Scaffold{control}, nil
	}
	dataset, err := catalog.datasetFor(r)
	if err != nil {
		return nil, err
	}
	control.Dataset = scaffold.Dataset{Name: dataset.Name, Shape: dataset.Shape(), Key: dataset.Key}
	return &Scaffold{control}, nil
}

// Write writes the files of the control into the folder of its product below dir, and returns their
// paths. It overwrites nothing: if one of them exists already it writes none.
func (s *Scaffold) Write(dir string) (paths []string, err error) {
	return scaffold.Write(dir, s.control)
}

// checkRequest checks the id, the product and the kind.
func (c *Catalog) checkRequest(r ScaffoldRequest) error {
	if !validID.MatchString(r.ID) {
		return fmt.Errorf("the id %q is not 1 to 100 letters, digits, underscores, dots or hyphens that start with a letter", r.ID)
	}
	if existing, ok := c.byID[r.ID]; ok {
		return fmt.Errorf("the control %s exists already, at %s: choose another id", r.ID, existing.Position())
	}
	if !slices.Contains(Kinds(), r.Kind) {
		return errors.New(suggest.OneOf("the kind", string(r.Kind), words(Kinds())))
	}
	switch _, declared := c.products[r.Product]; {
	case !validProduct.MatchString(r.Product):
		return fmt.Errorf("the product %q is not lower-case letters, digits and underscores that start with a letter", r.Product)
	case !declared:
		ids := sortedKeys(c.products)
		hint := suggest.Hint(r.Product, ids)
		if hint == "" {
			hint = fmt.Sprintf(" It has %s.", suggest.List(ids))
		}
		return fmt.Errorf("the catalog declares no product %q.%s Or declare it in a file such as catalog.hcl beside your controls: product %q { title = \"...\" }",
			r.Product, hint, r.Product)
	case slices.Contains(reservedFolders(), r.Product):
		return fmt.Errorf("the folder %s is not for controls, so controls of a product of that name have to be written by hand", r.Product)
	}
	return nil
}

// reservedFolders returns the folders of a catalog that hold something else than controls.
func reservedFolders() []string { return []string{libFolder, "rules", "schemas"} }

// datasetFor returns the dataset that the rule of a new control reads.
func (c *Catalog) datasetFor(r ScaffoldRequest) (*schemas.Dataset, error) {
	if r.Dataset == "" {
		r.Dataset = c.usualDataset(r)
	}
	dataset, ok := c.datasets.Dataset(r.Dataset)
	if !ok {
		return nil, fmt.Errorf("no dataset %q is known.%s 'posture evidence plan' and docs/evidence name them", r.Dataset, suggest.Hint(r.Dataset, c.datasets.Names()))
	}
	switch {
	case r.Kind == KindCoverage && dataset.Kind == schemas.Document:
		return nil, fmt.Errorf("%s is one document, without records to count: use the kind setting or graded", dataset.Name)
	case r.Kind != KindCoverage && dataset.Kind == schemas.Population:
		return nil, fmt.Errorf("%s is a population of records, which only a control of the kind coverage reads, one at a time", dataset.Name)
	}
	return dataset, nil
}

// usualDataset returns the dataset that most controls of the same product and kind read; of a
// product without such controls, one that serves as an example.
func (c *Catalog) usualDataset(r ScaffoldRequest) string {
	uses := map[string]int{}
	for _, control := range c.controls {
		switch {
		case control.Product != r.Product || control.Kind != r.Kind:
		case control.Kind == KindCoverage:
			uses[control.Coverage.Dataset]++
		case len(control.Context) > 0:
			uses[control.Context[0]]++
		}
	}
	examples := map[Kind]string{KindCoverage: "entra.users", KindSetting: "entra.security_defaults", KindGraded: "defender_identity.sensors"}
	return mostUsed(uses, examples[r.Kind])
}

// usualCategory returns the category of most controls of a product.
func (c *Catalog) usualCategory(product string) string {
	uses := map[string]int{}
	for _, control := range c.controls {
		if control.Product == product {
			uses[control.Category]++
		}
	}
	return mostUsed(uses, Categories()[0])
}

// mostUsed returns the name that is used most, the first of several; usual without any.
func mostUsed(uses map[string]int, usual string) string {
	byUse := slices.SortedFunc(maps.Keys(uses), func(a, b string) int { return cmp.Or(cmp.Compare(uses[b], uses[a]), cmp.Compare(a, b)) })
	return append(byUse, usual)[0]
}

func words[T ~string](values []T) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return texts
}
