package catalog

import (
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/schemas"
)

// Catalog is a checked set of controls with their compiled rules. It is immutable and safe for
// concurrent use.
type Catalog struct {
	version   string
	digest    string
	controls  []*Control
	byID      map[string]*Control
	products  map[string]*Product
	licenses  map[string]*License
	packages  map[string]pkg // of controls
	modules   []check.Module // all Rego, tests included
	datasets  *schemas.Registry
	origins   map[string]string // path of a file → name of its source
	texts     map[string][]byte // path of a file of HCL → its text
	ready     string
	compiled  func() *compiled
	overrides *Overrides // nil if the parameters are the controls' own
	// The rules of the packages that are not among the cached ones; nil if all are or none is.
	overlay *check.Set
}

// pkg is what is known of a control's Rego package.
type pkg struct {
	rules  []string // their names, sorted
	digest string   // of the package and all that it refers to
	timed  bool     // its decisions depend on the declared time
}

// compiled is slow to make, and needed only to check a catalog and to run its rules on OPA.
type compiled struct {
	rules   *check.Set
	modules []check.Module // with their shapes
	byID    map[string]*Control
	files   map[string]*hcl.File
}

// Version returns the version that the catalog declares; those of several sources are joined by "+".
func (c *Catalog) Version() string { return c.version }

// Digest returns "sha256:..." over everything in the catalog that can change a result.
func (c *Catalog) Digest() string { return c.digest }

// Controls returns the controls, sorted by id.
func (c *Catalog) Controls() []*Control { return slices.Clone(c.controls) }

// InForce returns the controls that are evaluated, sorted by id: all but the deprecated ones.
func (c *Catalog) InForce() []*Control {
	return slices.DeleteFunc(c.Controls(), func(control *Control) bool { return control.Stage == StageDeprecated })
}

// Control returns the control of that id.
func (c *Catalog) Control(id string) (*Control, bool) {
	control, ok := c.byID[id]
	return control, ok
}

// Select returns the catalog with only the controls to keep. Their prerequisites may lie outside of it.
func (c *Catalog) Select(keep func(*Control) bool) *Catalog {
	selected := *c
	selected.byID = map[string]*Control{}
	for id, control := range c.byID {
		if keep(control) {
			selected.byID[id] = control
		}
	}
	selected.seal()
	return &selected
}

// Product returns the product of that id.
func (c *Catalog) Product(id string) (*Product, bool) {
	product, ok := c.products[id]
	return product, ok
}

// Products returns the products, sorted by id.
func (c *Catalog) Products() []*Product {
	products := make([]*Product, 0, len(c.products))
	for _, id := range sortedKeys(c.products) {
		products = append(products, c.products[id])
	}
	return products
}

// declares reports whether the files of the catalog declare the product, or have controls of it.
// The other products are those that the built-in catalog lends.
func (c *Catalog) declares(product *Product) bool {
	return !product.fallback || slices.ContainsFunc(c.controls, func(control *Control) bool { return control.Product == product.ID })
}

// Rego returns compiled Rego that has the package and all that it refers to, for package engine.
func (c *Catalog) Rego(pkg string) *check.Set {
	if c.overlay != nil && c.overlay.Has(pkg) {
		return c.overlay
	}
	return c.compiled().rules
}

// Ready returns what was worked out of the catalog's rules when the program was built, or ""; see
// [Snapshot].
func (c *Catalog) Ready() string { return c.ready }

// HasRule reports whether the control's package has the rule.
func (c *Catalog) HasRule(control *Control, name string) bool {
	return slices.Contains(c.packages[control.Package].rules, name)
}

// RuleDigest returns "sha256:..." over the Rego that decides a control: over the texts of its package and of all that it refers to,
// and nothing that the control declares. Controls that share a rule have the same one; it is empty for a control without a rule.
func (c *Catalog) RuleDigest(control *Control) string {
	if control.Package == "" {
		return ""
	}
	return c.packages[control.Package].digest
}

// Timed reports whether the verdict of a control may depend on the time of an assessment, though the evidence stays the same: its rule
// reads that time, records that were not seen for long don't count, or a claim runs out.
func (c *Catalog) Timed(control *Control) bool {
	return control.Kind == KindAttested || control.Coverage != nil && control.Coverage.Fresh != nil || c.packages[control.Package].timed
}

