package dataflow

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: an access is listed only if every object that it can read is known: a part of a document, or made by rules.

// FieldAccess is a place in the text of a rule that reads a field by its name.
type FieldAccess struct {
	Field    string
	Location *ast.Location // of the expression
	Objects  []Path        // the parts of documents that the field is read of: one at least
	Made     bool          // the field may also be one of an object that rules make
	Optional bool          // it is read by object.get, which returns a default if the field is absent
}

// Path is the way to a part of a document.
type Path struct {
	Document string // "input" or "data"
	Steps    []Step
}

// Step is a step of a path: to a field or, if it has no name, to any element.
type Step struct {
	Field string
}

// FieldAccesses returns the accesses of the graph to fields of documents, in the order of its functions, and what it reads of the documents.
func (g *Graph) FieldAccesses() ([]FieldAccess, AccessPaths) {
	a := newAnalysis(g, func(string) bool { return false }, true)
	input, data := a.run()
	var list []FieldAccess
	for i, f := range g.functions {
		ir.Walk(f.Blocks, func(s opair.Stmt) {
			objects := a.accesses[s]
			if len(objects) == 0 || slices.Contains(objects, a.opaque) {
				return
			}
			_, optional := s.(*opair.CallStmt)
			for _, field := range a.fieldsOf(&a.states[i], s) {
				access := FieldAccess{Field: field, Location: g.plan.Location(s), Optional: optional}
				for _, l := range objects {
					if l.allocated {
						_, named := l.named[field]
						access.Made = access.Made || named || l.open
						continue
					}
					access.Objects = append(access.Objects, l.path())
				}
				if len(access.Objects) > 0 {
					list = append(list, access)
				}
			}
		})
	}
	return list, AccessPaths{Input: input.mask(), Data: data.mask()}
}

// fieldsOf returns the names of the fields that a statement of a function reads: one, unless calls pass the name as a parameter. It
// returns none if the name may be anything but constant strings.
func (a *analysis) fieldsOf(f *state, s opair.Stmt) []string {
	key := opair.Operand{}
	switch s := s.(type) {
	case *opair.DotStmt:
		key = s.Key
	case *opair.CallStmt:
		key = s.Args[1]
	}
	if l, ok := key.Value.(opair.Local); ok {
		if passed := f.names[l]; passed != nil && !passed.mixed {
			return passed.texts
		}
		return nil
	}
	name, _ := a.graph.plan.Constant(key)
	return []string{name}
}

// path returns the way to a location.
func (l *loc) path() Path {
	if l.parent == nil {
		return Path{Document: l.name}
	}
	p := l.parent.path()
	p.Steps = append(p.Steps, Step{Field: l.name})
	return p
}

// derived returns the locations of the result of a built-in function in an exact analysis: those of its arguments if the result is made of
// the same elements, and otherwise nothing is known of it.
func (a *analysis) derived(function string, args locSet) locSet {
	switch function {
	case ast.ArrayConcat.Name, ast.ArraySlice.Name, ast.ArrayReverse.Name, ast.Sort.Name, ast.And.Name, ast.Or.Name, ast.Minus.Name,
		ast.ObjectUnion.Name:
		return args
	case ast.Union.Name, ast.Intersection.Name, ast.ObjectUnionN.Name, ast.Min.Name, ast.Max.Name:
		return a.elementsOf(args)
	}
	return locSet{a.opaque}
}
