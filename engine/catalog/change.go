package catalog

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// ChangeKind says what changed.
type ChangeKind string

// What can change of a control, in the order in which changes are listed. Values are strings unless
// the comment names another type.
const (
	ChangedStage          ChangeKind = "stage"           // current, preview or deprecated
	ChangedReplacedBy     ChangeKind = "replaced_by"     // the control to look at instead of a deprecated one
	ChangedPoints         ChangeKind = "points"          // int64: what the action is worth, in hundredths of a point
	ChangedEarning        ChangeKind = "earning"         // the [Kind]
	ChangedRule           ChangeKind = "rule"            // the package of the rule; its meaning changed
	ChangedSharedRule     ChangeKind = "shared_rule"     // a package that the rule refers to; its meaning changed
	ChangedRuleText       ChangeKind = "rule_text"       // a package, own or shared, of which only comments or layout changed
	ChangedRulePackage    ChangeKind = "rule_place"      // the package that the rule moved from and to
	ChangedPopulation     ChangeKind = "population"      // the dataset that a coverage control is measured over
	ChangedMatch          ChangeKind = "match"           // string, bool or json.Number: the value by which a field picks records
	ChangedJoin           ChangeKind = "join"            // [Join]
	ChangedFresh          ChangeKind = "fresh"           // which records are too old to count: the field, and the parameter that holds the days
	ChangedWhenEmpty      ChangeKind = "when_empty"      // what an empty scope means
	ChangedCredit         ChangeKind = "credit"          // partial or all_or_nothing
	ChangedContext        ChangeKind = "context"         // a dataset that the rule reads whole
	ChangedAnyOf          ChangeKind = "any_of"          // the datasets of which one is enough
	ChangedContextName    ChangeKind = "context_name"    // the dataset behind a name below data.context
	ChangedSchema         ChangeKind = "schema"          // the digest of the schema of a dataset that it reads and the catalog brings
	ChangedConstant       ChangeKind = "constant"        // the value of a constant, as decoded JSON
	ChangedParameter      ChangeKind = "parameter"       // decoded JSON: the value of a parameter
	ChangedParameterType  ChangeKind = "parameter_type"  // the type of a parameter
	ChangedPrerequisite   ChangeKind = "prerequisite"    // [Prerequisite]
	ChangedException      ChangeKind = "exception"       // the recommendation whose exceptions set the action's status
	ChangedRequiresSource ChangeKind = "requires_source" // what Microsoft needs to score the action
	ChangedCategory       ChangeKind = "category"
	ChangedProduct        ChangeKind = "product" // its id
	ChangedTier           ChangeKind = "tier"
	ChangedDifficulty     ChangeKind = "difficulty"
	ChangedUserImpact     ChangeKind = "user_impact"
	ChangedComplexity     ChangeKind = "complexity"
	ChangedConfidence     ChangeKind = "confidence"
	ChangedThreats        ChangeKind = "threats"   // []string
	ChangedFramework      ChangeKind = "framework" // []string: the ids in a framework
	ChangedTexts          ChangeKind = "texts"     // no values: Names lists the texts, which no verdict depends on
)

// What can change of a product.
const (
	ChangedTitle        ChangeKind = "title"
	ChangedService      ChangeKind = "service"       // Microsoft's code of it
	ChangedServicePlans ChangeKind = "service_plans" // []string: a tenant with any of them has the product
)

// changeOrder has every kind of change once, in the order in which changes are listed.
var changeOrder = []ChangeKind{
	ChangedStage, ChangedReplacedBy, ChangedPoints, ChangedEarning, ChangedRule, ChangedSharedRule, ChangedRuleText,
	ChangedRulePackage, ChangedPopulation, ChangedMatch, ChangedJoin, ChangedFresh, ChangedWhenEmpty, ChangedCredit,
	ChangedContext, ChangedAnyOf, ChangedContextName, ChangedSchema, ChangedConstant, ChangedParameter, ChangedParameterType, ChangedPrerequisite, ChangedException,
	ChangedRequiresSource, ChangedCategory, ChangedProduct, ChangedTier, ChangedDifficulty, ChangedUserImpact,
	ChangedComplexity, ChangedConfidence, ChangedThreats, ChangedFramework, ChangedTexts, ChangedTitle, ChangedService, ChangedServicePlans,
}

// Change is one difference between two versions of a control or product.
type Change struct {
	Kind ChangeKind `json:"kind"`
	// Name is that of the parameter, field, join, dataset, framework or Rego package; empty for
	// kinds that a control has once.
	Name  string   `json:"name,omitempty"`
	Names []string `json:"names,omitempty"` // of the texts
	Old   any      `json:"old"`             // of the type that Kind documents; nil means absent
	New   any      `json:"new"`
}

// changes collects differences.
type changes []Change

// value records a changed value; nil means absent.
func (c *changes) value(kind ChangeKind, name string, old, latest any) {
	if !reflect.DeepEqual(old, latest) {
		*c = append(*c, Change{Kind: kind, Name: name, Old: old, New: latest})
	}
}

// text records a changed text; empty means absent.
func (c *changes) text(kind ChangeKind, old, latest string) {
	value := func(text string) any {
		if text == "" {
			return nil
		}
		return text
	}
	c.value(kind, "", value(old), value(latest))
}

// list records a changed list; empty means absent.
func (c *changes) list(kind ChangeKind, name string, old, latest []string) {
	value := func(list []string) any {
		if len(list) == 0 {
			return nil
		}
		return list
	}
	c.value(kind, name, value(old), value(latest))
}

// each records what changed among named values.
func (c *changes) each(kind ChangeKind, old, latest map[string]any) {
	for _, name := range keysOfBoth(old, latest) {
		c.value(kind, name, old[name], latest[name])
	}
}

// sorted returns the changes in the order of their kinds, those of one kind by name.
func (c changes) sorted() []Change {
	slices.SortStableFunc(c, func(a, b Change) int {
		return cmp.Or(cmp.Compare(slices.Index(changeOrder, a.Kind), slices.Index(changeOrder, b.Kind)), strings.Compare(a.Name, b.Name))
	})
	return c
}

// keysOfBoth returns the keys of both maps, sorted.
func keysOfBoth[V any](a, b map[string]V) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}
