package check

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// value is what is known of a term before anything runs: the node that it is read from, or the literal that it stands for.
type value struct {
	node    *node
	literal *ast.Term // a scalar, array, object or set as written
	text    string    // how the author wrote it
	chosen  bool      // a parameter, or part of one: the catalog chooses it, not the evidence
}

func (v value) known() bool { return v.node != nil || v.literal != nil }

// scope is what is known of the variables of one rule. After OPA's rewriting, declared variables have names of their own
// throughout a module. Others are known only if they are bound in a single place.
type scope struct {
	check *checker
	shape *nodes // nil in shared modules
	vars  map[ast.Var]value
	sites map[ast.Var]*ast.Term // the term that an undeclared variable is bound to
}

func (c *checker) scope(r *ast.Rule) *scope {
	if s, ok := c.scopes[r]; ok {
		return s
	}
	s := &scope{check: c, shape: c.shapes[r.Module], vars: map[ast.Var]value{}, sites: map[ast.Var]*ast.Term{}}
	c.scopes[r] = s
	for range 4 { // the compiler orders expressions nearly as they depend on each other
		before := len(s.vars)
		ast.WalkExprs(r, func(e *ast.Expr) bool { s.bind(e); return false })
		if len(s.vars) == before {
			break
		}
	}
	return s
}

// bind takes note of what an expression says of variables.
func (s *scope) bind(e *ast.Expr) {
	switch terms := e.Terms.(type) {
	case *ast.Every:
		domain := s.resolve(terms.Domain)
		if v, ok := terms.Value.Value.(ast.Var); ok && domain.node.element() != nil {
			s.vars[v] = value{node: domain.node.element(), text: s.original(v), chosen: domain.chosen}
		}
	case []*ast.Term:
		switch {
		case e.IsEquality() && len(terms) == 3:
			s.unify(terms[1], terms[2])
			s.unify(terms[2], terms[1])
		case operator(terms) == ast.ObjectGet.Name && len(terms) == 5:
			if out, ok := terms[4].Value.(ast.Var); ok {
				if got := s.objectGet(terms); got.node != nil && !s.vars[out].known() {
					s.vars[out] = got
				}
			}
		}
	}
}

// unify binds the variables of a pattern to the parts of a term.
func (s *scope) unify(pattern, term *ast.Term) {
	switch p := pattern.Value.(type) {
	case ast.Var:
		if !strings.HasPrefix(string(p), "__local") {
			if site, ok := s.sites[p]; ok && site != term {
				delete(s.vars, p) // two places, perhaps two variables of one name
				s.sites[p] = nil
				return
			}
			s.sites[p] = term
		}
		switch term.Value.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
			ast.WalkExprs(term, func(e *ast.Expr) bool { s.bind(e); return false }) // its variables come first
		}
		if v := s.resolve(term); v.known() && !s.vars[p].known() {
			if text := s.original(p); text != "" {
				v.text = text
			}
			s.vars[p] = v
		}
	case *ast.Array:
		if n := s.resolve(term).node; n.is(kindArray) && n.items != nil {
			p.Foreach(func(t *ast.Term) { s.part(t, n.items) })
		}
	case ast.Object:
		if n := s.resolve(term).node; n.is(kindObject) {
			p.Foreach(func(key, t *ast.Term) {
				if name, ok := key.Value.(ast.String); ok {
					f, _ := n.field(string(name))
					s.part(t, f)
				}
			})
		}
	}
}

func (s *scope) part(t *ast.Term, n *node) {
	if v, ok := t.Value.(ast.Var); ok && n != nil && !s.vars[v].known() {
		s.vars[v] = value{node: n, text: s.original(v)}
	}
}

// original is the name that the author gave a variable, "" if the compiler made it.
func (s *scope) original(v ast.Var) string {
	for strings.HasPrefix(string(v), "__local") {
		next, ok := s.check.compiler.RewrittenVars[v]
		if !ok || next == v {
			return ""
		}
		v = next
	}
	return string(v)
}

// resolve returns what is known of a term.
func (s *scope) resolve(t *ast.Term) value {
	switch v := t.Value.(type) {
	case ast.Var:
		return s.vars[v]
	case ast.Ref:
		return s.resolveRef(v, t)
	case *ast.ArrayComprehension:
		return value{node: collection(kindArray, s.resolve(v.Term).node), text: excerpt(t)}
	case *ast.SetComprehension:
		return value{node: collection(kindSet, s.resolve(v.Term).node), text: excerpt(t)}
	case *ast.ObjectComprehension:
		return value{node: &node{kinds: kindObject, extra: s.resolve(v.Value).node}, text: excerpt(t)}
	default:
		if kindOf(v) == 0 {
			return value{}
		}
		return value{literal: t, text: excerpt(t)}
	}
}

func collection(k kind, items *node) *node { return &node{kinds: k, items: items} }

func (s *scope) resolveRef(ref ast.Ref, t *ast.Term) value {
	v, rest := s.base(ref)
	for _, step := range rest {
		if v.node == nil {
			return value{}
		}
		v.node = s.step(v.node, step)
	}
	v.text = excerpt(t)
	if v.text == "" {
		v.text = s.display(ref)
	}
	return v
}