// Datasets returns what is known of every dataset that evidence may hold.
func (c *Catalog) Datasets() *schemas.Registry { return c.datasets }

// Test runs the Rego tests of the named sources, or of all if none is named. Coverage is that of
// the same sources.
func (c *Catalog) Test(ctx context.Context, options check.TestOptions, sources ...string) (check.Report, error) {
	named := func(file string) bool {
		return len(sources) == 0 || slices.ContainsFunc(sources, func(source string) bool { return c.origins[file] == path.Clean(source) })
	}
	modules := slices.DeleteFunc(slices.Clone(c.modules), func(m check.Module) bool { return isTest(m) && !named(m.Path) })
	options.Covered = named
	return check.Test(ctx, modules, options)
}

// TestInputs returns the inputs with which the Rego tests of the catalog evaluate rules.
func (c *Catalog) TestInputs(ctx context.Context) ([]check.Input, error) {
	return check.Inputs(ctx, c.modules)
}

// Decision returns the position of the rule that decides a control, compliant or fraction, as
// "file:line". An attested control has none.
func (c *Catalog) Decision(control *Control) string {
	for _, name := range []string{RuleCompliant, RuleFraction} {
		if at, ok := c.compiled().rules.Decides(control.Package, name); ok {
			return fmt.Sprintf("%s:%d", at.File, at.Row)
		}
	}
	return ""
}

// From returns the controls that the named sources declare, or all if none is named.
func (c *Catalog) From(sources ...string) []*Control {
	if len(sources) == 0 {
		return c.Controls()
	}
	return slices.DeleteFunc(slices.Clone(c.Controls()), func(control *Control) bool {
		return !slices.ContainsFunc(sources, func(source string) bool { return c.origins[control.where.Filename] == path.Clean(source) })
	})
}

// Suggest returns a hint at the control that a misspelt id most likely meant, or "".
func (c *Catalog) Suggest(id string) string { return suggest.Hint(id, c.ids()) }

// Unknown returns the error for an id that no control has. It names the control that was most likely meant.
func (c *Catalog) Unknown(id string) error {
	return &suggest.UnknownError{Where: "the catalog", Kind: "control", Name: id, Known: c.ids(), Help: "See 'posture policy list'"}
}

// RuleText returns the Rego that decides a control; attested controls, and some deprecated ones, have none.
func (c *Catalog) RuleText(control *Control) ([]byte, bool) {
	i := slices.IndexFunc(c.modules, func(m check.Module) bool { return m.Package == control.RulePackage() })
	if i < 0 {
		return nil, false
	}
	return c.modules[i].Source, true
}

// ControlText returns the text of the block that declares a control, as it is written, without the attributes and blocks of some names. What
// the control takes from defaults and templates is not in it.
func (c *Catalog) ControlText(control *Control, except ...string) ([]byte, bool) {
	text := c.texts[control.where.Filename]
	at := control.where.Start.Byte
	if at >= len(text) {
		return nil, false
	}
	declared, ok := block(text[at:])
	if ok && len(except) > 0 {
		declared = without(declared, except)
	}
	return declared, ok
}

func (c *Catalog) addVersion(version string) {
	if c.version != "" {
		c.version += "+"
	}
	c.version += version
}

func (c *Catalog) ids() []string { return sortedKeys(c.byID) }

// seal sorts the controls and computes the digests: the last step of loading.
func (c *Catalog) seal() {
	c.controls = nil
	own := map[string]*schemas.Dataset{}
	for _, dataset := range c.datasets.Own() {
		own[dataset.Name] = dataset
	}
	for _, id := range c.ids() {
		control := c.byID[id]
		if control.Digest == "" {
			control.Digest = c.controlDigest(control, own)
		}
		c.controls = append(c.controls, control)
	}
	c.digest = c.catalogDigest()
}

// replace returns the catalog with some controls exchanged for changed copies.
func (c *Catalog) replace(changed map[string]*Control) *Catalog {
	replaced := *c
	replaced.byID = map[string]*Control{}
	replaced.controls = nil
	for id, control := range c.byID {
		replaced.byID[id] = control
		if changed[id] != nil {
			replaced.byID[id] = changed[id]
		}
	}
	replaced.seal()
	return &replaced
}
