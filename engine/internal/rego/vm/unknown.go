package vm

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/ir"
)

// Invariant: an evaluation of a wary program that comes to an end is the same, whatever stands for the unknowns in its world. It may be
// more wary than it has to be, and never less.

// Unknown stands for a value that is not known. It moves about as any value does; a wary program ends where what comes next depends on it.
type Unknown struct {
	ID     int  // less than 0 for what follows from others at a fork
	Absent bool // it is a member of an object that is not there: what a rule takes instead, by object.get, is what it gets
}

// unknownMark begins the names of the variables that stand for unknowns. Values have no variables in them otherwise.
const unknownMark = "?"

// Value is what stands for the unknown.
func (u Unknown) Value() ast.Value {
	name := unknownMark + strconv.Itoa(u.ID)
	if u.Absent {
		name += unknownMark
	}
	return ast.Var(name)
}

// AsUnknown returns the unknown that a value stands for, if it is one.
func AsUnknown(v ast.Value) (Unknown, bool) {
	name, ok := v.(ast.Var)
	if !ok {
		return Unknown{}, false
	}
	digits, absent := strings.CutSuffix(strings.TrimPrefix(string(name), unknownMark), unknownMark)
	id, err := strconv.Atoi(digits)
	return Unknown{ID: id, Absent: absent}, err == nil
}

// Touched is how an evaluation of a wary program ends that depends on an unknown.
type Touched struct{ Unknown Unknown }

// Error is part of error.
func (t *Touched) Error() string {
	return fmt.Sprintf("the evaluation depends on the unknown %d", t.Unknown.ID)
}

// Wary returns the program compiled so that it ends where it would look at an unknown.
func (g *Program) Wary() (*Program, error) {
	wary := g.plan.program()
	wary.wary = true
	wary.know(g.Facts())
	names := make([]string, len(g.entries))
	for i, f := range g.entries {
		names[i] = f.name
	}
	if err := wary.enter(names); err != nil {
		return nil, err
	}
	return wary, nil
}

// Forks are the ways of an evaluation where it depends on unknowns of which nobody can list the values: each time it goes on as if what it
// asks were so, with a result that is unknown if there is one, or as if it were not.
type Forks struct {
	Unknowns map[int]bool // by their ids
	Ways     []bool       // of the forks, in the order of the evaluation
	taken    int
}

// Forked is how an evaluation ends at a fork of which the way is not given.
type Forked struct{}

// Error is part of error.
func (*Forked) Error() string { return "the evaluation comes to another fork" }

// Fork has the next evaluation fork. It is called after [Machine.Begin].
func (m *Machine) Fork(forks *Forks) {
	forks.taken = 0
	m.forks = forks
}

// guard finds the unknown that a statement depends on, if it does.
type guard func(fr *frame) (Unknown, bool)

