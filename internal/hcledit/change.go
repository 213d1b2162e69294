package hcledit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Author is who changes a file, and when. The zero value is somebody who is not known.
type Author struct {
	Name string    // as in "Ada <ada@contoso.example>"
	Time time.Time // recorded in UTC, to the second
}

// The attributes of a block that say who changed it last, and when.
const (
	ChangedBy = "changed_by"
	ChangedAt = "changed_at"
)

// Change edits a block of the file's body, which is added if it is not there, and goes if nothing is left in it, not even a comment. Its
// formatting and the ends of lines stay. If edit changes something, the author is recorded in the block, after the attributes that order
// names; one who is not known takes the place of whom the block names, and nil leaves them. If edit changes nothing, neither does Change.
func (p *Document) Change(block func() *hclsyntax.Block, header string, order []string, author *Author, edit func() error) error {
	// The block is edited as a text of its own: each step parses it again, and files may have thousands of blocks.
	whole := *p
	start, end := len(p.src), len(p.src)
	gap, added := "", block() == nil
	if added {
		p.src = []byte(header + " {\n}\n")
		if len(bytes.TrimSpace(whole.src)) > 0 && !bytes.HasSuffix(whole.src, []byte("\n\n")) && !bytes.HasSuffix(whole.src, []byte("\n\r\n")) {
			gap = "\n"
		}
	} else {
		start, end = p.lines(block())
		p.src = bytes.Clone(p.src[start:end])
	}
	changed, err := p.changeAlone(block, header, order, author, edit)
	if err != nil || !changed {
		*p = whole
		return err
	}
	text := gap + string(p.src)
	if hasCRLF(whole.src) {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	}
	*p = whole
	if err := p.Splice(start, end, text); err != nil {
		return err
	}
	if p.isEmpty(block()) {
		return p.RemoveBlock(block())
	}
	return nil
}

// hasCRLF reports whether every line of a text ends with CR LF.
func hasCRLF(text []byte) bool {
	count := bytes.Count(text, []byte("\r\n"))
	return count > 0 && count == bytes.Count(text, []byte("\n"))
}

// lines returns where the lines of a block begin and end, or those of the whole text if something else stands in them.
func (p *Document) lines(block *hclsyntax.Block) (start, end int) {
	start, first := p.LineStart(block.TypeRange.Start.Byte)
	end, last := p.LineEnd(block.CloseBraceRange.End.Byte)
	if !first || !last {
		return 0, len(p.src)
	}
	return start, end
}

// changeAlone is Change for a text that holds the block. It reports whether anything has changed.
func (p *Document) changeAlone(block func() *hclsyntax.Block, header string, order []string, author *Author, edit func() error) (changed bool, err error) {
	if err := p.parse(); err != nil {
		return false, err
	}
	if block() == nil {
		return false, fmt.Errorf("%q can't be written", header)
	}
	formatted := p.isFormatted(block())
	if err := p.Expand(block()); err != nil {
		return false, err
	}
	before := bytes.Clone(p.Source(block()))
	if err := edit(); err != nil || bytes.Equal(before, p.Source(block())) {
		return false, err
	}
	if author != nil {
		if err := p.stamp(block, order, *author); err != nil {
			return false, err
		}
	}
	if formatted {
		err = p.format(block())
	}
	return true, err
}

// stamp records the author.
func (p *Document) stamp(block func() *hclsyntax.Block, order []string, author Author) error {
	by, at := "", ""
	if author.Name != "" {
		by, at = Quote(author.Name), Quote(author.Time.UTC().Format(time.RFC3339))
	}
	order = slices.Concat(order, []string{ChangedBy, ChangedAt})
	if err := p.SetAttribute(block, order, ChangedBy, by); err != nil {
		return err
	}
	return p.SetAttribute(block, order, ChangedAt, at)
}

// isEmpty reports whether a block holds nothing, not even a comment.
func (p *Document) isEmpty(block *hclsyntax.Block) bool {
	return len(bytes.TrimSpace(p.src[block.OpenBraceRange.End.Byte:block.CloseBraceRange.Start.Byte])) == 0
}

// SetAttribute sets an attribute of a block to an expression, or removes it if the expression is empty. A new one takes its place in the
// order.
func (p *Document) SetAttribute(block func() *hclsyntax.Block, order []string, name, expr string) error {
	if attribute, ok := block().Body.Attributes[name]; ok {
		at := attribute.SrcRange
		if expr == "" {
			return p.Remove(at.Start.Byte, at.End.Byte)
		}
		at = attribute.Expr.Range()
		return p.Splice(at.Start.Byte, at.End.Byte, expr)
	}
	if expr == "" {
		return nil
	}
	return p.InsertAttribute(block(), order, name, expr)
}

// InsertAttribute adds a line for an attribute that the block does not have.
func (p *Document) InsertAttribute(block *hclsyntax.Block, order []string, name, expr string) error {
	at := block.OpenBraceRange.End.Byte
	indent := p.innerIndent(block)
	for _, earlier := range order[:slices.Index(order, name)] {
		if attribute, ok := block.Body.Attributes[earlier]; ok {
			at = attribute.SrcRange.End.Byte
			indent = p.Indent(attribute.SrcRange.Start.Byte)
		}
	}
	end, _ := p.LineEnd(at)
	return p.Splice(end, end, indent+name+" = "+expr+"\n")
}

// AddBlock puts a block into another one: after the last of its type, or else at the end.
func (p *Document) AddBlock(block *hclsyntax.Block, kind, text string) error {
	indent := p.innerIndent(block)
	text = indent + strings.ReplaceAll(text, "\n", "\n"+indent) + "\n"
	for _, inner := range slices.Backward(block.Body.Blocks) {
		if inner.Type == kind {
			end, _ := p.LineEnd(inner.CloseBraceRange.End.Byte)
			return p.Splice(end, end, text)
		}
	}
	shut := block.CloseBraceRange.Start.Byte
	start, first := p.LineStart(shut)
	if !first { // a comment stands before the brace
		return p.Splice(shut, shut, "\n"+text)
	}
	return p.Splice(start, start, text)
}

// RemoveBlock removes a block with all that is in it.
func (p *Document) RemoveBlock(block *hclsyntax.Block) error {
	// The comments inside are about what goes: empty the block first, so that Remove finds none to keep.
	open, shut := block.OpenBraceRange.End.Byte, block.CloseBraceRange.Start.Byte
	start := block.TypeRange.Start.Byte
	if err := p.Splice(open, shut, ""); err != nil {
		return err
	}
	return p.Remove(start, open+1)
}
