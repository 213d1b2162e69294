package attribution

import (
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// SchemaVersion is the version of the JSON of an attribution; its schema is schemas/attribution.json.
const SchemaVersion = "1"

// Attribution says why a score changed.
type Attribution struct {
	SchemaVersion string         `json:"schema_version"`
	Method        Method         `json:"method"`
	Old           Side           `json:"old"`
	New           Side           `json:"new"`
	Change        Amount         `json:"change"`
	Causes        []Part         `json:"causes"` // in the order in which they were applied; never null
	Residual      Amount         `json:"residual"`
	Actions       []Change       `json:"actions"`      // of which anything changed, sorted by id; never null
	Incomparable  []Incomparably `json:"incomparable"` // sorted by id; never null
	Notes         []string       `json:"notes"`        // never null
}

// Method is what an attribution is based on.
type Method string

// The methods.
const (
	FromAssessments Method = "assessments" // the two assessments alone
	FromRecords     Method = "records"     // the two assessments, and hashes of the keys of their records
	FromEvidence    Method = "evidence"    // the evidence of both: each step is an assessment of its own
)

// Side is one of the assessments.
type Side struct {
	Tenant      engine.Tenant `json:"tenant"`
	EvaluatedAt time.Time     `json:"evaluated_at"`
	CollectedAt time.Time     `json:"collected_at"`
	Evidence    string        `json:"evidence"` // digest
	Catalog     string        `json:"catalog"`  // digest
	Version     string        `json:"version"`  // of the catalog
	Engine      string        `json:"engine"`   // version
	Achieved    score.Points  `json:"achieved"`
	Total       score.Points  `json:"total"`
	Percent     score.Points  `json:"percent"`
}

// Amount is a change of the points achieved, of the total, and of the percentage.
type Amount struct {
	Points  score.Delta `json:"points"`
	Total   score.Delta `json:"total"`
	Percent score.Delta `json:"percent"` // percentage points
}

func (a *Amount) add(b Amount) {
	a.Points += b.Points
	a.Total += b.Total
	a.Percent += b.Percent
}

// Zero reports whether nothing changed.
func (a Amount) Zero() bool { return a == Amount{} }

// Part is what one cause changed: of one action, or of all of them.
type Part struct {
	Cause  Cause  `json:"cause"`
	Detail string `json:"detail,omitempty"`
	Amount
	Actions int `json:"actions,omitempty"` // how many, in the sum over all of them
}

// Change is what changed of one action.
type Change struct {
	ID       string           `json:"id"`
	Title    string           `json:"title"`
	Category string           `json:"category"`
	Product  string           `json:"product"`
	Word     Word             `json:"word"`
	Before   *State           `json:"before"` // null if there was no such action
	After    *State           `json:"after"`  // null if there is no such action
	Parts    []Part           `json:"parts"`  // in the order in which they were applied; never null
	Decision *engine.Decision `json:"decision,omitempty"`
	Records  *Moved           `json:"records,omitempty"` // of a coverage control
	// Fields are those of documents that changed and that its rule reads; nil if the evidence of both times is not there.
	Fields *engine.DocumentChanges `json:"fields,omitempty"`
}

// Amount returns the sum of the parts.
func (c *Change) Amount() Amount {
	var sum Amount
	for _, part := range c.Parts {
		sum.add(part.Amount)
	}
	return sum
}

// State is an action at one of the times.
type State struct {
	Outcome  engine.Outcome   `json:"outcome"`
	Status   engine.Status    `json:"status"`
	Achieved score.Points     `json:"achieved"`
	Max      score.Points     `json:"max"`
	Counts   bool             `json:"counts"` // is part of the score
	Coverage *engine.Coverage `json:"coverage,omitempty"`
}

// Moved is which records changed. Without the evidence of both times, only failing records are told apart, and only where both
// assessments name all of them.
type Moved struct {
	Failing   *Set `json:"failing,omitempty"`   // fail now and did not, for whatever reason
	Resolved  *Set `json:"resolved,omitempty"`  // failed and do not now, for whatever reason
	Regressed *Set `json:"regressed,omitempty"` // were there both times, and stopped being compliant
	Improved  *Set `json:"improved,omitempty"`  // were there both times, and became compliant
	Came      *Set `json:"came,omitempty"`      // into the population
	Left      *Set `json:"left,omitempty"`      // the population
}

// Set is a number of records, with the first of them by key.
type Set struct {
	Total int64           `json:"total"`
	Shown []engine.Record `json:"shown"` // never null
}

// Incomparably is an action of which it is not known whether it changed.
type Incomparably struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Reason string `json:"reason"`
}
