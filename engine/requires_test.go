package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestRequiresSource holds when a control that requires a source counts, and its findings.
func TestRequiresSource(t *testing.T) {
	t.Parallel()
	const connector, policies = "defender_cloud_apps.office_365_connector", "entra.conditional_access_policies"
	policy := list{object{"id": "00000000-0000-0000-0000-000000000001", "state": "disabled", "conditions": object{}}}
	for _, test := range []struct {
		name     string
		source   string
		settings string
		policies list // not in the evidence if nil
		want     string
	}{
		{"nothing is said", connector, "", nil, "not_met [Microsoft counts it only if the Office 365 connector of Microsoft Defender for Cloud Apps is connected]"},
		{"not connected", connector, `source "` + connector + `" { connected = false }`, nil, "not_applicable [] it counts only if the Office 365 connector of Microsoft Defender for Cloud Apps is connected, which is not the case"},
		{"connected", connector, `source "` + connector + `" { connected = true }`, nil, "not_met []"},
		{"no records", policies, "", list{}, "not_met [Microsoft counts it only if entra.conditional_access_policies has a record, which is not the case]"},
		{"no evidence", policies, `source "` + policies + `" {}`, nil, "not_met [Microsoft counts it only if entra.conditional_access_policies has a record]"},
		{"required, no records", policies, `source "` + policies + `" {}`, list{}, "not_applicable [] it counts only if entra.conditional_access_policies has a record, which is not the case"},
		{"required, records", policies, `source "` + policies + `" {}`, policy, "not_met []"},
		{"required, and said to be there", policies, `source "` + policies + `" { connected = true }`, list{}, "not_met []"},
	} {
		t.Run(test.name, func(t *testing.T) {
			block := fmt.Sprintf("requires_source = %q\n%s", test.source, settingBlock)
			catalog := must.Get(load(t, block, "default compliant := false\n").WithParameters("p.hcl", []byte(test.settings)))(t)
			evidence := data{"entra.security_defaults": object{"isEnabled": false}}
			if test.policies != nil {
				evidence["entra.conditional_access_policies"] = test.policies
			}
			a := assess(t, catalog, bundle(t, evidence), engine.Options{}, engine.AssessOptions{}).Actions[0]
			got := strings.TrimSpace(fmt.Sprintf("%s %v %s", a.Outcome, a.Findings, strings.Join(a.Reasons, "; ")))
			expect.Equal(t, test.want, got)
		})
	}
}
