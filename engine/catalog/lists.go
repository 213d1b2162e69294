package catalog

import (
	"errors"
	"fmt"
	"maps"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/gohcl"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Invariant: values are those that cty makes. It compares the types of every two elements of a list
// that is written out, so that a long list takes the square of its length; here it takes its length.

// short is how many elements a list may have to be left to cty.
const short = 100

// long is how many elements a list with a mistake may have for cty to say which.
const long = 5_000

// convertTo is [convert.Convert] for lists of any length.
func convertTo(value cty.Value, to cty.Type) (cty.Value, error) {
	if made, ok := convertParts(value, to); ok {
		return made, nil
	}
	if from := value.Type(); value.IsKnown() && !value.IsNull() && (from.IsTupleType() || from.IsObjectType()) && to != cty.DynamicPseudoType && value.LengthInt() > long {
		return cty.NilVal, fmt.Errorf("one of its %d values is of another type than all", value.LengthInt())
	}
	made, err := convert.Convert(value, to)
	if err != nil && !value.Type().Equals(to) && convert.GetConversionUnsafe(value.Type(), to) == nil {
		return cty.NilVal, errors.New(convert.MismatchMessage(firstMistake(value.Type(), to), to))
	}
	return made, err //nolint:wrapcheck // the callers say what the value is
}

// firstMistake returns the type with its first part that can't be converted alone: cty would say which part is wrong in the order of a
// map, which is another one in each run.
func firstMistake(from, to cty.Type) cty.Type {
	wanted := func(string) cty.Type { return cty.NilType }
	switch {
	case !from.IsObjectType():
		return from
	case to.IsMapType():
		wanted = func(string) cty.Type { return to.ElementType() }
	case to.IsObjectType():
		wanted = func(name string) cty.Type { return to.AttributeTypes()[name] }
	}
	parts, found := maps.Clone(from.AttributeTypes()), false
	for _, name := range sortedKeys(parts) {
		switch want := wanted(name); {
		case want == cty.NilType, parts[name].Equals(want):
		case found:
			parts[name] = want
		case convert.GetConversionUnsafe(parts[name], want) == nil:
			parts[name], found = firstMistake(parts[name], want), true
		}
	}
	return cty.Object(parts)
}

// convertParts converts a value part by part. It is false where that makes no difference, and where
// cty has to say what is wrong.
func convertParts(value cty.Value, to cty.Type) (cty.Value, bool) {
	if !value.IsWhollyKnown() || value.IsNull() || value.IsMarked() {
		return value, false
	}
	switch from := value.Type(); {
	case from.IsTupleType() && (to.IsListType() || to.IsSetType()):
		element := to.ElementType()
		if element == cty.DynamicPseudoType {
			element = common(from.TupleElementTypes())
		}
		parts, ok := elements(value, element)
		switch {
		case !ok:
			return value, false
		case to.IsSetType():
			return cty.SetVal(parts), true
		}
		return cty.ListVal(parts), true
	case from.IsObjectType() && to.IsMapType() && !to.ElementType().HasDynamicTypes():
		parts, ok := members(value, func(string) cty.Type { return to.ElementType() })
		if !ok {
			return value, false
		}
		return cty.MapVal(parts), true
	case from.IsObjectType() && to.IsObjectType() && len(from.AttributeTypes()) == len(to.AttributeTypes()):
		parts, ok := members(value, func(name string) cty.Type { return to.AttributeTypes()[name] })
		if !ok {
			return value, false
		}
		return cty.ObjectVal(parts), true
	}
	return value, false
}

// elements converts those of a tuple to one type.
func elements(value cty.Value, to cty.Type) ([]cty.Value, bool) {
	if value.LengthInt() == 0 || to == cty.NilType || to.HasDynamicTypes() {
		return nil, false
	}
	var parts []cty.Value
	for _, part := range value.AsValueSlice() {
		made, err := convertTo(part, to)
		if err != nil || !made.Type().Equals(to) {
			return nil, false
		}
		parts = append(parts, made)
	}
	return parts, true
}

// members converts those of an object.
func members(value cty.Value, to func(name string) cty.Type) (map[string]cty.Value, bool) {
	parts := value.AsValueMap()
	for name, part := range parts {
		wanted := to(name)
		if wanted == cty.NilType || wanted.HasDynamicTypes() {
			return nil, false
		}
		made, err := convertTo(part, wanted)
		if err != nil || !made.Type().Equals(wanted) {
			return nil, false
		}
		parts[name] = made
	}
	return parts, len(parts) > 0
}

// common returns the type that values of some types have in common, or none.
func common(types []cty.Type) cty.Type {
	var distinct []cty.Type
next:
	for _, t := range types {
		for _, known := range distinct {
			if t.Equals(known) {
				continue next
			}
		}
		if distinct = append(distinct, t); len(distinct) > short {
			return cty.NilType
		}
	}
	found, _ := convert.UnifyUnsafe(distinct)
	return found
}

// decodeBody is [gohcl.DecodeBody] for lists of any length.
func decodeBody(body hcl.Body, names *hcl.EvalContext, to any) hcl.Diagnostics {
	return gohcl.DecodeBody(listBody{body}, names, to)
}

// listBody is a body in whose attributes long lists are lists of texts already: the only ones that
// gohcl is asked for.
type listBody struct{ hcl.Body }

// Content is part of [hcl.Body].
func (b listBody) Content(schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Diagnostics) {
	content, diags := b.Body.Content(schema)
	return withLists(content), diags
}

// PartialContent is part of [hcl.Body].
func (b listBody) PartialContent(schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Body, hcl.Diagnostics) {
	content, rest, diags := b.Body.PartialContent(schema)
	return withLists(content), rest, diags
}

func withLists(content *hcl.BodyContent) *hcl.BodyContent {
	if content == nil {
		return nil
	}
	made := *content
	made.Attributes = hcl.Attributes{}
	for name, attribute := range content.Attributes {
		own := *attribute
		if !asWritten(name) {
			own.Expr = listExpression{attribute.Expr}
		}
		made.Attributes[name] = &own
	}
	made.Blocks = nil
	for _, block := range content.Blocks {
		own := *block
		own.Body = listBody{block.Body}
		made.Blocks = append(made.Blocks, &own)
	}
	return &made
}

// asWritten reports whether an attribute is decoded as an expression: its value may be of any type.
func asWritten(name string) bool {
	switch name {
	case "constants", "default", "match", "parameters", "plans", "type":
		return true
	}
	return false
}

// listExpression is an expression of such a body.
type listExpression struct{ hcl.Expression }

// Value is part of [hcl.Expression].
func (e listExpression) Value(names *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	value, diags := e.Expression.Value(names)
	if diags.HasErrors() {
		return value, diags
	}
	return withLongLists(value), diags
}

// withLongLists makes a list of texts of a long tuple, as gohcl would, and of those in an object.
func withLongLists(value cty.Value) cty.Value {
	switch {
	case !value.IsWhollyKnown(), value.IsNull(), value.IsMarked():
	case value.Type().IsTupleType() && value.LengthInt() > short:
		if parts, ok := elements(value, cty.String); ok {
			return cty.ListVal(parts)
		}
	case value.Type().IsObjectType() && value.LengthInt() > 0:
		parts := value.AsValueMap()
		for name, part := range parts {
			parts[name] = withLongLists(part)
		}
		return cty.ObjectVal(parts)
	}
	return value
}
