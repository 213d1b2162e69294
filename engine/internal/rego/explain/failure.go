package explain

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Bounds of what is reported.
const (
	maxFailures = 20  // expressions of one rule
	maxBecause  = 5   // expressions below one of them
	maxDepth    = 4   // calls deep
	maxText     = 200 // characters of an expression or a value
)

// Failure is an expression that did not hold.
type Failure struct {
	Path     string    `json:"path"`
	Row      int       `json:"row"`
	Col      int       `json:"col"`
	Text     string    `json:"text"`
	Bindings []Binding `json:"bindings"`          // of what the expression names, in the order of its text
	Because  []Failure `json:"because,omitempty"` // expressions of the rules that it calls which did not hold
}

// Binding is the value of a variable, a reference or a call of an expression.
type Binding struct {
	Name  string `json:"name"`  // as it is written
	Value string `json:"value"` // as JSON, cut to 200 characters; "undefined" if it has none
}

// Failures returns the expressions in the bodies of a rule that did not hold, in the order of evaluation: at most 20. It returns what
// is known at an error of the evaluation, too.
func (env Environment) Failures(ctx context.Context, rule string) ([]Failure, error) {
	ref, err := ast.ParseRef(rule)
	if err != nil {
		return nil, err
	}
	c := &collector{queries: map[uint64]*query{}}
	_, err = env.eval(ctx, ast.NewTerm(ref), nil, c)
	return env.describe(ctx, c.root, maxFailures, 0), err
}

// failed is a Failure before its values are known.
type failed struct {
	expr     *ast.Expr
	env      []*ast.With
	input    *ast.Term
	operands []operand
	because  []*failed
}

// operand is a part of an expression that has a value.
type operand struct {
	name  string
	value ast.Value // if it is known already
	term  *ast.Term // to be evaluated otherwise
}

// causes returns the failures below. Those of an expression such as "every", which is a body of its own, are among them.
func (f *failed) causes() []*failed {
	var causes []*failed
	for _, cause := range f.because {
		if cause.expr == f.expr {
			causes = append(causes, cause.causes()...)
		} else {
			causes = append(causes, cause)
		}
	}
	return causes
}

// describe evaluates what the failed expressions name.
func (env Environment) describe(ctx context.Context, list []*failed, most, depth int) []Failure {
	var failures []Failure
	seen := map[string]bool{}
	for _, f := range list {
		if len(failures) == most {
			break
		}
		at := f.expr.Location
		failure := Failure{Path: at.File, Row: at.Row, Col: at.Col, Text: firstLine(string(at.Text)), Bindings: []Binding{}}
		for _, o := range f.operands {
			value := o.value
			if value == nil {
				// A part that can't be evaluated by itself is as good as undefined.
				value, _ = Environment{env.Compiler, env.Data, f.input, env.Now}.eval(ctx, o.term, f.env, nil)
			}
			failure.Bindings = append(failure.Bindings, Binding{o.name, shown(value)})
		}
		if key := failure.key(); !seen[key] {
			seen[key] = true
			if depth < maxDepth {
				failure.Because = env.describe(ctx, f.causes(), maxBecause, depth+1)
			}
			failures = append(failures, failure)
		}
	}
	return failures
}

// key tells failures apart: the same expression with the same values says nothing new.
func (f Failure) key() string {
	var key strings.Builder
	for _, b := range f.Bindings {
		key.WriteString(b.Value + "\x00")
	}
	return fmt.Sprintf("%s:%d:%d ", f.Path, f.Row, f.Col) + f.Text + key.String()
}

func firstLine(text string) string {
	line, _, more := strings.Cut(strings.TrimSpace(text), "\n")
	if more {
		line += " …"
	}
	return cut(line)
}

func shown(value ast.Value) string {
	if value == nil {
		return "undefined"
	}
	return cut(value.String())
}

// cut bounds a text.
func cut(text string) string {
	if utf8.RuneCountInString(text) <= maxText {
		return text
	}
	return string([]rune(text)[:maxText]) + "…"
}

// collector is a topdown.QueryTracer that keeps the expressions that fail.
type collector struct {
	queries map[uint64]*query
	root    []*failed // in the bodies of the rule that is asked for
	events  int
	cancel  topdown.Cancel
}

// query is the evaluation of one body.
type query struct {
	parent  *query
	depth   int
	with    []*ast.With // in force for the whole body
	current []*ast.With // in force for the expression that is being evaluated
	because []*failed   // collected below the expression that is being evaluated
}

// Enabled is part of topdown.QueryTracer.
func (c *collector) Enabled() bool { return true }

