package engine

import (
	"fmt"
	"time"
)

// Status is what an organization decided about an action, or what the evidence decided for it. The words are those of Microsoft
// Learn, "Assess your security posture with Microsoft Secure Score", section "Recommended action status".
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

// Resolves says whether the status earns the full points whatever the evidence shows.
func (s Status) Resolves() bool { return s == ThirdParty || s == AlternateMitigation }

// chosen says whether the status is one that an organization gives to an action.
func (s Status) chosen() bool {
	return s == ToAddress || s == Planned || s == RiskAccepted || s.Resolves()
}

// Decision is what an organization decided about one action.
type Decision struct {
	Status     Status      `json:"status"`
	Reason     string      `json:"reason,omitempty"`
	Owner      string      `json:"owner,omitempty"`
	Due        *time.Time  `json:"due,omitempty"`     // the day by the end of which a planned action is to be done
	Expires    *time.Time  `json:"expires,omitempty"` // from this moment on the decision is void
	ApprovedBy string      `json:"approved_by,omitempty"`
	Ticket     string      `json:"ticket,omitempty"`
	Tags       []string    `json:"tags,omitempty"`    // sorted
	Notes      []Note      `json:"notes,omitempty"`   // in order of time
	Exclude    []Exclusion `json:"exclude,omitempty"` // sorted by key
}

// Note is what somebody wrote about an action.
type Note struct {
	Time   time.Time `json:"time"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
}

// Exclusion takes one record of a coverage control out of scope: a break-glass account, say. It is counted and listed apart.
type Exclusion struct {
	Key     string     `json:"key"` // of the record, as the dataset's key field holds it
	Reason  string     `json:"reason"`
	Expires *time.Time `json:"expires,omitempty"`
}

// expired says whether a moment has come.
func expired(at *time.Time, now time.Time) bool { return at != nil && !at.After(now) }

// soon is how long before its end a decision is announced to expire.
const soon = 14 * 24 * time.Hour

// decide gives the action its status and points: what the evidence decides comes first, then what the organization decided.
func (a *Action) decide(decision *Decision, byHand bool, now time.Time) {
	a.Decision = decision
	a.Points.ByEvidence = a.Points.Achieved
	a.Status = ToAddress
	if a.Outcome == Complete {
		a.Status = Completed
	}
	if decision == nil {
		return
	}
	switch chosen := decision.Status; {
	case chosen == "" || chosen == ToAddress:
	case !chosen.chosen():
		a.find("the status %q has no effect: it is none that an organization chooses", chosen)
	case a.Outcome == Complete:
		a.find("the status %s has no effect: the evidence shows that the action is completed", chosen)
	case a.Outcome == NotApplicable:
		a.find("the status %s has no effect: the action does not apply to this tenant", chosen)
	case !byHand:
		a.find("the status %s has no effect: exceptions in the evidence decide the status of this action", chosen)
	case expired(decision.Expires, now):
		a.find("the status %s expired on %s: the action is to address again", chosen, day(*decision.Expires))
	default:
		a.take(chosen)
		a.findTime(decision, now)
	}
}

// take gives the action a status with its effect on points.
func (a *Action) take(status Status) {
	a.Status = status
	if status.Resolves() {
		a.Points.Achieved = a.Points.Max
	}
}

// findTime tells of a status that ends soon, and of a plan whose day is over.
func (a *Action) findTime(decision *Decision, now time.Time) {
	if at := decision.Expires; expired(at, now.Add(soon)) {
		a.find("the status %s expires in %s", decision.Status, days(at.Sub(now)))
	}
	if decision.Due != nil && decision.Status == Planned && day(*decision.Due) < day(now) {
		a.find("the action was due on %s", day(*decision.Due))
	}
}

// findExclusions tells of exclusions that have ended or soon will. Those that no record answers to are found by the scan.
func (a *Action) findExclusions(exclude []Exclusion, counted bool, now time.Time) {
	switch {
	case len(exclude) > 0 && !counted:
		a.find("its exclusions have no effect: the control counts no records")
		return
	case len(exclude) > 0 && a.Everyone:
		a.find("its exclusions have no effect: the action was decided for everyone, by policy")
	}
	for _, x := range exclude {
		switch {
		case expired(x.Expires, now):
			a.find("the exclusion of %s expired on %s", x.Key, day(*x.Expires))
		case expired(x.Expires, now.Add(soon)):
			a.find("the exclusion of %s expires in %s", x.Key, days(x.Expires.Sub(now)))
		}
	}
}

func (a *Action) find(format string, args ...any) {
	a.Findings = append(a.Findings, fmt.Sprintf(format, args...))
}

func day(at time.Time) string { return at.UTC().Format(time.DateOnly) }

func days(left time.Duration) string {
	count := int((left + 24*time.Hour - 1) / (24 * time.Hour))
	if count == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", count)
}
