package compare

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Kind says what changed.
type Kind string

// What can change of a control, in the order in which it is told. Values are text unless something else is said.
const (
	// Stage is where the control stands in its life: current, preview or deprecated.
	Stage Kind = "stage"
	// ReplacedBy is the control to look at instead of a deprecated one.
	ReplacedBy Kind = "replaced_by"
	// Points is what the action is worth, as int64 in hundredths of a point.
	Points Kind = "points"
	// Earning is the way to earn points: setting, coverage, graded or attested.
	Earning Kind = "earning"
	// Rule is the Rego package that decides; what it says changed.
	Rule Kind = "rule"
	// SharedRule is a package of shared Rego that the rule refers to; what it says changed.
	SharedRule Kind = "shared_rule"
	// RuleText is a package, the control's own or a shared one, that says the same as before in other words: comments or layout changed.
	RuleText Kind = "rule_text"
	// RulePlace is the package that the control's rule moved from and to.
	RulePlace Kind = "rule_place"
	// Population is the dataset that a coverage control is measured over.
	Population Kind = "population"
	// Match is the value by which a field picks records: a string, a bool or a json.Number.
	Match Kind = "match"
	// Beside is a policies.Join: the records of another dataset beside each record.
	Beside Kind = "join"
	// Fresh is which records are too old to count: the field, and the parameter that holds the days.
	Fresh Kind = "fresh"
	// WhenEmpty is what an empty scope means.
	WhenEmpty Kind = "when_empty"
	// Credit is partial or all_or_nothing.
	Credit Kind = "credit"
	// Context is a dataset that the rule reads whole.
	Context Kind = "context"
	// AnyOf is which datasets of those one is enough of.
	AnyOf Kind = "any_of"
	// Parameter is a parameter's value, as decoded JSON.
	Parameter Kind = "parameter"
	// ParameterType is what a parameter takes.
	ParameterType Kind = "parameter_type"
	// Prerequisite is a policies.Prerequisite.
	Prerequisite Kind = "prerequisite"
	// Exception is the recommendation under which exceptions in the evidence set the action's status.
	Exception Kind = "exception"
	// RequiresSource is what has to be there for Microsoft to score the action.
	RequiresSource Kind = "requires_source"
	// Category is the category.
	Category Kind = "category"
	// OfProduct is the product's id.
	OfProduct Kind = "product"
	// Tier is the tier.
	Tier Kind = "tier"
	// Difficulty is how hard the action is to carry out.
	Difficulty Kind = "difficulty"
	// UserImpact is how much users notice.
	UserImpact Kind = "user_impact"
	// Complexity is how complex the action is.
	Complexity Kind = "complexity"
	// Confidence is how sure the facts behind the rule are.
	Confidence Kind = "confidence"
	// Threats is a []string: what the action counters.
	Threats Kind = "threats"
	// Framework is a []string: the ids in a framework.
	Framework Kind = "framework"
	// Texts is what changed of all that is for people alone: Names says which texts.
	Texts Kind = "texts"
)

// What can change of a product.
const (
	// Title is the title.
	Title Kind = "title"
	// ServicePlans is a []string: a tenant with any of them has the product.
	ServicePlans Kind = "service_plans"
)

// order has every kind of change once, in the order in which changes are told.
var order = []Kind{
	Stage, ReplacedBy, Points, Earning, Rule, SharedRule, RuleText, RulePlace, Population, Match, Beside, Fresh, WhenEmpty, Credit, Context, AnyOf, Parameter,
	ParameterType, Prerequisite, Exception, RequiresSource, Category, OfProduct, Tier, Difficulty, UserImpact, Complexity, Confidence, Threats,
	Framework, Texts, Title, ServicePlans,
}

// Change is one difference.
type Change struct {
	Kind  Kind
	Name  string   // of the parameter, field, join, dataset, framework or Rego package; empty where a control has only one
	Names []string // of the texts
	// Old and New are the values; see the kinds. They are nil where there was, or is, none, and both are nil for texts.
	Old, New any
}

func (c Change) compare(other Change) int {
	return cmp.Or(cmp.Compare(slices.Index(order, c.Kind), slices.Index(order, other.Kind)), strings.Compare(c.Name, other.Name))
}

// changes gathers differences.
type changes []Change

// value notes a change of a value. One that is nil is none.
func (c *changes) value(kind Kind, name string, old, latest any) {
	if !reflect.DeepEqual(old, latest) {
		*c = append(*c, Change{Kind: kind, Name: name, Old: old, New: latest})
	}
}

// text notes a change of a text. The empty one is none.
func (c *changes) text(kind Kind, old, latest string) { c.value(kind, "", some(old), some(latest)) }

// list notes a change of a list. The empty one is none.
func (c *changes) list(kind Kind, name string, old, latest []string) {
	values := [2]any{}
	for i, list := range [][]string{old, latest} {
		if len(list) > 0 {
			values[i] = list
		}
	}
	c.value(kind, name, values[0], values[1])
}

// each notes what changed among named values.
func (c *changes) each(kind Kind, old, latest map[string]any) {
	for _, name := range union(old, latest) {
		c.value(kind, name, old[name], latest[name])
	}
}

func some(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// union returns the keys of both maps, sorted.
func union[V any](a, b map[string]V) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}
