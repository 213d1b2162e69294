package register

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/posture-score/posture/internal/diag"
)

// document is the text of a register with the places of everything in it. Each change parses it again: a register is small, and
// places never go stale. hclwrite's own tree is not used for changes, as it puts new attributes after a body's blocks only.
type document struct {
	filename string
	src      []byte
	tokens   hclsyntax.Tokens
	body     *hclsyntax.Body
}

func (p *document) parse() error {
	if len(p.src) > 0 && p.src[len(p.src)-1] != '\n' {
		p.src = append(p.src, '\n')
	}
	body, diags := parse(p.filename, p.src)
	if diags.HasErrors() {
		return diag.New(diags, map[string]*hcl.File{p.filename: {Bytes: p.src}})
	}
	p.body = body
	p.tokens, _ = hclsyntax.LexConfig(p.src, p.filename, hcl.InitialPos)
	return nil
}

// splice replaces the bytes from start to end.
func (p *document) splice(start, end int, text string) error {
	var b bytes.Buffer
	b.Grow(len(p.src) + len(text))
	b.Write(p.src[:start])
	b.WriteString(text)
	b.Write(p.src[end:])
	p.src = b.Bytes()
	return p.parse()
}

// findBlock returns the block of the type and label in a body, or nil.
func findBlock(body *hclsyntax.Body, kind, label string) *hclsyntax.Block {
	for _, block := range body.Blocks {
		if block.Type == kind && len(block.Labels) > 0 && block.Labels[0] == label {
			return block
		}
	}
	return nil
}

func (p *document) action(id string) *hclsyntax.Block { return findBlock(p.body, "action", id) }

// after returns the index of the first token that starts at or after the offset.
func (p *document) after(offset int) int {
	for i, t := range p.tokens {
		if t.Range.Start.Byte >= offset {
			return i
		}
	}
	return len(p.tokens) - 1 // the end of the file
}

// lineEnd is where the line ends that holds what stands before the offset, beyond its comments and newline; ok is false if
// something else stands in the line.
func (p *document) lineEnd(offset int) (end int, ok bool) {
	for _, t := range p.tokens[p.after(offset):] {
		switch {
		case t.Type == hclsyntax.TokenNewline || t.Type == hclsyntax.TokenComment && bytes.HasSuffix(t.Bytes, []byte("\n")):
			return t.Range.End.Byte, true
		case t.Type != hclsyntax.TokenComment:
			return t.Range.Start.Byte, false
		}
	}
	return len(p.src), true
}

// lineStart is where the line of the offset begins, and whether only space stands before the offset.
func (p *document) lineStart(offset int) (start int, first bool) {
	start = bytes.LastIndexByte(p.src[:offset], '\n') + 1
	return start, strings.TrimSpace(string(p.src[start:offset])) == ""
}

// indent is the space before what stands at the offset.
func (p *document) indent(offset int) string {
	start, _ := p.lineStart(offset)
	line := p.src[start:offset]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// innerIndent returns the space before what stands in a block: that of what is there already, or two more than before the block itself.
func (p *document) innerIndent(block *hclsyntax.Block) string {
	first := len(p.src)
	for _, attribute := range block.Body.Attributes {
		first = min(first, attribute.SrcRange.Start.Byte)
	}
	for _, inner := range block.Body.Blocks {
		first = min(first, inner.TypeRange.Start.Byte)
	}
	if first < len(p.src) {
		return p.indent(first)
	}
	return p.indent(block.TypeRange.Start.Byte) + "  "
}

// expand puts the body of a block that is written in one line on lines of its own, since nothing could be added to it.
func (p *document) expand(block *hclsyntax.Block) error {
	open, shut := block.OpenBraceRange.End.Byte, block.CloseBraceRange.Start.Byte
	if _, ok := p.lineEnd(open); ok {
		return nil
	}
	indent := p.indent(block.TypeRange.Start.Byte)
	inner := strings.TrimRight(string(p.src[open:shut]), " \t")
	if strings.TrimSpace(inner) != "" {
		inner = "\n" + indent + "  " + strings.TrimLeft(inner, " \t")
	}
	return p.splice(open, shut, inner+"\n"+indent)
}

// remove removes the text from start to end. Comments in it and beside it stay; a line that is empty then goes, and one of two
// blank lines that meet.
func (p *document) remove(start, end int) error {
	kept := ""
	for _, t := range p.tokens[p.after(start):] {
		if t.Range.Start.Byte >= end {
			break
		}
		if t.Type == hclsyntax.TokenComment {
			kept += string(t.Bytes)
		}
	}
	from, first := p.lineStart(start)
	to, last := p.lineEnd(end)
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
		return p.splice(start, end, kept)
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
	return p.splice(from, to, "")
}

// isFormatted reports whether a block is written as hclwrite would write it: only then is it formatted again after a change.
func (p *document) isFormatted(block *hclsyntax.Block) bool {
	text := p.text(block)
	return bytes.Equal(hclwrite.Format(text), text)
}

func (p *document) format(block *hclsyntax.Block) error {
	text := p.text(block)
	return p.splice(block.TypeRange.Start.Byte, block.CloseBraceRange.End.Byte, string(hclwrite.Format(text)))
}

func (p *document) text(block *hclsyntax.Block) []byte {
	return p.src[block.TypeRange.Start.Byte:block.CloseBraceRange.End.Byte]
}
