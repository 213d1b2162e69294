package register

import (
	"encoding/json"
	"fmt"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/hcledit"
)

// Version returns the version of a register's text: its SHA-256, in hexadecimal digits. A register that is not there (nil) has none, "".
func Version(text []byte) string { return hcledit.Version(text) }

// VersionOf returns the version of what is registered about an action, of all that it says and not of how it is written: a SHA-256, in
// hexadecimal digits. It is "" if nothing is registered. Two who change different actions do not change each other's versions.
func VersionOf(decisions map[string]engine.Decision, id string) string {
	decision, ok := decisions[id]
	if !ok {
		return ""
	}
	text, _ := json.Marshal(decision) // its times are in years that JSON can hold: see decoder.moment
	return Version(text)
}

// ConflictError is an action that somebody else changed in the meantime. The register was left as it is.
type ConflictError struct {
	ID       string
	Version  string           // of what is registered now; "" if nothing is
	Decision *engine.Decision // what is registered now; nil if nothing is
}

func (e *ConflictError) Error() string {
	if e.Decision == nil || e.Decision.ChangedBy == "" {
		return fmt.Sprintf("what is registered about %s was changed in the meantime", e.ID)
	}
	return fmt.Sprintf("what is registered about %s was changed in the meantime by %s", e.ID, e.Decision.ChangedBy)
}

// Is reports that this is [ErrChanged].
func (*ConflictError) Is(target error) bool { return target == ErrChanged }

// Expect returns a [*ConflictError] unless what was registered about an action, before any edit, has the version.
func (d *Editor) Expect(id, version string) error {
	if conflict := d.Conflict(id, version); conflict != nil {
		return conflict
	}
	return nil
}

// Conflict is [Editor.Expect] for several actions, whose conflicts are told together; nil is none.
func (d *Editor) Conflict(id, version string) *ConflictError {
	current := VersionOf(d.register.decisions, id)
	if current == version {
		return nil
	}
	conflict := &ConflictError{ID: id, Version: current}
	if decision, ok := d.register.decisions[id]; ok {
		conflict.Decision = &decision
	}
	return conflict
}

// ExpectText returns [ErrChanged] unless the whole text, before any edit, has the version.
func (d *Editor) ExpectText(version string) error {
	if d.register.version == version {
		return nil
	}
	return ErrChanged
}

// Decision returns what was registered about an action before any edit.
func (d *Editor) Decision(id string) (decision engine.Decision, ok bool) {
	decision, ok = d.register.decisions[id]
	return decision, ok
}

// Version returns the [Version] of the register's text.
func (r *Register) Version() string { return r.version }
