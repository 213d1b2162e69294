package hcledit

import (
	"bytes"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/textlimit"
)

// Grammar parses a text. It refuses what the parser of HCL is not to see.
type Grammar func(filename string, src []byte) (*hclsyntax.Body, hcl.Diagnostics)

// Bounded is the grammar of HCL, for texts within the bounds of [textlimit].
func Bounded(filename string, src []byte) (*hclsyntax.Body, hcl.Diagnostics) {
	for _, bound := range []func([]byte) *textlimit.Problem{textlimit.HCLSize, textlimit.HCL} {
		if p := bound(src); p != nil {
			return nil, Beyond(filename, p)
		}
	}
	file, diags := hclsyntax.ParseConfig(src, filename, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok { // the parser returns no other
		at := file.Body.MissingItemRange()
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Not HCL", Detail: "The file is not in HCL's native syntax.", Subject: &at}}
	}
	return body, nil
}

// Beyond says where a text passes a bound.
func Beyond(filename string, p *textlimit.Problem) hcl.Diagnostics {
	at := func(p textlimit.Position) hcl.Pos { return hcl.Pos{Line: p.Line, Column: p.Column, Byte: p.Byte} }
	subject := hcl.Range{Filename: filename, Start: at(p.Start), End: at(p.End)}
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: p.Summary, Detail: p.Detail, Subject: &subject}}
}

// Document is the text of a file with the places of everything in it. Each change parses it again: such files are small, and
// places never go stale. hclwrite's own tree is not used for changes, as it puts new attributes after a body's blocks only.
//
// Blocks are valid until the next change. The methods do not check what they write but for its grammar.
type Document struct {
	filename string
	grammar  Grammar
	src      []byte
	tokens   hclsyntax.Tokens // nil until they are asked for
	body     *hclsyntax.Body
}

// NewDocument begins to edit a text.
func NewDocument(filename string, src []byte, grammar Grammar) (*Document, error) {
	d := &Document{filename: filename, grammar: grammar, src: bytes.Clone(src)}
	return d, d.parse()
}

// Text returns the text as edited so far.
func (p *Document) Text() []byte { return bytes.Clone(p.src) }

// Slice returns the text from start to end, in bytes.
func (p *Document) Slice(start, end int) string { return string(p.src[start:end]) }

// Body returns what the text holds.
func (p *Document) Body() *hclsyntax.Body { return p.body }

func (p *Document) parse() error {
	if len(p.src) > 0 && p.src[len(p.src)-1] != '\n' {
		p.src = append(p.src, '\n')
	}
	body, diags := p.grammar(p.filename, p.src)
	if diags.HasErrors() {
		return diag.New(diags, map[string]*hcl.File{p.filename: {Bytes: p.src}})
	}
	p.body, p.tokens = body, nil
	return nil
}

// Splice replaces the bytes from start to end.
func (p *Document) Splice(start, end int, text string) error {
	var b bytes.Buffer
	b.Grow(len(p.src) + len(text))
	b.Write(p.src[:start])
	b.WriteString(text)
	b.Write(p.src[end:])
	p.src = b.Bytes()
	return p.parse()
}

// Find returns the block of a type with these labels in a body, or nil.
func Find(body *hclsyntax.Body, kind string, labels ...string) *hclsyntax.Block {
	for _, block := range body.Blocks {
		if block.Type == kind && slices.Equal(block.Labels, labels) {
			return block
		}
	}
	return nil
}

// After returns the tokens that start at or after the offset: at least the end of the file.
func (p *Document) After(offset int) hclsyntax.Tokens {
	if p.tokens == nil {
		p.tokens, _ = hclsyntax.LexConfig(p.src, p.filename, hcl.InitialPos) // the parser has reported what is wrong
	}
	for i, t := range p.tokens {
		if t.Range.Start.Byte >= offset {
			return p.tokens[i:]
		}
	}
	return p.tokens[len(p.tokens)-1:]
}

// LineEnd is where the line ends that holds what stands before the offset, beyond its comments and newline; ok is false if
// something else stands in the line.
func (p *Document) LineEnd(offset int) (end int, ok bool) {
	for _, t := range p.After(offset) {
		switch {
		case t.Type == hclsyntax.TokenNewline || t.Type == hclsyntax.TokenComment && bytes.HasSuffix(t.Bytes, []byte("\n")):
			return t.Range.End.Byte, true
		case t.Type != hclsyntax.TokenComment:
			return t.Range.Start.Byte, false
		}
	}
	return len(p.src), true
}

