package engine

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/explain"
	"github.com/posture-score/posture/engine/internal/scan"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/suggest"
)

// Trial is one evaluation of one control: what its rule sees, what it decides and why.
type Trial struct {
	Control    string         `json:"control"`
	Kind       string         `json:"kind"`
	Now        time.Time      `json:"now"`              // the declared time
	Record     *TrialRecord   `json:"record,omitempty"` // of a coverage control, if the population was read
	Input      any            `json:"input,omitempty"`  // of the rule, as decoded JSON: what the engine gives it
	Context    map[string]any `json:"context"`          // what the rule finds at data, without what follows; pruned to what it reads
	Parameters any            `json:"parameters"`
	Constants  map[string]any `json:"constants,omitempty"` // at data.constants
	// Names are the names below data.context, by which the rule finds datasets of data.evidence; empty
	// for a name without a dataset.
	Names     map[string]string `json:"names,omitempty"`
	Decisions []TrialDecision   `json:"decisions"` // of the rule, in the order in which they are asked for; none of an attested control
	Action    Action            `json:"action"`    // of the control over all of the evidence, by itself
}

// TrialRecord is the record of a population that a rule is tried on.
type TrialRecord struct {
	Dataset string   `json:"dataset"`
	Key     string   `json:"key"`
	Label   string   `json:"label,omitempty"` // see [Record]
	Chosen  string   `json:"chosen"`          // why it was taken
	Verdict string   `json:"verdict"`         // what the engine makes of it
	Reasons []string `json:"reasons"`
	Failing []Record `json:"failing"` // the first ones that fail; never null
}

// TrialDecision is a decision of a rule.
type TrialDecision struct {
	Name     string                `json:"name"`
	Defined  bool                  `json:"defined"`
	Value    any                   `json:"value,omitempty"`
	Error    string                `json:"error,omitempty"`
	Failures []catalog.TestFailure `json:"failures,omitempty"` // the expressions that did not hold, unless it is true or gives reasons
	Steps    []string              `json:"steps,omitempty"`    // of the evaluation, if asked for
}

// TryOptions say what is tried.
type TryOptions struct {
	AssessOptions
	Record string // key of a record of the population; by default the first that fails, or else the first
	Steps  bool   // also the steps of the evaluation
}

// Try evaluates one control over a bundle as Assess does, and its rule once more on one record with
// OPA's topdown, to show what it sees and why it decides as it does. Prerequisites of the control are
// left out.
func (e *Engine) Try(ctx context.Context, bundle *evidence.Bundle, id string, options TryOptions) (*Trial, error) {
	control, err := e.tried(id, options)
	if err != nil {
		return nil, err
	}
	only := *e
	only.rules = e.rules.Only(control)
	only.options.Workers = 1 // records are observed in order
	t := trial{control: control, wanted: options.Record}
	if control.Kind == catalog.KindCoverage {
		dataset, _ := e.rules.Catalog.Datasets().Dataset(control.Coverage.Dataset)
		t.canonical = dataset.KeyFold().String(options.Record)
	}
	loaded, assessment, err := only.assess(ctx, bundle, options.AssessOptions, t.observe)
	if err != nil {
		return nil, err
	}
	environment := loaded.Environment(control)
	result := newTrial(control, loaded.Now, environment.Data())
	result.Action = assessment.Actions[0]
	if control.Package == "" {
		return result, nil
	}
	input := environment.Evidence()
	if control.Kind == catalog.KindCoverage {
		if result.Record, input, err = t.record(control, result.Action.Coverage != nil); err != nil {
			return nil, err
		}
	}
	if input != nil {
		result.Input = plain(input)
	}
	env := explain.Environment{Compiler: e.rules.Catalog.Rego(control.Package).Compiler(), Data: environment.Data(), Now: loaded.Now}
	result.Decisions, err = only.decisions(ctx, control, env, input, options.Steps)
	return result, err
}

// tried returns the control to be tried.
func (e *Engine) tried(id string, options TryOptions) (*catalog.Control, error) {
	control, ok := e.rules.Catalog.Control(id)
	switch {
	case !ok:
		return nil, e.rules.Catalog.Unknown(id)
	case control.Stage == catalog.StageDeprecated:
		return nil, fmt.Errorf("%s is deprecated: it is not evaluated", id)
	case options.Record != "" && control.Kind != catalog.KindCoverage:
		return nil, fmt.Errorf("%s is a control of the kind %s, which has no records: leave out the record", id, control.Kind)
	}
	return control, nil
}

// newTrial returns a trial with what a rule sees besides its input.
func newTrial(control *catalog.Control, now time.Time, data ast.Object) *Trial {
	t := &Trial{
		Control: control.ID, Kind: string(control.Kind), Now: now.UTC(), Context: map[string]any{}, Constants: control.Constants, Decisions: []TrialDecision{},
	}
	data.Foreach(func(key, value *ast.Term) {
		switch name := string(key.Value.(ast.String)); name {
		case "now":
		case "parameters":
			t.Parameters = plain(value.Value)
		default:
			t.Context[name] = plain(value.Value)
		}
	})
	for _, name := range control.Names {
		if t.Names == nil {
			t.Names = map[string]string{}
		}
		t.Names[name.Name] = name.Dataset
	}
	return t
}

