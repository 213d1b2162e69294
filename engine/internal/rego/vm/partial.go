package vm

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: a value that a partial program returns is the same, whatever the unknowns are. It may stop at an unknown that makes no
// difference, and never goes on past one that does.

// Unknown is a value that is not known. It can be assigned and stored as any value; a partial program stops where evaluation depends on it.
type Unknown struct {
	ID     int  // negative for the result of a statement that depends on others, at a fork
	Absent bool // it is an absent field: object.get returns its default
}

// unknownMark begins the names of the variables that encode unknowns. Values hold no variables otherwise.
const unknownMark = "?"

// Value encodes the unknown as a term's value.
func (u Unknown) Value() ast.Value {
	name := unknownMark + strconv.Itoa(u.ID)
	if u.Absent {
		name += unknownMark
	}
	return ast.Var(name)
}

// AsUnknown returns the unknown that a value encodes, if it does.
func AsUnknown(v ast.Value) (Unknown, bool) {
	name, ok := v.(ast.Var)
	if !ok {
		return Unknown{}, false
	}
	digits, absent := strings.CutSuffix(strings.TrimPrefix(string(name), unknownMark), unknownMark)
	id, err := strconv.Atoi(digits)
	return Unknown{ID: id, Absent: absent}, err == nil
}

// UnknownError ends an evaluation that depends on an unknown.
type UnknownError struct{ Unknown Unknown }

// Error names the unknown.
func (t *UnknownError) Error() string {
	return fmt.Sprintf("the evaluation depends on the unknown %d", t.Unknown.ID)
}

// Partial returns the program compiled so that it stops where evaluation depends on an unknown.
func (g *Program) Partial() (*Program, error) {
	rules := make([]string, len(g.entries))
	for i, f := range g.entries {
		rules[i] = strings.TrimPrefix(f.name, ir.Original)
	}
	partial := newProgram(g.plan)
	partial.partial = true
	return partial.rules(rules, &g.summary)
}

// Forks directs an evaluation at statements that depend on unknowns whose possible values can't be enumerated: it goes on either as if the
// statement succeeded, with an unknown result if it has one, or as if it were undefined.
type Forks struct {
	Unknowns map[int]bool // by their ids
	Ways     []bool       // whether each fork succeeds, in the order of the evaluation
	taken    int
}

// ForkError ends an evaluation at a fork beyond the given ways.
type ForkError struct{}

// Error says that a fork was reached.
func (*ForkError) Error() string { return "the evaluation comes to another fork" }

// Fork lets the evaluation fork. It is called after [Machine.Begin].
func (m *Machine) Fork(forks *Forks) {
	forks.taken = 0
	m.forks = forks
}

// guard returns the unknown that a statement depends on, if it does.
type guard func(fr *frame) (Unknown, bool)

// guarded puts a guard before a statement of a partial program.
func (c *compiler) guarded(s opair.Stmt, o instr) instr {
	g := c.guard(s)
	if g == nil {
		return o
	}
	result, forks := c.fork(s)
	return func(fr *frame) signal {
		u, found := g(fr)
		if !found {
			return o(fr)
		}
		f := fr.m.forks
		switch {
		case !forks || f == nil || u.ID >= 0 && !f.Unknowns[u.ID]:
			return fr.halt(&UnknownError{u})
		case f.taken == len(f.Ways):
			return fr.halt(&ForkError{})
		}
		f.taken++
		if !f.Ways[f.taken-1] {
			return undefined
		}
		if result >= 0 {
			fr.l[result] = ast.NewTerm(Unknown{ID: -f.taken}.Value())
		}
		return next
	}
}

// fork reports whether an evaluation can fork at a statement, and returns the register of its result: negative if it has none.
func (c *compiler) fork(s opair.Stmt) (result int, forks bool) {
	switch s := s.(type) {
	case *opair.EqualStmt, *opair.NotEqualStmt, *opair.IsArrayStmt, *opair.IsObjectStmt, *opair.IsSetStmt:
		return -1, true
	case *opair.DotStmt:
		return c.local(s.Target), true
	case *opair.LenStmt:
		return c.local(s.Target), true
	case *opair.CallStmt:
		return c.local(s.Result), true
	}
	return -1, false
}

