package scan

import (
	"bytes"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/rego/limit"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/schemas"
)

// Invariant: values of one class get the same verdict from every rule that only compares the
// column. What a rule does with a value of its domain is not known: each is a class of its own.

// domain is the values that rules of a plan compare a column with, and what else they ask of it. A
// string that is not among them belongs to a class with all others for which the predicates are the
// same (see package dataflow).
type domain struct {
	values     map[string]struct{}
	predicates []predicate
	added      map[addedPath]bool
}

// addedPath is a part of the documents whose values are in a domain.
type addedPath struct {
	from  ast.Value
	steps string
}

// domainKey is the column of a domain: a field of the record, or of what is joined.
type domainKey struct {
	join  int // -1 for the record
	field string
}

// ofRecord is the join of a [domainKey] that stands for the record itself.
const ofRecord = -1

// maxPredicates bounds the predicates of a domain: 1<<maxPredicates classes fit into the key of a memo.
const maxPredicates = 4

func newDomain() *domain { return &domain{values: map[string]struct{}{}, added: map[addedPath]bool{}} }

// compare adds what a rule compares with and asks of a column; it returns false if it asks too much.
func (d *domain) compare(c *dataflow.Comparison, constants []string, env *eval.Env) bool {
	predicates := slices.Clone(d.predicates)
	for _, asked := range c.Predicates {
		p, ok := newPredicate(asked, env)
		if ok && !slices.ContainsFunc(predicates, p.same) {
			predicates = append(predicates, p)
		}
	}
	if len(predicates) > maxPredicates {
		return false
	}
	d.predicates = predicates
	for _, text := range constants {
		d.values[text] = struct{}{}
	}
	for _, path := range c.Values {
		d.addPath(env, path.Steps)
	}
	return true
}

// addPath adds the values that the documents of an environment hold at a path.
func (d *domain) addPath(env *eval.Env, steps []dataflow.Step) {
	at := ast.Value(env.Data())
	for len(steps) > 0 && steps[0].Field != "" {
		if at = field(at, steps[0].Field); at == nil {
			return
		}
		steps = steps[1:]
	}
	names := make([]string, len(steps))
	for i, step := range steps {
		names[i] = step.Field
	}
	if path := (addedPath{steps: strings.Join(names, "\x00")}); isCollection(at) {
		if path.from = at; d.added[path] {
			return
		}
		d.added[path] = true
	}
	d.add(at, steps)
}

// isCollection reports whether a value is compared by its identity as the key of a map.
func isCollection(v ast.Value) bool {
	switch v.(type) {
	case *ast.Array, ast.Object, ast.Set:
		return true
	}
	return false
}

// add adds the values at the steps below a value, with all strings and keys within them.
func (d *domain) add(v ast.Value, steps []dataflow.Step) {
	visit := func(key, value *ast.Term) {
		switch {
		case len(steps) == 0:
			if key != nil {
				d.add(key.Value, nil)
			}
			d.add(value.Value, nil)
		case steps[0].Field == "" || key != nil && key.Value == ast.Value(ast.String(steps[0].Field)):
			d.add(value.Value, steps[1:])
		}
	}
	switch v := v.(type) {
	case ast.String:
		if len(steps) == 0 {
			d.values[string(v)] = struct{}{}
		}
	case *ast.Array:
		v.Foreach(func(t *ast.Term) { visit(nil, t) })
	case ast.Object:
		v.Foreach(visit)
	case ast.Set:
		v.Foreach(func(t *ast.Term) { visit(nil, t) })
	}
}

// maxClassed is the length of values in classes. What a rule takes for a longer one depends on how long it
// is: it might exceed a limit for one alone.
const maxClassed = limit.SmallText

// outside returns the class of a JSON value, from 0, if it is a string outside of the domain.
func (d *domain) outside(json []byte, fold *schemas.Fold, buffers *[3][]byte) (class uint32, ok bool) {
	if len(json) == 0 || json[0] != '"' || len(json) > maxClassed {
		return 0, false
	}
	text := fold.Text(jsonscan.Unquote(&buffers[0], json, bytes.IndexByte(json, '\\') >= 0), &buffers[1])
	if _, in := d.values[string(text)]; in {
		return 0, false
	}
	for i := range d.predicates {
		if d.predicates[i].holds(text, &buffers[2]) {
			class |= 1 << i
		}
	}
	return class, true
}

// What asking a predicate takes for one text may be nothing for another one of its class.
const (
	stepsOfPredicate   = 32 // for any text of at most maxClassed bytes
	stepsOfInstruction = 64 // and for each instruction of a regular expression
)

// spread returns how many times as many steps an evaluation may take for another text of the same class, at most: each step may be
// one that asks a predicate.
func (d *domain) spread() int64 {
	most := int64(0)
	for _, p := range d.predicates {
		steps := int64(stepsOfPredicate)
		if p.pattern != nil {
			steps += stepsOfInstruction * limit.Instructions(p.pattern.String())
		}
		most = max(most, steps)
	}
	return max(most, 1)
}
