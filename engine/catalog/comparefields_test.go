package catalog

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
)

// fullControl is a control in which nothing is left out.
func fullControl() *Control {
	return &Control{
		ID: "A", Title: "t", Description: "d", Category: "c", Product: "p", Points: 1, Tier: "t", Difficulty: "d", UserImpact: "u",
		Complexity: "c", Confidence: "c", Threats: []string{"t"}, Kind: KindCoverage,
		Coverage: &Coverage{
			Dataset: "d", Match: []Match{{Field: "f", Value: "v"}}, Joins: []Join{{Name: "n", Dataset: "d", On: "o", IgnoreUnmatched: true}},
			WhenEmpty: "full", Fresh: &Fresh{Field: "f", Days: "n"},
		},
		Context:        []string{"c"},
		AnyOf:          []string{"c"},
		Names:          []ContextName{{Name: "n", Dataset: "c"}},
		Constants:      map[string]any{"n": "v"},
		Parameters:     []Parameter{{Name: "n", Description: "d", Type: "number", Value: json.Number("1")}},
		Prerequisites:  []Prerequisite{{ServicePlans: []string{"B", "A"}}, {Control: "C"}},
		UserImpactText: "u",
		Implementation: Implementation{ManageURL: "m", Steps: []string{"s"}, LearnMore: []Link{{Title: "t", URL: "u"}}},
		Frameworks:     map[string][]string{"f": {"i"}}, Source: "s", Exception: "e", RequiresSource: "r", Differences: []string{"d"}, Package: "p", Digest: "d",
	}
}

// TestCompareEveryField changes every field that a control has, one by one. A field that nobody
// compares would go unnoticed for ever.
func TestCompareEveryField(t *testing.T) {
	elsewhere := []string{
		"ID",              // what controls are compared by
		"Package", "Rule", // the place of the rule: package rego compares it
		"Digest",        // of all the others
		"SourceSetting", // what an organization said, not the catalog
	}
	if got := compareControls(fullControl(), fullControl()); len(got) > 0 {
		t.Fatalf("a control differs from itself: %v", got)
	}
	count := 0
	var visit func(name string, at func(*Control) reflect.Value)
	visit = func(name string, at func(*Control) reflect.Value) {
		if slices.Contains(elsewhere, name) {
			return
		}
		value := at(fullControl())
		switch kind := value.Kind(); {
		case kind == reflect.Pointer:
			visit(name, func(c *Control) reflect.Value { return at(c).Elem() })
		case kind == reflect.Struct:
			for i := range value.NumField() {
				if field := value.Type().Field(i); field.IsExported() {
					below := field.Name
					if name != "" {
						below = name + "." + below
					}
					visit(below, func(c *Control) reflect.Value { return at(c).Field(i) })
				}
			}
			return
		case kind == reflect.Slice && value.Len() > 0:
			visit(name, func(c *Control) reflect.Value { return at(c).Index(0) })
		}
		if value.Kind() == reflect.Pointer || value.IsZero() && value.Kind() != reflect.Bool && value.Kind() != reflect.String {
			return
		}
		changed := fullControl()
		alter(t, name, at(changed))
		if len(compareControls(fullControl(), changed)) == 0 || len(compareControls(changed, fullControl())) == 0 {
			t.Errorf("a change of %s goes unnoticed", name)
		}
		count++
	}
	visit("", func(c *Control) reflect.Value { return reflect.ValueOf(c).Elem() })
	if count < 30 {
		t.Errorf("only %d fields were changed", count)
	}
}

// alter gives a field another value.
func alter(t *testing.T, name string, field reflect.Value) {
	t.Helper()
	switch {
	case field.Kind() == reflect.String:
		field.SetString(field.String() + "x")
	case field.Kind() == reflect.Int64:
		field.SetInt(field.Int() + 1)
	case field.Kind() == reflect.Bool:
		field.SetBool(!field.Bool())
	case field.Kind() == reflect.Interface:
		field.Set(reflect.ValueOf("another"))
	case field.Kind() == reflect.Slice, field.Kind() == reflect.Map:
		field.SetZero()
	default:
		t.Fatalf("%s is a %s: say how to change it", name, field.Type())
	}
}

// TestCompareOrder changes nothing but the order of what a control requires.
func TestCompareOrder(t *testing.T) {
	for name, reorder := range map[string]func(*Control){
		"prerequisites": func(c *Control) { slices.Reverse(c.Prerequisites) },
		"plans":         func(c *Control) { slices.Reverse(c.Prerequisites[0].ServicePlans) },
	} {
		changed := fullControl()
		reorder(changed)
		got := compareControls(fullControl(), changed)
		if want := (changes{{Kind: ChangedTexts, Names: []string{"order of prerequisites"}}}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// TestChangeOrder has every kind in the order once.
func TestChangeOrder(t *testing.T) {
	kinds := slices.Clone(changeOrder)
	slices.Sort(kinds)
	if len(slices.Compact(kinds)) != len(changeOrder) {
		t.Error("a kind is in the order twice")
	}
	for _, change := range compareControls(&Control{}, fullControl()) {
		if !slices.Contains(changeOrder, change.Kind) {
			t.Errorf("the kind %s has no place in the order", change.Kind)
		}
	}
}
