package engine

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/outcome"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/score"
)

// SchemaVersion is the version of the assessment's JSON; its schema is schemas/assessment.json. In version 1 failing records are
// texts, their keys: it is read, too.
const SchemaVersion = "2"

// Points are in hundredths of a point; as a JSON number and as text they have up to two decimals.
type Points = score.Points

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

// Assessed reports whether the evidence was sufficient.
func (o Outcome) Assessed() bool { return o != NoEvidence && o != Errored }

// Stage is the stage of an action's control: current, preview or deprecated.
type Stage = catalog.Stage

// Preview is the stage of an action that is evaluated and worth nothing yet.
const Preview = catalog.StagePreview

// Assessment is the result of one assessment. It is the same, byte for byte, for the same catalog,
// evidence, decisions and time.
type Assessment struct {
	SchemaVersion string     `json:"schema_version"`
	Tenant        Tenant     `json:"tenant"`
	EvaluatedAt   time.Time  `json:"evaluated_at"` // the declared time, not the clock's
	Evidence      Evidence   `json:"evidence"`
	Catalog       Catalog    `json:"catalog"`
	Register      *Register  `json:"register,omitempty"` // nil if the organization decided nothing
	Engine        Version    `json:"engine"`
	Limits        *Limits    `json:"limits,omitempty"`    // nil in an assessment of an earlier version
	Redaction     *Redaction `json:"redaction,omitempty"` // nil if names are as they are
	Score         Score      `json:"score"`
	Findings      []string   `json:"findings"` // about decisions that no action has; never null
	Actions       []Action   `json:"actions"`  // sorted by id
}

// MadeWith reports whether the assessment was made with these decisions, those without effect included.
func (a *Assessment) MadeWith(decisions map[string]Decision) bool {
	r := registerOf(decisions)
	if r == nil || a.Register == nil {
		return r == nil && a.Register == nil
	}
	return *r == *a.Register
}

// Redaction says that names, addresses, ids and free texts were replaced by pseudonyms.
type Redaction struct {
	Key string `json:"key"` // names the key of the pseudonyms, and does not tell it: who has it can say which is whose
}

// Limits are the limits of one evaluation of a rule.
type Limits struct {
	Steps  int64 `json:"steps"`
	Memory int64 `json:"memory"` // bytes
}

// Tenant is the organization that the evidence describes.
type Tenant struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Evidence is what the assessment is based on.
type Evidence struct {
	Digest      string    `json:"digest"`
	CollectedAt time.Time `json:"collected_at"`
	Licenses    bool      `json:"licenses"` // it holds the tenant's licenses; without them every product counts
	Datasets    []Dataset `json:"datasets"` // sorted by name
	Warnings    []string  `json:"warnings,omitempty"`
}

// The states of a dataset.
const (
	Collected = evidence.Collected
	Missing   = "missing"       // a control reads it and the bundle doesn't hold it
	Failed    = evidence.Failed // it could not be collected, or it is incomplete
)

// Dataset is one dataset of the evidence, or one that a control reads and the evidence lacks.
type Dataset struct {
	Name       string `json:"name"`
	Status     string `json:"status"`
	Reason     string `json:"reason,omitempty"` // why it failed
	Records    int64  `json:"records"`
	Digest     string `json:"digest,omitempty"`
	Violations int64  `json:"violations,omitempty"` // of its schema, among the records that were validated
	Subject    string `json:"subject,omitempty"`    // what a record is about, in a word: "user", "device"; empty if its schema does not say
}

// Catalog is the catalog that was used.
type Catalog struct {
	Version    string      `json:"version"`
	Digest     string      `json:"digest"` // with the parameters that were overridden
	Controls   int         `json:"controls"`
	Parameters *Parameters `json:"parameters,omitempty"` // nil if they are the controls' own
}

// Version is the engine that was used.
type Version struct {
	Version   string     `json:"version"`
	Fallbacks []Fallback `json:"fallbacks,omitempty"` // controls whose rules it could not compile, sorted by id
}

// Fallback is a control whose rule can't be compiled and runs on OPA's topdown, many times slower.
type Fallback struct {
	Control string `json:"control"`
	Reason  string `json:"reason"` // what can't be compiled
}

