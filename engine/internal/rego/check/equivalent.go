package check

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// EquivalentSource tells if two texts say the same, but for comments, layout and the name of their package. Texts that can't be parsed are
// not the same as any other.
func EquivalentSource(a, b []byte) bool {
	options := ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: Capabilities()}
	var trees [2]*ast.Module
	for i, text := range [][]byte{a, b} {
		tree, err := parseOne(Module{Source: text}, options)
		if err != nil {
			return false
		}
		trees[i] = tree
	}
	return slices.EqualFunc(trees[0].Imports, trees[1].Imports, (*ast.Import).Equal) &&
		slices.EqualFunc(trees[0].Rules, trees[1].Rules, (*ast.Rule).Equal)
}
