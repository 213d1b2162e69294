package tenant_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/tenant"
	"github.com/posture-score/posture/schemas"
)

// TestSamplesComeOutAsTheyShould says what each sample is for: fabrikam meets every built-in
// control, tailspin completes none, and contoso has some of everything. contoso and tailspin show
// partial credit in each control that has it. Device settings that no sample reports on are left to
// the engine's test of the family; here they have to be not applicable.
func TestSamplesComeOutAsTheyShould(t *testing.T) {
	compiled, cat := compile(t)
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
	partial, unreported := map[string]bool{}, leftOut(cat)
	for name, test := range tests {
		outcomes := map[engine.Outcome][]string{}
		for _, action := range assess(t, compiled, name).Actions {
			if unreported[action.ID] {
				if action.Outcome != engine.NotApplicable {
					t.Errorf("%s: %s is %s, though no device reports on it", name, action.ID, action.Outcome)
				}
				continue
			}
			outcomes[action.Outcome] = append(outcomes[action.Outcome], action.ID)
			partial[action.ID] = partial[action.ID] || action.Outcome == engine.Partial
			if name == "contoso" && action.ID == "MFARegistrationV2" && (action.Coverage.Compliant != 27 || action.Coverage.InScope != 57) {
				t.Errorf("%s: %+v, want 27 of 57", action.ID, *action.Coverage)
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
	for _, control := range cat.Controls() {
		if control.Kind == catalog.KindCoverage && !control.Coverage.AllOrNothing && !partial[control.ID] && !unreported[control.ID] {
			t.Errorf("%s is partly done in no sample", control.ID)
		}
	}
}

// leftOut are the ids of the controls for device settings that the samples leave out.
func leftOut(cat *catalog.Catalog) map[string]bool {
	reported := map[any]bool{}
	for _, spec := range tenant.Samples() {
		for _, id := range spec.Settings {
			reported[id] = true
		}
	}
	ids := map[string]bool{}
	for _, control := range cat.Controls() {
		if control.Coverage == nil {
			continue
		}
		for _, match := range control.Coverage.Match {
			ids[control.ID] = match.Field == "configurationId" && !reported[match.Value]
		}
	}
	return ids
}

// The licenses of each sample: fabrikam holds what every control requires, tailspin lacks whole
// products.
func TestSampleLicenses(t *testing.T) {
	compiled, _ := compile(t)
	lacking := map[string][]string{}
	for _, name := range []string{"contoso", "fabrikam", "tailspin"} {
		a := assess(t, compiled, name)
		if !a.Evidence.Licenses {
			t.Errorf("%s tells no licenses", name)
		}
		products := map[string]bool{}
		for _, action := range a.Actions {
			if action.Outcome == engine.NotApplicable && len(action.Reasons) > 0 && strings.HasPrefix(action.Reasons[0], "the tenant has no license of ") {
				products[action.Product] = true
			}
			if name == "fabrikam" && !action.Licensed() {
				t.Errorf("fabrikam lacks a license for %s: %+v", action.ID, action.Prerequisites)
			}
		}
		lacking[name] = slices.Sorted(maps.Keys(products))
	}
	want := map[string][]string{"contoso": nil, "fabrikam": nil, "tailspin": {
		"app_governance", "atlassian", "citrix_sharefile", "defender_cloud_apps", "defender_identity", "docusign", "dropbox", "github", "google_workspace",
		"netdocuments", "okta", "salesforce", "servicenow", "workplace", "zendesk", "zoom",
	}}
	expect.Equalf(t, want, lacking, "products that are not licensed")
}

// Contoso's exceptions: one that earns full points, one for a device group, one that has expired.
func TestContosoExceptions(t *testing.T) {
	compiled, _ := compile(t)
	got := map[string]string{}
	for _, action := range assess(t, compiled, "contoso").Actions {
		if action.Product == "defender_endpoint" && (len(action.Findings) > 0 || action.Status.Resolves()) {
			got[action.ID] = fmt.Sprintf("%s, %s, %s of %s, %s by evidence %q", action.Outcome, action.Status,
				action.Points.Achieved, action.Points.Max, action.Points.ByEvidence, action.Findings)
		}
	}
	want := map[string]string{
		"scid_96":   `partial, third_party, 8 of 8, 3.67 by evidence []`,
		"scid_69":   `partial, to_address, 6 of 8, 6 by evidence ["an exception for the device group \"Kiosks\" has no effect: only a global one sets the status"]`,
		"scid_2501": `partial, to_address, 2.63 of 9, 2.63 by evidence ["the global exception (risk_accepted) expired on 2026-09-15"]`,
	}
	expect.Equal(t, want, got)
}

// TestException holds that an action says which exception sets its status, in the words of the evidence, and that no other action does.
func TestException(t *testing.T) {
	compiled, _ := compile(t)
	got := map[string]*engine.Exception{}
	for _, action := range assess(t, compiled, "contoso").Actions {
		if action.Exception != nil {
			got[action.ID] = action.Exception
		}
	}
	made, ends := time.Date(2026, 2, 10, 9, 0, 0, 0, time.UTC), time.Date(2027, 2, 10, 0, 0, 0, 0, time.UTC)
	expect.Equal(t, map[string]*engine.Exception{"scid_96": {
		Justification: "ThirdPartyControl", Text: "The web gateway filters the traffic of every device", By: "security@contoso.example", Created: &made, Expires: &ends,
	}}, got)
}

func compile(t *testing.T) (*engine.Engine, *catalog.Catalog) {
	t.Helper()
	datasets := must.Get(schemas.Builtin())(t)
	source := must.Get(catalog.Builtin())(t)
	cat := must.Get(catalog.Load(t.Context(), datasets, source))(t)
	compiled := must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
	return compiled, cat
}

func assess(t *testing.T, compiled *engine.Engine, name string) *engine.Assessment {
	t.Helper()
	bundle := must.Get(evidence.Open(t.Context(), filepath.Join("..", "..", "testdata", name), evidence.DefaultLimits()))(t)
	defer func() { _ = bundle.Close() }()
	return must.Get(compiled.Assess(t.Context(), bundle, engine.AssessOptions{}))(t)
}