// Config is part of topdown.QueryTracer.
func (c *collector) Config() topdown.TraceConfig { return topdown.TraceConfig{PlugLocalVars: true} }

func (c *collector) limit(cancel topdown.Cancel) { c.cancel = cancel }

// TraceEvent is part of topdown.QueryTracer.
func (c *collector) TraceEvent(evt topdown.Event) {
	if c.events++; c.events > maxEvents {
		c.cancel.Cancel()
		return
	}
	q := c.query(&evt)
	expr, ok := evt.Node.(*ast.Expr)
	if !ok {
		return
	}
	switch evt.Op {
	case topdown.EvalOp:
		q.current, q.because = plugged(&evt, expr, q.with), nil
	case topdown.FailOp:
		c.add(q, &failed{expr: expr, env: plugged(&evt, expr, q.with), input: evt.Input(), operands: operands(&evt, expr), because: q.because})
		q.because = nil
	}
}

// query returns the state of the body that an event belongs to.
func (c *collector) query(evt *topdown.Event) *query {
	q := c.queries[evt.QueryID]
	if q == nil {
		q = &query{parent: c.queries[evt.ParentID]}
		if q.parent != nil {
			q.depth, q.with = q.parent.depth+1, q.parent.current
		}
		c.queries[evt.QueryID] = q
	}
	return q
}

// add notes a failure where it belongs: below the expression of the query that led to it.
func (c *collector) add(q *query, f *failed) {
	const most = 200 // that are kept, before equal ones are left out
	switch {
	case f.expr.Location == nil || f.expr.Location.File == "":
	case q.depth == 1 && len(c.root) < most: // the query itself is at depth 0
		c.root = append(c.root, f)
	case q.depth > 1 && len(q.parent.because) < most:
		q.parent.because = append(q.parent.because, f)
	}
}

// plugged returns the modifiers of an expression, with the values that they have, behind those in force.
func plugged(evt *topdown.Event, expr *ast.Expr, before []*ast.With) []*ast.With {
	with := slices.Clip(before)
	for _, w := range expr.With {
		with = append(with, &ast.With{Target: w.Target, Value: evt.Plug(w.Value), Location: w.Location})
	}
	return with
}

// operands returns the parts of an expression that have a value.
func operands(evt *topdown.Event, expr *ast.Expr) []operand {
	var found []operand
	add := func(o operand) {
		if !slices.ContainsFunc(found, func(other operand) bool { return other.name == o.name }) {
			found = append(found, o)
		}
	}
	var walk func(*ast.Term)
	walk = func(term *ast.Term) {
		switch value := term.Value.(type) {
		case ast.Var:
			if name := name(evt, term, value); name != "" {
				plugged := evt.Plug(term)
				if plugged.IsGround() {
					add(operand{name: name, value: plugged.Value})
				}
			}
		case ast.Ref:
			if plugged := evt.Plug(term); plugged.IsGround() {
				add(operand{name: text(term), term: plugged})
			}
			for _, part := range value[1:] {
				walk(part)
			}
		case ast.Call:
			for _, argument := range value[1:] {
				walk(argument)
			}
		case *ast.Array, ast.Object, ast.Set:
			for _, child := range children(value) {
				walk(child)
			}
		}
	}
	switch terms := expr.Terms.(type) {
	case *ast.Term:
		walk(terms)
	case []*ast.Term:
		for _, term := range terms[1:] {
			walk(term)
		}
	case *ast.Every:
		walk(terms.Domain)
	}
	for _, with := range expr.With {
		walk(with.Value)
	}
	return found
}

// children returns the terms in a composite value.
func children(value ast.Value) []*ast.Term {
	var terms []*ast.Term
	switch value := value.(type) {
	case *ast.Array:
		value.Foreach(func(t *ast.Term) { terms = append(terms, t) })
	case ast.Set:
		value.Foreach(func(t *ast.Term) { terms = append(terms, t) })
	case ast.Object:
		value.Foreach(func(k, v *ast.Term) { terms = append(terms, k, v) })
	}
	return terms
}

// name returns what a variable is called in the source: "" if it is not. A variable that stands for a call bears the text of the call.
func name(evt *topdown.Event, term *ast.Term, v ast.Var) string {
	if meta, ok := evt.LocalMetadata[v]; ok && !meta.Name.IsGenerated() {
		if meta.Name.IsWildcard() {
			return ""
		}
		return string(meta.Name)
	}
	if v.IsGenerated() {
		return text(term)
	}
	return ""
}

// text returns a term as it is written.
func text(term *ast.Term) string {
	if term.Location != nil && len(term.Location.Text) > 0 {
		return firstLine(string(term.Location.Text))
	}
	return cut(term.String())
}
