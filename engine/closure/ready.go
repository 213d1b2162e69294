package closure

import (
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/evidence/projection"
	"github.com/posture-score/posture/policies/packed"
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
	c := packed.NewWriter()
	packed.Map(c, &facts, codeFacts)
	codePlan(c, p.policy)
	return c.Packed(), c.Err()
}

// Unpack readies what [Plan.Pack] packed. Functions of the plan are read when they are compiled.
func Unpack(text string) (*Ready, error) {
	c := packed.NewReader(text)
	r := &Ready{}
	packed.Map(c, &r.facts, codeFacts)
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

func codeFacts(c *packed.Coder, f *Facts) {
	packed.List(c, &f.Fields, packed.Text[string])
	packed.Pointer(c, &f.Reads.Input, codePaths)
	packed.Pointer(c, &f.Reads.Data, codePaths)
	packed.List(c, &f.Premises.Rules, packed.Text[string])
	packed.List(c, &f.Premises.Rest, packed.Text[string])
	c.Bool(&f.Pure)
}

func codePaths(c *packed.Coder, p *projection.Paths) {
	c.Bool(&p.Whole)
	packed.Pointer(c, &p.Each, codePaths)
	packed.Map(c, &p.Fields, func(c *packed.Coder, below **projection.Paths) { packed.Pointer(c, below, codePaths) })
}

// codePlan packs the constants and the functions of a policy, or reads them: the functions but for what stands in them.
func codePlan(c *packed.Coder, policy *ir.Policy) *Plan {
	static, funcs := ir.Static{}, []*ir.Func(nil)
	if policy.Static != nil {
		static = *policy.Static
	}
	if policy.Funcs != nil {
		funcs = policy.Funcs.Funcs
	}
	packed.List(c, &static.Strings, codeConstant)
	packed.List(c, &static.Files, codeConstant)
	plan := NewPlan(&ir.Policy{Static: &static})
	packed.List(c, &funcs, func(c *packed.Coder, f **ir.Func) {
		packed.Pointer(c, f, codeHead)
		body := c.Part(func() { packed.List(c, &(*f).Blocks, codeBlock) })
		if body != nil && *f != nil {
			plan.add(*f, sync.OnceValue(func() error {
				packed.List(body, &(*f).Blocks, codeBlock)
				return body.End()
			}))
		}
	})
	return plan
}

func codeConstant(c *packed.Coder, s **ir.StringConst) {
	packed.Pointer(c, s, func(c *packed.Coder, s *ir.StringConst) { packed.Text(c, &s.Value) })
}

// codeHead codes all of a function but what stands in it.
func codeHead(c *packed.Coder, f *ir.Func) {
	packed.Text(c, &f.Name)
	packed.List(c, &f.Params, packed.Int[ir.Local])
	packed.Int(c, &f.Return)
	packed.List(c, &f.Path, packed.Text[string])
}

func codeBlock(c *packed.Coder, b **ir.Block) {
	packed.Pointer(c, b, func(c *packed.Coder, b *ir.Block) { packed.List(c, &b.Stmts, codeStatement) })
}
