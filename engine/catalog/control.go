package catalog

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Kind is the way a control earns its points.
type Kind string

// The four ways to earn points.
const (
	// KindSetting is all or nothing, decided by tenant documents.
	KindSetting Kind = "setting"
	// KindCoverage earns the share of a population's records that comply.
	KindCoverage Kind = "coverage"
	// KindGraded earns the fraction that its rule computes.
	KindGraded Kind = "graded"
	// KindAttested is decided by a person's claim, since no export can show it.
	KindAttested Kind = "attested"
)

// ruled says whether Rego decides controls of the kind.
func (k Kind) ruled() bool { return k != "" && k != KindAttested }

// Stage is the stage of a control's life. The zero value is that of a control in force.
type Stage string

// String names the stage, as the catalog does.
func (s Stage) String() string {
	if s == StageCurrent {
		return "current"
	}
	return string(s)
}

// The stages.
const (
	// StageCurrent is that of a control that counts.
	StageCurrent Stage = ""
	// StagePreview is that of a control that is evaluated and worth nothing yet.
	StagePreview Stage = "preview"
	// StageDeprecated is that of a control that is kept for the record, and evaluated no more.
	StageDeprecated Stage = "deprecated"
)

// BaselineExceptionDataset is the dataset of what an organization excepts from a baseline: policies
// that it leaves out, and accounts that may be excluded.
const BaselineExceptionDataset = "attestation.baseline_exceptions"

// ExceptionDataset is the dataset whose global exceptions set the status of actions, which then
// can't be set by hand.
const ExceptionDataset = "defender_endpoint.exceptions"

// AttestationDataset is the dataset that attested controls read.
const AttestationDataset = "attestation.claims"

// Control is one recommended action: what it is worth, what it reads, and the rule that decides it.
// Controls are shared between goroutines; callers must not change them.
type Control struct {
	ID          string `json:"id"` // Microsoft's control id for built-in controls
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Category    string `json:"category"` // one of [Categories]
	Product     string `json:"product"`  // id of a [Product] of the catalog
	Points      int64  `json:"points"`   // in hundredths of a point: 0 to 1000; 0 if not known, which only a preview's may be

	Stage      Stage  `json:"stage,omitempty"`
	ReplacedBy string `json:"replaced_by,omitempty"` // of deprecated controls alone: the control to look at instead
	Reason     string `json:"reason,omitempty"`      // why it is not, or no longer, current

	Tier       string   `json:"tier"`
	Difficulty string   `json:"difficulty"`
	UserImpact string   `json:"user_impact"`
	Complexity string   `json:"complexity"`
	Confidence string   `json:"confidence"` // how sure the facts behind the rule are
	Threats    []string `json:"threats"`    // sorted

	Kind       Kind           `json:"kind,omitempty"`          // a deprecated control may have none
	Coverage   *Coverage      `json:"coverage,omitempty"`      // of coverage controls alone
	Context    []string       `json:"context"`                 // datasets the rule reads whole; sorted
	AnyOf      []string       `json:"any_of,omitempty"`        // those of them of which one is enough; sorted
	Names      []ContextName  `json:"context_names,omitempty"` // names of datasets below data.context; sorted
	Constants  map[string]any `json:"constants,omitempty"`     // decoded JSON below data.constants, which can't be overridden
	Parameters []Parameter    `json:"parameters"`              // sorted by name

	Prerequisites  []Prerequisite      `json:"prerequisites"` // in the order written
	UserImpactText string              `json:"user_impact_text,omitempty"`
	Implementation Implementation      `json:"implementation"`
	Frameworks     map[string][]string `json:"frameworks,omitempty"`
	Source         string              `json:"source"` // the source of the facts

	// Exception is the recommendation under which exceptions in the evidence set the action's
	// status, which then can't be set by hand.
	Exception string `json:"exception,omitempty"`

	// RequiresSource is what has to be there for Microsoft to score the control: a dataset that has
	// records, or one of [Sources].
	RequiresSource string        `json:"requires_source,omitempty"`
	SourceSetting  SourceSetting `json:"source_setting,omitzero"` // what an organization said of it

	// Differences says where Microsoft's result for the action is known to differ from this one, or may:
	// a sentence each, in the order written. No verdict depends on them.
	Differences []string `json:"differences,omitempty"`

	// Rule is the name of the shared rule that decides the control; empty for one with a rule of its own.
	Rule    string `json:"rule,omitempty"`
	Package string `json:"package,omitempty"` // Rego package as compiled, see [Control.RulePackage]; empty for controls without a rule
	Digest  string `json:"-"`                 // "sha256:..." over everything that can change a result or what is shown of it

	where hcl.Range // of the control

	written sourceMap // positions of its parts, for messages
	unclear bool      // a mistake leaves open what its rule sees
}

// Coverage says which population a control is measured over.
type Coverage struct {
	Dataset      string  `json:"dataset"`
	Match        []Match `json:"match,omitempty"` // all must hold; sorted by field
	Joins        []Join  `json:"joins,omitempty"` // sorted by name
	WhenEmpty    string  `json:"when_empty"`      // "full" or "not_applicable": what an empty scope means
	AllOrNothing bool    `json:"all_or_nothing"`  // no partial credit: every record in scope must comply
	Fresh        *Fresh  `json:"fresh,omitempty"` // which records are too old to count; nil if none is
}

