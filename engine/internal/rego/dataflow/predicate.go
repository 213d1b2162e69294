package dataflow

import (
	"slices"

	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: where a statement asks a predicate, its outcome follows from whether the predicate holds for the text, as Predicate describes
// it, and from the environment.

// Predicate is a test of a text by a built-in function of two values, of which the other is the same for every input.
type Predicate struct {
	Function string // contains, startswith, endswith, regex.match, lt, lte, gt or gte: "text Function Other"
	Case     string // "lower" or "upper" if the text is converted to that case before; or ""
	Other    []Part // the other value, joined; if any part is no text the outcome is the same for each text
}

// Part is a part of a text: a constant, or a text in data.
type Part struct {
	Text string
	Path []string // if it is not empty
}

func (p Predicate) equal(q Predicate) bool {
	return p.Function == q.Function && p.Case == q.Case && slices.EqualFunc(p.Other, q.Other, func(a, b Part) bool {
		return a.Text == b.Text && slices.Equal(a.Path, b.Path)
	})
}

// swapped are the comparisons with their operands the other way around.
var swapped = map[string]string{"lt": "gt", "lte": "gte", "gt": "lt", "gte": "lte"}

// test returns the predicate that a call asks of the text in a local; ok is false if it asks anything else.
func (a *analysis) test(s *opair.CallStmt) (text opair.Local, p Predicate, ok bool) {
	if len(s.Args) != 2 {
		return 0, Predicate{}, false
	}
	operand, other := s.Args[0], s.Args[1]
	p.Function = s.Func
	switch s.Func {
	case "contains", "startswith", "endswith":
	case "regex.match":
		operand, other = other, operand
	case "lt", "lte", "gt", "gte":
		if p.Other, ok = a.definitions().parts(operand, maxCopies); ok {
			operand, other, p.Function = other, operand, swapped[s.Func]
		}
	default:
		return 0, Predicate{}, false
	}
	if text, ok = operand.Value.(opair.Local); !ok {
		return 0, Predicate{}, false
	}
	p.Other, ok = a.definitions().parts(other, maxCopies)
	return text, p, ok
}

// ask notes that a predicate is asked of values. Functions of texts tell nothing of a collection, but it may be compared with another one.
func (a *analysis) ask(values locSet, p Predicate) {
	for _, l := range values {
		switch {
		case l.allocated && swapped[p.Function] != "":
			a.read(locSet{l})
		case !l.allocated && l.ofInput() && !slices.ContainsFunc(l.predicates, p.equal):
			l.predicates, l.compared, a.changed = append(l.predicates, p), true, true
		}
	}
}

// askConverted notes the predicates that are asked of a text in another case; ok is false if anything else is done with the result.
func (a *analysis) askConverted(s *opair.CallStmt) (ok bool) {
	asked, ok := a.tests(s.Result)
	if !ok {
		return false
	}
	for _, p := range asked {
		p.Case = s.Func
		a.ask(a.operand(s.Args[0]), p)
	}
	return true
}

// tests returns the predicates that are asked of a local and its copies; ok is false if anything else is done with them.
func (a *analysis) tests(l opair.Local) (asked []Predicate, ok bool) {
	d := a.definitions()
	if _, once := d.writer(l); !once || l == a.function.Return {
		return nil, false
	}
	for _, s := range d.readers[l] {
		switch s := s.(type) {
		case *opair.AssignVarStmt:
			more, ok := a.tests(s.Target)
			if !ok {
				return nil, false
			}
			asked = append(asked, more...)
		case *opair.CallStmt:
			text, p, ok := a.test(s)
			if !ok || text != l {
				return nil, false
			}
			asked = append(asked, p)
		default:
			return nil, false
		}
	}
	return asked, true
}

// definitions are where a function writes and reads its locals.
type definitions struct {
	plan    *ir.Plan
	data    opair.Local
	writers map[opair.Local][]writer
	readers map[opair.Local][]opair.Stmt
}

// writer is a statement that writes a local, or adds to what it holds.
type writer struct {
	stmt  opair.Stmt
	block *opair.Block // that it is in
	index int
}

// definitions returns those of the current function.
func (a *analysis) definitions() *definitions {
	if a.state.definitions == nil {
		d := &definitions{plan: a.graph.plan, data: a.function.Params[1], writers: map[opair.Local][]writer{}, readers: map[opair.Local][]opair.Stmt{}}
		for _, b := range a.function.Blocks {
			d.add(b)
		}
		a.state.definitions = d
	}
	return a.state.definitions
}

func (d *definitions) add(b *opair.Block) {
	for i, s := range b.Stmts {
		parts := new(ir.Parts).Of(s)
		for _, l := range parts.Writes {
			d.writers[l] = append(d.writers[l], writer{s, b, i})
		}
		for _, o := range parts.Reads {
			if l, ok := o.Value.(opair.Local); ok {
				d.readers[l] = append(d.readers[l], s)
			}
		}
		for _, nested := range parts.Nested {
			d.add(nested)
		}
	}
}

// writer returns the one statement that writes a local. Where the local is read it holds what that has written, or nothing.
func (d *definitions) writer(l opair.Local) (writer, bool) {
	if len(d.writers[l]) != 1 {
		return writer{}, false
	}
	return d.writers[l][0], true
}

// maxCopies bounds how far a value is followed.
const maxCopies = 16

// parts returns the parts of a text that is the same for every input.
func (d *definitions) parts(o opair.Operand, depth int) ([]Part, bool) {
	if text, ok := d.plan.Constant(o); ok {
		return []Part{{Text: text}}, true
	}
	if path, ok := d.path(o, depth); ok {
		return []Part{{Path: path}}, len(path) > 0
	}
	l, _ := o.Value.(opair.Local)
	w, ok := d.writer(l)
	if !ok || depth == 0 {
		return nil, false
	}
	switch s := w.stmt.(type) {
	case *opair.AssignVarStmt:
		return d.parts(s.Source, depth-1)
	case *opair.CallStmt:
		if s.Func == "concat" {
			return d.joined(s, w, depth-1)
		}
	}
	return nil, false
}

// path returns the path of a value in data.
func (d *definitions) path(o opair.Operand, depth int) ([]string, bool) {
	l, ok := o.Value.(opair.Local)
	if ok && l == d.data {
		return nil, len(d.writers[l]) == 0
	}
	w, ok := d.writer(l)
	if !ok || depth == 0 {
		return nil, false
	}
	switch s := w.stmt.(type) {
	case *opair.AssignVarStmt:
		return d.path(s.Source, depth-1)
	case *opair.DotStmt:
		name, constant := d.plan.Constant(s.Key)
		path, ok := d.path(s.Source, depth-1)
		return append(path, name), ok && constant
	}
	return nil, false
}

// joined returns the parts of what a call joins: the elements of an array that the block of the call makes before it.
func (d *definitions) joined(s *opair.CallStmt, call writer, depth int) (all []Part, ok bool) {
	separator, ok := d.plan.Constant(s.Args[0])
	if !ok {
		return nil, false
	}
	array, _ := s.Args[1].Value.(opair.Local)
	for i, w := range d.writers[array] {
		if w.block != call.block || w.index > call.index {
			return nil, false
		}
		appended, ok := w.stmt.(*opair.ArrayAppendStmt)
		if _, makes := w.stmt.(*opair.MakeArrayStmt); makes != (i == 0) || !makes && !ok {
			return nil, false
		}
		if i == 0 {
			continue
		}
		parts, ok := d.parts(appended.Value, depth)
		if !ok {
			return nil, false
		}
		if i > 1 && separator != "" {
			all = append(all, Part{Text: separator})
		}
		all = append(all, parts...)
	}
	return all, len(all) > 0
}
