package engine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
)

// TestOneDatasetIsEnough decides a control by whichever of two datasets there is.
func TestOneDatasetIsEnough(t *testing.T) {
	t.Parallel()
	catalog := load(t, `
  setting {}
  context = ["entra.organization"]
  any_of  = ["entra.authorization_policy", "entra.security_defaults"]
`, `
default compliant := false

compliant if data.evidence.entra.security_defaults.isEnabled == true

compliant if data.evidence.entra.authorization_policy.blockMsolPowerShell == true
`)
	organization, on := object{"id": "t"}, object{"isEnabled": true}
	tests := map[string]struct {
		datasets data
		want     string
	}{
		"both":         {data{"entra.organization": organization, "entra.security_defaults": on, "entra.authorization_policy": object{}}, "complete 10"},
		"one":          {data{"entra.organization": organization, "entra.security_defaults": on}, "complete 10"},
		"other":        {data{"entra.organization": organization, "entra.authorization_policy": object{"blockMsolPowerShell": false}}, "not_met 0"},
		"other failed": {data{"entra.organization": organization, "entra.security_defaults": on, "entra.authorization_policy": errors.New("no")}, "complete 10"},
		"none":         {data{"entra.organization": organization}, "no_evidence 0 missing [entra.authorization_policy entra.security_defaults]"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := brief(assess(t, catalog, bundle(t, test.datasets), engine.Options{}, engine.AssessOptions{}).Actions[0])
			if got, _, _ = strings.Cut(got, ";"); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