// ContextName is the name under which a rule finds a dataset that it reads whole.
type ContextName struct {
	Name    string `json:"name"`
	Dataset string `json:"dataset,omitempty"` // "" if the control has no such dataset: the rule finds nothing
}

// Fresh leaves out records that were last seen too long before the time of the assessment.
type Fresh struct {
	Field string `json:"field"` // of the record: a date and time
	Days  string `json:"days"`  // the parameter that holds how many days are not too long
}

// Match picks the records of one member of a family: those whose field holds the value.
type Match struct {
	Field string `json:"field"`
	Value any    `json:"value"` // string, bool or json.Number
}

// Join puts records of another dataset beside the record under the name.
type Join struct {
	Name    string `json:"name"`
	Dataset string `json:"dataset"`
	On      string `json:"on"`   // field of the joined dataset that holds the record's key
	Many    bool   `json:"many"` // a list instead of at most one record
	// IgnoreUnmatched ignores a joined record whose key no record of the population has. Otherwise
	// the rule sees such a key as a record that holds nothing else but what is joined to it.
	IgnoreUnmatched bool `json:"ignore_unmatched,omitempty"`
}

// Parameter is a value of a rule that an organization may override.
type Parameter struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Type        string `json:"-"`                // as it is written in HCL: list(string)
	Format      string `json:"format,omitempty"` // of its texts, if they compare without case: one of schemas.Formats
	Value       any    `json:"value"`            // in canonical form, as decoded JSON, with json.Number for numbers
	// Exceptions says that ids which the evidence excepts (BaselineExceptionDataset) are put to the value.
	Exceptions bool `json:"exceptions,omitempty"`

	cty cty.Type // what Type says
}

// Prerequisite is what an action requires: any one of some service plans, or another control.
type Prerequisite struct {
	License      string   `json:"license,omitempty"` // id of the license that lists the plans; empty if they are listed themselves
	LicenseTitle string   `json:"license_title,omitempty"`
	ServicePlans []string `json:"service_plans,omitempty"` // names
	PlanIDs      []string `json:"plan_ids,omitempty"`      // as far as the license knows them
	Control      string   `json:"control,omitempty"`

	where hcl.Range
}

// Implementation is how the action is carried out.
type Implementation struct {
	ManageURL string   `json:"manage_url,omitempty"`
	Steps     []string `json:"steps"`
	LearnMore []Link   `json:"learn_more,omitempty"` // sorted by title
}

// Link is a titled address.
type Link struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Product is what a control protects; a tenant is scored over the products it has.
type Product struct {
	ID           string
	Title        string
	Service      string   // Microsoft's code of it, in the control profiles of Secure Score; may be empty
	License      string   // id of the license that lists the plans; empty if they are listed themselves
	LicenseTitle string   // what that license is called
	ServicePlans []string // a tenant that holds any of them has the product; with none of them listed every tenant has it
	PlanIDs      []string // ids of these plans, as far as the license knows them

	where hcl.Range

	fallback bool // it yields to a declaration of the same id
}

// Position is a place in the text of a catalog.
type Position struct {
	File         string // as shown: the name of the source, and the path in it
	Line, Column int    // from 1; columns count characters
}

// String returns the position as "file:line".
func (p Position) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Position returns where the control is declared.
func (c *Control) Position() Position { return position(c.where) }

func position(at hcl.Range) Position {
	return Position{File: at.Filename, Line: at.Start.Line, Column: at.Start.Column}
}

// RulePackage returns the Rego package that the text of the control's rule declares; "" for
// controls without a rule. A shared rule is compiled once for all controls with the same input
// schema, in a [Control.Package] of its own.
func (c *Control) RulePackage() string {
	if c.Rule == "" || c.Package == "" {
		return c.Package
	}
	return "policies." + rulesFolder + "." + c.Rule
}

// Counted returns what the control can earn, in hundredths of a point: its points if it is current,
// and nothing otherwise.
func (c *Control) Counted() int64 {
	if c.Stage != StageCurrent {
		return 0
	}
	return c.Points
}

// FreshDays returns how many days ago a record may have been last seen to count.
func (c *Control) FreshDays() float64 {
	for _, p := range c.Parameters {
		if number, ok := p.Value.(json.Number); ok && p.Name == c.Coverage.Fresh.Days {
			days, _ := number.Float64()
			return days
		}
	}
	return 0
}

// Datasets returns every dataset that the control reads, sorted and once each.
func (c *Control) Datasets() []string {
	names := append([]string(nil), c.Context...)
	if c.Coverage != nil {
		names = append(names, c.Coverage.Dataset)
		for _, join := range c.Coverage.Joins {
			names = append(names, join.Dataset)
		}
	}
	if c.Kind == KindAttested {
		names = append(names, AttestationDataset)
	}
	return sortedSet(names)
}

// ParameterValues returns the control's parameters as decoded JSON, by name.
func (c *Control) ParameterValues() map[string]any {
	values := make(map[string]any, len(c.Parameters))
	for _, p := range c.Parameters {
		values[p.Name] = p.Value
	}
	return values
}
