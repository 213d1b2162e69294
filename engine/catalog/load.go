package catalog

import (
	"context"
	"path"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/policies"
	"github.com/posture-score/posture/schemas"
)

// Folders of shared Rego. Modules there need no control of the same name.
const (
	libFolder   = "lib"   // what rules import
	rulesFolder = "rules" // rules that controls name
)

// loader assembles one catalog from its sources.
type loader struct {
	*collector
	datasets  *schemas.Registry
	catalog   *Catalog
	rules     *check.Set
	ruleFiles []*ruleFile
	templates map[string]*sharedSection
	shared    map[string]check.Module // rules that controls name, by name
	compiled  []*rule                 // rules with the controls that they decide
	instances map[string]*rule        // those of shared rules, by name and what they see
	copies    []check.Module          // their modules
	packages  map[string]string       // Rego package → the path that declares it
	declared  map[string]hcl.Range    // every control, those with mistakes included
	unread    bool                    // some file could not be read: what it declares is not known
	evaluated int                     // bytes of sections that were evaluated for one control each
	marks     int                     // words and marks of HCL
	returned  int                     // bytes of text that functions returned
	invalid   []string                // names of datasets whose schemas have mistakes
}

// ruleFile is one policy file: its controls, and the rule beside it.
type ruleFile struct {
	hclPath  string
	regoPath string // as shown; empty if there is no such file
	pkg      string
	body     fileBody
	controls []*Control
	source   []byte
	where    hcl.Range // the first control
	unclear  bool      // a mistake leaves open what the rule sees
}

// rule is a compiled rule with the controls that it decides, which are of one kind.
type rule struct {
	pkg      string
	path     string
	controls []*Control
}

// Load reads catalogs into one. A later source may add controls, products and shared Rego to an
// earlier one; declaring anything a second time is an error that names both places. The error is
// *[Problems], with all that is wrong in all of the sources.
func Load(ctx context.Context, datasets *schemas.Registry, sources ...Source) (*Catalog, error) {
	if len(sources) > 0 {
		if base := restore(ctx, policies.Cache, datasets, sources[:1]); base != nil {
			if catalog := overlay(ctx, base, datasets, sources); catalog != nil {
				return catalog, nil
			}
		}
	}
	return load(ctx, datasets, sources)
}

func newLoader(datasets *schemas.Registry) *loader {
	return &loader{
		collector: newCollector(),
		datasets:  datasets,
		templates: map[string]*sharedSection{},
		shared:    map[string]check.Module{},
		instances: map[string]*rule{},
		packages:  map[string]string{},
		declared:  map[string]hcl.Range{},
		catalog:   &Catalog{byID: map[string]*Control{}, products: map[string]*Product{}, licenses: map[string]*License{}, datasets: datasets, origins: map[string]string{}, texts: map[string][]byte{}},
	}
}

// load reads catalogs in full.
func load(ctx context.Context, datasets *schemas.Registry, sources []Source) (*Catalog, error) {
	l := newLoader(datasets)
	if err := l.readSources(ctx, sources); err != nil {
		return nil, err
	}
	if _, err := until(ctx, func() bool { l.compile(ctx, l.modules()); return true }); err != nil {
		return nil, err
	}
	if err := l.err(); err != nil {
		return nil, err
	}
	made := &compiled{rules: l.rules, modules: l.modules(), byID: l.catalog.byID, files: l.files}
	l.catalog.compiled = func() *compiled { return made }
	l.catalog.describe(l.rules)
	l.catalog.seal()
	return l.catalog, nil
}

