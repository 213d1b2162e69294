package decide

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/hcledit"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

// Desk is where one person decides about one tenant. It is for one decision: what was decided is not in its snapshot.
type Desk struct {
	snapshot *snapshot.Snapshot
	author   register.Author
}

// New returns the desk of a person, at a moment, who has seen a snapshot or an earlier one.
func New(s *snapshot.Snapshot, person string, now time.Time) *Desk {
	return &Desk{snapshot: s, author: register.Author{Name: person, Time: now.UTC()}}
}

// The files that are written.
const (
	InRegister = "register"
	InSettings = "settings"
)

// Receipt says what was written.
type Receipt struct {
	File    string // InRegister or InSettings; empty if there was nothing to change
	Path    string // of the file
	Version string // of its text now: with it [Desk.Undo] takes back this change and no other
	Made    bool   // the file was not there before
}

// ErrUnknown is an action that the catalog does not have.
var ErrUnknown = errors.New("the catalog has no such action")

// Refused is a decision that can't be made, whatever its values are. Its text is a sentence for whoever tried.
type Refused struct{ Reason string }

func (e *Refused) Error() string { return e.Reason }

// Invalid are values that can't be written. It has a sentence for each field, by name; what is about no field in particular stands under "".
type Invalid struct{ Fields map[string]string }

func (e *Invalid) Error() string {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		text := e.Fields[name]
		if name != "" {
			text = name + ": " + text
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " ")
}

// invalid returns the error of values that are wrong, or nil if none is.
func invalid(fields map[string]string) error {
	if len(fields) == 0 {
		return nil
	}
	return &Invalid{Fields: fields}
}

// Conflicts are the actions of one edit that somebody else has changed in the meantime, sorted by id. Nothing was written.
type Conflicts []*register.ConflictError

func (e Conflicts) Error() string {
	texts := make([]string, len(e))
	for i, one := range e {
		texts[i] = one.Error()
	}
	return strings.Join(texts, "; ")
}

// Is reports that this is [register.ErrChanged].
func (Conflicts) Is(target error) bool { return target == register.ErrChanged }

// Nowhere says why decisions can't be made about a tenant at all, or "".
func Nowhere(s *snapshot.Snapshot) string {
	if s.Register.Path != "" {
		return ""
	}
	if s.Tenants > 1 {
		return "This server shows several tenants, and a register is of one: decide with 'posture action set --register FILE', or serve the tenant alone."
	}
	return "This server has no register. Start it with --register FILE."
}

// Locked says why an action takes no status by hand, or "". The action may be nil if there is no result; control is its control.
func Locked(action *engine.Action, control *catalog.Control) string {
	switch {
	case control.Stage == catalog.StageDeprecated && control.ReplacedBy != "":
		return "This action is deprecated and evaluated no more: decide about " + control.ReplacedBy + ", which replaced it."
	case control.Stage == catalog.StageDeprecated:
		return "This action is deprecated and evaluated no more."
	case control.Exception != "":
		return "Vulnerability management knows this recommendation: exceptions there decide the status, and it takes none by hand."
	case action != nil && action.Status == engine.Completed:
		return "The evidence shows that this action is completed. That follows from the evidence alone, and can't be changed by hand."
	}
	return ""
}

// control returns the control of an action about which something can be decided. Notes and tags may be written about more of them.
func (d *Desk) control(id string, status bool) (*catalog.Control, error) {
	if why := Nowhere(d.snapshot); why != "" {
		return nil, &Refused{why}
	}
	control, ok := d.snapshot.Catalog.Control(id)
	if !ok {
		return nil, fmt.Errorf("%.100q: %w", id, ErrUnknown)
	}
	why := ""
	if status || control.Stage == catalog.StageDeprecated {
		why = Locked(d.snapshot.Action(control.ID), control)
	}
	if why != "" {
		return nil, &Refused{why}
	}
	return control, nil
}

// edit changes the register.
func (d *Desk) edit(ctx context.Context, change func(*register.Editor) error) (Receipt, error) {
	receipt := Receipt{Path: d.snapshot.Register.Path}
	err := register.Edit(ctx, receipt.Path, func(e *register.Editor) error {
		e.By(d.author)
		before := e.Text()
		if err := change(e); err != nil {
			return err
		}
		if after := e.Text(); string(before) != string(after) {
			receipt.File, receipt.Version, receipt.Made = InRegister, register.Version(after), len(before) == 0
		}
		return nil
	})
	if err != nil {
		return Receipt{}, refused(err)
	}
	return receipt, nil
}

// refused tells in a sentence that a change would have made a file invalid, though its values were checked: it passes a bound of the file.
func refused(err error) error {
	var broken *hcledit.RefusedError
	if errors.As(err, &broken) {
		return &Invalid{map[string]string{"": broken.Problems.Diagnostics[0].Detail}}
	}
	return err
}

// Undone says what was taken back.
type Undone struct {
	File    string
	Author  string   // who had made the change; empty if that is not known
	Actions []string // whose decisions it changed, sorted; none of settings
}

// Undo takes back the change that led to a version of a file, if it is still the last one.
func (d *Desk) Undo(ctx context.Context, file, version string) (Undone, error) {
	if version == "" {
		return Undone{}, &Invalid{map[string]string{"": "Say which change to take back."}}
	}
	switch file {
	case InRegister:
		if why := Nowhere(d.snapshot); why != "" {
			return Undone{}, &Refused{why}
		}
		done, err := register.Undo(ctx, d.snapshot.Register.Path, version)
		undone := Undone{File: file, Author: done.Author.Name}
		for _, change := range done.Changes {
			undone.Actions = append(undone.Actions, change.ID)
		}
		return undone, err
	case InSettings:
		path, err := d.settingsPath()
		if err != nil {
			return Undone{}, err
		}
		author, err := settings.Undo(ctx, path, version)
		return Undone{File: file, Author: author.Name}, err
	}
	return Undone{}, &Invalid{map[string]string{"": "There is no such file to undo."}}
}
