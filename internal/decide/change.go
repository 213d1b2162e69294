package decide

import (
	"context"
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/register"
)

// Changes are what is to be changed of an action in one step.
type Changes struct {
	Fields register.Fields // see [Desk.Set]
	Tags   *[]string       // the tags that it is to have; nil leaves them
	Note   string          // a note to add; empty for none
}

// Change changes what is registered about an action, all of it or nothing. The version is that of what the person has seen: see [Desk.Set].
func (d *Desk) Change(ctx context.Context, id, version string, c Changes) (Receipt, error) {
	status := c.Fields != register.Fields{}
	control, err := d.control(id, status)
	if err != nil {
		return Receipt{}, err
	}
	note := engine.Note{Time: d.author.Time, Author: d.author.Name, Text: normal("text", c.Note)}
	if err := checkRest(c, note); err != nil {
		return Receipt{}, err
	}
	return d.edit(ctx, func(e *register.Editor) error {
		if err := e.Expect(control.ID, version); err != nil {
			return err
		}
		current, _ := e.Decision(control.ID)
		if status {
			fields, err := d.fields(current, c.Fields)
			if err != nil {
				return err
			}
			if err := e.Set(control.ID, fields); err != nil {
				return err
			}
		}
		if c.Tags != nil {
			if err := retag(e, control.ID, current.Tags, *c.Tags); err != nil {
				return err
			}
		}
		if note.Text == "" {
			return nil
		}
		return e.Note(control.ID, note)
	})
}

// checkRest says what is wrong with tags and note.
func checkRest(c Changes, note engine.Note) error {
	fields := map[string]string{}
	if c.Tags != nil {
		text, err := register.CheckTags(*c.Tags)
		if err != nil {
			return err
		}
		if text != "" {
			fields["tags"] = text
		}
	}
	if note.Text != "" {
		problems, err := register.CheckNote(note)
		if err != nil {
			return err
		}
		if text := problems["text"]; text != "" {
			fields["note"] = text
		}
	}
	return invalid(fields)
}

func retag(e *register.Editor, id string, now, wanted []string) error {
	var gone, added []string
	for _, tag := range now {
		if !slices.Contains(wanted, tag) {
			gone = append(gone, tag)
		}
	}
	for _, tag := range wanted {
		if !slices.Contains(now, tag) {
			added = append(added, tag)
		}
	}
	if len(added) > 0 {
		if err := e.Tag(id, added...); err != nil {
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return e.Untag(id, gone...)
}
