package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// typer gives OPA's type checker the shapes of modules. Shapes repeat from control to control, and reading a schema is
// the dearest part of a check, so equal ones are registered once.
type typer struct {
	set   *ast.SchemaSet
	names map[string]ast.Ref // schema text to its name in the set
}

// annotate says in a module's metadata what its references hold, as an author could with `schemas:`.
func (t *typer) annotate(m *ast.Module, shape *nodes) {
	annotation := &ast.Annotations{Scope: "package", Location: m.Package.Location}
	add := func(path ast.Ref, n *node) {
		if name, ok := t.register(n); ok {
			annotation.Schemas = append(annotation.Schemas, &ast.SchemaAnnotation{Path: path, Schema: name})
		}
	}
	add(ast.InputRootRef, shape.input)
	// Each annotation below data makes the checker type all of data anew, so only what the module reads gets one.
	read := mentioned(m)
	if read[parametersKey] {
		add(dataRef(parametersKey), shape.parameters)
	}
	for _, name := range sortedKeys(shape.evidence) {
		if read[evidenceKey] || read[evidenceKey+"."+name] {
			add(dataRef(append([]string{evidenceKey}, strings.Split(name, ".")...)...), shape.evidence[name])
		}
	}
	// Copy ties the annotation to the package, as the parser does with one that it reads. It is OPA's only way to do so from
	// outside, and it spares putting a header before the text, which would shift every location in the module.
	m.Annotations = append(m.Annotations, annotation.Copy(m.Package))
}

// mentioned returns what a module refers to below data: "parameters", "evidence.entra.users", or "evidence" if it is not
// said which, as in an import of an area.
func mentioned(m *ast.Module) map[string]bool {
	read := map[string]bool{}
	ast.WalkRefs(m, func(ref ast.Ref) bool {
		if !ref.HasPrefix(ast.DefaultRootRef) || len(ref) < 2 {
			return false
		}
		name := strings.Trim(ref[1].Value.String(), `"`)
		if set, n := dataset(ref); name == evidenceKey && n > 0 {
			name += "." + set
		}
		read[name] = true
		return false
	})
	return read
}

// register returns the name of the node's schema, false if the schema would say nothing.
func (t *typer) register(n *node) (ast.Ref, bool) {
	var b strings.Builder
	emit(&b, n, nil)
	text := b.String()
	if text == "{}" {
		return nil, false
	}
	name, ok := t.names[text]
	if !ok {
		var schema any
		if err := json.Unmarshal([]byte(text), &schema); err != nil {
			return nil, false // can't be: emit writes JSON
		}
		name = ast.SchemaRootRef.Append(ast.StringTerm(fmt.Sprintf("s%d", len(t.names))))
		t.names[text] = name
		t.set.Put(name, schema)
	}
	return name, true
}

// emit writes the least schema that makes OPA's checker see the node's types. OPA takes one type of several and knows no
// null, so null is left out (see [nullStage]) and types are spelled as alternatives. What it can't tell is any value.
func emit(b *strings.Builder, n *node, above []*node) {
	if n == nil || slices.Contains(above, n) {
		b.WriteString("{}")
		return
	}
	above = append(above, n)
	var parts []kind
	for _, k := range []kind{kindBoolean, kindNumber, kindString, kindArray, kindObject} {
		if n.kinds&k != 0 {
			parts = append(parts, k)
		}
	}
	open := n.kinds&kindObject != 0 && (!n.closed || len(n.fields) == 0 || n.extra != nil)
	switch {
	case len(parts) == 0, len(parts) > 1 && open, len(parts) == 5:
		b.WriteString("{}")
	case len(parts) == 1:
		emitKind(b, n, parts[0], above)
	default:
		b.WriteString(`{"anyOf":[`)
		for i, k := range parts {
			if i > 0 {
				b.WriteByte(',')
			}
			emitKind(b, n, k, above)
		}
		b.WriteString(`]}`)
	}
}

func emitKind(b *strings.Builder, n *node, k kind, above []*node) {
	switch k {
	case kindBoolean:
		b.WriteString(`{"type":"boolean"}`)
	case kindNumber:
		b.WriteString(`{"type":"number"}`)
	case kindString:
		b.WriteString(`{"type":"string"}`)
	case kindArray:
		b.WriteString(`{"type":"array","items":`)
		emit(b, n.items, above)
		b.WriteByte('}')
	default:
		emitObject(b, n, above)
	}
}

func emitObject(b *strings.Builder, n *node, above []*node) {
	if !n.closed || n.extra != nil || len(n.fields) == 0 {
		b.WriteString(`{"type":"object"}`)
		return
	}
	b.WriteString(`{"type":"object","additionalProperties":false,"properties":{`)
	for i, name := range sortedKeys(n.fields) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, "%s:", ast.String(name))
		emit(b, n.fields[name], above)
	}
	b.WriteString("}}")
}

// nodes is a shape that has been read.
type nodes struct {
	input, parameters, now *node
	evidence               map[string]*node
	control                string // of a copy of a shared module: a control that it is for
}

// readShape reads a module's shape, and says what is wrong with its schemas.
func readShape(shape *InputSchema) (*nodes, []string) {
	var errs []string
	read := func(what string, schema map[string]any) *node {
		n, broken := readSchema(schema)
		for _, e := range broken {
			errs = append(errs, what+": "+e)
		}
		return n
	}
	n := &nodes{
		input: read("input", shape.Input), now: &node{kinds: kindString, free: kindString}, evidence: map[string]*node{},
		parameters: &node{kinds: kindObject, closed: true},
	}
	if len(shape.Parameters) > 0 {
		n.parameters = read("data.parameters", shape.Parameters)
	}
	for name, schema := range shape.Evidence {
		n.evidence[name] = read("data.evidence."+name, schema)
	}
	return n, errs
}

func dataRef(path ...string) ast.Ref {
	ref := ast.Ref{ast.DefaultRootDocument}
	for _, step := range path {
		ref = append(ref, ast.StringTerm(step))
	}
	return ref
}

// nullStage hides null from OPA's type checker, which knows no nullable types and would refuse every comparison with
// null. It puts a variable, of which the checker knows nothing, in the place of each null that something is compared
// with, and returns what puts the nulls back.
func nullStage(modules map[string]*ast.Module) (restore func()) {
	type place struct {
		terms []*ast.Term
		index int
		null  *ast.Term
	}
	var places []place
	for _, m := range modules {
		ast.WalkExprs(m, func(e *ast.Expr) bool {
			terms, ok := e.Terms.([]*ast.Term)
			if !ok || !e.IsEquality() {
				return false
			}
			for i := 1; i < len(terms); i++ {
				if _, ok := terms[i].Value.(ast.Null); ok {
					places = append(places, place{terms, i, terms[i]})
					hidden := ast.VarTerm("__null" + strconv.Itoa(len(places)) + "__")
					hidden.Location = terms[i].Location
					terms[i] = hidden
				}
			}
			return false
		})
	}
	return func() {
		for _, p := range places {
			p.terms[p.index] = p.null
		}
	}
}
