package check

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// What stands below data.
const (
	policiesKey   = "policies"
	evidenceKey   = "evidence"
	contextKey    = "context"
	constantsKey  = "constants"
	parametersKey = "parameters"
	nowKey        = "now"
)

// checker looks for what OPA's own checks let pass: data that was not declared, and comparisons that never hold. It runs
// as a stage of the compiler, where references are resolved and declared variables are unique.
type checker struct {
	compiler *ast.Compiler
	shapes   map[*ast.Module]*nodes
	packages map[string]bool
	rules    map[string][]*ast.Rule // by reference
	known    map[string]bool        // the first steps of those references below their packages
	scopes   map[*ast.Rule]*scope
	visiting int
	parsed   []parsedModule // for messages
	literals map[*ast.Term]*verdict
	problems []Diagnostic
}

// verdict is what comparisons say of a literal. One literal can be compared with several fields, by way of a rule: it is
// a mistake only if none of them can hold it.
type verdict struct {
	possible bool
	problem  Diagnostic
}

// check looks through the modules of a compiler that has come as far as [ast.StageRewriteDynamicTerms].
func check(compiler *ast.Compiler, shapes map[string]*nodes, parsed []parsedModule) []Diagnostic {
	c := &checker{
		compiler: compiler, parsed: parsed, shapes: map[*ast.Module]*nodes{}, packages: map[string]bool{},
		rules: map[string][]*ast.Rule{}, known: map[string]bool{}, scopes: map[*ast.Rule]*scope{}, literals: map[*ast.Term]*verdict{},
	}
	for path, m := range compiler.Modules {
		c.packages[packageName(m.Package.Path)] = true
		if shape := shapes[path]; shape != nil {
			c.shapes[m] = shape
		}
	}
	for _, path := range sortedKeys(compiler.Modules) {
		for _, r := range compiler.Modules[path].Rules {
			ref := r.Ref().GroundPrefix()
			c.rules[ref.String()] = append(c.rules[ref.String()], r)
			if n := len(r.Module.Package.Path) + 1; len(ref) >= n {
				c.known[ref[:n].String()] = true
			}
		}
	}
	for _, path := range sortedKeys(compiler.Modules) {
		m := compiler.Modules[path]
		if isTest(packageName(m.Package.Path)) {
			continue
		}
		for _, r := range m.Rules {
			c.rule(m, r)
		}
	}
	for _, v := range c.literals {
		if !v.possible {
			c.problems = append(c.problems, v.problem)
		}
	}
	return c.problems
}

// lookup returns the rules that a reference leads to, and the number of its terms that name them.
func (c *checker) lookup(ref ast.Ref) ([]*ast.Rule, int) {
	for n := len(ref.ConstantPrefix()); n > 2; n-- {
		if rules := c.rules[ref[:n].String()]; rules != nil {
			return rules, n
		}
	}
	return nil, 0
}

func (c *checker) rule(m *ast.Module, r *ast.Rule) {
	s := c.scope(r)
	v := &visitor{checker: c, scope: s, module: m, rule: r}
	v.walk(r)
}

// visitor walks one rule.
type visitor struct {
	*checker
	scope  *scope
	module *ast.Module
	rule   *ast.Rule
	expr   *ast.Expr // innermost
}

func (v *visitor) walk(x any) {
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Head:
			return true // what it reads has become part of the body
		case *ast.Expr:
			v.expression(x)
			return true
		case *ast.Term:
			if ref, ok := x.Value.(ast.Ref); ok {
				v.reference(ref, x)
			}
		}
		return false
	}).Walk(x)
}

func (v *visitor) expression(e *ast.Expr) {
	outer := v.expr
	v.expr = e
	defer func() { v.expr = outer }()
	for _, with := range e.With {
		v.report(v.place(with.Location), "Replaced data",
			"`with` replaces what a rule sees, so the engine could not tell what it depends on. It belongs in tests: pass the value to a function instead.")
	}
	terms, call := e.Terms.([]*ast.Term)
	switch {
	case call:
		v.call(terms)
		for _, t := range terms[1:] {
			v.walk(t)
		}
	default:
		v.walk(e.Terms)
	}
}

