package securescore

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/register"
)

// Proposal is a decision of Microsoft's as one of the register.
type Proposal struct {
	ID     string        `json:"id"`    // of the control
	Names  []string      `json:"names"` // of the profiles that stand behind it
	State  string        `json:"state"` // Microsoft's word
	Status engine.Status `json:"status,omitempty"`
	Lost   []string      `json:"lost"` // what the register does not say, or says otherwise; never null
	update *Update
}

// Propose returns what was decided in Microsoft's portal as the text of a register, and what was lost on the way. Decisions that can't
// be made in the register have no status: see what was lost.
func Propose(profiles Profiles, cat *catalog.Catalog) ([]byte, []Proposal, error) {
	editor, err := register.NewEditor(register.Name, nil)
	if err != nil {
		return nil, nil, err
	}
	proposals := proposals(profiles, cat)
	for i := range proposals {
		p := &proposals[i]
		if p.Status == "" {
			continue
		}
		if err := p.write(editor); err != nil {
			return nil, nil, fmt.Errorf("the decision about %s: %w", p.ID, err)
		}
	}
	text := editor.Text()
	if _, err := register.Read(register.Name, text); err != nil {
		return nil, nil, fmt.Errorf("the proposed decisions: %w", err)
	}
	return text, proposals, nil
}

// proposals returns one decision for each control, sorted: the newest one where a control stands for several instances.
func proposals(profiles Profiles, cat *catalog.Catalog) []Proposal {
	byID := map[string]*Proposal{}
	for _, name := range sortedKeys(profiles) {
		u := profiles[name].Effective(time.Time{})
		if u == nil {
			continue
		}
		id := Folded(name)
		p := byID[id]
		if p == nil {
			p = &Proposal{ID: id, Lost: []string{}, update: u}
			byID[id] = p
		}
		p.Names = append(p.Names, name)
		if p.update != u && !strings.EqualFold(p.update.State, u.State) {
			p.Lost = append(p.Lost, fmt.Sprintf("its instances are set to %s and %s: the newest counts", p.update.State, u.State))
		}
		if u.At.After(p.update.At) {
			p.update = u
		}
		if earlier := profiles[name].decisions() - 1; earlier > 0 {
			p.Lost = append(p.Lost, fmt.Sprintf("earlier decisions are left out: %d", earlier))
		}
	}
	list := make([]Proposal, 0, len(byID))
	for _, id := range sortedKeys(byID) {
		byID[id].judge(cat)
		list = append(list, *byID[id])
	}
	return list
}

// judge finds the status that a state stands for, if the register can have it.
func (p *Proposal) judge(cat *catalog.Catalog) {
	p.State = p.update.State
	status, lost := p.update.status()
	if lost != "" {
		p.Lost = append(p.Lost, lost)
	}
	control, known := cat.Control(p.ID)
	switch {
	case status == "":
		p.Lost = append(p.Lost, "the state is not known: no decision is proposed")
		return
	case !known:
		p.Lost = append(p.Lost, "the catalog has no such control: no decision is proposed")
		return
	case control.Stage == catalog.StageDeprecated:
		p.Lost = append(p.Lost, "the control is deprecated: no decision is proposed")
		return
	case control.Exception != "":
		p.Lost = append(p.Lost, "its status comes from exceptions in Defender Vulnerability Management, and can't be registered: no decision is proposed")
		return
	}
	p.Status = status
	if p.reasoned() && p.update.Comment == "" {
		p.Lost = append(p.Lost, "no reason is given: write one")
	}
	if p.update.At.IsZero() {
		p.Lost = append(p.Lost, "when it was decided is not said")
	}
}

// reasoned reports whether the register wants a reason for the status.
func (p *Proposal) reasoned() bool { return p.Status != engine.Planned }

// Bounds of texts in a register, in characters.
const (
	maxReason = 1500
	maxOwner  = 150
)

// write adds the decision to a register, with a note of who made it and when.
func (p *Proposal) write(editor *register.Editor) error {
	u, status := p.update, string(p.Status)
	fields := register.Fields{Status: &status}
	if reason := oneLine(u.Comment, maxReason); reason != "" || p.reasoned() {
		reason = cmp.Or(reason, "set to "+u.State+" in Microsoft Secure Score, without a comment")
		fields.Reason = &reason
	}
	if owner := oneLine(u.Assigned, maxOwner); owner != "" {
		fields.Owner = &owner
	}
	if err := editor.Set(p.ID, fields); err != nil {
		return err
	}
	if u.At.IsZero() {
		return nil
	}
	return editor.Note(p.ID, engine.Note{
		Time: u.At, Author: cmp.Or(oneLine(u.UpdatedBy, maxOwner), "unknown"), Text: "Set to " + u.State + " in Microsoft Secure Score.",
	})
}

// Lossy returns the proposals of which something was lost.
func Lossy(proposals []Proposal) []Proposal {
	return slices.DeleteFunc(slices.Clone(proposals), func(p Proposal) bool { return len(p.Lost) == 0 })
}
