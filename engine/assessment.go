package engine

import (
	"encoding/json"
	"time"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

// SchemaVersion is the version of the assessment's JSON; its schema is schemas/assessment.json.
const SchemaVersion = "1"

// Outcome is what came out for one control. Outcomes are words, never numbers.
type Outcome string

// The outcomes. Only Complete and Partial earn points.
const (
	Complete      Outcome = "complete"       // everything in scope complies
	Partial       Outcome = "partial"        // some of it does
	NotMet        Outcome = "not_met"        // nothing that earns points does
	NotApplicable Outcome = "not_applicable" // the control has no subject in this tenant; its points don't count
	NoEvidence    Outcome = "no_evidence"    // what the control reads is missing or could not be collected
	Errored       Outcome = "error"          // the rule failed, or the evidence is not what its schema says
)

// Assessed says whether the evidence was enough to decide.
func (o Outcome) Assessed() bool { return o != NoEvidence && o != Errored }

// Stage is where the control of an action stands in its life.
type Stage = catalog.Stage

// Preview is the stage of an action that is evaluated and worth nothing yet.
const Preview = catalog.StagePreview

// Assessment is the result of one run. It is the same, byte for byte, for the same catalog, evidence and time.
type Assessment struct {
	SchemaVersion string    `json:"schema_version"`
	Tenant        Tenant    `json:"tenant"`
	EvaluatedAt   time.Time `json:"evaluated_at"` // the declared time: not the clock's
	Evidence      Evidence  `json:"evidence"`
	Catalog       Catalog   `json:"catalog"`
	Engine        Version   `json:"engine"`
	Score         Score     `json:"score"`
	Findings      []string  `json:"findings"` // about the organization's decisions as a whole; never null
	Actions       []Action  `json:"actions"`  // sorted by id
}

// Tenant is the organization that the evidence describes.
type Tenant struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Evidence says what the assessment rests on.
type Evidence struct {
	Digest      string    `json:"digest"`
	CollectedAt time.Time `json:"collected_at"`
	Licenses    bool      `json:"licenses"` // it tells the tenant's licenses; without them every product counts
	Datasets    []Dataset `json:"datasets"` // sorted by name
	Warnings    []string  `json:"warnings,omitempty"`
}

// The states of a dataset.
const (
	Collected = "collected"
	Missing   = "missing" // a control reads it and the bundle doesn't hold it
	Failed    = "failed"  // the collector tried and could not
)

// Dataset is one dataset of the evidence, or one that a control would have needed.
type Dataset struct {
	Name       string `json:"name"`
	Status     string `json:"status"`
	Reason     string `json:"reason,omitempty"` // why it failed
	Records    int64  `json:"records"`
	Digest     string `json:"digest,omitempty"`
	Violations int64  `json:"violations,omitempty"` // of its schema, among the records that were checked
}

// Catalog names the catalog that was used.
type Catalog struct {
	Version  string `json:"version"`
	Digest   string `json:"digest"`
	Controls int    `json:"controls"`
}

// Version names the engine that was used.
type Version struct {
	Version   string     `json:"version"`
	Fallbacks []Fallback `json:"fallbacks,omitempty"` // controls whose rules it could not compile, sorted by id
}

// Score is what the actions add up to, in points.
type Score struct {
	Achieved      score.Points `json:"achieved"`
	Total         score.Points `json:"total"`
	AssessedTotal score.Points `json:"assessed_total"` // the part of the total that the evidence was enough to decide
	Percent       score.Points `json:"percent"`        // achieved of total
	Views
	Categories []Category `json:"categories"` // sorted by name
	Products   []Product  `json:"products"`   // sorted by id
}

// Views are what the score would be (Microsoft Learn, "Assess your security posture with Microsoft Secure Score": planned score,
// current license score, achievable score).
type Views struct {
	Planned        View `json:"planned"`         // with all planned actions done
	CurrentLicense View `json:"current_license"` // with everything done that the tenant's licenses allow
	Achievable     View `json:"achievable"`      // the same without the actions whose risk was accepted
}

// View is one of them.
type View struct {
	Points  score.Points `json:"points"`
	Percent score.Points `json:"percent"` // of the total
}

// Category is the part of the score that belongs to one category.
type Category struct {
	Category string       `json:"category"`
	Achieved score.Points `json:"achieved"`
	Total    score.Points `json:"total"`
	Views
}

// Product is the part of the score that belongs to one product.
type Product struct {
	Product  string       `json:"product"`
	Achieved score.Points `json:"achieved"`
	Total    score.Points `json:"total"`
	Views
}

// Action is what came out for one control.
type Action struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Category string    `json:"category"`
	Product  string    `json:"product"`
	Kind     string    `json:"kind"`
	Stage    Stage     `json:"stage,omitempty"` // absent of an action that counts
	Points   Points    `json:"points"`
	Outcome  Outcome   `json:"outcome"`
	Everyone bool      `json:"everyone,omitempty"` // of coverage controls: it was decided for every record, by policy, and none was counted
	Coverage *Coverage `json:"coverage,omitempty"` // of coverage controls that were assessed by their records
	Reasons  []string  `json:"reasons"`            // short sentences; never null
	Failing  *Failing  `json:"failing,omitempty"`  // of coverage controls that were assessed by their records
	Fraction Fraction  `json:"fraction,omitempty"` // of graded controls that were assessed
	Missing  []string  `json:"missing"`            // datasets that were missing or failed, sorted; never null
	Absent   []Absent  `json:"absent,omitempty"`   // fields without which it can't be decided, of datasets that are there; sorted
	Digest   string    `json:"digest"`             // of the control as it was evaluated

	Status        Status         `json:"status"`
	Decision      *Decision      `json:"decision,omitempty"` // what the organization registered, whether it has an effect or not
	Findings      []string       `json:"findings"`           // about decision, licenses and exclusions; never null
	Prerequisites []Prerequisite `json:"prerequisites"`      // in the order in which to take them; never null
	Excluded      *Excluded      `json:"excluded,omitempty"` // records that the organization took out of scope
	Rank          int            `json:"rank,omitempty"`     // 1 is what to do first; absent if there is nothing to do
	Impact        score.Points   `json:"impact"`             // of what is left on the score, in percent points

	Tier       string              `json:"tier"`
	Difficulty string              `json:"difficulty"`
	UserImpact string              `json:"user_impact"`
	Complexity string              `json:"complexity"`
	Threats    []string            `json:"threats"`
	Frameworks map[string][]string `json:"frameworks"`
}

