package catalog

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// Bounds of expressions: the arguments and results of one function, what a loop evaluates, and what is
// evaluated for all controls together.
const (
	maxTextBytes      = 4 << 10
	maxLoopBytes      = 1 << 20
	maxEvaluatedBytes = 64 << 20
)

// expressionContext returns what expressions in the sections of a control know: control.id, and
// functions of strings.
func (l *loader) expressionContext(id string) *hcl.EvalContext {
	bounded := l.bounded
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

// bounded returns the function with bounds on its arguments and results, one by one and of all calls
// together: what it does within them is bounded, too.
func (l *loader) bounded(f function.Function) function.Function {
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
			if err != nil {
				return result, err
			}
			size = textBytes(result)
			switch l.returned += size + 1; {
			case size > maxTextBytes:
				return cty.NilVal, fmt.Errorf("it returns more than %d bytes of text", maxTextBytes)
			case l.returned > maxEvaluatedBytes:
				return cty.NilVal, fmt.Errorf("all calls of the catalog together return more than %d MiB of text: write values out", maxEvaluatedBytes>>20)
			}
			return result, nil
		},
	})
}

// elementBytes is what an element of a list counts besides its text.
const elementBytes = 16

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
		size += elementBytes + textBytes(element)
	}
	return size
}

// loops is a walker that bounds what loops cost. A loop within a loop is refused, as a few of them
// would run for years; the bounds of functions do the rest.
type loops struct{ depth int }

// Enter is part of [hclsyntax.Walker].
func (w *loops) Enter(node hclsyntax.Node) hcl.Diagnostics {
	elements, body, ok := loop(node)
	if !ok {
		return nil
	}
	at := node.Range()
	if w.depth++; w.depth == 2 {
		return hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "Loop within a loop", Detail: "What an expression costs has to be bounded by its length: write the values out.", Subject: &at,
		}}
	}
	if max(elements, maxTextBytes)*body > maxLoopBytes { // functions make up to maxTextBytes elements of a short text
		return hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "Loop too large", Subject: &at,
			Detail: fmt.Sprintf("What a loop costs is the length of its list times that of its body, and at most %d MiB are evaluated: write the values out.", maxLoopBytes>>20),
		}}
	}
	return nil
}

// Exit is part of [hclsyntax.Walker].
func (w *loops) Exit(node hclsyntax.Node) hcl.Diagnostics {
	if _, _, ok := loop(node); ok {
		w.depth--
	}
	return nil
}

// loop returns how long the texts of what a loop runs over and of its body are.
func loop(node hclsyntax.Node) (elements, body int, ok bool) {
	length := func(e hclsyntax.Expression) int {
		if e == nil {
			return 0
		}
		return e.Range().End.Byte - e.Range().Start.Byte
	}
	switch node := node.(type) {
	case *hclsyntax.ForExpr:
		return length(node.CollExpr), length(node.KeyExpr) + length(node.ValExpr) + length(node.CondExpr), true
	case *hclsyntax.SplatExpr:
		return length(node.Source), length(node.Each), true
	}
	return 0, 0, false
}
