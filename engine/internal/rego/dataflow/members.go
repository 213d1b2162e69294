package dataflow

import (
	"slices"

	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: a function has the same value for two objects of sets as its argument, if both have the same fields and the sets in
// each have the same size and have the same members in common with every set that is within the other arguments.

// MemberArgument returns which argument of a function is an object of sets of which nothing counts but what their members have in
// common with sets within its other arguments; -1 if none is. The function depends on nothing but its arguments
// ([Effects.PureFunction]).
func (g *Graph) MemberArgument(name string) int {
	f := g.functions[g.index[name]]
	own := f.Params[2:]
	if len(own) < 2 || !g.propagated[name].PureFunction() {
		return -1
	}
	return slices.IndexFunc(own, func(l opair.Local) bool { return g.comparesMembers(f, l) })
}

// origin is where the value of a local may come from.
type origin uint8

const (
	object origin = 1 << iota // the argument
	set                       // a field of it
	within                    // another argument, or anything in it
	made                      // anything else
)

// comparesMembers reports whether a function only intersects the fields of an argument with what is within its other arguments.
func (g *Graph) comparesMembers(f *opair.Func, argument opair.Local) bool {
	from := g.origins(f, argument)
	fine := true
	var parts ir.Parts
	ir.Walk(f.Blocks, func(s opair.Stmt) {
		for _, o := range parts.Of(s).Reads {
			switch from.of(o) {
			case 0, within, made, within | made: // 0 is input or data, which are handed on
			case object:
				fine = fine && g.passesObject(s, from)
			case set:
				fine = fine && intersects(s, from)
			default:
				fine = false
			}
		}
	})
	return fine
}

// origins are those of the locals of a function, wherever in it.
type origins map[opair.Local]origin

func (g *Graph) origins(f *opair.Func, argument opair.Local) origins {
	from := origins{}
	for _, l := range f.Params[2:] {
		from[l] = within
	}
	from[argument] = object
	var parts ir.Parts
	for changed := true; changed; {
		changed = false
		write := func(l opair.Local, o origin) {
			if from[l]|o != from[l] {
				from[l], changed = from[l]|o, true
			}
		}
		ir.Walk(f.Blocks, func(s opair.Stmt) {
			switch s := s.(type) {
			case *opair.AssignVarStmt:
				write(s.Target, from.of(s.Source))
			case *opair.DotStmt:
				write(s.Target, from.of(s.Source).field())
			case *opair.ScanStmt:
				element := from[s.Source].field()
				write(s.Key, element)
				write(s.Value, element)
			case *opair.ResetLocalStmt:
			default:
				for _, l := range parts.Of(s).Writes {
					write(l, made)
				}
			}
		})
	}
	return from
}

// of returns the origin of an operand. A constant is made.
func (from origins) of(o opair.Operand) origin {
	if l, ok := o.Value.(opair.Local); ok {
		return from[l]
	}
	return made
}

// field returns the origin of what is in a value.
func (o origin) field() origin {
	if o&object != 0 {
		o = o&^object | set
	}
	return o
}

// passesObject reports whether a statement looks up a field of the argument, or hands it on to a function that does no more with it.
func (g *Graph) passesObject(s opair.Stmt, from origins) bool {
	switch s := s.(type) {
	case *opair.AssignVarStmt:
		return true
	case *opair.DotStmt:
		return from.of(s.Key)&(object|set) == 0
	case *opair.CallStmt:
		if !g.plan.Has(s.Func) {
			return false
		}
		callee := g.functions[g.index[s.Func]]
		for i, o := range s.Args[2:] {
			switch from.of(o) {
			case within:
			case object:
				if !g.comparesMembers(callee, callee.Params[i+2]) {
					return false
				}
			default:
				return false
			}
		}
		return true
	}
	return false
}

// intersects reports whether a statement intersects a field of the argument with a set within another one.
func intersects(s opair.Stmt, from origins) bool {
	switch s := s.(type) {
	case *opair.AssignVarStmt:
		return true
	case *opair.CallStmt:
		if s.Func != "and" || len(s.Args) != 2 {
			return false
		}
		a, b := from.of(s.Args[0]), from.of(s.Args[1])
		return a == set && b == within || a == within && b == set
	}
	return false
}
