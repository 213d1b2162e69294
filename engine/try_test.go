package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// try tries a control on a sample tenant.
func try(t *testing.T, e *engine.Engine, tenant, id string, options engine.TryOptions) (*engine.Trial, error) {
	t.Helper()
	bundle := must.Get(evidence.Open(t.Context(), "../testdata/"+tenant, evidence.DefaultLimits()))(t)
	defer bundle.Close()
	return e.Try(t.Context(), bundle, id, options)
}

// decision returns the value of a decision of a trial, and whether the rule has the decision.
func decision(trial *engine.Trial, name string) (value any, ok bool) {
	for _, d := range trial.Decisions {
		if d.Name == name {
			return d.Value, true
		}
	}
	return nil, false
}

// TestTryAgrees holds what is shown to what the engine decides: one control of each rule has the
// outcome that it has in an assessment, and the decisions, which topdown works out from the input that
// is shown, are those of the engine.
func TestTryAgrees(t *testing.T) {
	t.Parallel()
	e := compiled(t, builtin(t), engine.Options{})
	cat := builtin(t)
	bundle := must.Get(evidence.Open(t.Context(), "../testdata/contoso", evidence.DefaultLimits()))(t)
	defer bundle.Close()
	whole := must.Get(e.Assess(t.Context(), bundle, engine.AssessOptions{}))(t)
	seen := map[string]bool{}
	for _, action := range whole.Actions {
		control, _ := cat.Control(action.ID)
		if seen[control.Package] {
			continue
		}
		seen[control.Package] = true
		trial := must.Get(try(t, e, "contoso", action.ID, engine.TryOptions{}))(t)
		if trial.Action.Outcome != action.Outcome || trial.Action.Points.ByEvidence != action.Points.ByEvidence || cmp.Diff(trial.Action.Reasons, action.Reasons) != "" {
			t.Errorf("%s is %s (%s points, %q) by itself, and %s (%s points, %q) among others", action.ID, trial.Action.Outcome, trial.Action.Points.ByEvidence,
				trial.Action.Reasons, action.Outcome, action.Points.ByEvidence, action.Reasons)
		}
		checkTrial(t, trial)
	}
}

// checkTrial checks that the decisions of a trial explain its outcome.
func checkTrial(t *testing.T, trial *engine.Trial) {
	t.Helper()
	compliant, asked := decision(trial, catalog.RuleCompliant)
	inScope, scoped := decision(trial, catalog.RuleInScope)
	switch r := trial.Record; {
	case r != nil && r.Verdict == "compliant":
		if compliant != true || scoped && inScope != true {
			t.Errorf("%s complies for %s, and the rule says %v", trial.Control, r.Key, trial.Decisions)
		}
	case r != nil && r.Verdict == "not compliant":
		if compliant != false || scoped && inScope != true {
			t.Errorf("%s fails for %s, and the rule says %v", trial.Control, r.Key, trial.Decisions)
		}
	case r != nil && r.Verdict == "out of scope":
		if inScope != false {
			t.Errorf("%s leaves out %s, and the rule says %v", trial.Control, r.Key, trial.Decisions)
		}
	case trial.Kind == string(catalog.KindSetting) && asked && len(trial.Action.Missing) == 0:
		if want := trial.Action.Outcome == engine.Complete; trial.Action.Outcome != engine.NotApplicable && compliant != want {
			t.Errorf("%s is %s, and the rule says %v", trial.Control, trial.Action.Outcome, trial.Decisions)
		}
	}
}

