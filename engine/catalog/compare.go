package catalog

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/posture-score/posture/engine/internal/rego/check"
)

// Comparison is what differs between two catalogs. Everything in it is sorted by id.
type Comparison struct {
	Old, New Summary
	Added    []*Control // only in the new catalog
	Removed  []*Control // only in the old catalog
	Changed  []ControlChange
	Products []ProductChange
}

// Summary sums up a catalog.
type Summary struct {
	Version  string
	Digest   string
	Controls int
	Points   int64 // of all controls, in hundredths of a point
}

// ControlChange is a control that both catalogs have, and that differs.
type ControlChange struct {
	Old, New *Control
	Changes  []Change // at least one, in the order of their kinds
}

// ProductChange is a product that only one of the catalogs has, or that differs.
type ProductChange struct {
	ID       string
	Old, New *Product // nil where the catalog doesn't have it
	Changes  []Change // empty where one of the catalogs doesn't have it
}

// Compare compares an old catalog with a new one, control by control, by id: everything that a
// control declares, its rule, and the shared Rego that the rule refers to. It does not report what
// a change does to the score of a tenant: assess with both for that.
func Compare(old, latest *Catalog) *Comparison {
	d := &Comparison{Old: summary(old), New: summary(latest), Products: compareProducts(old, latest)}
	rules := newRuleComparison(old, latest)
	for _, before := range old.Controls() {
		after, ok := latest.Control(before.ID)
		if !ok {
			d.Removed = append(d.Removed, before)
			continue
		}
		if found := slices.Concat(compareControls(before, after), rules.compare(before, after), compareSchemas(old, latest, after)).sorted(); len(found) > 0 {
			d.Changed = append(d.Changed, ControlChange{Old: before, New: after, Changes: found})
		}
	}
	for _, after := range latest.Controls() {
		if _, ok := old.Control(after.ID); !ok {
			d.Added = append(d.Added, after)
		}
	}
	return d
}

// Same reports whether nothing differs, the version included.
func (d *Comparison) Same() bool {
	return d.Old.Version == d.New.Version && len(d.Added)+len(d.Removed)+len(d.Changed)+len(d.Products) == 0
}

func summary(c *Catalog) Summary {
	s := Summary{Version: c.Version(), Digest: c.Digest()}
	for _, control := range c.Controls() {
		s.Controls++
		s.Points += control.Counted()
	}
	return s
}

// compareProducts compares the products that the catalogs declare.
func compareProducts(old, latest *Catalog) []ProductChange {
	before, after := declared(old), declared(latest)
	var list []ProductChange
	for _, id := range keysOfBoth(before, after) {
		p := ProductChange{ID: id, Old: before[id], New: after[id]}
		if p.Old != nil && p.New != nil {
			var c changes
			c.text(ChangedTitle, p.Old.Title, p.New.Title)
			c.text(ChangedService, p.Old.Service, p.New.Service)
			c.list(ChangedServicePlans, "", p.Old.ServicePlans, p.New.ServicePlans)
			if slices.Equal(p.Old.ServicePlans, p.New.ServicePlans) { // the same names may have other ids
				c.list(ChangedServicePlans, "", p.Old.PlanIDs, p.New.PlanIDs)
			}
			if p.Changes = c; len(c) == 0 {
				continue
			}
		}
		list = append(list, p)
	}
	return list
}

func declared(c *Catalog) map[string]*Product {
	found := map[string]*Product{}
	for _, product := range c.Products() {
		if c.declares(product) {
			found[product.ID] = product
		}
	}
	return found
}

// ruleComparison compares the rules of controls. Controls that share a rule share its comparison.
type ruleComparison struct {
	old, latest           *Catalog
	oldReach, latestReach func() *reach         // only where rules differ: it takes the compiled Rego
	known                 map[[2]string]changes // by the packages of both controls
}

func newRuleComparison(old, latest *Catalog) *ruleComparison {
	reach := func(c *Catalog) func() *reach {
		return sync.OnceValue(func() *reach { return newReach(c.compiled().rules, c.modules) })
	}
	return &ruleComparison{old: old, latest: latest, oldReach: reach(old), latestReach: reach(latest), known: map[[2]string]changes{}}
}

func (r *ruleComparison) compare(old, latest *Control) changes {
	key := [2]string{old.RulePackage(), latest.RulePackage()}
	if key[0] == key[1] && r.old.packages[old.Package].digest == r.latest.packages[latest.Package].digest {
		return nil
	}
	found, ok := r.known[key]
	if !ok {
		found = compareRules(r.oldReach().modules(old.Package), r.latestReach().modules(latest.Package), key[0], key[1])
		r.known[key] = found
	}
	return found
}

// compareSchemas compares the schemas of the datasets that a control reads in the new catalog, as
// far as catalogs bring them.
func compareSchemas(old, latest *Catalog, after *Control) changes {
	var c changes
	for _, name := range after.Datasets() {
		before, known := old.datasets.Dataset(name)
		dataset, _ := latest.datasets.Dataset(name)
		if known && dataset != nil && before.Digest != dataset.Digest {
			c.text(ChangedSchema, before.Digest, dataset.Digest)
			c[len(c)-1].Name = name
		}
	}
	return c
}

