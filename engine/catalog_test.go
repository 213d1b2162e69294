package engine_test

import (
	"slices"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// TestEveryControlNeedsItsEvidence takes each dataset out of a tenant that meets every control: each
// control that reads it must end without evidence, name the dataset, earn nothing and keep its points
// in the total. Some are decided for everyone by the rest, and some by what the rest says of this
// tenant.
func TestEveryControlNeedsItsEvidence(t *testing.T) {
	t.Parallel()
	byTheRest := map[string][]string{
		"entra.admin_consent_request_policy": {"aad_admin_consent_workflow"},
		"entra.directory_settings":           {"aad_admin_consent_workflow"},
		"entra.authentication_strengths":     {"aad_phishing_MFA_strength"},
		"entra.organization":                 {"PWAgePolicyNew", "aad_password_protection"},
		"teams.meeting_configuration":        {"meeting_restrictanonymousjoin_v1"},
	}
	catalog := builtin(t)
	whole := tenantData(t, "fabrikam")
	for _, name := range sortedNames(whole) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			readers := readersOf(catalog, name)
			if len(readers.Controls()) == 0 {
				return
			}
			without := data{"entra.unread": list{}}
			for _, control := range readers.Controls() {
				for _, dataset := range control.Datasets() {
					if dataset != name {
						without[dataset] = whole[dataset]
					}
				}
			}
			a := assess(t, readers, bundle(t, without), engine.Options{}, engine.AssessOptions{})
			var decided score.Points
			for _, action := range a.Actions {
				if action.Outcome == engine.Complete && (action.Everyone || slices.Contains(byTheRest[name], action.ID)) {
					decided += action.Points.Max
				} else if action.Outcome != engine.NoEvidence || action.Points.Achieved != 0 || !slices.Contains(action.Missing, name) {
					t.Errorf("%s without %s: %s", action.ID, name, brief(action))
				}
			}
			if a.Score.Total == 0 || a.Score.AssessedTotal != decided || a.Score.Achieved != decided {
				t.Errorf("the score is %+v, want all of the total but %s left unassessed", a.Score, decided)
			}
		})
	}
}