// call checks a call or operator.
func (v *visitor) call(terms []*ast.Term) {
	name, operands := operator(terms), terms[1:]
	if ref, ok := terms[0].Value.(ast.Ref); ok && ref.HasPrefix(ast.DefaultRootRef) {
		v.data(ref, terms[0])
	}
	switch name {
	case ast.Equality.Name, ast.Equal.Name, ast.NotEqual.Name:
		if len(operands) >= 2 {
			v.compare(v.scope.resolve(operands[0]), v.scope.resolve(operands[1]))
		}
	case ast.GreaterThan.Name, ast.GreaterThanEq.Name, ast.LessThan.Name, ast.LessThanEq.Name:
		if len(operands) >= 2 {
			v.order(v.scope.resolve(operands[0]), v.scope.resolve(operands[1]))
		}
	case ast.Member.Name:
		if len(operands) >= 2 {
			v.member(v.scope.resolve(operands[0]), v.scope.resolve(operands[1]))
		}
	case ast.MemberWithKey.Name:
		if len(operands) >= 3 {
			v.member(v.scope.resolve(operands[1]), v.scope.resolve(operands[2]))
		}
	case ast.ObjectGet.Name:
		if len(operands) >= 3 {
			n, text := v.scope.resolve(operands[0]).node, v.scope.resolve(operands[0]).text
			for _, key := range path(operands[1]) {
				if n = v.down(n, key, v.place(key.Location), text); n == nil {
					break
				}
				text += "." + strings.Trim(key.String(), `"`)
			}
		}
	}
}

// reference checks where a reference leads.
func (v *visitor) reference(ref ast.Ref, t *ast.Term) {
	head, ok := ref[0].Value.(ast.Var)
	switch {
	case ok && head == ast.DefaultRootDocument.Value:
		if !v.data(ref, t) {
			return
		}
	case ok && head == ast.InputRootDocument.Value:
		if !v.input(ref, t) {
			return
		}
	}
	base, rest := v.scope.base(ref)
	if literal := base.literal; literal != nil && len(rest) > 0 {
		v.index(literal, rest[0])
		return
	}
	n := base.node
	for i, step := range rest {
		at := len(ref) - len(rest) + i
		if n = v.down(n, step, v.part(t, ref, at), v.scope.display(ref[:at])); n == nil {
			return
		}
	}
}

// down goes one step down from a node, and reports a step that leads nowhere. It returns nil where nothing is known.
func (v *visitor) down(n *node, step *ast.Term, at *ast.Location, text string) *node {
	key, ok := step.Value.(ast.String)
	if !ok || n == nil {
		return v.scope.step(n, step)
	}
	if f, ok := n.field(string(key)); ok {
		return f
	}
	if n.kinds&kindObject == 0 {
		if n.kinds&(kindArray|kindObject) != 0 {
			v.report(at, fmt.Sprintf("No field %q", clip(string(key))),
				fmt.Sprintf("%s is a list, which has no fields. Look at its elements: some element in %s.", text, text))
		} else {
			v.report(at, fmt.Sprintf("No field %q", clip(string(key))), fmt.Sprintf("%s is %s, which has no fields.", text, n.kinds.words()))
		}
		return nil
	}
	v.report(at, fmt.Sprintf("Unknown field %q", clip(string(key))),
		fmt.Sprintf("%s has no field %q. %s", text, clip(string(key)), choice(string(key), sortedKeys(n.fields), "Its fields are", "It has no fields.")))
	return nil
}

