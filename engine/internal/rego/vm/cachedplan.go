package vm

import (
	"strings"
	"sync"

	"github.com/posture-score/posture/engine/internal/codec"
	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/engine/internal/rego/ir"
	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: a program is the same, whether it was compiled from a plan or from what Marshal wrote of it.

// CachedPlan is a serialized plan with summaries of programs. To analyze a program takes much longer than to compile it, and most runs
// evaluate few of them. It is safe for concurrent use.
type CachedPlan struct {
	plan      func() (*ir.Plan, error)
	summaries map[string]dataflow.Summary // by the rules of the program
}

// Marshal compiles a program from each list of rules, and serializes the plan and their summaries. Programs that can't be compiled are left
// out.
func Marshal(plan *ir.Plan, programs [][]string) ([]byte, error) {
	summaries := map[string]dataflow.Summary{}
	for _, rules := range programs {
		if g, err := Compile(plan, rules...); err == nil {
			summaries[key(rules)] = g.Summary()
		}
	}
	c := codec.NewWriter()
	codec.Map(c, &summaries, codeSummary)
	plan.Encode(c)
	return c.Packed(), c.Err()
}

// Unmarshal returns the plan that [Marshal] wrote. Functions of the plan are decoded when they are compiled.
func Unmarshal(text string) (*CachedPlan, error) {
	c := codec.NewReader(text)
	p := &CachedPlan{}
	codec.Map(c, &p.summaries, codeSummary)
	p.plan = sync.OnceValues(func() (*ir.Plan, error) {
		plan := ir.Decode(c)
		return plan, c.End()
	})
	return p, c.Err()
}

// Summary returns the summary of the program of these rules, if there is one.
func (p *CachedPlan) Summary(rules []string) (dataflow.Summary, bool) {
	summary, ok := p.summaries[key(rules)]
	return summary, ok
}

// Compile compiles the program of these rules, with its summary if there is one.
func (p *CachedPlan) Compile(rules []string) (g *Program, err error) {
	defer recoverPlan(&err)
	plan, err := p.plan()
	if err != nil {
		return nil, err
	}
	if summary, ok := p.Summary(rules); ok {
		return newProgram(plan).rules(rules, &summary)
	}
	return Compile(plan, rules...)
}

func key(rules []string) string { return strings.Join(rules, "; ") }

func codeSummary(c *codec.Coder, s *dataflow.Summary) {
	codec.List(c, &s.Fields, codec.Text[string])
	codec.Pointer(c, &s.AccessPaths.Input, codeMask)
	codec.Pointer(c, &s.AccessPaths.Data, codeMask)
	codec.List(c, &s.Frontier.Rules, codec.Text[string])
	codec.List(c, &s.Frontier.ResidualFields, codec.Text[string])
	codeDomain(c, &s.Domain)
	c.Bool(&s.Pure)
}

func codeDomain(c *codec.Coder, d *dataflow.Domain) {
	codec.List(c, &d.Constants, codec.Text[string])
	codec.List(c, &d.Sets, codec.Text[string])
	codec.List(c, &d.Fields, func(c *codec.Coder, f *dataflow.Comparison) {
		codec.Text(c, &f.Field)
		codec.Text(c, &f.Element)
		codec.List(c, &f.Values, func(c *codec.Coder, p *dataflow.Path) {
			codec.Text(c, &p.Document)
			codec.List(c, &p.Steps, func(c *codec.Coder, s *dataflow.Step) { codec.Text(c, &s.Field) })
		})
		codec.List(c, &f.Predicates, func(c *codec.Coder, p *dataflow.Predicate) {
			codec.Text(c, &p.Function)
			codec.Text(c, &p.Case)
			codec.List(c, &p.Other, func(c *codec.Coder, part *dataflow.Part) {
				codec.Text(c, &part.Text)
				codec.List(c, &part.Path, codec.Text[string])
			})
		})
	})
}

func codeMask(c *codec.Coder, m *jsonscan.FieldMask) {
	c.Bool(&m.Whole)
	codec.Pointer(c, &m.Each, codeMask)
	codec.Map(c, &m.Fields, func(c *codec.Coder, field **jsonscan.FieldMask) { codec.Pointer(c, field, codeMask) })
}
