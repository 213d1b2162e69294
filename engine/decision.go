package engine

import (
	"time"

	"github.com/posture-score/posture/engine/internal/outcome"
	"github.com/posture-score/posture/engine/internal/scan"
)

// Status is what an organization decided about an action, or what the evidence decided for it. The words
// are those of Microsoft Learn, "Assess your security posture with Microsoft Secure Score", section
// "Recommended action status".
type Status string

// The statuses. Completed follows from the evidence alone.
const (
	ToAddress           Status = "to_address"
	Planned             Status = "planned"
	RiskAccepted        Status = "risk_accepted"
	ThirdParty          Status = "third_party"
	AlternateMitigation Status = "alternate_mitigation"
	Completed           Status = "completed"
)

// Resolves reports whether the status earns the full points whatever the evidence shows.
func (s Status) Resolves() bool { return s == ThirdParty || s == AlternateMitigation }

// Decision is what an organization decided about one action.
type Decision struct {
	Status     Status      `json:"status"`
	Reason     string      `json:"reason,omitempty"`
	Owner      string      `json:"owner,omitempty"`
	Due        *time.Time  `json:"due,omitempty"`     // the day by the end of which a planned action is to be done
	Expires    *time.Time  `json:"expires,omitempty"` // from this time on the decision is void
	ApprovedBy string      `json:"approved_by,omitempty"`
	Ticket     string      `json:"ticket,omitempty"`
	Tags       []string    `json:"tags,omitempty"`    // sorted
	Notes      []Note      `json:"notes,omitempty"`   // in order of time
	Exclude    []Exclusion `json:"exclude,omitempty"` // sorted by key
	ChangedBy  string      `json:"changed_by,omitempty"`
	ChangedAt  *time.Time  `json:"changed_at,omitempty"` // when, to the second, the decision was changed last; notes apart
}

// Note is a note about an action.
type Note struct {
	Time   time.Time `json:"time"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
}

// Exclusion takes one record of a coverage control out of scope: a break-glass account, say. Excluded
// records are counted and listed apart.
type Exclusion struct {
	Key     string     `json:"key"` // of the record, as the dataset's key field holds it
	Reason  string     `json:"reason"`
	Expires *time.Time `json:"expires,omitempty"`
}

// decided returns the part of a decision that has an effect.
func (d Decision) decided() outcome.Decision {
	decided := outcome.Decision{Status: outcome.Status(d.Status), Due: d.Due, Expires: d.Expires}
	for _, x := range d.Exclude {
		decided.Exclude = append(decided.Exclude, scan.Exclusion(x))
	}
	return decided
}
