package register

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/internal/hcledit"
)

// Tag adds tags to an action that it does not have yet.
func (d *Editor) Tag(id string, tags ...string) error {
	return d.change(id, func() error {
		for _, tag := range tags {
			have := d.tags(id)
			if slices.Contains(have, tag) {
				continue
			}
			if err := d.addTag(id, tag); err != nil {
				return err
			}
		}
		return nil
	})
}

// Untag removes tags from an action.
func (d *Editor) Untag(id string, tags ...string) error {
	if err := d.requireAction(id); err != nil {
		return err
	}
	return d.change(id, func() error {
		for _, tag := range tags {
			i := slices.Index(d.tags(id), tag)
			if i < 0 {
				return fmt.Errorf("%s has no tag %q", id, tag)
			}
			if err := d.removeTag(id, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// list is the list of an action's tags as it is written, or nil.
func (d *Editor) list(id string) *hclsyntax.TupleConsExpr {
	if attribute, ok := d.action(id).Body.Attributes["tags"]; ok {
		list, _ := attribute.Expr.(*hclsyntax.TupleConsExpr)
		return list
	}
	return nil
}

// tags returns the tags in the order in which they are written.
func (d *Editor) tags(id string) []string {
	var tags []string
	if list := d.list(id); list != nil {
		for _, expr := range list.Exprs {
			tags = append(tags, (&decoder{}).value("tags", expr, maxTag, oneLine))
		}
	}
	return tags
}

func (d *Editor) addTag(id, tag string) error {
	list := d.list(id)
	switch {
	case list == nil:
		return d.InsertAttribute(d.action(id), fields(), "tags", "["+hcledit.Quote(tag)+"]")
	case len(list.Exprs) == 0:
		at := list.OpenRange.End.Byte
		return d.Splice(at, at, hcledit.Quote(tag)+",")
	}
	last := list.Exprs[len(list.Exprs)-1].Range()
	comma, found := d.comma(last.End.Byte)
	if !found {
		comma = last.End.Byte + 1
		if err := d.Splice(last.End.Byte, last.End.Byte, ","); err != nil {
			return err
		}
	}
	// A tag that has a line of its own is followed by a line; a comment beside it stays there.
	_, first := d.LineStart(last.Start.Byte)
	if end, ok := d.LineEnd(comma); ok && first {
		return d.Splice(end, end, d.Indent(last.Start.Byte)+hcledit.Quote(tag)+",\n")
	}
	trailing := ""
	if found {
		trailing = ","
	}
	return d.Splice(comma, comma, " "+hcledit.Quote(tag)+trailing)
}

// comma is where the comma ends that follows what ends at the offset.
func (d *Editor) comma(offset int) (end int, found bool) {
	for _, t := range d.After(offset) {
		switch t.Type {
		case hclsyntax.TokenComment, hclsyntax.TokenNewline:
		case hclsyntax.TokenComma:
			return t.Range.End.Byte, true
		default:
			return offset, false
		}
	}
	return offset, false
}

func (d *Editor) removeTag(id string, i int) error {
	list := d.list(id)
	start, end := list.Exprs[i].Range().Start.Byte, list.Exprs[i].Range().End.Byte
	if len(list.Exprs) == 1 && !strings.ContainsAny(d.Slice(list.OpenRange.Start.Byte, start), "#/") {
		at := d.action(id).Body.Attributes["tags"].SrcRange
		return d.Remove(at.Start.Byte, at.End.Byte)
	}
	comma, found := d.comma(end)
	if i > 0 && !found {
		// The last one: the comma before it goes, if nothing but space stands between.
		before := list.Exprs[i-1].Range().End.Byte
		if strings.Trim(d.Slice(before, start), " ,") == "" {
			start = before
		}
	} else if next := i + 1; next < len(list.Exprs) && strings.Trim(d.Slice(comma, list.Exprs[next].Range().Start.Byte), " ") == "" {
		comma = list.Exprs[next].Range().Start.Byte
	}
	return d.Remove(start, comma)
}