// Score is the sum of the actions that count.
type Score struct {
	Achieved      Points `json:"achieved"`
	Total         Points `json:"total"`
	AssessedTotal Points `json:"assessed_total"` // the part of the total for which the evidence was sufficient
	Percent       Points `json:"percent"`        // achieved of total
	Views
	Categories []Category `json:"categories"` // sorted by name
	Products   []Product  `json:"products"`   // sorted by id
}

// Views are what the score would be (Microsoft Learn, "Assess your security posture with Microsoft
// Secure Score": planned score, current license score, achievable score).
type Views struct {
	Planned        View `json:"planned"`         // with all planned actions done
	CurrentLicense View `json:"current_license"` // with everything done that the tenant's licenses allow
	Achievable     View `json:"achievable"`      // the same without the actions whose risk was accepted
}

// View is one of them.
type View struct {
	Points  Points `json:"points"`
	Percent Points `json:"percent"` // of the total
}

// Category is the part of the score that belongs to one category.
type Category struct {
	Category string `json:"category"`
	Achieved Points `json:"achieved"`
	Total    Points `json:"total"`
	Views
}

// Product is the part of the score that belongs to one product.
type Product struct {
	Product  string `json:"product"`
	Achieved Points `json:"achieved"`
	Total    Points `json:"total"`
	Views
}

// Action is the result of one control.
type Action struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Category string       `json:"category"`
	Product  string       `json:"product"`
	Kind     string       `json:"kind"`
	Stage    Stage        `json:"stage,omitempty"` // absent if the action counts
	Points   ActionPoints `json:"points"`
	Outcome  Outcome      `json:"outcome"`
	Everyone bool         `json:"everyone,omitempty"` // of coverage controls: decided for every record at once, and none was counted
	Coverage *Coverage    `json:"coverage,omitempty"` // of coverage controls that were assessed by their records
	Reasons  []string     `json:"reasons"`            // short sentences; never null
	Failing  *Failing     `json:"failing,omitempty"`  // of coverage controls that were assessed by their records
	Fraction Fraction     `json:"fraction,omitempty"` // of graded controls that were assessed
	Missing  []string     `json:"missing"`            // datasets that were missing or failed, sorted; never null
	Absent   []Absent     `json:"absent,omitempty"`   // fields of other datasets that could change the outcome; sorted
	Digest   string       `json:"digest"`             // of the control as it was evaluated

	Basis

	Status        Status         `json:"status"`
	Decision      *Decision      `json:"decision,omitempty"`  // of the organization, whether it has an effect or not
	Exception     *Exception     `json:"exception,omitempty"` // in vulnerability management, that sets the status
	Findings      []string       `json:"findings"`            // about decision, licenses and exclusions; never null
	Prerequisites []Prerequisite `json:"prerequisites"`       // in the order in which to implement them; never null
	Excluded      *Excluded      `json:"excluded,omitempty"`  // records that the organization took out of scope
	Rank          int            `json:"rank,omitempty"`      // 1 is what to do first; absent if there is nothing to do
	Impact        Points         `json:"impact"`              // on the score, in percent points, of what is left

	Tier       string              `json:"tier"`
	Difficulty string              `json:"difficulty"`
	UserImpact string              `json:"user_impact"`
	Complexity string              `json:"complexity"`
	Threats    []string            `json:"threats"`
	Frameworks map[string][]string `json:"frameworks"`
}

// Counts reports whether the action is part of the score: it applies, and is no preview.
func (a *Action) Counts() bool { return a.Outcome != NotApplicable && a.Stage != Preview }

// UnusedExclusion reports whether the organization excluded a record of this key, and no record in scope had it.
func (a *Action) UnusedExclusion(key string) bool {
	return slices.Contains(a.Findings, outcome.UnusedExclusion(key))
}

// Left returns what the action can still earn.
func (a *Action) Left() Points {
	if a.Outcome == NotApplicable {
		return 0
	}
	return a.Points.Max - a.Points.Achieved
}

// Settled reports whether nothing is left to do about an action.
func (a *Action) Settled() bool {
	return a.Status == Completed || a.Status.Resolves() || a.Outcome == NotApplicable
}