// input reports whether a reference to input is one that a module may make.
func (v *visitor) input(ref ast.Ref, t *ast.Term) bool {
	if len(ref) < 2 {
		return true
	}
	if _, ok := ref[1].Value.(ast.String); ok {
		return true
	}
	if key := v.scope.resolve(ref[1]); key.literal != nil || key.chosen {
		return true
	}
	v.report(v.part(t, ref, 1), "Input read by a computed name",
		"Which fields of input a rule reads has to be seen from its text: name the field, or take its name from data.parameters.")
	return false
}

// data reports whether a reference to data is one that a module may make.
func (v *visitor) data(ref ast.Ref, t *ast.Term) bool {
	if len(ref) < 2 || !constant(ref[1]) {
		v.report(v.part(t, ref, min(1, len(ref)-1)), "All of data read",
			"What a rule reads has to be seen from its text: name data.evidence.<area>.<dataset>, data.parameters.<name> or data.now.")
		return false
	}
	if names(ref[1], policiesKey) {
		return v.policy(ref, t)
	}
	switch {
	case names(ref[1], parametersKey), names(ref[1], nowKey):
		return true
	case names(ref[1], contextKey), names(ref[1], constantsKey): // bound already, but in a shared module as it stands, and where the control has mistakes
		return true
	case names(ref[1], evidenceKey):
		return v.evidence(ref, t)
	}
	v.report(v.part(t, ref, 1), "Unknown data", fmt.Sprintf("There is no %s. A rule sees data.evidence, data.context, data.parameters, data.constants and data.now.", ref[:2]))
	return false
}

func (v *visitor) evidence(ref ast.Ref, t *ast.Term) bool {
	var declared []string
	if v.scope.shape != nil {
		declared = sortedKeys(v.scope.shape.evidence)
	}
	name, n := dataset(ref)
	if n == 0 {
		v.report(v.part(t, ref, min(len(ref)-1, 3)), "Evidence read as a whole",
			"The engine has to know which evidence a rule depends on: name one dataset, as data.evidence.<area>.<dataset>. "+
				choice("", declared, "Declared in context are", "The control declares none in its context."))
		return false
	}
	if v.scope.shape == nil || v.scope.shape.evidence[name] != nil {
		return true
	}
	v.report(v.part(t, ref, 3), fmt.Sprintf("Dataset %s not declared", clip(name)), fmt.Sprintf(
		"%s is not declared in context, so the control would not see it. Add %q to the control's context. %s",
		ref[:4], clip(name), choice(name, declared, "Declared are", "It declares none.")))
	return false
}

// policy reports whether a module may refer to a rule, and if there is one.
func (v *visitor) policy(ref ast.Ref, t *ast.Term) bool {
	own := v.module.Package.Path
	inOwn := ref.HasPrefix(own) && len(ref) > len(own)
	if !inOwn && (len(ref) < 3 || !names(ref[2], "lib")) {
		v.report(v.part(t, ref, min(2, len(ref)-1)), "Rule of another control", fmt.Sprintf(
			"%s is not a part of %s. A control decides by itself; what several share stands in a package below policies.lib.",
			v.scope.display(ref), packageName(own)))
		return false
	}
	at := min(3, len(ref)-1) // where the reference leaves what there is
	for n := len(ref.ConstantPrefix()); n > 2; n-- {
		if v.packages[packageName(ref[:n])] {
			at = min(n, len(ref)-1)
			break
		}
	}
	if v.known[ref[:at+1].String()] || inOwn && !constant(ref[at]) { // the latter is recursive, which OPA reports
		return true
	}
	summary, detail := undefinedRule(packageName(ref[:at+1]), v.parsed)
	v.report(v.part(t, ref, at), summary, detail)
	return false
}

func constant(t *ast.Term) bool { _, ok := t.Value.(ast.String); return ok }

// names reports whether a step of a reference is the name.
func names(t *ast.Term, name string) bool {
	s, ok := t.Value.(ast.String)
	return ok && string(s) == name
}
