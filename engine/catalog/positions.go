package catalog

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// sourceMap locates the parts of a control: in its own block, in the defaults of its file, in its
// template.
type sourceMap []section

// at returns the position of a part, or else of its closest parent, or else of the control. The
// steps to it are names of attributes, types and labels of blocks, and at last an element of a list
// or a key of an object: at("coverage", "entra.users", "match", "userType").
func (w sourceMap) at(steps ...string) hcl.Range {
	for _, s := range w {
		if s.body == nil || len(steps) == 0 {
			continue
		}
		if found, ok := find(s.body, steps); ok {
			return found
		}
	}
	return w[0].where
}

// has reports whether any of the sections has an attribute.
func (w sourceMap) has(attribute string) bool {
	return slices.ContainsFunc(w, func(s section) bool { return s.has(attribute) })
}

// matchAt returns the position of a field of a match: see [decoder.match].
func (w sourceMap) matchAt(dataset, field string) hcl.Range {
	if w.has("match") {
		return w.at("match", field)
	}
	return w.at("coverage", dataset, "match", field)
}

func find(body *hclsyntax.Body, steps []string) (hcl.Range, bool) {
	attribute := body.Attributes[steps[0]]
	for _, block := range body.Blocks {
		rest, ok := enter(block, steps)
		if !ok || attribute != nil && len(steps) <= len(block.Labels) { // the steps lead no further than to the attribute
			continue
		}
		if len(rest) > 0 {
			if found, ok := find(block.Body, rest); ok {
				return found, true
			}
		}
		return block.DefRange(), true
	}
	if attribute != nil {
		return findElement(attribute.Expr, steps[1:]), true
	}
	return hcl.Range{}, false
}

// enter reports whether the steps lead through the block, and returns those that are left in it.
func enter(block *hclsyntax.Block, steps []string) (rest []string, ok bool) {
	head := append([]string{block.Type}, block.Labels...)
	n := min(len(head), len(steps))
	return steps[n:], slices.Equal(head[:n], steps[:n])
}

func findElement(expr hclsyntax.Expression, steps []string) hcl.Range {
	if len(steps) == 0 {
		return expr.Range()
	}
	switch expr := expr.(type) {
	case *hclsyntax.TupleConsExpr:
		for _, element := range expr.Exprs {
			if isWord(element, steps[0]) {
				return findElement(element, steps[1:])
			}
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range expr.Items {
			if isWord(item.KeyExpr, steps[0]) {
				return findElement(item.ValueExpr, steps[1:])
			}
		}
	}
	return expr.Range()
}

// isWord reports whether the expression is the word.
func isWord(expr hclsyntax.Expression, word string) bool {
	value, diags := expr.Value(nil)
	return !diags.HasErrors() && value.IsKnown() && !value.IsNull() && value.Type() == cty.String && value.AsString() == word
}
