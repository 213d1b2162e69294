package catalog

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// maxNesting is how deep brackets, templates and operators of an HCL file may nest. HCL's parser is
// recursive, and a Go program whose stack overflows can't recover.
const maxNesting = 500

// parseHCL parses a file that may be hostile.
func parseHCL(text []byte, filename string) (*hcl.File, hcl.Diagnostics) {
	tokens, _ := hclsyntax.LexConfig(text, filename, hcl.InitialPos) // the parser reports the same again
	if at := tooDeep(tokens); at != nil {
		return &hcl.File{Bytes: text, Body: hcl.EmptyBody()}, hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "Nested too deeply", Subject: at,
			Detail: fmt.Sprintf("Brackets, templates and operators nest up to %d deep: split the expression.", maxNesting),
		}}
	}
	return hclsyntax.ParseConfig(text, filename, hcl.InitialPos)
}

// tooDeep returns the range of the first token that nests deeper than maxNesting, or nil. It counts
// operators, and brackets side by side, until the next item of a body or list: !!!x and x[0][0][0]
// nest without brackets in each other.
func tooDeep(tokens hclsyntax.Tokens) *hcl.Range {
	type level struct {
		depth int
		lines bool // a line is an item
	}
	depth, levels := 0, []level{{0, true}}
	for _, t := range tokens {
		current := &levels[len(levels)-1]
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
			hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			depth++
			levels = append(levels, level{depth, t.Type == hclsyntax.TokenOBrace})
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc,
			hclsyntax.TokenTemplateSeqEnd:
			if len(levels) > 1 {
				depth, levels = current.depth, levels[:len(levels)-1]
			}
		case hclsyntax.TokenComma:
			depth = current.depth
		case hclsyntax.TokenNewline:
			if current.lines {
				depth = current.depth
			}
		case hclsyntax.TokenIdent:
			if string(t.Bytes) == "for" && len(levels) > 1 {
				current.lines = false // {for ...} is one expression
			}
		case hclsyntax.TokenComment, hclsyntax.TokenNumberLit, hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit, hclsyntax.TokenEqual:
		default:
			depth++ // an operator
		}
		if depth > maxNesting {
			return &t.Range
		}
	}
	return nil
}