// compareRules compares the modules of a control's rule: the one of its own package, and shared ones.
func compareRules(old, latest []check.Module, oldPackage, latestPackage string) changes {
	var c changes
	before, after := byPackage(old), byPackage(latest)
	c.module(ChangedRule, latestPackage, before[oldPackage], after[latestPackage])
	if oldPackage != "" && latestPackage != "" {
		c.text(ChangedRulePackage, oldPackage, latestPackage)
	}
	delete(before, oldPackage)
	delete(after, latestPackage)
	for _, name := range keysOfBoth(before, after) {
		c.module(ChangedSharedRule, name, before[name], after[name])
	}
	return c
}

// module compares two texts of a package; nil means absent.
func (c *changes) module(kind ChangeKind, name string, old, latest *check.Module) {
	switch {
	case old == nil && latest == nil:
	case old == nil:
		*c = append(*c, Change{Kind: kind, Name: name, New: latest.Package})
	case latest == nil:
		*c = append(*c, Change{Kind: kind, Name: old.Package, Old: old.Package})
	case bytes.Equal(old.Source, latest.Source):
	case !check.EquivalentSource(old.Source, latest.Source):
		*c = append(*c, Change{Kind: kind, Name: name, Old: old.Package, New: latest.Package})
	case old.Package == latest.Package: // else it moved, and has another package in its text at least
		*c = append(*c, Change{Kind: ChangedRuleText, Name: name, Old: old.Package, New: latest.Package})
	}
}

func byPackage(modules []check.Module) map[string]*check.Module {
	found := map[string]*check.Module{}
	for i := range modules {
		found[modules[i].Package] = &modules[i]
	}
	return found
}

// compareControls returns what changed of all that two versions of a control declare, their Rego aside.
func compareControls(old, latest *Control) changes {
	var c changes
	c.text(ChangedStage, old.Stage.String(), latest.Stage.String())
	c.text(ChangedReplacedBy, old.ReplacedBy, latest.ReplacedBy)
	c.value(ChangedPoints, "", old.Points, latest.Points)
	c.text(ChangedEarning, string(old.Kind), string(latest.Kind))
	c.reads(old, latest)
	c.parameters(old, latest)
	c.prerequisites(old, latest)
	c.text(ChangedException, old.Exception, latest.Exception)
	c.text(ChangedRequiresSource, old.RequiresSource, latest.RequiresSource)
	c.text(ChangedCategory, old.Category, latest.Category)
	c.text(ChangedProduct, old.Product, latest.Product)
	c.text(ChangedTier, old.Tier, latest.Tier)
	c.text(ChangedDifficulty, old.Difficulty, latest.Difficulty)
	c.text(ChangedUserImpact, old.UserImpact, latest.UserImpact)
	c.text(ChangedComplexity, old.Complexity, latest.Complexity)
	c.text(ChangedConfidence, old.Confidence, latest.Confidence)
	c.list(ChangedThreats, "", old.Threats, latest.Threats)
	for _, name := range keysOfBoth(old.Frameworks, latest.Frameworks) {
		c.list(ChangedFramework, name, old.Frameworks[name], latest.Frameworks[name])
	}
	c.texts(old, latest)
	return c
}

// reads compares what a rule reads.
func (c *changes) reads(old, latest *Control) {
	before, after := coverageOf(old), coverageOf(latest)
	c.text(ChangedPopulation, before.Dataset, after.Dataset)
	c.each(ChangedMatch, matchesOf(before), matchesOf(after))
	c.each(ChangedJoin, joinsOf(before), joinsOf(after))
	c.text(ChangedFresh, freshOf(before), freshOf(after))
	c.text(ChangedWhenEmpty, before.WhenEmpty, after.WhenEmpty)
	c.text(ChangedCredit, creditOf(old), creditOf(latest))
	c.each(ChangedContext, namesOf(old.Context), namesOf(latest.Context))
	c.text(ChangedAnyOf, strings.Join(old.AnyOf, ", "), strings.Join(latest.AnyOf, ", "))
	c.each(ChangedContextName, datasetsByName(old.Names), datasetsByName(latest.Names))
	c.each(ChangedConstant, old.Constants, latest.Constants)
}

// coverageOf returns the population of a control; the zero value for controls of other kinds.
func coverageOf(c *Control) Coverage {
	if c.Coverage == nil {
		return Coverage{}
	}
	return *c.Coverage
}

func freshOf(c Coverage) string {
	if c.Fresh == nil {
		return ""
	}
	return c.Fresh.Field + " by " + c.Fresh.Days
}

func creditOf(c *Control) string {
	switch {
	case c.Coverage == nil:
		return ""
	case c.Coverage.AllOrNothing:
		return "all_or_nothing"
	default:
		return "partial"
	}
}

func matchesOf(c Coverage) map[string]any {
	found := map[string]any{}
	for _, match := range c.Match {
		found[match.Field] = match.Value
	}
	return found
}