// Counts says whether the action is part of the score: it applies, and is no preview.
func (a *Action) Counts() bool { return a.Outcome != NotApplicable && a.Stage != Preview }

// Left is what the action can still earn.
func (a *Action) Left() score.Points {
	if a.Outcome == NotApplicable {
		return 0
	}
	return a.Points.Max - a.Points.Achieved
}

// Points is what an action earns and what it could earn.
type Points struct {
	Achieved   score.Points `json:"achieved"`
	Max        score.Points `json:"max"`
	ByEvidence score.Points `json:"by_evidence"` // what it earns without the effect of its status
}

// Fraction is the part of its points that a graded control earned, from 0 to 1, exactly as its rule gave it.
type Fraction = json.Number

// Coverage counts records: compliant <= in scope <= records.
type Coverage struct {
	Compliant int64 `json:"compliant"`
	InScope   int64 `json:"in_scope"`
	Records   int64 `json:"records"` // those of the population that the control is about, and what it lacks that counts
}

// Excluded names records in scope that the organization took out of it.
type Excluded struct {
	Total int64       `json:"total"`
	Shown []Exclusion `json:"shown"` // the first ones, in the order of the evidence; never null
}

// Failing names records in scope that don't comply, by the dataset's own key.
type Failing struct {
	Total int64    `json:"total"`
	Shown []string `json:"shown"` // the first ones, in the order of the evidence; never null
}
