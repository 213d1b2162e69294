package vm

import (
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/codec"
	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: what is read back of a plan and its programs is what was packed: a program is the same, whether it was compiled of the
// one or of the other.

// Facts is what is known of a program.
type Facts struct {
	Fields   []string // see [Program.Fields]
	Reads    Reads
	Premises Premises
	Pure     bool // see [Program.Pure]
}

// Facts returns what is known of the program. It is shared: read only.
func (g *Program) Facts() Facts {
	return Facts{Fields: g.fields, Reads: g.reads, Premises: g.premises, Pure: g.Pure()}
}

// Ready is a packed plan with the facts of the programs that were compiled of it. To find those out takes much longer than to compile
// a program, and most runs ask few of them. It is safe for concurrent use.
type Ready struct {
	plan  func() (*Plan, error)
	facts map[string]Facts // by the entries of the program
}

// Pack compiles a program of each list of rules, and packs the plan and what is known of them. Those that can't be compiled are left
// out.
func (p *Plan) Pack(programs [][]string) ([]byte, error) {
	facts := map[string]Facts{}
	for _, rules := range programs {
		if g, err := p.CompileRules(rules...); err == nil {
			facts[key(rules)] = g.Facts()
		}
	}
	c := codec.NewWriter()
	codec.Map(c, &facts, codeFacts)
	codePlan(c, p.policy)
	return c.Packed(), c.Err()
}

// Unpack readies what [Plan.Pack] packed. Functions of the plan are read when they are compiled.
func Unpack(text string) (*Ready, error) {
	c := codec.NewReader(text)
	r := &Ready{}
	codec.Map(c, &r.facts, codeFacts)
	r.plan = sync.OnceValues(func() (*Plan, error) {
		plan := codePlan(c, &ir.Policy{})
		return plan, c.End()
	})
	return r, c.Err()
}

// Facts returns what is known of the program of these rules, if it was packed.
func (r *Ready) Facts(rules []string) (Facts, bool) {
	facts, ok := r.facts[key(rules)]
	return facts, ok
}

// Program compiles the program of these rules.
func (r *Ready) Program(rules []string) (g *Program, err error) {
	defer refuse(&err)
	plan, err := r.plan()
	if err != nil {
		return nil, err
	}
	g = plan.program()
	if facts, ok := r.Facts(rules); ok {
		g.know(facts)
	}
	if err := g.enterRules(rules); err != nil {
		return nil, err
	}
	return g, nil
}

func key(rules []string) string { return strings.Join(rules, "; ") }

// know takes over facts that were found out before.
func (g *Program) know(facts Facts) {
	g.known = true
	g.reads, g.premises = facts.Reads, facts.Premises
	for _, name := range facts.Fields {
		g.slot(name)
	}
}

func codeFacts(c *codec.Coder, f *Facts) {
	codec.List(c, &f.Fields, codec.Text[string])
	codec.Pointer(c, &f.Reads.Input, codePaths)
	codec.Pointer(c, &f.Reads.Data, codePaths)
	codec.List(c, &f.Premises.Rules, codec.Text[string])
	codec.List(c, &f.Premises.Rest, codec.Text[string])
	c.Bool(&f.Pure)
}

func codePaths(c *codec.Coder, p *jsonscan.FieldMask) {
	c.Bool(&p.Whole)
	codec.Pointer(c, &p.Each, codePaths)
	codec.Map(c, &p.Fields, func(c *codec.Coder, below **jsonscan.FieldMask) { codec.Pointer(c, below, codePaths) })
}

// codePlan packs the constants and the functions of a policy, or reads them: the functions but for what stands in them.
func codePlan(c *codec.Coder, policy *ir.Policy) *Plan {
	static, funcs := ir.Static{}, []*ir.Func(nil)
	if policy.Static != nil {
		static = *policy.Static
	}
	if policy.Funcs != nil {
		funcs = policy.Funcs.Funcs
	}
	codec.List(c, &static.Strings, codeConstant)
	codec.List(c, &static.Files, codeConstant)
	plan := NewPlan(&ir.Policy{Static: &static})
	codec.List(c, &funcs, func(c *codec.Coder, f **ir.Func) {
		codec.Pointer(c, f, codeHead)
		body := c.Part(func() { codec.List(c, &(*f).Blocks, codeBlock) })
		if body != nil && *f != nil {
			plan.add(*f, sync.OnceValue(func() error {
				codec.List(body, &(*f).Blocks, codeBlock)
				return body.End()
			}))
		}
	})
	return plan
}

func codeConstant(c *codec.Coder, s **ir.StringConst) {
	codec.Pointer(c, s, func(c *codec.Coder, s *ir.StringConst) { codec.Text(c, &s.Value) })
}

// codeHead codes all of a function but what stands in it.
func codeHead(c *codec.Coder, f *ir.Func) {
	codec.Text(c, &f.Name)
	codec.List(c, &f.Params, codec.Int[ir.Local])
	codec.Int(c, &f.Return)
	codec.List(c, &f.Path, codec.Text[string])
}

func codeBlock(c *codec.Coder, b **ir.Block) {
	codec.Pointer(c, b, func(c *codec.Coder, b *ir.Block) { codec.List(c, &b.Stmts, codeStatement) })
}
