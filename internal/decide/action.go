package decide

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/register"
)

// Values returns what is registered about an action as a form shows it, by the names of [register.FieldNames]. Days are written as
// 2026-12-31, in UTC, and the status is never empty.
func Values(d engine.Decision) map[string]string {
	day := func(at *time.Time) string {
		if at == nil {
			return ""
		}
		return at.UTC().Format(time.DateOnly)
	}
	status := d.Status
	if status == "" {
		status = engine.ToAddress
	}
	return map[string]string{
		"status": string(status), "reason": d.Reason, "owner": d.Owner, "due": day(d.Due), "expires": day(d.Expires), "approved_by": d.ApprovedBy, "ticket": d.Ticket,
	}
}

// Set sets attributes of an action: nil leaves one as it is, and an empty text removes it. As in a register, another status is another
// decision: reason, end and approval of the one before go unless they are given. The version is that of what the person has seen
// ([register.VersionOf]); if it is not that of what is registered now, the error is a [*register.ConflictError].
func (d *Desk) Set(ctx context.Context, id, version string, f register.Fields) (Receipt, error) {
	control, err := d.control(id, true)
	if err != nil {
		return Receipt{}, err
	}
	return d.edit(ctx, func(e *register.Editor) error {
		if err := e.Expect(control.ID, version); err != nil {
			return err
		}
		current, _ := e.Decision(control.ID)
		fields, err := d.fields(current, f)
		if err != nil {
			return err
		}
		return e.Set(control.ID, fields)
	})
}

// fields returns what to write so that an action has other values in place of some. What stays the same is left as it is written. The error
// is an [*Invalid] if the decision as a whole can't be made.
func (d *Desk) fields(current engine.Decision, f register.Fields) (register.Fields, error) {
	now := Values(current)
	other := f.Status != nil && normal("status", *f.Status) != now["status"]
	var write, whole register.Fields
	for _, name := range register.FieldNames() {
		value, given := now[name], *f.Field(name) != nil
		switch {
		case given:
			value = normal(name, **f.Field(name))
		case other && (name == "reason" || name == "expires" || name == "approved_by"):
			value, given = "", true
		}
		written := value
		if name == "status" && value == string(engine.ToAddress) {
			written = ""
		}
		*whole.Field(name) = &written
		if given && (other || value != now[name]) {
			*write.Field(name) = &written
		}
	}
	wrong, err := register.CheckFields(whole)
	if err != nil {
		return register.Fields{}, err
	}
	return write, invalid(d.judge(wrong, whole, now))
}

// normal returns a value as it is compared and written.
func normal(name, value string) string {
	value = strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n"))
	if name == "status" && value == "" {
		return string(engine.ToAddress)
	}
	return value
}

