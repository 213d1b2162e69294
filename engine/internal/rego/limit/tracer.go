package limit

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

const (
	stepsOfEvent  = 8  // which takes topdown as long as so many statements take the VM
	bytesOfResult = 96 // of the body of a comprehension or of a rule
)

// Tracer counts the events of an evaluation by topdown, and charges built-in functions before they run. Where a limit is exceeded it panics
// with an [*Error]: topdown can't be stopped otherwise before a call. It is for one evaluation.
type Tracer struct {
	meter  Meter
	prices *Prices
	priced map[*ast.Expr]Price // nil for what calls no built-in function

	rules   []string       // references of rules that were evaluated
	indices map[string]int // of them
	within  []int          // the rule that each query is within, by the ids of queries; 0 for none
	next    topdown.QueryTracer
}

// NewTracer returns a tracer.
func NewTracer(limits Limits) *Tracer {
	return &Tracer{
		meter: NewMeter(limits), prices: NewPrices(), priced: map[*ast.Expr]Price{}, rules: []string{""}, indices: map[string]int{},
	}
}

// Before has the tracer hand events to another one.
func (t *Tracer) Before(next topdown.QueryTracer) *Tracer {
	t.next = next
	return t
}

// Enabled is part of [topdown.QueryTracer].
func (t *Tracer) Enabled() bool { return true }

// Config is part of [topdown.QueryTracer].
func (t *Tracer) Config() topdown.TraceConfig {
	if t.next != nil {
		return t.next.Config()
	}
	return topdown.TraceConfig{}
}

// TraceEvent is part of [topdown.QueryTracer].
func (t *Tracer) TraceEvent(evt topdown.Event) {
	t.meter.Steps += stepsOfEvent
	switch evt.Op {
	case topdown.EnterOp:
		t.enter(&evt)
	case topdown.ExitOp:
		t.meter.Bytes += bytesOfResult
	case topdown.EvalOp:
		t.charge(&evt)
	}
	if t.meter.Steps > t.meter.max.Steps || t.meter.Bytes > t.meter.max.Bytes {
		panic(t.meter.Exceeded(t.rule(evt.QueryID)))
	}
	if t.next != nil && t.next.Enabled() {
		t.next.TraceEvent(evt)
	}
}

// enter notes which rule a query is within.
func (t *Tracer) enter(evt *topdown.Event) {
	for uint64(len(t.within)) <= evt.QueryID {
		t.within = append(t.within, 0)
		t.meter.Bytes += 8
	}
	index := 0
	if evt.ParentID < uint64(len(t.within)) {
		index = t.within[evt.ParentID]
	}
	if r, ok := evt.Node.(*ast.Rule); ok && len(r.Head.Args) == 0 {
		index = t.index(r.Ref().GroundPrefix().String())
	}
	t.within[evt.QueryID] = index
}

func (t *Tracer) index(rule string) int {
	i, known := t.indices[rule]
	if !known {
		i = len(t.rules)
		t.rules = append(t.rules, rule)
		t.indices[rule] = i
	}
	return i
}

func (t *Tracer) rule(query uint64) string {
	if query < uint64(len(t.within)) {
		return t.rules[t.within[query]]
	}
	return ""
}

// charge charges an expression that is about to be evaluated, if it calls a built-in function.
func (t *Tracer) charge(evt *topdown.Event) {
	expr, ok := evt.Node.(*ast.Expr)
	if !ok || !expr.IsCall() {
		return
	}
	price, known := t.priced[expr]
	if !known {
		if name := expr.Operator().String(); ast.BuiltinMap[name] != nil {
			price, _ = Of(name)
		}
		t.priced[expr] = price
	}
	if price == nil {
		return
	}
	operands := expr.Operands()
	args := make([]*ast.Term, len(operands))
	for i, operand := range operands {
		args[i] = evt.Plug(operand)
	}
	t.meter.Spend(price(t.prices, args))
}