func joinsOf(c Coverage) map[string]any {
	found := map[string]any{}
	for _, join := range c.Joins {
		found[join.Name] = join
	}
	return found
}

func datasetsByName(names []ContextName) map[string]any {
	found := map[string]any{}
	for _, named := range names {
		found[named.Name] = named.Dataset
	}
	return found
}

func namesOf(names []string) map[string]any {
	found := map[string]any{}
	for _, name := range names {
		found[name] = name
	}
	return found
}

func (c *changes) parameters(old, latest *Control) {
	before, after := parametersByName(old), parametersByName(latest)
	c.each(ChangedParameter, old.ParameterValues(), latest.ParameterValues())
	for _, name := range keysOfBoth(before, after) {
		if p, q := before[name], after[name]; p != nil && q != nil {
			c.value(ChangedParameterType, name, parameterType(p), parameterType(q))
		}
	}
}

// parameterType returns the type of a parameter, with the format of its texts and whether
// exceptions in the evidence extend it.
func parameterType(p *Parameter) string {
	words := p.Type
	if p.Format != "" {
		words += ", format " + p.Format
	}
	if p.Exceptions {
		words += ", with exceptions"
	}
	return words
}

func parametersByName(c *Control) map[string]*Parameter {
	found := map[string]*Parameter{}
	for i := range c.Parameters {
		found[c.Parameters[i].Name] = &c.Parameters[i]
	}
	return found
}

// prerequisites records which are gone and which are new. Their order changes no verdict.
func (c *changes) prerequisites(old, latest *Control) {
	before, after := prerequisitesOf(old), prerequisitesOf(latest)
	for _, need := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[need]; !ok {
			*c = append(*c, Change{Kind: ChangedPrerequisite, Old: before[need]})
		}
	}
	for _, need := range slices.Sorted(maps.Keys(after)) {
		if _, ok := before[need]; !ok {
			*c = append(*c, Change{Kind: ChangedPrerequisite, New: after[need]})
		}
	}
}

// prerequisitesOf returns prerequisites by their content.
func prerequisitesOf(c *Control) map[string]Prerequisite {
	found := map[string]Prerequisite{}
	for _, p := range c.Prerequisites {
		plans := p.Plans()
		slices.Sort(plans)
		found[p.Control+"\n"+p.License+"\n"+strings.Join(plans, "\n")] = p
	}
	return found
}

// texts records which of the texts changed that decide nothing.
func (c *changes) texts(old, latest *Control) {
	var names []string
	for _, text := range []struct {
		name        string
		old, latest any
	}{
		{"title", old.Title, latest.Title},
		{"reason for the stage", old.Reason, latest.Reason},
		{"description", old.Description, latest.Description},
		{"descriptions of parameters", descriptions(old, latest), descriptions(latest, old)},
		{"order of prerequisites", inOrder(old, latest), inOrder(latest, old)},
		{"names of licenses", titles(old, latest), titles(latest, old)},
		{"impact on users", old.UserImpactText, latest.UserImpactText},
		{"steps", fmt.Sprintf("%q", old.Implementation.Steps), fmt.Sprintf("%q", latest.Implementation.Steps)},
		{"address of the portal", old.Implementation.ManageURL, latest.Implementation.ManageURL},
		{"further reading", fmt.Sprintf("%q", old.Implementation.LearnMore), fmt.Sprintf("%q", latest.Implementation.LearnMore)},
		{"source", old.Source, latest.Source},
		{"differences from Microsoft", fmt.Sprintf("%q", old.Differences), fmt.Sprintf("%q", latest.Differences)},
	} {
		if !reflect.DeepEqual(text.old, text.latest) {
			names = append(names, text.name)
		}
	}
	if len(names) > 0 {
		*c = append(*c, Change{Kind: ChangedTexts, Names: names})
	}
}

// descriptions returns those of the parameters that the other control has, too: the others are
// changes of parameters.
func descriptions(c, other *Control) map[string]string {
	found, known := map[string]string{}, parametersByName(other)
	for _, p := range c.Parameters {
		if known[p.Name] != nil {
			found[p.Name] = p.Description
		}
	}
	return found
}

// titles returns the names of the licenses that the control requires, as far as the other control
// requires them, too.
func titles(c, other *Control) []string {
	var titles []string
	for _, p := range c.Prerequisites {
		if slices.ContainsFunc(other.Prerequisites, func(o Prerequisite) bool { return o.License == p.License }) {
			titles = append(titles, p.License+": "+p.LicenseTitle)
		}
	}
	slices.Sort(titles)
	return titles
}

// inOrder returns the prerequisites of the control in the order written, as far as the other
// control has them, too.
func inOrder(c, other *Control) string {
	order, known := "", prerequisitesOf(other)
	for _, p := range c.Prerequisites {
		for need := range prerequisitesOf(&Control{Prerequisites: []Prerequisite{p}}) {
			if _, ok := known[need]; ok {
				order += fmt.Sprintf("%q", append([]string{p.Control}, p.ServicePlans...))
			}
		}
	}
	return order
}
