package catalog

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/internal/textlimit"
)

// parseHCL parses a file that may be hostile.
func parseHCL(text []byte, filename string) (*hcl.File, hcl.Diagnostics) {
	if _, problem := textlimit.HCL(text); problem != nil {
		at := limitRange(filename, problem)
		return &hcl.File{Bytes: text, Body: hcl.EmptyBody()}, hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: problem.Summary, Subject: &at, Detail: problem.Detail,
		}}
	}
	return hclsyntax.ParseConfig(text, filename, hcl.InitialPos)
}

// readHCL parses a file whose expressions are to be evaluated. Those of the later blocks are bounded when they are: see readSection.
func readHCL(text []byte, filename string, later ...string) (*hcl.File, hcl.Diagnostics) {
	file, diags := parseHCL(text, filename)
	if diags.HasErrors() {
		return file, diags
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok { // the parser returns no other
		return file, diags
	}
	for _, attribute := range body.Attributes {
		diags = append(diags, hclsyntax.Walk(attribute, &loops{})...)
	}
	for _, block := range body.Blocks {
		if !slices.Contains(later, block.Type) {
			diags = append(diags, hclsyntax.Walk(block, &loops{})...)
		}
	}
	return file, diags
}

// limitRange returns where a text passes a bound.
func limitRange(filename string, p *textlimit.Problem) hcl.Range {
	at := func(p textlimit.Position) hcl.Pos { return hcl.Pos{Line: p.Line, Column: p.Column, Byte: p.Byte} }
	return hcl.Range{Filename: filename, Start: at(p.Start), End: at(p.End)}
}
