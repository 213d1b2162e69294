package policies

import (
	"context"
	"path"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/policies/rule"
	"github.com/posture-score/posture/schemas"
)

// libFolder is where shared Rego stands: modules there need no control.
const libFolder = "lib"

// loader assembles one catalog from its sources.
type loader struct {
	*collector
	datasets *schemas.Registry
	catalog  *Catalog
	units    []*unit
	packages map[string]string // Rego package → the path that declares it
}

// unit is one policy file: the controls that share a rule.
type unit struct {
	hclPath  string
	regoPath string // as shown; empty when no such file stands beside it
	pkg      string
	controls []*Control
	source   []byte
	tests    bool
	where    hcl.Range // the first control
}

// Load reads catalogs into one. A later source may add controls, products and shared Rego to an earlier one; declaring
// anything a second time is an error that names both places. The error is *[Problems], with all that is wrong in all of the sources.
func Load(ctx context.Context, datasets *schemas.Registry, sources ...Source) (*Catalog, error) {
	l := &loader{
		collector: newCollector(),
		datasets:  datasets,
		packages:  map[string]string{},
		catalog:   &Catalog{byID: map[string]*Control{}, products: map[string]*Product{}, datasets: datasets},
	}
	for _, source := range sources {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l.read(source)
	}
	l.checkProducts()
	l.checkPrerequisites()
	l.compile()
	if err := l.err(); err != nil {
		return nil, err
	}
	l.catalog.files = l.files
	l.catalog.seal()
	return l.catalog, nil
}

func (l *loader) read(source Source) {
	for _, p := range source.paths() {
		shown := path.Join(source.Name, p)
		l.files[shown] = &hcl.File{Bytes: source.files[p]}
		switch {
		case strings.HasSuffix(p, ".hcl"):
			l.readPolicy(source, p, shown)
		case strings.HasSuffix(p, "_test.rego"):
			l.addModule(p, rule.Module{Path: shown, Source: source.files[p]})
		case path.Dir(p) == libFolder:
			l.addModule(p, rule.Module{Path: shown, Source: source.files[p]})
		case source.files[strings.TrimSuffix(p, ".rego")+".hcl"] == nil:
			l.errorf(start(shown), "Rule without a control",
				"No %s stands beside it. Declare the control that this rule decides there, or move shared rules to %s/.",
				path.Base(strings.TrimSuffix(p, ".rego")+".hcl"), libFolder)
		}
	}
}

// addModule registers a Rego file under the package that its path asks for.
func (l *loader) addModule(p string, module rule.Module) {
	module.Package = packageOf(p)
	if !packagePath.MatchString(module.Package) {
		l.errorf(start(module.Path), "Invalid file name",
			"The path of a Rego file is its package: use lower-case letters, digits and underscores in folders and names.")
		return
	}
	if first, ok := l.packages[module.Package]; ok {
		l.errorf(start(module.Path), "Rego package declared twice",
			"The package %s is declared by %s already, and rules can't be added to it from here: choose another file name.", module.Package, first)
		return
	}
	l.packages[module.Package] = module.Path
	l.catalog.modules = append(l.catalog.modules, module)
}

var packagePath = regexp.MustCompile(`^policies(\.[a-z_][a-z0-9_]*)+$`)

func packageOf(p string) string {
	return "policies." + strings.ReplaceAll(strings.TrimSuffix(p, ".rego"), "/", ".")
}

func (l *loader) readPolicy(source Source, p, shown string) {
	file, diags := hclsyntax.ParseConfig(source.files[p], shown, hcl.InitialPos)
	l.add(diags)
	if file == nil {
		return
	}
	l.files[shown] = file
	if diags.HasErrors() {
		return
	}
	var body fileBody
	l.add(gohcl.DecodeBody(file.Body, nil, &body))
	for _, block := range body.Catalogs {
		if !source.fallback {
			l.catalog.addVersion(block.Version)
		}
	}
	for _, block := range body.Products {
		l.addProduct(block, source.fallback)
	}
	if len(body.Controls) == 0 {
		return
	}
	regoPath := strings.TrimSuffix(p, ".hcl") + ".rego"
	u := &unit{hclPath: shown, pkg: packageOf(regoPath), where: body.Controls[0].Range}
	if text, ok := source.files[regoPath]; ok {
		u.regoPath, u.source = path.Join(source.Name, regoPath), text
	}
	_, u.tests = source.files[strings.TrimSuffix(p, ".hcl")+"_test.rego"]
	l.readControls(u, body)
	l.units = append(l.units, u)
}

func (l *loader) readControls(u *unit, body fileBody) {
	var shared section
	for i, block := range body.Defaults {
		if i > 0 {
			l.errorf(block.Range, "Duplicate defaults", "A file has one defaults block: merge them.")
			continue
		}
		var diags hcl.Diagnostics
		shared, diags = readSection(block.Body, block.Range)
		l.add(diags)
	}
	for _, block := range body.Controls {
		own, diags := readSection(block.Body, block.Range)
		l.add(diags)
		if diags.HasErrors() {
			continue
		}
		control := decodeControl(l.collector, block.ID, own, shared)
		if first, ok := l.catalog.byID[control.ID]; ok {
			l.errorf(block.Range, "Duplicate control", "The control %s is declared at %s already: choose another id.", control.ID, place(first.Range))
			continue
		}
		l.catalog.byID[control.ID] = control
		u.controls = append(u.controls, control)
	}
}

func (l *loader) addProduct(block productBlock, fallback bool) {
	if first, ok := l.catalog.products[block.ID]; ok && !first.fallback {
		l.errorf(block.Range, "Duplicate product", "The product %s is declared at %s already.", block.ID, place(first.Range))
		return
	}
	l.catalog.products[block.ID] = &Product{ID: block.ID, Title: block.Title, ServicePlans: sortedSet(block.Plans), Range: block.Range, fallback: fallback}
}

func start(file string) hcl.Range {
	return hcl.Range{Filename: file, Start: hcl.InitialPos, End: hcl.InitialPos}
}