// Licensed reports whether the tenant holds the licenses that the action needs.
func (a *Action) Licensed() bool {
	return !slices.ContainsFunc(a.Prerequisites, func(p Prerequisite) bool { return len(p.ServicePlans) > 0 && !p.Met })
}

// Blocked reports whether a prerequisite of the action isn't met.
func (a *Action) Blocked() bool {
	return slices.ContainsFunc(a.Prerequisites, func(p Prerequisite) bool { return !p.Met })
}

// ActionPoints are what an action earns and what it could earn.
type ActionPoints struct {
	Achieved   Points `json:"achieved"`
	Max        Points `json:"max"`
	ByEvidence Points `json:"by_evidence"` // what it earns without the effect of its status
}

// Fraction is the part of its points that a graded control earned, from 0 to 1, exactly as its rule
// returned it.
type Fraction = json.Number

// Coverage counts records: compliant <= in scope <= records.
type Coverage struct {
	Compliant int64 `json:"compliant"`
	InScope   int64 `json:"in_scope"`
	Records   int64 `json:"records"` // of the population that match the control, and unmatched keys that count
}

// Exception is a global exception from a recommendation in vulnerability management, as the evidence has it.
type Exception struct {
	Justification string     `json:"justification"`        // ThirdPartyControl, AlternateMitigation, RiskAccepted or PlannedRemediation
	Text          string     `json:"text,omitempty"`       // the same in words; at most 2,000 characters
	By            string     `json:"created_by,omitempty"` // who made it
	Created       *time.Time `json:"created,omitempty"`
	Expires       *time.Time `json:"expires,omitempty"` // absent if it lasts until it is cancelled
}

// Excluded names records in scope that the organization took out of it.
type Excluded struct {
	Total int64            `json:"total"`
	Shown []ExcludedRecord `json:"shown"` // the first ones, in the order of the evidence; never null
}

// ExcludedRecord is a record with the exclusion that took it out of scope.
type ExcludedRecord struct {
	Key     string     `json:"key"`             // as the exclusion names the record
	Label   string     `json:"label,omitempty"` // see [Record]
	Reason  string     `json:"reason"`
	Expires *time.Time `json:"expires,omitempty"`
}

// Failing names records in scope that don't comply.
type Failing struct {
	Total int64    `json:"total"`
	Shown []Record `json:"shown"` // the first ones, in the order of the evidence; never null
}

// Absent is a field that could change the outcome of an action and that the evidence lacks.
type Absent struct {
	Dataset string `json:"dataset"`
	Field   string `json:"field"`             // dotted, without list indexes
	Records int64  `json:"records,omitempty"` // how many records of a list lack it
}

// Prerequisite is what is needed before an action can be implemented, and whether it is there.
type Prerequisite struct {
	License      string   `json:"license,omitempty"`       // what the plans are called together, if the catalog names it
	ServicePlans []string `json:"service_plans,omitempty"` // any one of them
	Control      string   `json:"control,omitempty"`
	Met          bool     `json:"met"` // licenses count as met where the evidence holds none
}

// Words returns the license that is needed, or its plans; it is empty for another control.
func (p Prerequisite) Words() string {
	if p.License != "" {
		return p.License
	}
	return strings.Join(p.ServicePlans, " or ")
}

