package explain

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// maxSteps bounds how many steps of an evaluation are shown.
const maxSteps = 2000

// Steps returns the steps of the evaluation of a rule, one on a line, as OPA writes them: at most the first 2,000.
func (env Environment) Steps(ctx context.Context, rule string) ([]string, error) {
	ref, err := ast.ParseRef(rule)
	if err != nil {
		return nil, fmt.Errorf("evaluating %s: %w", rule, err)
	}
	t := &buffer{}
	_, err = env.eval(ctx, ast.NewTerm(ref), nil, t)
	var text bytes.Buffer
	topdown.PrettyTraceWithOpts(&text, t.events, topdown.PrettyTraceOptions{Locations: true, ExprVariables: true})
	lines := strings.Split(strings.TrimRight(text.String(), "\n"), "\n")
	if t.left > 0 {
		lines = append(lines, fmt.Sprintf("... and %d steps more", t.left))
	}
	return lines, err
}

// buffer is a topdown.QueryTracer that keeps the first steps.
type buffer struct {
	events []*topdown.Event
	left   int
	cancel topdown.Cancel
}

// Enabled is part of topdown.QueryTracer.
func (b *buffer) Enabled() bool { return true }

// Config is part of topdown.QueryTracer.
func (b *buffer) Config() topdown.TraceConfig { return topdown.TraceConfig{PlugLocalVars: true} }

func (b *buffer) limit(cancel topdown.Cancel) { b.cancel = cancel }

// TraceEvent is part of topdown.QueryTracer.
func (b *buffer) TraceEvent(evt topdown.Event) {
	if evt.Op == topdown.UnifyOp {
		return // the expression before it says the same
	}
	if len(b.events) < maxSteps {
		b.events = append(b.events, &evt)
		return
	}
	if b.left++; b.left > maxEvents {
		b.cancel.Cancel()
	}
}