// judge adds to what is wrong with some values what a register would hold, and nobody can mean who decides today. A day that was there
// before may be over: an owner is changed because a plan is overdue.
func (d *Desk) judge(wrong map[string]string, f register.Fields, before map[string]string) map[string]string {
	say := func(name, text string) {
		if wrong == nil {
			wrong = map[string]string{}
		}
		if wrong[name] == "" || name == "reason" && *f.Reason == "" {
			wrong[name] = text
		}
	}
	if wrong["reason"] != "" {
		say("reason", "Say why: this status changes the score, or leaves a risk.")
	}
	today := d.author.Time.Format(time.DateOnly)
	if due := *f.Due; isDay(due) && due < today && due != before["due"] {
		say("due", "This day has passed: name one from today on.")
	}
	if end := *f.Expires; isDay(end) && end <= today {
		say("expires", "On this day the decision has ended already, and would have no effect: name a later one, or none.")
	}
	return wrong
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// Note adds a note to an action. Notes are added and never changed, so that nobody has to have seen what is registered.
func (d *Desk) Note(ctx context.Context, id, text string) (Receipt, error) {
	control, err := d.control(id, false)
	if err != nil {
		return Receipt{}, err
	}
	note := engine.Note{Time: d.author.Time, Author: d.author.Name, Text: normal("text", text)}
	wrong, err := register.CheckNote(note)
	if err != nil {
		return Receipt{}, err
	}
	if wrong["text"] != "" && note.Text == "" {
		wrong["text"] = "Write something."
	}
	if err := invalid(wrong); err != nil {
		return Receipt{}, err
	}
	return d.edit(ctx, func(e *register.Editor) error { return e.Note(control.ID, note) })
}

// Tag gives an action these tags and no others. The version is that of what the person has seen: see [Desk.Set].
func (d *Desk) Tag(ctx context.Context, id, version string, tags []string) (Receipt, error) {
	control, err := d.control(id, false)
	if err != nil {
		return Receipt{}, err
	}
	wanted := make([]string, len(tags))
	for i, tag := range tags {
		wanted[i] = normal("tag", tag)
	}
	if text, err := register.CheckTags(wanted); err != nil || text != "" {
		if err != nil {
			return Receipt{}, err
		}
		return Receipt{}, &Invalid{map[string]string{"tags": text}}
	}
	return d.edit(ctx, func(e *register.Editor) error {
		if err := e.Expect(control.ID, version); err != nil {
			return err
		}
		current, _ := e.Decision(control.ID)
		gone := slices.DeleteFunc(slices.Clone(current.Tags), func(tag string) bool { return slices.Contains(wanted, tag) })
		if err := e.Tag(control.ID, wanted...); err != nil || len(gone) == 0 {
			return err
		}
		return e.Untag(control.ID, gone...)
	})
}

// Chosen is an action that is to be planned, with the version that the person has seen.
type Chosen struct{ ID, Version string }

// Plan sets the status of actions to planned, all of them or none, with an owner and a day by which they are to be done; an empty one
// leaves those of each action as they are. Conflicts are [Conflicts]; what keeps actions from being planned is told of all of them.
func (d *Desk) Plan(ctx context.Context, chosen []Chosen, owner, due string) (Receipt, error) {
	chosen = slices.Clone(chosen)
	if err := d.checkPlan(chosen); err != nil {
		return Receipt{}, err
	}
	status := string(engine.Planned)
	f := register.Fields{Status: &status}
	if owner != "" {
		f.Owner = &owner
	}
	if due != "" {
		f.Due = &due
	}
	return d.edit(ctx, func(e *register.Editor) error {
		var conflicts Conflicts
		for _, one := range chosen {
			if conflict := e.Conflict(one.ID, one.Version); conflict != nil {
				conflicts = append(conflicts, conflict)
			}
		}
		if len(conflicts) > 0 {
			return conflicts
		}
		for _, one := range chosen {
			current, _ := e.Decision(one.ID)
			fields, err := d.fields(current, f)
			if err != nil {
				return ofPlan(one.ID, err)
			}
			if err := e.Set(one.ID, fields); err != nil {
				return err
			}
		}
		return nil
	})
}

// ofPlan says of which action a plan is wrong, unless it is so of all.
func ofPlan(id string, err error) error {
	var wrong *Invalid
	if !errors.As(err, &wrong) || wrong.Fields["owner"] != "" || wrong.Fields["due"] != "" {
		return err
	}
	return &Invalid{map[string]string{"select": id + ": " + err.Error()}}
}

// maxPlan is how many actions a plan may have.
const maxPlan = 500

// checkPlan says what keeps actions from being planned.
func (d *Desk) checkPlan(chosen []Chosen) error {
	if len(chosen) == 0 {
		return &Invalid{map[string]string{"select": "Choose at least one action."}}
	}
	if len(chosen) > maxPlan {
		return &Invalid{map[string]string{"select": "That are too many actions for one plan."}}
	}
	slices.SortFunc(chosen, func(a, b Chosen) int { return strings.Compare(a.ID, b.ID) })
	var reasons []string
	for i, one := range chosen {
		_, err := d.control(one.ID, true)
		switch {
		case err != nil && len(reasons) < maxReasons:
			if !errors.Is(err, ErrUnknown) {
				err = fmt.Errorf("%s: %w", one.ID, err)
			}
			reasons = append(reasons, err.Error())
		case i > 0 && chosen[i-1].ID == one.ID:
			return &Invalid{map[string]string{"select": "The action " + clip(one.ID) + " is chosen twice."}}
		}
	}
	if len(reasons) > 0 {
		return &Refused{"Nothing was planned, since some of the actions can't be. " + strings.Join(reasons, " ")}
	}
	return nil
}

// maxReasons is how many actions that can't be planned are named.
const maxReasons = 5

// clip shortens an id that a request gave.
func clip(id string) string {
	const most = 100
	if len(id) > most {
		return id[:most] + "…"
	}
	return id
}