// newAssessment returns the results of a bundle as an Assessment, without the engine and findings.
func newAssessment(bundle *evidence.Bundle, loaded *load.Evidence, results []*outcome.Result, decisions map[string]Decision) *Assessment {
	manifest, cat := bundle.Manifest(), loaded.Rules.Catalog
	a := &Assessment{
		SchemaVersion: SchemaVersion,
		Tenant:        Tenant{ID: manifest.Tenant.ID, Name: manifest.Tenant.Name},
		EvaluatedAt:   loaded.Now.UTC(),
		Evidence: Evidence{
			Digest: bundle.Digest(), CollectedAt: manifest.CollectedAt.UTC(), Licenses: loaded.Licenses.Known,
			Datasets: []Dataset{}, Warnings: loaded.Warnings,
		},
		Catalog: Catalog{Version: cat.Version(), Digest: cat.Digest(), Controls: len(results), Parameters: parametersOf(cat)}, Register: registerOf(decisions),
		Score:   newScore(outcome.Score(results)),
		Actions: make([]Action, len(results)),
	}
	for _, d := range loaded.Sorted() {
		described := Dataset{Name: d.Name, Status: d.Status, Reason: d.Reason, Records: d.Records, Digest: d.Digest, Violations: d.ViolationCount()}
		if d.Spec != nil {
			described.Subject = d.Spec.Subject
		}
		a.Evidence.Datasets = append(a.Evidence.Datasets, described)
		a.Evidence.Warnings = append(a.Evidence.Warnings, d.Warnings()...)
	}
	for i, r := range results {
		a.Actions[i] = newAction(r)
		a.Actions[i].Basis = basisOf(loaded, r.Control)
		if d, ok := decisions[r.Control.ID]; ok {
			a.Actions[i].Decision = &d
		}
	}
	return a
}

func newScore(s score.Score) Score {
	view := func(points, total Points) View { return View{Points: points, Percent: score.Percent(points, total)} }
	views := func(v score.Views, total Points) Views {
		return Views{Planned: view(v.Planned, total), CurrentLicense: view(v.CurrentLicense, total), Achievable: view(v.Achievable, total)}
	}
	all := Score{
		Achieved: s.Achieved, Total: s.Total, AssessedTotal: s.AssessedTotal, Percent: s.Percent,
		Views: views(s.Views, s.Total), Categories: []Category{}, Products: []Product{},
	}
	for _, g := range s.Categories {
		all.Categories = append(all.Categories, Category{Category: g.Name, Achieved: g.Achieved, Total: g.Total, Views: views(g.Views, g.Total)})
	}
	for _, g := range s.Products {
		all.Products = append(all.Products, Product{Product: g.Name, Achieved: g.Achieved, Total: g.Total, Views: views(g.Views, g.Total)})
	}
	return all
}

func newAction(r *outcome.Result) Action {
	c := r.Control
	a := Action{
		ID: c.ID, Title: c.Title, Category: c.Category, Product: c.Product, Kind: string(c.Kind), Stage: c.Stage,
		Points:  ActionPoints{Achieved: r.Achieved, Max: r.Max, ByEvidence: r.ByEvidence},
		Outcome: Outcome(r.Outcome), Everyone: r.Everyone, Reasons: list(r.Reasons), Fraction: r.Fraction, Missing: list(r.Missing),
		Digest: c.Digest, Status: Status(r.Status), Findings: list(r.Findings), Prerequisites: []Prerequisite{}, Rank: r.Rank, Impact: r.Impact,
		Tier: c.Tier, Difficulty: c.Difficulty, UserImpact: c.UserImpact, Complexity: c.Complexity,
		Threats: list(c.Threats), Frameworks: c.Frameworks,
	}
	if a.Frameworks == nil {
		a.Frameworks = map[string][]string{}
	}
	if r.Exception != nil {
		x := Exception(*r.Exception)
		a.Exception = &x
	}
	for _, f := range r.Absent {
		a.Absent = append(a.Absent, Absent(f))
	}
	for _, p := range r.Prerequisites {
		a.Prerequisites = append(a.Prerequisites, Prerequisite(p))
	}
	if n := r.Counts; n != nil {
		a.Coverage = &Coverage{Compliant: n.Compliant, InScope: n.InScope, Records: n.Records}
		a.Failing = &Failing{Total: n.InScope - n.Compliant, Shown: make([]Record, len(n.Failing))}
		for i, f := range n.Failing {
			a.Failing.Shown[i] = Record(f)
		}
		if n.Excluded > 0 {
			a.Excluded = &Excluded{Total: n.Excluded, Shown: []ExcludedRecord{}}
			for _, x := range n.ExcludedShown {
				a.Excluded.Shown = append(a.Excluded.Shown, ExcludedRecord{Key: x.Key, Label: x.Label, Reason: x.Reason, Expires: x.Expires})
			}
		}
	}
	return a
}

// list returns a list that is not nil.
func list(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}
