package register

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// put gives an attribute of a block a value, or removes it if the value is empty. A new one takes its place in the order.
func (d *Draft) put(block func() *hclsyntax.Block, order []string, name, value string) error {
	if attribute, ok := block().Body.Attributes[name]; ok {
		at := attribute.SrcRange
		if value == "" {
			return d.cut(at.Start.Byte, at.End.Byte)
		}
		at = attribute.Expr.Range()
		return d.splice(at.Start.Byte, at.End.Byte, quote(value))
	}
	if value == "" {
		return nil
	}
	return d.insert(block(), order, name, quote(value))
}

// insert adds a line for an attribute that the block does not have.
func (d *Draft) insert(block *hclsyntax.Block, order []string, name, expr string) error {
	at := block.OpenBraceRange.End.Byte
	indent := d.within(block)
	for _, earlier := range order[:slices.Index(order, name)] {
		if attribute, ok := block.Body.Attributes[earlier]; ok {
			at = attribute.SrcRange.End.Byte
			indent = d.indent(attribute.SrcRange.Start.Byte)
		}
	}
	end, _ := d.lineEnd(at)
	return d.splice(end, end, indent+name+" = "+expr+"\n")
}

// add puts a block into another one: after the last of its type, or else at the end.
func (d *Draft) add(block *hclsyntax.Block, kind, text string) error {
	indent := d.within(block)
	text = indent + strings.ReplaceAll(text, "\n", "\n"+indent) + "\n"
	for _, inner := range slices.Backward(block.Body.Blocks) {
		if inner.Type == kind {
			end, _ := d.lineEnd(inner.CloseBraceRange.End.Byte)
			return d.splice(end, end, text)
		}
	}
	shut := block.CloseBraceRange.Start.Byte
	start, first := d.lineStart(shut)
	if !first { // a comment stands before the brace
		return d.splice(shut, shut, "\n"+text)
	}
	return d.splice(start, start, text)
}

// erase removes a block with all that is in it.
func (d *Draft) erase(block *hclsyntax.Block) error {
	// The comments inside are about what goes: empty the block first, so that cut finds none to keep.
	open, shut := block.OpenBraceRange.End.Byte, block.CloseBraceRange.Start.Byte
	start := block.TypeRange.Start.Byte
	if err := d.splice(open, shut, ""); err != nil {
		return err
	}
	return d.cut(start, open+1)
}
