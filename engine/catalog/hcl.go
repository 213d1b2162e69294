package catalog

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/internal/textlimit"
)

// parseHCL parses a file that may be hostile.
func parseHCL(text []byte, filename string) (*hcl.File, hcl.Diagnostics) {
	if problem := textlimit.HCL(text); problem != nil {
		at := limitRange(filename, problem)
		return refused(text, at, problem.Summary, problem.Detail)
	}
	return hclsyntax.ParseConfig(text, filename, hcl.InitialPos)
}

// refused returns an empty file in place of a text that is not parsed.
func refused(text []byte, at hcl.Range, summary, detail string) (*hcl.File, hcl.Diagnostics) {
	return &hcl.File{Bytes: text, Body: hcl.EmptyBody()}, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Subject: &at, Detail: detail}}
}

// maxMarks bounds the words and marks of all HCL of the catalogs: each takes some hundred bytes.
const maxMarks = 4_000_000

// parse parses a policy file, unless there is too much HCL in all.
func (l *loader) parse(text []byte, filename string) (*hcl.File, hcl.Diagnostics) {
	if l.marks += textlimit.Marks(text); l.marks > maxMarks {
		return refused(text, start(filename), "Too much HCL",
			fmt.Sprintf("All files of the catalogs have more than %d words and marks: load fewer catalogs at once.", maxMarks))
	}
	return readHCL(text, filename, "control", "defaults", "template")
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

// block returns the block that a text begins with, up to its last brace.
func block(text []byte) ([]byte, bool) {
	// Blocks are short and files are long: no more is lexed than is needed.
	for window := 4 << 10; ; window *= 2 {
		part := text[:min(window, len(text))]
		if end := blockEnd(part); end > 0 {
			return part[:end], true
		}
		if len(part) == len(text) {
			return nil, false
		}
	}
}

// blockEnd returns where the first block of a text ends, or 0 if it does not end in it.
func blockEnd(text []byte) int {
	tokens, _ := hclsyntax.LexConfig(text, "", hcl.InitialPos)
	depth := 0
	for _, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd:
			if depth--; depth == 0 {
				return token.Range.End.Byte
			}
		}
	}
	return 0
}

// without returns the text of a block without the lines of attributes and blocks of some names.
func without(text []byte, names []string) []byte {
	file, diags := hclsyntax.ParseConfig(text, "", hcl.InitialPos)
	if diags.HasErrors() {
		return text
	}
	var ranges []hcl.Range
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		for name, attribute := range block.Body.Attributes {
			if slices.Contains(names, name) {
				ranges = append(ranges, attribute.SrcRange)
			}
		}
		for _, inner := range block.Body.Blocks {
			if slices.Contains(names, inner.Type) {
				ranges = append(ranges, hcl.RangeBetween(inner.TypeRange, inner.CloseBraceRange))
			}
		}
	}
	drop := map[int]bool{}
	for _, r := range ranges {
		if r.Start.Line == 1 {
			continue // the block stands in one line
		}
		for line := r.Start.Line; line <= r.End.Line; line++ {
			drop[line] = true
		}
	}
	var kept []byte
	number, blank := 0, true
	for line := range bytes.Lines(text) {
		number++
		empty := len(bytes.TrimSpace(line)) == 0
		if drop[number] || empty && blank {
			continue
		}
		kept, blank = append(kept, line...), empty || number == 1
	}
	return kept
}
