package register

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/diag"
)

// Editor edits the text of a register. Its methods change nothing but what they are asked to. They do not check
// what they write: [Read] does, before a file is replaced.
type Editor struct {
	document
	register *Register // as it was in the beginning
}

// NewEditor begins to edit the text of a register, which has to be a valid one.
func NewEditor(filename string, src []byte) (*Editor, error) {
	r, err := Read(filename, src)
	if err != nil {
		return nil, err
	}
	d := &Editor{document: document{filename: filename, src: bytes.Clone(src)}, register: r}
	return d, d.parse()
}

// Text returns the text as edited so far.
func (d *Editor) Text() []byte { return bytes.Clone(d.src) }

// Fields are the attributes of an action to set: nil leaves one as it is, and an empty text removes it. Due and Expires are a
// date or a time as in RFC 3339.
type Fields struct {
	Status, Reason, Owner, Due, Expires, ApprovedBy, Ticket *string
}

// Set sets attributes of an action. Another status is another decision: the reason, end and approval of the one before go,
// unless new ones are given.
func (d *Editor) Set(id string, f Fields) error {
	return d.change(id, func() error {
		if f.Status != nil && d.value(id, "status") != "" && d.value(id, "status") != *f.Status {
			for _, of := range []**string{&f.Reason, &f.Expires, &f.ApprovedBy} {
				if *of == nil {
					*of = new(string)
				}
			}
		}
		for _, field := range []struct {
			name  string
			value *string
		}{
			{"status", f.Status},
			{"reason", f.Reason},
			{"owner", f.Owner},
			{"due", f.Due},
			{"expires", f.Expires},
			{"approved_by", f.ApprovedBy},
			{"ticket", f.Ticket},
		} {
			if field.value == nil {
				continue
			}
			if err := d.setAttribute(func() *hclsyntax.Block { return d.action(id) }, fields(), field.name, *field.value); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unset takes back what was decided about an action. Notes, tags and exclusions stay, or go too with all.
func (d *Editor) Unset(id string, all bool) error {
	if err := d.requireAction(id); err != nil {
		return err
	}
	if all {
		return d.removeBlock(d.action(id))
	}
	empty := ""
	return d.Set(id, Fields{Status: &empty, Reason: &empty, Owner: &empty, Due: &empty, Expires: &empty, ApprovedBy: &empty, Ticket: &empty})
}

// isEmpty reports whether a block holds nothing, not even a comment.
func (d *Editor) isEmpty(block *hclsyntax.Block) bool {
	return len(bytes.TrimSpace(d.src[block.OpenBraceRange.End.Byte:block.CloseBraceRange.Start.Byte])) == 0
}

// Note adds a note to an action.
func (d *Editor) Note(id string, note engine.Note) error {
	return d.change(id, func() error {
		return d.addBlock(d.action(id), "note", fmt.Sprintf("note {\n  time   = %s\n  author = %s\n  text   = %s\n}",
			quote(note.Time.UTC().Format(time.RFC3339)), quote(note.Author), quote(note.Text)))
	})
}

// Exclude takes a record out of an action's scope, or changes why and until when; expires may be empty.
func (d *Editor) Exclude(id, key, reason, expires string) error {
	return d.change(id, func() error {
		exclusion := func() *hclsyntax.Block { return findBlock(d.action(id).Body, "exclude", key) }
		if exclusion() == nil {
			text := "exclude " + quoteKey(key) + " {\n  reason = " + quote(reason) + "\n}"
			if expires != "" {
				text = "exclude " + quoteKey(key) + " {\n  reason  = " + quote(reason) + "\n  expires = " + quote(expires) + "\n}"
			}
			return d.addBlock(d.action(id), "exclude", text)
		}
		if err := d.expand(exclusion()); err != nil {
			return err
		}
		if err := d.setAttribute(exclusion, exclusionFields(), "reason", reason); err != nil {
			return err
		}
		return d.setAttribute(exclusion, exclusionFields(), "expires", expires)
	})
}

func exclusionFields() []string { return []string{"reason", "expires"} }

// Include takes back that a record is excluded.
func (d *Editor) Include(id, key string) error {
	if err := d.requireAction(id); err != nil {
		return err
	}
	block := findBlock(d.action(id).Body, "exclude", key)
	if block == nil {
		return fmt.Errorf("the register excludes no record %q from %s", key, id)
	}
	return d.change(id, func() error { return d.removeBlock(findBlock(d.action(id).Body, "exclude", key)) })
}

// requireAction returns an error if nothing is registered about an action.
func (d *Editor) requireAction(id string) error {
	if d.action(id) != nil {
		return nil
	}
	hint := ""
	if near := diag.Nearest(id, slices.Sorted(maps.Keys(d.register.decisions))); near != "" {
		hint = fmt.Sprintf(" Did you mean %q?", near)
	}
	return fmt.Errorf("the register has no action %q.%s", id, hint)
}

// change edits an action, which is added if it is not there, and goes if nothing is left in it. Its block is formatted as before.
func (d *Editor) change(id string, edit func() error) error {
	crlf := bytes.Contains(d.src, []byte("\r\n")) && bytes.Count(d.src, []byte("\n")) == bytes.Count(d.src, []byte("\r\n"))
	formatted := true
	if block := d.action(id); block != nil {
		formatted = d.isFormatted(block)
		if err := d.expand(block); err != nil {
			return err
		}
	} else if err := d.addAction(id); err != nil {
		return err
	}
	if err := edit(); err != nil {
		return err
	}
	if block := d.action(id); d.isEmpty(block) {
		return d.removeBlock(block)
	} else if formatted {
		if err := d.format(block); err != nil {
			return err
		}
	}
	if crlf {
		return d.splice(0, len(d.src), strings.ReplaceAll(strings.ReplaceAll(string(d.src), "\r\n", "\n"), "\n", "\r\n"))
	}
	return nil
}

// addAction adds an action with nothing in it, after a blank line.
func (d *Editor) addAction(id string) error {
	gap := ""
	if len(bytes.TrimSpace(d.src)) > 0 && !bytes.HasSuffix(d.src, []byte("\n\n")) && !bytes.HasSuffix(d.src, []byte("\n\r\n")) {
		gap = "\n"
	}
	if err := d.splice(len(d.src), len(d.src), gap+"action "+quote(id)+" {\n}\n"); err != nil {
		return err
	}
	if d.action(id) == nil {
		return fmt.Errorf("the id %q can't be written", id)
	}
	return nil
}

// value returns the text of an action's attribute as it is written now, or "".
func (d *Editor) value(id, name string) string {
	attribute, ok := d.action(id).Body.Attributes[name]
	if !ok {
		return ""
	}
	return (&decoder{}).value(name, attribute.Expr, maxText, manyLines)
}

// setAttribute sets an attribute of a block, or removes it if the value is empty. A new one takes its place in the order.
func (d *Editor) setAttribute(block func() *hclsyntax.Block, order []string, name, value string) error {
	if attribute, ok := block().Body.Attributes[name]; ok {
		at := attribute.SrcRange
		if value == "" {
			return d.remove(at.Start.Byte, at.End.Byte)
		}
		at = attribute.Expr.Range()
		return d.splice(at.Start.Byte, at.End.Byte, quote(value))
	}
	if value == "" {
		return nil
	}
	return d.insertAttribute(block(), order, name, quote(value))
}

// insertAttribute adds a line for an attribute that the block does not have.
func (d *Editor) insertAttribute(block *hclsyntax.Block, order []string, name, expr string) error {
	at := block.OpenBraceRange.End.Byte
	indent := d.innerIndent(block)
	for _, earlier := range order[:slices.Index(order, name)] {
		if attribute, ok := block.Body.Attributes[earlier]; ok {
			at = attribute.SrcRange.End.Byte
			indent = d.indent(attribute.SrcRange.Start.Byte)
		}
	}
	end, _ := d.lineEnd(at)
	return d.splice(end, end, indent+name+" = "+expr+"\n")
}

// addBlock puts a block into another one: after the last of its type, or else at the end.
func (d *Editor) addBlock(block *hclsyntax.Block, kind, text string) error {
	indent := d.innerIndent(block)
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

// removeBlock removes a block with all that is in it.
func (d *Editor) removeBlock(block *hclsyntax.Block) error {
	// The comments inside are about what goes: empty the block first, so that remove finds none to keep.
	open, shut := block.OpenBraceRange.End.Byte, block.CloseBraceRange.Start.Byte
	start := block.TypeRange.Start.Byte
	if err := d.splice(open, shut, ""); err != nil {
		return err
	}
	return d.remove(start, open+1)
}