// guarded puts a guard before a statement of a wary program.
func (c *compiler) guarded(s ir.Stmt, o op) op {
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
			return fr.halt(&Touched{u})
		case f.taken == len(f.Ways):
			return fr.halt(&Forked{})
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

// fork says whether an evaluation can go on after a statement that depends on an unknown, and where its result goes: less than 0 if it has
// none.
func (c *compiler) fork(s ir.Stmt) (result int, forks bool) {
	switch s := s.(type) {
	case *ir.EqualStmt, *ir.NotEqualStmt, *ir.IsArrayStmt, *ir.IsObjectStmt, *ir.IsSetStmt:
		return -1, true
	case *ir.DotStmt:
		return c.local(s.Target), true
	case *ir.LenStmt:
		return c.local(s.Target), true
	case *ir.CallStmt:
		return c.local(s.Result), true
	}
	return -1, false
}

// guard returns the guard of a statement; nil if it depends on no unknown, but moves it at most.
func (c *compiler) guard(s ir.Stmt) guard {
	switch s := s.(type) {
	case *ir.DotStmt:
		return either(c.outside(s.Source), c.inside(s.Key))
	case *ir.LenStmt:
		return c.outside(s.Source)
	case *ir.IsArrayStmt:
		return c.outside(s.Source)
	case *ir.IsObjectStmt:
		return c.outside(s.Source)
	case *ir.IsSetStmt:
		return c.outside(s.Source)
	case *ir.ScanStmt:
		return c.outside(ir.Operand{Value: s.Source})
	case *ir.EqualStmt:
		return c.compared(s.A, s.B)
	case *ir.NotEqualStmt:
		return c.compared(s.A, s.B)
	case *ir.AssignVarOnceStmt:
		return c.compared(s.Source, ir.Operand{Value: s.Target})
	case *ir.ObjectInsertStmt:
		return c.inside(s.Key)
	case *ir.ObjectInsertOnceStmt:
		return either(c.inside(s.Key), c.inside(s.Value))
	case *ir.SetAddStmt:
		return c.added(s.Value, s.Set)
	case *ir.ObjectMergeStmt:
		return either(c.inside(ir.Operand{Value: s.A}), c.inside(ir.Operand{Value: s.B}))
	case *ir.CallDynamicStmt:
		return c.insideAll(s.Path)
	case *ir.CallStmt:
		return c.guardOfCall(s)
	}
	return nil
}

// guardOfCall returns the guard of a call of a built-in function. Functions of the plan are guarded themselves.
func (c *compiler) guardOfCall(s *ir.CallStmt) guard {
	if c.program.plan.funcs[s.Func] != nil {
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

// outside is for a statement that looks at what a value is, but not at what is in it.
func (c *compiler) outside(o ir.Operand) guard {
	from := c.operand(o)
	return func(fr *frame) (Unknown, bool) {
		if t := from.get(fr); t != nil {
			return AsUnknown(t.Value)
		}
		return Unknown{}, false
	}
}

// inside is for one that looks at all that is in a value.
func (c *compiler) inside(o ir.Operand) guard {
	from := c.operand(o)
	return func(fr *frame) (Unknown, bool) { return unknownIn(from.get(fr)) }
}

func (c *compiler) insideAll(list []ir.Operand) guard {
	var all guard = func(*frame) (Unknown, bool) { return Unknown{}, false }
	for _, o := range list {
		all = either(all, c.inside(o))
	}
	return all
}

// compared is for one that compares two values.
func (c *compiler) compared(a, b ir.Operand) guard {
	left, right := c.operand(a), c.operand(b)
	return func(fr *frame) (Unknown, bool) {
		_, u, depends := equals(left.get(fr), right.get(fr))
		return u, depends
	}
}

// sought is for one that asks whether a collection holds a value.
func (c *compiler) sought(value, in ir.Operand) guard {
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

// added is for one that adds a value to a set.
func (c *compiler) added(value ir.Operand, set ir.Local) guard {
	added, to := c.operand(value), c.read1(set)
	return func(fr *frame) (Unknown, bool) {
		x, t := added.get(fr), to.get(fr)
		if x == nil || t == nil {
			return Unknown{}, false
		}
		return among(x, t.Value)
	}
}

// combined is for one that makes a set of two others.
func (c *compiler) combined(a, b ir.Operand) guard {
	left, right, inside := c.operand(a), c.operand(b), c.insideAll([]ir.Operand{a, b})
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

// among says on which unknown it depends whether a collection holds a value.
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

// equals compares two values: they are equal, or they are not, or it depends on an unknown.
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

// equalsAll compares pairs of values: one that differs decides.
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

// unknownIn finds an unknown in a value: always the same one.
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

// waryGet is object.get where a member may be unknown.
func (b *builtinCall) waryGet(fr *frame) signal {
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
				return fr.halt(&Touched{u})
			}
			return fr.either(b.target, nil, &b.args[2])
		}
	}
	return b.call(fr)
}