// TestTryVerdicts holds what is said of a record that the rule does not decide alone.
func TestTryVerdicts(t *testing.T) {
	t.Parallel()
	const rule = "default in_scope := true\n\nin_scope := false if input.userType == \"Guest\"\n\ndefault compliant := false\n\ncompliant if input.accountEnabled == true\n"
	user := func(id, kind string, enabled any) object {
		return object{"id": id, "userType": kind, "accountEnabled": enabled}
	}
	plain := "  coverage \"entra.users\" {\n    when_empty = \"full\"\n  }\n"
	role := object{"id": "1", "principalId": "z", "roleDefinitionId": "r"}
	all := list{user("good", "Member", true), user("guest", "Guest", false), user("bad", "Member", false), user("odd", "Member", "yes"), user("x", "Member", true)}
	repeated := append(slices.Clone(all), user("good", "Member", false))
	tests := map[string]struct {
		block, rego, record string
		users               list
		want                string // chosen, verdict, what the rule sees
	}{
		"the first that fails": {plain, rule, "", all, `bad: the first record that fails: not compliant: {"accountEnabled":false,"userType":"Member"}`},
		"the first":            {plain, rule, "", all[:2], `good: the first record; none fails: compliant: {"accountEnabled":true,"userType":"Member"}`},
		"out of scope":         {plain, rule, "Guest", all, `guest: asked for: out of scope: {"accountEnabled":false,"userType":"Guest"}`},
		"invalid":              {plain, rule, "odd", all, `odd: asked for: not compliant: the rule is not asked: {"accountEnabled":"yes","userType":"Member"}`},
		"excluded":             {plain, rule, "x", all, `x: asked for: excluded by a decision: {"accountEnabled":true,"userType":"Member"}`},
		"different records":    {plain, rule, "good", repeated, `good: asked for: not compliant: the rule is not asked: {"accountEnabled":true,"userType":"Member"}`},
		"failing rule":         {plain, rule + "\ncompliant if to_number(input.userType) == 1\n", "bad", all, `bad: asked for: the rule fails: `},
		"unmatched": {
			unmatchedBlock(`unmatched = "ignore"`, ""), "default compliant := true\n\nreasons contains \"x\" if input.roles\n", "z", all,
			`z: asked for: not compliant: the population has no record of this key, whatever the rule says: {"roles":[{}]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := bundle(t, data{"entra.users": test.users, "entra.role_assignments": list{role}, "entra.user_registration": list{}})
			options := engine.TryOptions{Record: test.record}
			options.Decisions = map[string]engine.Decision{"C": {Exclude: []engine.Exclusion{{Key: "x", Reason: "a test"}}}}
			trial := must.Get(compiled(t, load(t, test.block, test.rego), engine.Options{}).Try(t.Context(), b, "C", options))(t)
			input := must.Get(json.Marshal(trial.Input))(t)
			r := trial.Record
			got := fmt.Sprintf("%s: %s: %s: %s", r.Key, r.Chosen, r.Verdict, input)
			if got != test.want && (name != "failing rule" || !strings.HasPrefix(got, test.want)) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestTryRecord(t *testing.T) {
	t.Parallel()
	e := compiled(t, builtin(t), engine.Options{})
	// Keys compare as those of exclusions do.
	trial := must.Get(try(t, e, "contoso", "AdminMFAV2", engine.TryOptions{Record: "3B1B81BB-3811-4621-ae6f-1c1b877bd94b", Steps: true}))(t)
	want := &engine.TrialRecord{
		Dataset: "entra.users", Key: "3b1b81bb-3811-4621-ae6f-1c1b877bd94b", Chosen: "asked for", Verdict: "not compliant",
		Reasons: []string{"no method for multifactor authentication is known to be registered"},
		Label:   "adm-soren.patel@contoso.example",
		Failing: []engine.Record{
			{Key: "b062f694-2634-4b03-a459-6d8e29370693", Label: "adm-pia.romano@contoso.example"},
			{Key: "3b1b81bb-3811-4621-ae6f-1c1b877bd94b", Label: "adm-soren.patel@contoso.example"},
		},
	}
	expect.Equalf(t, want, trial.Record, "record")
	for _, d := range trial.Decisions {
		if len(d.Steps) == 0 {
			t.Errorf("%s has no steps", d.Name)
		}
	}
}

func TestTryRefuses(t *testing.T) {
	t.Parallel()
	e := compiled(t, builtin(t), engine.Options{})
	tests := []struct{ id, record, want string }{
		{"AdminMFAV3", "", `the catalog has no control "AdminMFAV3". Did you mean "AdminMFAV2"?`},
		{"AdminMFAV2", "b062f694-2634-4b03-a459-6d8e29370694", `entra.users has no record "b062f694-2634-4b03-a459-6d8e29370694". Did you mean "b062f694-2634-4b03-a459-6d8e29370693"?`},
		{"PWAgePolicyNew", "x", "PWAgePolicyNew is a control of the kind setting, which has no records"},
		{"MDA_GitHub_MFA", "", "MDA_GitHub_MFA is deprecated"},
	}
	for _, test := range tests {
		if _, err := try(t, e, "contoso", test.id, engine.TryOptions{Record: test.record}); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s, %q: error is %v, want %s", test.id, test.record, err, test.want)
		}
	}
}
