package vm

import (
	"reflect"

	"github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/codec"
)

// Invariant: every statement that can be compiled can be packed, with all that compiling it looks at: of its place the file, the row
// and the column, but not the text, which nothing here reads.

// statements make an empty statement of each type; the place of a type among them is how it is packed.
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

// codeStatement packs a statement, or reads it.
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
	if !codeControl(c, *s) && !codeLook(c, *s) && !codeMake(c, *s) {
		codeChange(c, *s)
	}
}

// codeControl codes what steers the evaluation.
func codeControl(c *codec.Coder, s ir.Stmt) bool {
	switch s := s.(type) {
	case *ir.BlockStmt:
		codec.List(c, &s.Blocks, codeBlock)
	case *ir.BreakStmt:
		codec.Int(c, &s.Index)
	case *ir.CallDynamicStmt:
		codec.List(c, &s.Args, codec.Int[ir.Local])
		codec.Int(c, &s.Result)
		codec.List(c, &s.Path, codeOperand)
	case *ir.CallStmt:
		codec.Text(c, &s.Func)
		codec.List(c, &s.Args, codeOperand)
		codec.Int(c, &s.Result)
	case *ir.NotStmt:
		codeBlock(c, &s.Block)
	case *ir.ReturnLocalStmt:
		codec.Int(c, &s.Source)
	case *ir.ScanStmt:
		codec.Int(c, &s.Source)
		codec.Int(c, &s.Key)
		codec.Int(c, &s.Value)
		codeBlock(c, &s.Block)
	case *ir.WithStmt:
		codec.Int(c, &s.Local)
		codec.List(c, &s.Path, codec.Int[int])
		codeOperand(c, &s.Value)
		codeBlock(c, &s.Block)
	default:
		return false
	}
	return true
}

// codeLook codes what looks at values.
func codeLook(c *codec.Coder, s ir.Stmt) bool {
	switch s := s.(type) {
	case *ir.DotStmt:
		codeOperand(c, &s.Source)
		codeOperand(c, &s.Key)
		codec.Int(c, &s.Target)
	case *ir.EqualStmt:
		codeOperand(c, &s.A)
		codeOperand(c, &s.B)
	case *ir.NotEqualStmt:
		codeOperand(c, &s.A)
		codeOperand(c, &s.B)
	case *ir.IsArrayStmt:
		codeOperand(c, &s.Source)
	case *ir.IsObjectStmt:
		codeOperand(c, &s.Source)
	case *ir.IsSetStmt:
		codeOperand(c, &s.Source)
	case *ir.IsDefinedStmt:
		codec.Int(c, &s.Source)
	case *ir.IsUndefinedStmt:
		codec.Int(c, &s.Source)
	case *ir.LenStmt:
		codeOperand(c, &s.Source)
		codec.Int(c, &s.Target)
	default:
		return false
	}
	return true
}

// codeMake codes what puts a value of its own into a register.
func codeMake(c *codec.Coder, s ir.Stmt) bool {
	switch s := s.(type) {
	case *ir.AssignIntStmt:
		codec.Int(c, &s.Value)
		codec.Int(c, &s.Target)
	case *ir.MakeArrayStmt:
		codec.Int(c, &s.Capacity)
		codec.Int(c, &s.Target)
	case *ir.MakeNullStmt:
		codec.Int(c, &s.Target)
	case *ir.MakeNumberIntStmt:
		codec.Int(c, &s.Value)
		codec.Int(c, &s.Target)
	case *ir.MakeNumberRefStmt:
		codec.Int(c, &s.Index)
		codec.Int(c, &s.Target)
	case *ir.MakeObjectStmt:
		codec.Int(c, &s.Target)
	case *ir.MakeSetStmt:
		codec.Int(c, &s.Target)
	case *ir.ResetLocalStmt:
		codec.Int(c, &s.Target)
	default:
		return false
	}
	return true
}

// codeChange codes what moves values, and adds to collections.
func codeChange(c *codec.Coder, s ir.Stmt) {
	switch s := s.(type) {
	case *ir.ArrayAppendStmt:
		codeOperand(c, &s.Value)
		codec.Int(c, &s.Array)
	case *ir.AssignVarOnceStmt:
		codeOperand(c, &s.Source)
		codec.Int(c, &s.Target)
	case *ir.AssignVarStmt:
		codeOperand(c, &s.Source)
		codec.Int(c, &s.Target)
	case *ir.NopStmt:
	case *ir.ObjectInsertOnceStmt:
		codeOperand(c, &s.Key)
		codeOperand(c, &s.Value)
		codec.Int(c, &s.Object)
	case *ir.ObjectInsertStmt:
		codeOperand(c, &s.Key)
		codeOperand(c, &s.Value)
		codec.Int(c, &s.Object)
	case *ir.ObjectMergeStmt:
		codec.Int(c, &s.A)
		codec.Int(c, &s.B)
		codec.Int(c, &s.Target)
	case *ir.ResultSetAddStmt:
		codec.Int(c, &s.Value)
	case *ir.SetAddStmt:
		codeOperand(c, &s.Value)
		codec.Int(c, &s.Set)
	default:
		c.Fail(&Unsupported{Construct: construct(s)})
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