// decisions evaluates the decisions of a control's rule.
func (e *Engine) decisions(ctx context.Context, control *catalog.Control, env explain.Environment, input ast.Value, steps bool) ([]TrialDecision, error) {
	list := []TrialDecision{}
	for _, name := range []string{
		catalog.RuleInScope, catalog.RuleApplicable, catalog.RuleNotApplicable, catalog.RuleCompliant, catalog.RuleFraction, catalog.RuleReasons, catalog.RuleEveryone,
	} {
		everyone := name == catalog.RuleEveryone
		if !e.rules.Catalog.HasRule(control, name) || input == nil && !everyone {
			continue
		}
		env.Input = ast.NewTerm(input)
		if everyone {
			env.Input = ast.NewTerm(ast.NewObject())
		}
		d := TrialDecision{Name: name}
		rule := "data." + control.Package + "." + name
		value, err := env.Value(ctx, rule)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			d.Error = err.Error()
		case value != nil:
			d.Defined, d.Value = true, plain(value)
		}
		if name != catalog.RuleReasons && name != catalog.RuleNotApplicable && value != ast.Value(ast.Boolean(true)) {
			d.Failures, _ = env.Failures(ctx, rule) // an error is that of the value
		}
		if steps {
			d.Steps, _ = env.Steps(ctx, rule)
		}
		list = append(list, d)
	}
	return list, ctx.Err()
}

// maxTrialRecords is how many failing records a trial names.
const maxTrialRecords = 5

// trial looks for the record to try a rule on.
type trial struct {
	control   *catalog.Control
	wanted    string // as it was asked for; empty for any
	canonical string // the same in canonical form

	first, failing, found *observed
	records               []Record // the first failing ones
	exists                bool     // the record that is wanted is in the population
	nearest               string
}

// observed is an observation that is kept.
type observed struct {
	scan.Observation
	input ast.Value
}

// observe implements scan.Options.Observe.
func (t *trial) observe(o scan.Observation) {
	if o.Control == "" {
		t.compare(o)
		return
	}
	fails := o.Error != "" || o.InScope && !o.Compliant && !o.Excluded
	if fails && len(t.records) < maxTrialRecords {
		t.records = append(t.records, Record{Key: o.Key, Label: o.Label})
	}
	keep := func() *observed { return &observed{o, o.Input.Value} }
	if t.first == nil {
		t.first = keep()
	}
	if fails && t.failing == nil {
		t.failing = keep()
	}
	if t.wanted != "" && t.found == nil && t.is(o) {
		t.found = keep()
	}
}

func (t *trial) is(o scan.Observation) bool {
	return o.Canonical == t.canonical && o.Canonical != "" || o.Key == t.wanted
}

// compare notes whether the record is the one that is wanted, or its key the nearest to it.
func (t *trial) compare(o scan.Observation) {
	switch {
	case t.wanted == "" || t.exists:
	case t.is(o):
		t.exists = true
	case t.nearest == "":
		t.nearest = o.Key
	default:
		t.nearest = cmp.Or(suggest.Nearest(t.wanted, []string{t.nearest, o.Key}), t.nearest)
	}
}

// record returns the record to try the rule on, and what the rule sees of it; nil if no record was read.
func (t *trial) record(control *catalog.Control, scanned bool) (*TrialRecord, ast.Value, error) {
	dataset := control.Coverage.Dataset
	o, chosen := t.failing, "the first record that fails"
	switch {
	case t.wanted != "" && t.found != nil:
		o, chosen = t.found, "asked for"
	case t.wanted != "" && t.exists:
		return nil, nil, fmt.Errorf("the record %q of %s is not one that %s is about: its match leaves it out", t.wanted, dataset, control.ID)
	case t.wanted != "" && scanned:
		return nil, nil, fmt.Errorf("%s has no record %q.%s%s", dataset, suggest.Clip(t.wanted), suggest.Hint(t.wanted, []string{t.nearest}), t.examples())
	case t.wanted != "":
		return nil, nil, fmt.Errorf("the records of %s were not counted, so that none can be shown: leave out the record to see why", dataset)
	case o == nil:
		o, chosen = t.first, "the first record; none fails"
	}
	if o == nil {
		return nil, nil, nil
	}
	record := &TrialRecord{Dataset: dataset, Key: o.Key, Label: o.Label, Chosen: chosen, Verdict: o.verdict()}
	record.Reasons, record.Failing = append([]string{}, o.Reasons...), append([]Record{}, t.records...)
	return record, o.input, nil
}

// examples names records that fail.
func (t *trial) examples() string {
	if len(t.records) == 0 {
		return ""
	}
	names := make([]string, len(t.records))
	for i, r := range t.records {
		names[i] = r.String()
	}
	return " Records that fail: " + strings.Join(names, ", ")
}

// verdict says in words what the engine makes of a record.
func (o *observed) verdict() string {
	switch {
	case o.Error != "":
		return "the rule fails: " + o.Error
	case o.Stale:
		return "out of scope: it was last seen too long ago, and the rule is not asked"
	case !o.InScope:
		return "out of scope"
	case o.Excluded:
		return "excluded by a decision"
	case o.Untrusted:
		return "not compliant: the rule is not asked"
	case o.Unmatched:
		return "not compliant: the population has no record of this key, whatever the rule says"
	case o.Compliant:
		return "compliant"
	}
	return "not compliant"
}

// plain returns a value as decoded JSON.
func plain(value ast.Value) any {
	decoded, err := ast.JSON(value)
	if err != nil {
		return fmt.Sprint(value) // values of rules are JSON, and sets become lists
	}
	return decoded
}