// guard returns the guard of a statement; nil if it depends on no unknown, but copies one at most.
func (c *compiler) guard(s opair.Stmt) guard {
	switch s := s.(type) {
	case *opair.DotStmt:
		return either(c.outside(s.Source), c.inside(s.Key))
	case *opair.LenStmt:
		return c.outside(s.Source)
	case *opair.IsArrayStmt:
		return c.outside(s.Source)
	case *opair.IsObjectStmt:
		return c.outside(s.Source)
	case *opair.IsSetStmt:
		return c.outside(s.Source)
	case *opair.ScanStmt:
		return c.outside(opair.Operand{Value: s.Source})
	case *opair.EqualStmt:
		return c.compared(s.A, s.B)
	case *opair.NotEqualStmt:
		return c.compared(s.A, s.B)
	case *opair.AssignVarOnceStmt:
		return c.compared(s.Source, opair.Operand{Value: s.Target})
	case *opair.ObjectInsertStmt:
		return c.inside(s.Key)
	case *opair.ObjectInsertOnceStmt:
		return either(c.inside(s.Key), c.inside(s.Value))
	case *opair.SetAddStmt:
		return c.added(s.Value, s.Set)
	case *opair.ObjectMergeStmt:
		return either(c.inside(opair.Operand{Value: s.A}), c.inside(opair.Operand{Value: s.B}))
	case *opair.CallDynamicStmt:
		return c.insideAll(s.Path)
	case *opair.CallStmt:
		return c.guardOfCall(s)
	}
	return nil
}

// guardOfCall returns the guard of a call of a built-in function. Functions of the plan are guarded themselves.
func (c *compiler) guardOfCall(s *opair.CallStmt) guard {
	if c.program.plan.Has(s.Func) {
		return nil
	}
	switch s.Func {
	case "is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "type_name", "count", "object.keys":
		return c.outside(s.Args[0])
	case ast.ObjectGet.Name:
		return either(c.outside(s.Args[0]), c.inside(s.Args[1]))
	case ast.ArrayConcat.Name:
		return either(c.outside(s.Args[0]), c.outside(s.Args[1]))
	case ast.Equal.Name, ast.NotEqual.Name:
		return c.compared(s.Args[0], s.Args[1])
	case ast.Member.Name:
		return c.sought(s.Args[0], s.Args[1])
	case ast.And.Name, ast.Or.Name, ast.Minus.Name:
		return c.combined(s.Args[0], s.Args[1])
	}
	return c.insideAll(s.Args)
}

func either(a, b guard) guard {
	return func(fr *frame) (Unknown, bool) {
		if u, found := a(fr); found {
			return u, true
		}
		return b(fr)
	}
}

// outside guards a statement that depends on the type or presence of a value, but not on what is in it.
func (c *compiler) outside(o opair.Operand) guard {
	from := c.operand(o)
	return func(fr *frame) (Unknown, bool) {
		if t := from.get(fr); t != nil {
			return AsUnknown(t.Value)
		}
		return Unknown{}, false
	}
}

// inside guards one that depends on everything in a value.
func (c *compiler) inside(o opair.Operand) guard {
	from := c.operand(o)
	return func(fr *frame) (Unknown, bool) { return unknownIn(from.get(fr)) }
}

func (c *compiler) insideAll(list []opair.Operand) guard {
	var all guard = func(*frame) (Unknown, bool) { return Unknown{}, false }
	for _, o := range list {
		all = either(all, c.inside(o))
	}
	return all
}

// compared guards one that compares two values.
func (c *compiler) compared(a, b opair.Operand) guard {
	left, right := c.operand(a), c.operand(b)
	return func(fr *frame) (Unknown, bool) {
		_, u, depends := equals(left.get(fr), right.get(fr))
		return u, depends
	}
}

// sought guards one that tests whether a collection holds a value.
func (c *compiler) sought(value, in opair.Operand) guard {
	wanted, collection := c.operand(value), c.operand(in)
	return func(fr *frame) (Unknown, bool) {
		x, t := wanted.get(fr), collection.get(fr)
		if x == nil || t == nil {
			return Unknown{}, false
		}
		if u, ok := AsUnknown(t.Value); ok {
			return u, true
		}
		return among(x, t.Value)
	}
}

// added guards one that adds a value to a set.
func (c *compiler) added(value opair.Operand, set opair.Local) guard {
	added, to := c.operand(value), c.read1(set)
	return func(fr *frame) (Unknown, bool) {
		x, t := added.get(fr), to.get(fr)
		if x == nil || t == nil {
			return Unknown{}, false
		}
		return among(x, t.Value)
	}
}

