package catalog

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// Bounds of expressions: the arguments and results of one function, and what is evaluated for all
// controls together.
const (
	maxTextBytes      = 4 << 10
	maxEvaluatedBytes = 64 << 20
)

// expressionContext returns what expressions in the sections of a control know: control.id, and
// functions of strings.
func expressionContext(id string) *hcl.EvalContext {
	return &hcl.EvalContext{
		Variables: map[string]cty.Value{"control": cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal(id)})},
		Functions: map[string]function.Function{
			"join":       bounded(stdlib.JoinFunc),
			"lower":      bounded(stdlib.LowerFunc),
			"replace":    bounded(stdlib.ReplaceFunc),
			"split":      bounded(stdlib.SplitFunc),
			"trimprefix": bounded(stdlib.TrimPrefixFunc),
			"trimsuffix": bounded(stdlib.TrimSuffixFunc),
			"upper":      bounded(stdlib.UpperFunc),
		},
	}
}

// bounded returns the function with bounds on its arguments and results: what it does within them
// is bounded, too.
func bounded(f function.Function) function.Function {
	return function.New(&function.Spec{
		Params: f.Params(), VarParam: f.VarParam(), Type: f.ReturnTypeForValues,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			size := 0
			for _, arg := range args {
				size += textBytes(arg)
			}
			if size > maxTextBytes {
				return cty.NilVal, fmt.Errorf("it is given more than %d bytes of text", maxTextBytes)
			}
			result, err := f.Call(args)
			if err == nil && textBytes(result) > maxTextBytes {
				return cty.NilVal, fmt.Errorf("it returns more than %d bytes of text", maxTextBytes)
			}
			return result, err
		},
	})
}

// textBytes returns the length of a string, or of the strings in a list.
func textBytes(value cty.Value) int {
	switch {
	case value.IsNull() || !value.IsKnown():
		return 0
	case value.Type() == cty.String:
		return len(value.AsString())
	case !value.CanIterateElements():
		return 0
	}
	size := 0
	for _, element := range value.Elements() {
		size += 1 + textBytes(element)
	}
	return size
}

// loops is a walker that refuses a loop within a loop: a few of them would run for years.
type loops struct{ depth int }

// Enter is part of [hclsyntax.Walker].
func (w *loops) Enter(node hclsyntax.Node) hcl.Diagnostics {
	if _, ok := node.(*hclsyntax.ForExpr); !ok {
		return nil
	}
	if w.depth++; w.depth != 2 {
		return nil
	}
	at := node.Range()
	return hcl.Diagnostics{{
		Severity: hcl.DiagError, Summary: "Loop within a loop", Detail: "What an expression costs has to be bounded by its length: write the values out.", Subject: &at,
	}}
}

// Exit is part of [hclsyntax.Walker].
func (w *loops) Exit(node hclsyntax.Node) hcl.Diagnostics {
	if _, ok := node.(*hclsyntax.ForExpr); ok {
		w.depth--
	}
	return nil
}
