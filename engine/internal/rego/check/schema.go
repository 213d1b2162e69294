package check

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/schemas"
)

// maxSchemaDepth bounds how deep schemas are read; below it, anything goes.
const maxSchemaDepth = 64

// reader turns JSON Schemas into nodes. Objects that name their fields are taken to be closed: evidence may carry fields
// that nobody declared, but rules can't rely on them.
type reader struct {
	scopes []map[string]any // enclosing schemas that can hold definitions, outermost first
	known  map[uintptr]*node
	depth  int
	errs   []string
}

func readSchema(schema map[string]any) (*node, []string) {
	r := &reader{known: map[uintptr]*node{}, scopes: []map[string]any{schema}}
	return r.schema(schema), r.errs
}

func (r *reader) schema(schema any) *node {
	s, ok := schema.(map[string]any)
	if !ok || len(s) == 0 || r.depth >= maxSchemaDepth {
		return anything()
	}
	r.depth++
	defer func() { r.depth-- }()
	if s["$defs"] != nil || s["definitions"] != nil {
		r.scopes = append(r.scopes, s)
		defer func() { r.scopes = r.scopes[:len(r.scopes)-1] }()
	}
	n := r.local(s)
	if ref, ok := s["$ref"].(string); ok {
		target := r.reference(ref)
		if len(s) == 1 {
			return target // not a copy: it can be circular
		}
		n = intersection(n, target)
	}
	for _, part := range list(s["allOf"]) {
		n = intersection(n, r.schema(part))
	}
	for _, key := range []string{"anyOf", "oneOf"} {
		if parts := list(s[key]); len(parts) > 0 {
			n = intersection(n, r.anyOf(parts))
		}
	}
	for _, key := range []string{"then", "else"} { // what they require isn't known to hold; the fields they name may be there
		for name, f := range r.schema(s[key]).fields {
			if n.fields[name] == nil {
				n.fields[name] = f
			}
		}
	}
	return n
}

// local reads the keywords that stand in a schema itself.
func (r *reader) local(s map[string]any) *node {
	n := &node{kinds: kindJSON, fields: map[string]*node{}}
	switch { // a schema that names fields or elements is one of an object or list, though JSON Schema would allow others
	case s["type"] != nil:
		n.kinds = typeKinds(s["type"])
	case s["properties"] != nil:
		n.kinds = kindObject
	case s["items"] != nil:
		n.kinds = kindArray
	}
	n.free = n.kinds & kindScalar
	if values, ok := s["enum"].([]any); ok {
		n.restrict(values)
	} else if value, ok := s["const"]; ok {
		n.restrict([]any{value})
	}
	if fold := schemas.FoldOf(map[string]any{"format": s["format"], "x-posture": s["x-posture"]}); fold != nil && n.free&kindString != 0 {
		n.folds = []*schemas.Fold{fold}
	}
	for name, property := range object(s["properties"]) {
		n.fields[name] = r.schema(property)
	}
	additional, typed := s["additionalProperties"].(map[string]any)
	if typed {
		n.extra = r.schema(additional)
	}
	n.closed = !typed && s["patternProperties"] == nil &&
		(len(n.fields) > 0 || s["additionalProperties"] == false || s["properties"] != nil)
	if items, ok := s["items"].(map[string]any); ok && s["prefixItems"] == nil {
		n.items = r.schema(items)
	}
	return n
}

// restrict leaves only the values of an enum. Enums with lists or objects among their values are not looked at.
func (n *node) restrict(values []any) {
	var enum []ast.Value
	kinds := kind(0)
	for _, v := range values {
		value, err := ast.InterfaceToValue(v)
		if err != nil || kindOf(value)&kindScalar == 0 {
			return
		}
		kinds |= kindOf(value)
		enum = append(enum, value)
	}
	n.kinds &= kinds
	n.free = 0
	n.enum = sortedValues(enum)
}

func (r *reader) anyOf(parts []any) *node {
	n := r.schema(parts[0])
	for _, part := range parts[1:] {
		n = union(n, r.schema(part))
	}
	return n
}

// reference finds a definition. A reference that leads nowhere can hold anything, and is reported: nothing is ever fetched.
func (r *reader) reference(ref string) *node {
	pointer, ok := strings.CutPrefix(ref, "#")
	for i := len(r.scopes) - 1; ok && i >= 0; i-- {
		target, found := lookup(r.scopes[i], pointer)
		if !found {
			continue
		}
		id := reflect.ValueOf(target).Pointer()
		if n, ok := r.known[id]; ok {
			return n
		}
		n := anything()
		r.known[id] = n
		scopes := r.scopes
		r.scopes = append([]map[string]any(nil), scopes[:i+1]...)
		*n = *r.schema(target)
		r.scopes = scopes
		return n
	}
	r.errs = append(r.errs, fmt.Sprintf("the reference %q leads to no definition of the schema", ref))
	return anything()
}

func lookup(schema map[string]any, pointer string) (map[string]any, bool) {
	if pointer == "" {
		return schema, true
	}
	var at any = schema
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		at = object(at)[step]
	}
	found, ok := at.(map[string]any)
	return found, ok
}

func typeKinds(t any) kind {
	switch t := t.(type) {
	case string:
		return map[string]kind{
			"null": kindNull, "boolean": kindBoolean, "number": kindNumber, "integer": kindNumber,
			"string": kindString, "array": kindArray, "object": kindObject,
		}[t]
	case []any:
		kinds := kind(0)
		for _, name := range t {
			kinds |= typeKinds(name)
		}
		return kinds
	case []string:
		kinds := kind(0)
		for _, name := range t {
			kinds |= typeKinds(name)
		}
		return kinds
	default:
		return kindJSON
	}
}

func object(v any) map[string]any { m, _ := v.(map[string]any); return m }
func list(v any) []any            { l, _ := v.([]any); return l }