// combined guards one that makes a set from two others.
func (c *compiler) combined(a, b opair.Operand) guard {
	left, right, inside := c.operand(a), c.operand(b), c.insideAll([]opair.Operand{a, b})
	return func(fr *frame) (u Unknown, depends bool) {
		x, y := left.get(fr), right.get(fr)
		if x == nil || y == nil || !isSet(x.Value) || !isSet(y.Value) {
			return inside(fr)
		}
		x.Value.(ast.Set).Until(func(t *ast.Term) bool {
			u, depends = among(t, y.Value)
			return depends
		})
		return u, depends
	}
}

// among returns the unknown on which it depends whether a collection holds a value.
func among(x *ast.Term, collection ast.Value) (first Unknown, depends bool) {
	holds := false
	visit := func(y *ast.Term) bool {
		equal, u, open := equals(x, y)
		if open && !depends {
			first, depends = u, true
		}
		holds = holds || equal
		return holds
	}
	switch v := collection.(type) {
	case *ast.Array:
		for i := range v.Len() {
			if visit(v.Elem(i)) {
				break
			}
		}
	case ast.Object:
		v.Until(func(_, y *ast.Term) bool { return visit(y) })
	case ast.Set:
		v.Until(visit)
	}
	return first, depends && !holds
}

// equals compares two values: they are equal, or not, or it depends on an unknown.
func equals(a, b *ast.Term) (equal bool, u Unknown, depends bool) {
	switch {
	case a == b:
		return true, Unknown{}, false
	case a == nil || b == nil:
		return false, Unknown{}, false
	}
	ua, unknownA := AsUnknown(a.Value)
	ub, unknownB := AsUnknown(b.Value)
	switch {
	case unknownA && unknownB && ua.ID == ub.ID:
		return true, Unknown{}, false
	case unknownA:
		return false, ua, true
	case unknownB:
		return false, ub, true
	}
	switch x := a.Value.(type) {
	case *ast.Array:
		if y, ok := b.Value.(*ast.Array); ok && x.Len() == y.Len() {
			return equalsAll(x.Len(), func(i int) (*ast.Term, *ast.Term) { return x.Elem(i), y.Elem(i) })
		}
		return false, Unknown{}, false
	case ast.Object:
		if y, ok := b.Value.(ast.Object); ok && x.Len() == y.Len() {
			keys := x.Keys()
			return equalsAll(len(keys), func(i int) (*ast.Term, *ast.Term) { return x.Get(keys[i]), y.Get(keys[i]) })
		}
		return false, Unknown{}, false
	case ast.Set:
		for _, t := range []*ast.Term{a, b} {
			if u, found := unknownIn(t); found {
				return false, u, true
			}
		}
	}
	return ast.ValueEqual(a.Value, b.Value), Unknown{}, false
}

// equalsAll compares pairs of values: one pair that differs decides.
func equalsAll(n int, pair func(int) (*ast.Term, *ast.Term)) (equal bool, first Unknown, depends bool) {
	for i := range n {
		same, u, open := equals(pair(i))
		switch {
		case open && !depends:
			first, depends = u, true
		case !same && !open:
			return false, Unknown{}, false
		}
	}
	return !depends, first, depends
}

// unknownIn returns an unknown in a value: always the same one.
func unknownIn(t *ast.Term) (found Unknown, ok bool) {
	if t == nil {
		return Unknown{}, false
	}
	look := func(t *ast.Term) bool {
		found, ok = unknownIn(t)
		return ok
	}
	switch v := t.Value.(type) {
	case ast.Var:
		return AsUnknown(v)
	case *ast.Array:
		for i := range v.Len() {
			if look(v.Elem(i)) {
				break
			}
		}
	case ast.Object:
		v.Until(func(key, member *ast.Term) bool { return look(key) || look(member) })
	case ast.Set:
		v.Until(look)
	}
	return found, ok
}

// partialGet is object.get where a field may be unknown.
func (b *builtinCall) partialGet(fr *frame) signal {
	source, key := b.args[0].get(fr), b.args[1].get(fr)
	if source == nil || key == nil {
		return undefined
	}
	path := []*ast.Term{key}
	if list, ok := key.Value.(*ast.Array); ok {
		path = path[:0]
		for i := range list.Len() {
			path = append(path, list.Elem(i))
		}
	}
	at := source
	for _, step := range path {
		at = dot(at, step)
		if at == nil {
			break
		}
		if u, ok := AsUnknown(at.Value); ok {
			if !u.Absent {
				return fr.halt(&UnknownError{u})
			}
			return fr.either(b.target, nil, &b.args[2])
		}
	}
	return b.call(fr)
}
