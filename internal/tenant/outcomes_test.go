package tenant_test

import (
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/policies"
	"github.com/posture-score/posture/schemas"
)

// TestSamplesComeOutAsTheyShould says what each sample is for: fabrikam meets every built-in control, tailspin completes none, and
// contoso has some of everything. Whoever reads contoso and tailspin sees partial credit at work in each control that gives it.
func TestSamplesComeOutAsTheyShould(t *testing.T) {
	compiled, catalog := compile(t)
	tests := map[string]struct {
		some, none []engine.Outcome
	}{
		"contoso": {
			some: []engine.Outcome{engine.Complete, engine.Partial, engine.NotMet, engine.NoEvidence},
			none: []engine.Outcome{engine.Errored},
		},
		"fabrikam": {
			some: []engine.Outcome{engine.Complete},
			none: []engine.Outcome{engine.Partial, engine.NotMet, engine.NotApplicable, engine.NoEvidence, engine.Errored},
		},
		"tailspin": {
			some: []engine.Outcome{engine.Partial, engine.NotMet, engine.NotApplicable, engine.NoEvidence},
			none: []engine.Outcome{engine.Complete, engine.Errored},
		},
	}
	partial := map[string]bool{}
	for name, test := range tests {
		outcomes := map[engine.Outcome][]string{}
		for _, action := range assess(t, compiled, name) {
			outcomes[action.Outcome] = append(outcomes[action.Outcome], action.ID)
			partial[action.ID] = partial[action.ID] || action.Outcome == engine.Partial
			if name == "contoso" && action.ID == "MFARegistrationV2" && (action.Coverage.Compliant != 25 || action.Coverage.InScope != 52) {
				t.Errorf("%s: %+v, want 25 of 52", action.ID, *action.Coverage)
			}
		}
		for _, outcome := range test.some {
			if len(outcomes[outcome]) == 0 {
				t.Errorf("%s: no action is %s", name, outcome)
			}
		}
		for _, outcome := range test.none {
			if len(outcomes[outcome]) > 0 {
				t.Errorf("%s: %s: %v", name, outcome, outcomes[outcome])
			}
		}
	}
	for _, control := range catalog.Controls() {
		if control.Kind == policies.KindCoverage && !control.Coverage.AllOrNothing && !partial[control.ID] {
			t.Errorf("%s is partly done in no sample", control.ID)
		}
	}
}

func compile(t *testing.T) (*engine.Engine, *policies.Catalog) {
	t.Helper()
	datasets, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	source, err := policies.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := policies.Load(t.Context(), datasets, source)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := engine.Compile(t.Context(), catalog, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return compiled, catalog
}

func assess(t *testing.T, compiled *engine.Engine, name string) []engine.Action {
	t.Helper()
	bundle, err := evidence.Open(t.Context(), filepath.Join("..", "..", "testdata", name), evidence.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bundle.Close() }()
	assessment, err := compiled.Assess(t.Context(), bundle, engine.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return assessment.Actions
}
