package dataflow

import (
	"maps"
	"slices"

	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: if two inputs differ only in strings of compared fields, no such string is in the
// domain of its field, and the predicates of the field hold for both or for neither, every entry
// point has the same value for both. (In database theory the rules are generic.)
//
// A rule that only compares a field with values of the documents can't tell values apart that occur
// in none of them. After a comparison that succeeded, the value is one of the domain, and the rule
// may do anything with it.

// Domain is how rules tell the values of fields of the input apart. The zero value says nothing.
type Domain struct {
	Constants []string     // the strings that the rules contain: they belong to the domain of every field
	Fields    []Comparison // of the fields that are only compared, sorted
	Sets      []string     // fields whose lists are used as sets of elements, as far as they are outside of the domain (see loop.go)
}

// Comparison is a field that is only compared: of the input or, if Element is not empty, of each
// element of a list, or of the object, in a field of the input.
type Comparison struct {
	Field, Element string
	Values         []Path // the parts of data that hold what it is compared with, all strings and keys within them
	Predicates     []Predicate
}

// domain returns the domain of the graph.
func (g *Graph) domain() Domain {
	for _, f := range g.entries {
		if e := g.propagated[f.Name]; e.ReplacesDocuments || e.CallsDynamically || e.Nondeterministic {
			return Domain{}
		}
	}
	a := newAnalysis(g, func(string) bool { return false }, false)
	a.comparing = true
	input, _ := a.run()
	if input.whole || input.compared || input.elements != nil {
		return Domain{}
	}
	d := Domain{Constants: g.constants()}
	for _, name := range slices.Sorted(maps.Keys(input.fields)) {
		a.compared(&d, name, input.fields[name])
	}
	return d
}

// constants returns the strings that the functions contain, sorted.
func (g *Graph) constants() []string {
	seen := map[string]bool{}
	var parts ir.Parts
	for _, f := range g.functions {
		ir.Walk(f.Blocks, func(s opair.Stmt) {
			for _, o := range parts.Of(s).Reads {
				if text, ok := g.plan.Constant(o); ok {
					seen[text] = true
				}
			}
		})
	}
	return slices.Sorted(maps.Keys(seen))
}

// compared adds a field of the input to the domain, and the fields of its elements.
func (a *analysis) compared(d *Domain, name string, field *loc) {
	if field.whole {
		return
	}
	if !field.counted && field.elements == nil && len(field.fields) == 0 {
		d.add(name, "", field)
	}
	record := field
	if field.elements != nil {
		if record = field.elements; len(field.fields) > 0 || record.whole || record.compared || record.counted || record.elements != nil {
			return
		}
	}
	if field.compared || field.counted || field.indexed {
		return
	}
	within := map[string]bool{}
	for _, part := range slices.Sorted(maps.Keys(record.fields)) {
		if l := record.fields[part]; !l.whole && !l.counted {
			d.add(name, part, l)
			within[part] = true
		}
	}
	if field.elements != nil && len(within) > 0 && a.usedAsSet(field, within) {
		d.Sets = append(d.Sets, name)
	}
}

// add adds a field.
func (d *Domain) add(name, element string, l *loc) {
	c := Comparison{Field: name, Element: element, Predicates: l.predicates}
	for _, value := range l.against {
		c.Values = append(c.Values, value.path())
	}
	d.Fields = append(d.Fields, c)
}

// ofInput reports whether a location is a part of the input.
func (l *loc) ofInput() bool {
	for l.parent != nil {
		l = l.parent
	}
	return !l.allocated && l.name == "input"
}

// holdsInput reports whether values may come from the input, or hold values that do.
func holdsInput(set locSet) bool { return holdsInputBut(set, map[*loc]bool{}) }

func holdsInputBut(set locSet, seen map[*loc]bool) bool {
	for _, l := range set {
		if seen[l] {
			continue
		}
		if !l.allocated {
			if l.ofInput() {
				return true
			}
			continue
		}
		seen[l] = true
		if holdsInputBut(l.all(), seen) || holdsInputBut(l.keys, seen) {
			return true
		}
	}
	return false
}

// unknown reports whether values may be made by built-in functions.
func unknown(set locSet) bool {
	return slices.ContainsFunc(set, func(l *loc) bool { return l.opaque })
}

// compare notes that values are compared with others. Those of the input that are compared with
// others of the input count as read.
func (a *analysis) compare(x, y locSet) {
	switch first, second := holdsInput(x), holdsInput(y); {
	case first && second:
		a.read(x)
		a.read(y)
	case first:
		a.compareWith(x, y)
	case second:
		a.compareWith(y, x)
	}
}

// compareWith notes that values of the input are compared with those of a domain.
func (a *analysis) compareWith(values, domain locSet) {
	if unknown(domain) {
		a.read(values)
		return
	}
	for _, l := range values {
		switch {
		case l.allocated:
			if holdsInput(locSet{l}) {
				a.read(locSet{l})
			}
		case l.ofInput():
			note(a, &l.compared)
			for _, value := range domain {
				if !value.allocated { // a string equals no collection
					a.join(&l.against, locSet{value})
				}
			}
		}
	}
}

// note sets a flag of a location.
func note(a *analysis, flag *bool) {
	a.changed = a.changed || !*flag
	*flag = true
}

// noteEach sets a flag of each location of the input.
func (a *analysis) noteEach(set locSet, flag func(*loc) *bool) {
	for _, l := range set {
		if !l.allocated && l.ofInput() {
			note(a, flag(l))
		}
	}
}

func counted(l *loc) *bool { return &l.counted }
func indexed(l *loc) *bool { return &l.indexed }

// keysOf returns where the keys of objects, and the members of sets, come from. Those of a part of
// a document come from that part.
func keysOf(set locSet) locSet {
	var keys locSet
	for _, l := range set {
		switch {
		case !l.allocated:
			keys = keys.union(locSet{l})
		case l.set:
			keys = keys.union(l.contents)
		default:
			keys = keys.union(l.keys)
		}
	}
	return keys
}

// addKey notes a key at which something is inserted into objects.
func (a *analysis) addKey(objects, keys locSet) {
	if !a.comparing || holdsInput(keys) {
		a.read(keys) // they are compared with each other
	}
	for _, l := range objects {
		if l.allocated {
			a.join(&l.keys, keys)
		}
	}
}

// lookUp is a DotStmt with a key that is no constant.
func (a *analysis) lookUp(s *opair.DotStmt) {
	source, key := a.operand(s.Source), a.operand(s.Key)
	a.noteEach(source, indexed)
	a.compare(key, keysOf(source))
	a.write(s.Target, a.elementsOf(source))
}

// comparingBuiltin is [analysis.builtin] for functions that compare, or that tell little of their
// arguments; ok is false for the others.
func (a *analysis) comparingBuiltin(s *opair.CallStmt) (result locSet, ok bool) {
	switch s.Func {
	case "is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string":
		return nil, true
	case "type_name":
		return locSet{a.opaque}, true
	case "object.keys":
		a.read(a.operand(s.Args[0]))
		return locSet{a.opaque}, true
	case "count":
		a.elementsOf(a.operand(s.Args[0]))
		a.noteEach(a.operand(s.Args[0]), counted)
		return nil, true
	case "equal", "neq":
		a.compare(a.operand(s.Args[0]), a.operand(s.Args[1]))
		return nil, true
	case "internal.member_2":
		a.noteEach(a.operand(s.Args[1]), indexed)
		a.compare(a.operand(s.Args[0]), a.elementsOf(a.operand(s.Args[1])))
		return nil, true
	case "lower", "upper":
		return nil, a.askConverted(s)
	}
	if text, p, ok := a.test(s); ok {
		a.ask(a.now[text], p)
		return nil, true
	}
	return nil, false
}

// narrow applies what follows from the success of a statement: a value that was found equal to
// another one is one of those.
func (a *analysis) narrow(stmts []opair.Stmt, i int) {
	switch s := stmts[i].(type) {
	case *opair.EqualStmt:
		x, y := a.operand(s.A), a.operand(s.B)
		a.narrowTo(s.A, y)
		a.narrowTo(s.B, x)
	case *opair.DotStmt:
		if source := a.operand(s.Source); !slices.ContainsFunc(source, (*loc).ofInput) {
			a.narrowTo(s.Key, keysOf(source))
		}
	case *opair.NotEqualStmt:
		if call := memberTest(stmts, i); call != nil {
			a.narrowTo(call.Args[0], a.elementsOf(a.operand(call.Args[1])))
		}
	}
}

// memberTest returns the call of "in" whose truth a statement asks for, if it is the one before.
func memberTest(stmts []opair.Stmt, i int) *opair.CallStmt {
	s, ok := stmts[i].(*opair.NotEqualStmt)
	if !ok || i == 0 || s.B.Value != opair.Val(opair.Bool(false)) {
		return nil
	}
	call, ok := stmts[i-1].(*opair.CallStmt)
	if !ok || call.Func != "internal.member_2" || s.A.Value != opair.Val(call.Result) {
		return nil
	}
	return call
}

// narrowTo replaces the locations of an operand by those of a domain.
func (a *analysis) narrowTo(o opair.Operand, domain locSet) {
	l, ok := o.Value.(opair.Local)
	if !ok || !holdsInput(a.now[l]) || holdsInput(domain) || unknown(domain) {
		return
	}
	a.set(l, domain)
}