// readSources reads what the sources declare, and checks it but for their Rego.
func (l *loader) readSources(ctx context.Context, sources []Source) error {
	l.readSchemas(ctx, sources)
	l.catalog.datasets = l.datasets
	for _, source := range sources {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.read(ctx, source)
	}
	for _, file := range l.ruleFiles { // after all of the templates
		l.readControls(ctx, file)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	l.checkTemplates()
	l.linkLicenses()
	l.checkProducts()
	l.checkPrerequisites()
	l.checkReplacements()
	for _, f := range l.ruleFiles {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.bind(f)
	}
	return nil
}

// read reads the files of a source, until the context ends.
func (l *loader) read(ctx context.Context, source Source) {
	for _, p := range source.paths() {
		if isSchema(p) {
			continue // see readSchemas
		}
		if ctx.Err() != nil {
			return
		}
		shown := path.Join(source.Name, p)
		l.files[shown] = &hcl.File{Bytes: source.files[p]}
		l.catalog.origins[shown] = path.Clean(source.Name)
		module := check.Module{Path: shown, Source: source.files[p]}
		switch {
		case strings.HasSuffix(p, ".hcl"):
			l.catalog.texts[shown] = source.files[p]
			l.readPolicy(source, p, shown)
		case strings.HasSuffix(p, "_test.rego"), path.Dir(p) == libFolder:
			l.addModule(p, module)
		case path.Dir(p) == rulesFolder:
			if module, ok := l.addModule(p, module); ok {
				l.shared[strings.TrimSuffix(path.Base(p), ".rego")] = module
			}
		case source.files[strings.TrimSuffix(p, ".rego")+".hcl"] == nil:
			l.errorf(start(shown), "Rule without a control",
				"No %s stands beside it. Declare the control that this rule decides there, or move shared Rego: to %s/ what rules import, to %s/ a rule that controls name.",
				path.Base(strings.TrimSuffix(p, ".rego")+".hcl"), libFolder, rulesFolder)
		}
	}
}

// addModule registers a Rego file under the package that its path requires.
func (l *loader) addModule(p string, module check.Module) (check.Module, bool) {
	module.Package = packageOf(p)
	if !packagePath.MatchString(module.Package) {
		l.errorf(start(module.Path), "Invalid file name",
			"The path of a Rego file is its package: use lower-case letters, digits and underscores in folders and names.")
		return module, false
	}
	if first, ok := l.packages[module.Package]; ok {
		l.errorf(start(module.Path), "Rego package declared twice",
			"The package %s is declared by %s already, and rules can't be added to it from here: choose another file name.", module.Package, first)
		return module, false
	}
	l.packages[module.Package] = module.Path
	l.catalog.modules = append(l.catalog.modules, module)
	return module, true
}

var validProduct = regexp.MustCompile(`^[a-z][a-z0-9_]{0,99}$`)

var packagePath = regexp.MustCompile(`^policies(\.[a-z_][a-z0-9_]*)+$`)

func packageOf(p string) string {
	return "policies." + strings.ReplaceAll(strings.TrimSuffix(p, ".rego"), "/", ".")
}

// readPolicy reads what a policy file declares except its controls: they may use templates of files
// that are yet to be read.
func (l *loader) readPolicy(source Source, p, shown string) {
	regoPath := strings.TrimSuffix(p, ".hcl") + ".rego"
	f := &ruleFile{hclPath: shown, pkg: packageOf(regoPath), where: start(shown)}
	if text, ok := source.files[regoPath]; ok && path.Dir(regoPath) != rulesFolder {
		f.regoPath, f.source = path.Join(source.Name, regoPath), text
	}
	l.ruleFiles = append(l.ruleFiles, f)
	file, diags := l.parse(source.files[p], shown)
	l.add(diags)
	if file != nil {
		l.files[shown] = file
	}
	if diags.HasErrors() {
		l.unread, f.unclear = true, true
		return
	}
	diags = decodeBody(file.Body, nil, &f.body)
	for _, d := range diags {
		if strings.HasPrefix(d.Detail, `An argument named "version" is not expected`) {
			d.Detail = "The version of a catalog stands in a block: catalog { version = \"...\" }."
		}
	}
	l.add(diags)
	f.unclear = diags.HasErrors()
	for _, block := range f.body.Catalogs {
		if !source.fallback {
			l.catalog.addVersion(block.Version)
		}
	}
	for _, block := range f.body.Licenses {
		l.addLicense(block, source.fallback)
	}
	for _, block := range f.body.Products {
		l.addProduct(block, source.fallback)
	}
	for _, block := range f.body.Templates {
		l.addTemplate(block)
	}
	if len(f.body.Controls) > 0 {
		f.where = f.body.Controls[0].Range
	}
}

// readControls reads the controls of a file, until the context ends.
func (l *loader) readControls(ctx context.Context, f *ruleFile) {
	var defaults *sharedSection
	for i, block := range f.body.Defaults {
		if i > 0 {
			l.errorf(block.Range, "Duplicate defaults", "A file has one defaults block: merge them.")
			f.unclear = true
			continue
		}
		defaults = newSharedSection(block.Body, block.Range)
	}
	for _, block := range f.body.Controls {
		if ctx.Err() != nil {
			return
		}
		if first, ok := l.declared[block.ID]; ok {
			l.errorf(block.Range, "Duplicate control", "The control %s is declared at %s already: choose another id.", clip(block.ID), place(first))
			f.unclear = true
			continue
		}
		l.declared[block.ID] = block.Range
		names := l.expressionContext(block.ID)
		sections, ok := l.sections(block, defaults, names)
		if !ok {
			f.unclear = true
			continue
		}
		control := decodeControl(l.collector, block.ID, sections, names)
		l.catalog.byID[control.ID] = control
		f.controls = append(f.controls, control)
	}
	if len(f.body.Controls) == 0 && defaults != nil {
		l.section(defaults, l.expressionContext(exampleID))
	}
}

func (l *loader) addProduct(block productBlock, fallback bool) {
	if !validProduct.MatchString(block.ID) {
		l.errorf(block.Range, "Invalid product id", "An id is lower-case letters, digits and underscores, and starts with a letter: %q is not.", clip(block.ID))
	}
	if first, ok := l.catalog.products[block.ID]; ok && !first.fallback {
		l.errorf(block.Range, "Duplicate product", "The product %s is declared at %s already.", block.ID, place(first.where))
		return
	}
	license := optional(block.License, "")
	if license != "" && len(block.Plans) > 0 {
		l.errorf(block.Range, "Licenses given twice", "Give the product either license or service_plans, and not both.")
		license = ""
	}
	l.catalog.products[block.ID] = &Product{
		ID: block.ID, Title: block.Title, Service: optional(block.Service, ""), License: license, ServicePlans: sortedSet(block.Plans), where: block.Range, fallback: fallback,
	}
}

func start(file string) hcl.Range {
	return hcl.Range{Filename: file, Start: hcl.InitialPos, End: hcl.InitialPos}
}