// LineStart is where the line of the offset begins, and whether only space stands before the offset.
func (p *Document) LineStart(offset int) (start int, first bool) {
	start = bytes.LastIndexByte(p.src[:offset], '\n') + 1
	return start, strings.TrimSpace(string(p.src[start:offset])) == ""
}

// Indent is the space before what stands at the offset.
func (p *Document) Indent(offset int) string {
	start, _ := p.LineStart(offset)
	line := p.src[start:offset]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// innerIndent returns the space before what stands in a block: that of what is there already, or two more than before the block itself.
func (p *Document) innerIndent(block *hclsyntax.Block) string {
	first := len(p.src)
	for _, attribute := range block.Body.Attributes {
		first = min(first, attribute.SrcRange.Start.Byte)
	}
	for _, inner := range block.Body.Blocks {
		first = min(first, inner.TypeRange.Start.Byte)
	}
	if first < len(p.src) {
		return p.Indent(first)
	}
	return p.Indent(block.TypeRange.Start.Byte) + "  "
}

// Expand puts the body of a block that is written in one line on lines of its own, since nothing could be added to it.
func (p *Document) Expand(block *hclsyntax.Block) error {
	open, shut := block.OpenBraceRange.End.Byte, block.CloseBraceRange.Start.Byte
	if _, ok := p.LineEnd(open); ok {
		return nil
	}
	indent := p.Indent(block.TypeRange.Start.Byte)
	inner := strings.TrimRight(string(p.src[open:shut]), " \t")
	if strings.TrimSpace(inner) != "" {
		inner = "\n" + indent + "  " + strings.TrimLeft(inner, " \t")
	}
	return p.Splice(open, shut, inner+"\n"+indent)
}

// Remove removes the text from start to end. Comments in it and beside it stay; a line that is empty then goes, and one of two
// blank lines that meet.
func (p *Document) Remove(start, end int) error {
	kept := ""
	for _, t := range p.After(start) {
		if t.Range.Start.Byte >= end {
			break
		}
		if t.Type == hclsyntax.TokenComment {
			kept += string(t.Bytes)
		}
	}
	from, first := p.LineStart(start)
	to, last := p.LineEnd(end)
	beside := strings.TrimSpace(string(p.src[end:to]))
	if kept != "" || !first || !last || beside != "" {
		if kept == "" { // a comment beside it moves to the place of what was there
			for end < to && (p.src[end] == ' ' || p.src[end] == '\t') {
				end++
			}
		}
		if last && kept == "" && end < len(p.src) && (p.src[end] == '\n' || p.src[end] == '\r') {
			start = len(bytes.TrimRight(p.src[:start], " \t"))
		}
		return p.Splice(start, end, kept)
	}
	before, next := p.src[:from], p.src[to:]
	if len(before) == 0 || bytes.HasSuffix(before, []byte("\n\n")) || bytes.HasSuffix(before, []byte("\n\r\n")) {
		line, _, found := bytes.Cut(next, []byte("\n"))
		switch {
		case found && len(bytes.TrimSpace(line)) == 0:
			to += len(line) + 1
		case len(next) == 0:
			from = len(bytes.TrimRight(before, " \t\r\n"))
			from += bytes.IndexByte(before[from:], '\n') + 1
		}
	}
	return p.Splice(from, to, "")
}

// isFormatted reports whether a block is written as hclwrite would write it: only then is it formatted again after a change.
func (p *Document) isFormatted(block *hclsyntax.Block) bool {
	text := p.Source(block)
	return bytes.Equal(hclwrite.Format(text), text)
}

func (p *Document) format(block *hclsyntax.Block) error {
	text := p.Source(block)
	return p.Splice(block.TypeRange.Start.Byte, block.CloseBraceRange.End.Byte, string(hclwrite.Format(text)))
}

// Source returns the text of a block, from its type to its closing brace.
func (p *Document) Source(block *hclsyntax.Block) []byte {
	return p.src[block.TypeRange.Start.Byte:block.CloseBraceRange.End.Byte]
}
