package engine_test

import (
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestBaselineExceptions holds that ids which the ScubaGear configuration excludes are added to the
// parameter of the policy's control, with a finding. Policies that it leaves out are a finding, and
// change no points.
func TestBaselineExceptions(t *testing.T) {
	t.Parallel()
	const phishing = "aad_phishing_MFA_strength"
	cat := builtin(t).Select(func(c *catalog.Control) bool { return c.ID == phishing })
	compiled := must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
	whole := tenantData(t, "fabrikam")
	evidence := data{}
	for _, control := range cat.Controls() {
		for _, name := range control.Datasets() {
			evidence[name] = whole[name]
		}
	}
	excluding := evidence["entra.conditional_access_policies"].(list)
	for _, policy := range excluding {
		users := policy.(object)["conditions"].(object)["users"].(object)
		users["excludeUsers"] = list{"break-glass"}
	}
	tests := []struct {
		name       string
		exceptions list
		outcome    engine.Outcome
		findings   []string
	}{
		{"none", nil, engine.NotMet, []string{}},
		{"of another policy", list{object{"policyId": "MS.AAD.9.9v1", "omitted": true, "excluded": list{"break-glass"}}}, engine.NotMet, []string{}},
		{
			"of another version",
			list{object{"policyId": "ms.aad.3.6v9", "excluded": list{"Break-Glass"}}},
			engine.Complete,
			[]string{"emergency_access also holds what the organization's ScubaGear configuration excludes from MS.AAD.3.6v9: break-glass"},
		},
		{
			"left out",
			list{object{"policyId": "MS.AAD.3.6v1", "omitted": true, "rationale": "no keys yet", "expiration": "2026-12-31"}},
			engine.NotMet,
			[]string{"the organization's ScubaGear configuration leaves out MS.AAD.3.6v1 until 2026-12-31: no keys yet"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			given := data{}
			for name, content := range evidence {
				given[name] = content
			}
			if test.exceptions != nil {
				given[catalog.BaselineExceptionDataset] = test.exceptions
			}
			action := assessOnly(t, compiled, bundle(t, given))
			if action.Outcome != test.outcome {
				t.Errorf("%s, want %s", brief(action), test.outcome)
			}
			expect.Equalf(t, test.findings, action.Findings, "findings")
		})
	}
}