// display writes a reference with the names that the author gave.
func (s *scope) display(ref ast.Ref) string {
	named := ref.Copy()
	for i, part := range named {
		v, ok := part.Value.(ast.Var)
		if !ok || i == 0 && ast.RootDocumentNames.Contains(part) {
			continue
		}
		name := s.original(v)
		if name == "" {
			name = s.vars[v].text
		}
		if i == 0 && name != "" {
			named[i] = ast.VarTerm(name)
		} else if i > 0 {
			named[i] = ast.VarTerm("_")
		}
	}
	return named.String()
}

// base returns what a reference begins with, and the steps that lead on from there.
func (s *scope) base(ref ast.Ref) (value, ast.Ref) {
	head, ok := ref[0].Value.(ast.Var)
	switch {
	case !ok:
		return s.resolve(ref[0]), ref[1:]
	case head == ast.InputRootDocument.Value:
		if s.shape == nil {
			return value{}, nil
		}
		return value{node: s.shape.input}, ref[1:]
	case head != ast.DefaultRootDocument.Value:
		return s.vars[head], ref[1:]
	case len(ref) < 2:
		return value{}, nil
	}
	switch {
	case names(ref[1], policiesKey) && len(ref) > 2:
		return s.check.ruleValue(ref)
	case s.shape == nil:
		return value{}, nil
	case names(ref[1], nowKey):
		return value{node: s.shape.now}, ref[2:]
	case names(ref[1], parametersKey):
		return value{node: s.shape.parameters, chosen: true}, ref[2:]
	case names(ref[1], evidenceKey):
		if name, n := dataset(ref); n > 0 && s.shape.evidence[name] != nil {
			return value{node: s.shape.evidence[name]}, ref[n:]
		}
	}
	return value{}, nil
}

// dataset returns the dataset that a reference into data.evidence names, and the number of its terms that do so; 0 if
// it names none.
func dataset(ref ast.Ref) (string, int) {
	if len(ref) < 4 {
		return "", 0
	}
	area, ok1 := ref[2].Value.(ast.String)
	name, ok2 := ref[3].Value.(ast.String)
	if !ok1 || !ok2 {
		return "", 0
	}
	return string(area) + "." + string(name), 4
}

// step goes down one step of a reference.
func (s *scope) step(n *node, step *ast.Term) *node {
	switch key := step.Value.(type) {
	case ast.String:
		f, _ := n.field(string(key))
		return f
	case ast.Number, ast.Var, ast.Ref:
		return n.element()
	default:
		return nil
	}
}

// objectGet returns what object.get can give.
func (s *scope) objectGet(terms []*ast.Term) value {
	n := s.resolve(terms[1]).node
	for _, key := range path(terms[2]) {
		if n == nil {
			return value{}
		}
		n = s.step(n, key)
	}
	otherwise := s.resolve(terms[3])
	if literal := otherwise.literal; literal != nil {
		otherwise.node = literalNode(literal.Value)
	}
	if n = union(n, otherwise.node); n == nil {
		return value{}
	}
	return value{node: n, text: "what object.get returns"}
}

// path returns the steps that the second argument of object.get names, nil if it can't be told.
func path(key *ast.Term) []*ast.Term {
	switch k := key.Value.(type) {
	case ast.String:
		return []*ast.Term{key}
	case *ast.Array:
		var steps []*ast.Term
		for i := range k.Len() {
			steps = append(steps, k.Elem(i))
		}
		return steps
	default:
		return []*ast.Term{key}
	}
}

func literalNode(v ast.Value) *node {
	k := kindOf(v)
	if k&kindScalar != 0 {
		return &node{kinds: k, enum: []ast.Value{v}}
	}
	return &node{kinds: k, free: kindScalar}
}

func operator(terms []*ast.Term) string { return terms[0].Value.String() }

// ruleValue returns what is known of a rule of the same catalog.
func (c *checker) ruleValue(ref ast.Ref) (value, ast.Ref) {
	rules, n := c.lookup(ref)
	if len(rules) == 0 || c.visiting > 8 { // a recursive rule is reported by OPA, later
		return value{}, nil
	}
	c.visiting++
	defer func() { c.visiting-- }()
	var all *node
	for i, r := range rules {
		if r.Else != nil || r.Default || len(r.Head.Args) > 0 || len(r.Head.Ref()) > 1 {
			return value{}, nil
		}
		v := value{}
		switch {
		case r.Head.Key != nil && r.Head.Value == nil:
			v.node = collection(kindSet, c.scope(r).resolve(r.Head.Key).node)
		case len(rules) == 1:
			if v = c.scope(r).resolve(r.Head.Value); v.literal != nil {
				return v, ref[n:]
			}
		}
		if v.node == nil {
			return value{}, nil
		}
		if all == nil && i == 0 {
			all = v.node
		} else {
			all = union(all, v.node)
		}
	}
	return value{node: all}, ref[n:]
}
