package ir

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/codec"
)

// Invariant: every statement that can be compiled can be encoded, with all that compiling it reads: of its location the file, the row and
// the column, but not the text.

// Encode writes the constants and the functions of the plan.
func (p *Plan) Encode(c *codec.Coder) { codePlan(c, p.policy) }

// Decode reads a plan. The bodies of its functions are decoded when they are first needed.
func Decode(c *codec.Coder) *Plan { return codePlan(c, &ir.Policy{}) }

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
	plan := New(&ir.Policy{Static: &static})
	codec.List(c, &funcs, func(c *codec.Coder, f **ir.Func) {
		codec.Pointer(c, f, codeSignature)
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

// codeSignature codes all of a function but its body.
func codeSignature(c *codec.Coder, f *ir.Func) {
	codec.Text(c, &f.Name)
	codec.List(c, &f.Params, codec.Int[ir.Local])
	codec.Int(c, &f.Return)
	codec.List(c, &f.Path, codec.Text[string])
}

func codeBlock(c *codec.Coder, b **ir.Block) {
	codec.Pointer(c, b, func(c *codec.Coder, b *ir.Block) { codec.List(c, &b.Stmts, codeStatement) })
}

// statements make an empty statement of each type, which is encoded as its index.
var statements = [...]func() ir.Stmt{
	func() ir.Stmt { return &ir.ArrayAppendStmt{} },
	func() ir.Stmt { return &ir.AssignIntStmt{} },
	func() ir.Stmt { return &ir.AssignVarOnceStmt{} },
	func() ir.Stmt { return &ir.AssignVarStmt{} },
	func() ir.Stmt { return &ir.BlockStmt{} },
	func() ir.Stmt { return &ir.BreakStmt{} },
	func() ir.Stmt { return &ir.CallDynamicStmt{} },
	func() ir.Stmt { return &ir.CallStmt{} },
	func() ir.Stmt { return &ir.DotStmt{} },
	func() ir.Stmt { return &ir.EqualStmt{} },
	func() ir.Stmt { return &ir.IsArrayStmt{} },
	func() ir.Stmt { return &ir.IsDefinedStmt{} },
	func() ir.Stmt { return &ir.IsObjectStmt{} },
	func() ir.Stmt { return &ir.IsSetStmt{} },
	func() ir.Stmt { return &ir.IsUndefinedStmt{} },
	func() ir.Stmt { return &ir.LenStmt{} },
	func() ir.Stmt { return &ir.MakeArrayStmt{} },
	func() ir.Stmt { return &ir.MakeNullStmt{} },
	func() ir.Stmt { return &ir.MakeNumberIntStmt{} },
	func() ir.Stmt { return &ir.MakeNumberRefStmt{} },
	func() ir.Stmt { return &ir.MakeObjectStmt{} },
	func() ir.Stmt { return &ir.MakeSetStmt{} },
	func() ir.Stmt { return &ir.NopStmt{} },
	func() ir.Stmt { return &ir.NotEqualStmt{} },
	func() ir.Stmt { return &ir.NotStmt{} },
	func() ir.Stmt { return &ir.ObjectInsertOnceStmt{} },
	func() ir.Stmt { return &ir.ObjectInsertStmt{} },
	func() ir.Stmt { return &ir.ObjectMergeStmt{} },
	func() ir.Stmt { return &ir.ResetLocalStmt{} },
	func() ir.Stmt { return &ir.ResultSetAddStmt{} },
	func() ir.Stmt { return &ir.ReturnLocalStmt{} },
	func() ir.Stmt { return &ir.ScanStmt{} },
	func() ir.Stmt { return &ir.SetAddStmt{} },
	func() ir.Stmt { return &ir.WithStmt{} },
}

// codeStatement encodes a statement, or decodes it.
func codeStatement(c *codec.Coder, s *ir.Stmt) {
	kind := -1
	if !c.Reading() {
		for i, empty := range statements {
			if reflect.TypeOf(empty()) == reflect.TypeOf(*s) {
				kind = i
			}
		}
	}
	if codec.Int(c, &kind); kind < 0 || kind >= len(statements) {
		c.Fail(&Unsupported{Construct: "this kind of statement"})
		kind = 0
	}
	if c.Reading() {
		*s = statements[kind]()
	}
	at := (*s).GetLocation()
	codec.Int(c, &at.File)
	codec.Int(c, &at.Row)
	codec.Int(c, &at.Col)
	Visit(*s, coder{c})
}

// coder encodes the components of a statement, or decodes them. It is a [Visitor].
type coder struct{ c *codec.Coder }

func (v coder) Source(o *ir.Operand)          { codeOperand(v.c, o) }
func (v coder) SourceLocal(l *ir.Local)       { codec.Int(v.c, l) }
func (v coder) Sources(list *[]ir.Operand)    { codec.List(v.c, list, codeOperand) }
func (v coder) SourceLocals(list *[]ir.Local) { codec.List(v.c, list, codec.Int[ir.Local]) }
func (v coder) Target(l *ir.Local)            { codec.Int(v.c, l) }
func (v coder) Block(b **ir.Block)            { codeBlock(v.c, b) }
func (v coder) Blocks(list *[]*ir.Block)      { codec.List(v.c, list, codeBlock) }

func (v coder) Constant(component any) {
	switch p := component.(type) {
	case *string:
		codec.Text(v.c, p)
	case *int:
		codec.Int(v.c, p)
	case *int32:
		codec.Int(v.c, p)
	case *int64:
		codec.Int(v.c, p)
	case *uint32:
		codec.Int(v.c, p)
	case *[]int:
		codec.List(v.c, p, codec.Int[int])
	default:
		v.c.Fail(fmt.Errorf("a statement has a %T", component))
	}
}

// The kinds of operands.
const (
	kindNothing = iota
	kindLocal
	kindString
	kindBool
)

func codeOperand(c *codec.Coder, o *ir.Operand) {
	kind, n := kindNothing, 0
	switch v := o.Value.(type) {
	case ir.Local:
		kind, n = kindLocal, int(v)
	case ir.StringIndex:
		kind, n = kindString, int(v)
	case ir.Bool:
		if kind = kindBool; v {
			n = 1
		}
	}
	both := n<<2 | kind
	if codec.Int(c, &both); !c.Reading() {
		return
	}
	switch n = both >> 2; both & 3 {
	case kindLocal:
		o.Value = ir.Local(n)
	case kindString:
		o.Value = ir.StringIndex(n)
	case kindBool:
		o.Value = ir.Bool(n != 0)
	}
}
