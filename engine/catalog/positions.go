package catalog

import (
	"slices"
	"sync"

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
		if s.parts == nil || len(steps) == 0 {
			continue
		}
		if found, ok := s.parts.find(steps); ok {
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

// bodyIndex finds the parts of a body without a look at each of them.
type bodyIndex struct {
	body     *hclsyntax.Body
	mutex    sync.Mutex
	blocks   map[string]*blockIndex
	elements map[hclsyntax.Expression]map[string]hclsyntax.Expression // of lists and objects, by their words
}

// blockIndex is the first block with a type and labels, or with the first ones of them.
type blockIndex struct {
	where  hcl.Range
	labels map[string]*blockIndex // by the label that comes next
	inner  *bodyIndex             // without such a label
}

// find returns the position of a part, or else of its closest parent, if it is in the body.
func (x *bodyIndex) find(steps []string) (hcl.Range, bool) {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	if x.blocks == nil { // most bodies are never asked
		x.build()
	}
	attribute := x.body.Attributes[steps[0]]
	block, rest := x.blocks[steps[0]], steps[1:]
	for block != nil && block.inner == nil && len(rest) > 0 {
		block, rest = block.labels[rest[0]], rest[1:]
	}
	switch {
	case block == nil && attribute == nil:
		return hcl.Range{}, false
	case block == nil, block.inner == nil && attribute != nil: // the steps lead no further than to the attribute
		return x.findElement(attribute.Expr, steps[1:]), true
	case block.inner != nil && len(rest) > 0:
		if found, ok := block.inner.find(rest); ok {
			return found, true
		}
	}
	return block.where, true
}

func (x *bodyIndex) build() {
	x.blocks = map[string]*blockIndex{}
	x.elements = map[hclsyntax.Expression]map[string]hclsyntax.Expression{}
	for _, block := range x.body.Blocks {
		at := x.blocks[block.Type]
		if at == nil {
			at = &blockIndex{where: block.DefRange()}
			x.blocks[block.Type] = at
		}
		for _, label := range block.Labels {
			next := at.labels[label]
			if next == nil {
				next = &blockIndex{where: block.DefRange()}
				if at.labels == nil {
					at.labels = map[string]*blockIndex{}
				}
				at.labels[label] = next
			}
			at = next
		}
		if at.inner == nil {
			at.inner = &bodyIndex{body: block.Body}
		}
	}
}

func (x *bodyIndex) findElement(expr hclsyntax.Expression, steps []string) hcl.Range {
	for _, step := range steps {
		element, ok := x.words(expr)[step]
		if !ok {
			break
		}
		expr = element
	}
	return expr.Range()
}

// words returns the elements of a list, or the values of an object, by their words; the first of each.
func (x *bodyIndex) words(expr hclsyntax.Expression) map[string]hclsyntax.Expression {
	words, ok := x.elements[expr]
	if ok {
		return words
	}
	words = map[string]hclsyntax.Expression{}
	add := func(key, value hclsyntax.Expression) {
		if word, ok := word(key); ok && words[word] == nil {
			words[word] = value
		}
	}
	switch expr := expr.(type) {
	case *hclsyntax.TupleConsExpr:
		for _, element := range expr.Exprs {
			add(element, element)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range expr.Items {
			add(item.KeyExpr, item.ValueExpr)
		}
	}
	x.elements[expr] = words
	return words
}

// word returns the text that the expression is, if it is one.
func word(expr hclsyntax.Expression) (string, bool) {
	value, diags := expr.Value(nil)
	if diags.HasErrors() || !value.IsKnown() || value.IsNull() || value.Type() != cty.String {
		return "", false
	}
	return value.AsString(), true
}
