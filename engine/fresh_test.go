package engine_test

import (
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/must"
)

// TestFreshByParameter holds that an organization can say how many days are not too long.
func TestFreshByParameter(t *testing.T) {
	t.Parallel()
	catalog := builtin(t)
	for text, want := range map[string]string{"30": "not_applicable", "40": "complete"} {
		own := must.Get(catalog.WithParameters("own.hcl", []byte("control \"scid_25\" {\n  stale_after_days = "+text+"\n}\n")))(t)
		b := bundle(t, data{"defender_endpoint.secure_configuration": list{object{
			"deviceId": "a", "configurationId": "scid-25", "isApplicable": true, "isCompliant": true, "timestamp": collected.AddDate(0, 0, -35).Format(time.RFC3339),
		}}, "defender_endpoint.exceptions": list{}})
		for _, a := range assess(t, own, b, engine.Options{}, engine.AssessOptions{}).Actions {
			if a.ID == "scid_25" && string(a.Outcome) != want {
				t.Errorf("after %s days: %s, want %s", text, brief(a), want)
			}
		}
	}
	if _, err := catalog.WithParameters("own.hcl", []byte("control \"scid_25\" {\n  stale_after_days = 0\n}\n")); err == nil {
		t.Error("no days are accepted")
	}
}
