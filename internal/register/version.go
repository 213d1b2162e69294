package register

import (
	"fmt"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/hcledit"
)

// Version returns the version of a register's text: its SHA-256, in hexadecimal digits. A register that is not there (nil) has none, "".
func Version(text []byte) string { return hcledit.Version(text) }

// Version returns the version of what is registered about an action: of the text of its block. It is "" if there is none. Two who change
// different actions do not change each other's versions.
func (d *Editor) Version(id string) string { return Version(d.block(id)) }

// block returns the text of an action's block, or nil.
func (d *Editor) block(id string) []byte {
	if block := d.action(id); block != nil {
		return d.Source(block)
	}
	return nil
}

// ConflictError is an action that somebody else changed in the meantime. The register was left as it is.
type ConflictError struct {
	ID       string
	Version  string           // of what is registered now; "" if nothing is
	Text     string           // of it, as HCL
	Decision *engine.Decision // it; nil if nothing is registered
}

func (e *ConflictError) Error() string {
	if e.Decision == nil || e.Decision.ChangedBy == "" {
		return fmt.Sprintf("what is registered about %s was changed in the meantime", e.ID)
	}
	return fmt.Sprintf("what is registered about %s was changed in the meantime by %s", e.ID, e.Decision.ChangedBy)
}

// Is reports that this is [ErrChanged].
func (*ConflictError) Is(target error) bool { return target == ErrChanged }

// Expect returns a [*ConflictError] unless what is registered about an action still has the version.
func (d *Editor) Expect(id, version string) error {
	current := d.Version(id)
	if current == version {
		return nil
	}
	conflict := &ConflictError{ID: id, Version: current, Text: string(d.block(id))}
	if decision, ok := d.register.decisions[id]; ok {
		conflict.Decision = &decision
	}
	return conflict
}

// ExpectText returns [ErrChanged] unless the whole text has the version.
func (d *Editor) ExpectText(version string) error {
	if d.original == version {
		return nil
	}
	return ErrChanged
}

// Version returns the version of what is registered about an action, as [Editor.Version] does.
func (r *Register) Version(id string) string { return r.versions[id] }

// TextVersion returns the [Version] of the register's text.
func (r *Register) TextVersion() string { return r.version }
