package compare

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"

	"github.com/posture-score/posture/engine/catalog"
)

// compare returns what changed of all that two versions of a control declare. It leaves out the Rego behind them.
func compare(old, latest *catalog.Control) []Change {
	var c changes
	c.text(Stage, old.Stage.String(), latest.Stage.String())
	c.text(ReplacedBy, old.ReplacedBy, latest.ReplacedBy)
	c.value(Points, "", old.Points, latest.Points)
	c.text(Earning, string(old.Kind), string(latest.Kind))
	c.reads(old, latest)
	c.parameters(old, latest)
	c.prerequisites(old, latest)
	c.text(Exception, old.Exception, latest.Exception)
	c.text(RequiresSource, old.RequiresSource, latest.RequiresSource)
	c.text(Category, old.Category, latest.Category)
	c.text(OfProduct, old.Product, latest.Product)
	c.text(Tier, old.Tier, latest.Tier)
	c.text(Difficulty, old.Difficulty, latest.Difficulty)
	c.text(UserImpact, old.UserImpact, latest.UserImpact)
	c.text(Complexity, old.Complexity, latest.Complexity)
	c.text(Confidence, old.Confidence, latest.Confidence)
	c.list(Threats, "", old.Threats, latest.Threats)
	for _, name := range union(old.Frameworks, latest.Frameworks) {
		c.list(Framework, name, old.Frameworks[name], latest.Frameworks[name])
	}
	c.texts(old, latest)
	return c
}

// reads compares what a rule sees.
func (c *changes) reads(old, latest *catalog.Control) {
	before, after := coverage(old), coverage(latest)
	c.text(Population, before.Dataset, after.Dataset)
	c.each(Match, matches(before), matches(after))
	c.each(Beside, joins(before), joins(after))
	c.text(Fresh, fresh(before), fresh(after))
	c.text(WhenEmpty, before.WhenEmpty, after.WhenEmpty)
	c.text(Credit, credit(old), credit(latest))
	c.each(Context, set(old.Context), set(latest.Context))
	c.text(AnyOf, strings.Join(old.AnyOf, ", "), strings.Join(latest.AnyOf, ", "))
}

// coverage returns how the control is measured; what isn't measured has nothing in it.
func coverage(c *catalog.Control) catalog.Coverage {
	if c.Coverage == nil {
		return catalog.Coverage{}
	}
	return *c.Coverage
}

func fresh(c catalog.Coverage) string {
	if c.Fresh == nil {
		return ""
	}
	return c.Fresh.Field + " by " + c.Fresh.Days
}

func credit(c *catalog.Control) string {
	switch {
	case c.Coverage == nil:
		return ""
	case c.Coverage.AllOrNothing:
		return "all_or_nothing"
	default:
		return "partial"
	}
}

func matches(c catalog.Coverage) map[string]any {
	found := map[string]any{}
	for _, match := range c.Match {
		found[match.Field] = match.Value
	}
	return found
}

func joins(c catalog.Coverage) map[string]any {
	found := map[string]any{}
	for _, join := range c.Joins {
		found[join.Name] = join
	}
	return found
}

func set(names []string) map[string]any {
	found := map[string]any{}
	for _, name := range names {
		found[name] = name
	}
	return found
}

func (c *changes) parameters(old, latest *catalog.Control) {
	before, after := byName(old), byName(latest)
	c.each(Parameter, old.ParameterValues(), latest.ParameterValues())
	for _, name := range union(before, after) {
		if p, q := before[name], after[name]; p != nil && q != nil {
			c.value(ParameterType, name, parameterType(p), parameterType(q))
		}
	}
}

// parameterType is the type of a parameter, with the format of its texts and whether exceptions in the evidence are put to it.
func parameterType(p *catalog.Parameter) string {
	words := typeexpr.TypeString(p.Type)
	if p.Format != "" {
		words += ", format " + p.Format
	}
	if p.Exceptions {
		words += ", with exceptions"
	}
	return words
}

func byName(c *catalog.Control) map[string]*catalog.Parameter {
	found := map[string]*catalog.Parameter{}
	for i := range c.Parameters {
		found[c.Parameters[i].Name] = &c.Parameters[i]
	}
	return found
}

// prerequisites notes those that are gone and those that are new. Their order means nothing but to who reads them.
func (c *changes) prerequisites(old, latest *catalog.Control) {
	before, after := needs(old), needs(latest)
	for _, need := range slices.Sorted(maps.Keys(before)) {
		if _, ok := after[need]; !ok {
			*c = append(*c, Change{Kind: Prerequisite, Old: before[need]})
		}
	}
	for _, need := range slices.Sorted(maps.Keys(after)) {
		if _, ok := before[need]; !ok {
			*c = append(*c, Change{Kind: Prerequisite, New: after[need]})
		}
	}
}

// needs returns prerequisites by what they ask for.
func needs(c *catalog.Control) map[string]catalog.Prerequisite {
	found := map[string]catalog.Prerequisite{}
	for _, p := range c.Prerequisites {
		plans := p.Plans()
		slices.Sort(plans)
		found[p.Control+"\n"+p.License+"\n"+strings.Join(plans, "\n")] = p
	}
	return found
}

// texts notes which of the texts changed that decide nothing.
func (c *changes) texts(old, latest *catalog.Control) {
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
	} {
		if !reflect.DeepEqual(text.old, text.latest) {
			names = append(names, text.name)
		}
	}
	if len(names) > 0 {
		*c = append(*c, Change{Kind: Texts, Names: names})
	}
}

// descriptions returns those of the parameters that another control has, too: the others are told as parameters.
func descriptions(c, other *catalog.Control) map[string]string {
	found, known := map[string]string{}, byName(other)
	for _, p := range c.Parameters {
		if known[p.Name] != nil {
			found[p.Name] = p.Description
		}
	}
	return found
}

// titles returns what the licenses are called that the control needs, as far as another control needs them, too.
func titles(c, other *catalog.Control) []string {
	var titles []string
	for _, p := range c.Prerequisites {
		if slices.ContainsFunc(other.Prerequisites, func(o catalog.Prerequisite) bool { return o.License == p.License }) {
			titles = append(titles, p.License+": "+p.LicenseTitle)
		}
	}
	slices.Sort(titles)
	return titles
}

// inOrder returns what the control needs, in the order written, as far as another control needs it, too.
func inOrder(c, other *catalog.Control) string {
	order, known := "", needs(other)
	for _, p := range c.Prerequisites {
		for need := range needs(&catalog.Control{Prerequisites: []catalog.Prerequisite{p}}) {
			if _, ok := known[need]; ok {
				order += fmt.Sprintf("%q", append([]string{p.Control}, p.ServicePlans...))
			}
		}
	}
	return order
}
