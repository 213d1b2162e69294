package register

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/hcledit"
	"github.com/posture-score/posture/internal/suggest"
)

// Author is who changes a register, and when.
type Author = hcledit.Author

// Editor edits the text of a register. Its methods change nothing but what they are asked to. They do not check
// what they write: [Read] does, before a file is replaced.
type Editor struct {
	*hcledit.Document
	register *Register // as it was in the beginning
	author   Author
}

// NewEditor begins to edit the text of a register, which has to be a valid one. A register that is not there is nil.
func NewEditor(filename string, src []byte) (*Editor, error) {
	r, err := Read(filename, src)
	if err != nil {
		return nil, err
	}
	document, err := hcledit.NewDocument(filename, src, parse)
	return &Editor{Document: document, register: r}, err
}

// By says who makes the changes that follow: it is recorded with each action that they change, but for notes, which have an author of their
// own. Nobody is said to have made a change whose author is not known.
func (d *Editor) By(author Author) { d.author = author }

// Fields are the attributes of an action to set: nil leaves one as it is, and an empty text removes it. Due and Expires are a
// date or a time as in RFC 3339.
type Fields struct {
	Status, Reason, Owner, Due, Expires, ApprovedBy, Ticket *string
}

// FieldNames returns the names of the attributes that [Fields] set, in the order in which they are written.
func FieldNames() []string {
	return []string{"status", "reason", "owner", "due", "expires", "approved_by", "ticket"}
}

// Field returns the field of a name, one of [FieldNames].
func (f *Fields) Field(name string) **string {
	switch name {
	case "status":
		return &f.Status
	case "reason":
		return &f.Reason
	case "owner":
		return &f.Owner
	case "due":
		return &f.Due
	case "expires":
		return &f.Expires
	case "approved_by":
		return &f.ApprovedBy
	case "ticket":
		return &f.Ticket
	}
	panic("no field " + name)
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
		for _, name := range FieldNames() {
			value := *f.Field(name)
			if value == nil {
				continue
			}
			if err := d.set(func() *hclsyntax.Block { return d.action(id) }, fields(), name, *value); err != nil {
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
		return d.RemoveBlock(d.action(id))
	}
	empty := ""
	return d.Set(id, Fields{Status: &empty, Reason: &empty, Owner: &empty, Due: &empty, Expires: &empty, ApprovedBy: &empty, Ticket: &empty})
}

// Note adds a note to an action. It has its own author and time: who changed the decision last stays.
func (d *Editor) Note(id string, note engine.Note) error {
	return d.changeAs(id, nil, func() error {
		return d.AddBlock(d.action(id), "note", fmt.Sprintf("note {\n  time   = %s\n  author = %s\n  text   = %s\n}",
			hcledit.Quote(note.Time.UTC().Format(time.RFC3339)), hcledit.Quote(note.Author), hcledit.Quote(note.Text)))
	})
}

// Exclude takes a record out of an action's scope, or changes why and until when; expires may be empty.
func (d *Editor) Exclude(id, key, reason, expires string) error {
	return d.change(id, func() error {
		exclusion := func() *hclsyntax.Block { return d.exclusion(id, key) }
		if exclusion() == nil {
			text := "exclude " + hcledit.QuoteKey(key) + " {\n  reason = " + hcledit.Quote(reason) + "\n}"
			if expires != "" {
				text = "exclude " + hcledit.QuoteKey(key) + " {\n  reason  = " + hcledit.Quote(reason) + "\n  expires = " + hcledit.Quote(expires) + "\n}"
			}
			return d.AddBlock(d.action(id), "exclude", text)
		}
		if err := d.Expand(exclusion()); err != nil {
			return err
		}
		if err := d.set(exclusion, exclusionFields(), "reason", reason); err != nil {
			return err
		}
		return d.set(exclusion, exclusionFields(), "expires", expires)
	})
}

func exclusionFields() []string { return []string{"reason", "expires"} }

// Include takes back that a record is excluded.
func (d *Editor) Include(id, key string) error {
	if err := d.requireAction(id); err != nil {
		return err
	}
	if d.exclusion(id, key) == nil {
		var keys []string
		for _, x := range d.register.decisions[id].Exclude {
			keys = append(keys, x.Key)
		}
		return fmt.Errorf("the register excludes no record %q from %s.%s", key, id, suggest.Hint(key, keys))
	}
	return d.change(id, func() error { return d.RemoveBlock(d.exclusion(id, key)) })
}

// exclusion returns the exclusion of a record as it is written now, or nil. The case of a key does not matter, as it does not to evidence; of
// several the one that is spelled alike comes first.
func (d *Editor) exclusion(id, key string) *hclsyntax.Block {
	body := d.action(id).Body
	if block := hcledit.Find(body, "exclude", key); block != nil {
		return block
	}
	i := slices.IndexFunc(body.Blocks, func(block *hclsyntax.Block) bool {
		return block.Type == "exclude" && len(block.Labels) == 1 && foldKey(block.Labels[0]) == foldKey(key)
	})
	if i < 0 {
		return nil
	}
	return body.Blocks[i]
}

// requireAction returns an error if nothing is registered about an action.
func (d *Editor) requireAction(id string) error {
	if d.action(id) != nil {
		return nil
	}
	return &suggest.UnknownError{Where: "the register", Kind: "action", Name: id, Known: slices.Sorted(maps.Keys(d.register.decisions))}
}

func (d *Editor) action(id string) *hclsyntax.Block { return hcledit.Find(d.Body(), "action", id) }

// change edits an action, which is added if it is not there, and goes if nothing is left in it.
func (d *Editor) change(id string, edit func() error) error { return d.changeAs(id, &d.author, edit) }

// changeAs does not record who changes the action if the author is nil.
func (d *Editor) changeAs(id string, author *Author, edit func() error) error {
	return d.Change(func() *hclsyntax.Block { return d.action(id) }, "action "+hcledit.Quote(id), fields(), author, edit)
}

// value returns the text of an action's attribute as it is written now, or "".
func (d *Editor) value(id, name string) string {
	attribute, ok := d.action(id).Body.Attributes[name]
	if !ok {
		return ""
	}
	return (&decoder{}).value(name, attribute.Expr, maxText, manyLines)
}

// set sets an attribute of a block to a text, or removes it if the text is empty.
func (d *Editor) set(block func() *hclsyntax.Block, order []string, name, text string) error {
	expr := ""
	if text != "" {
		expr = hcledit.Quote(text)
	}
	return d.SetAttribute(block, order, name, expr)
}
