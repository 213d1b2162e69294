package engine_test

import (
	"fmt"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
)

// TestDeviceSettings evaluates every member of the family on a device that complies and, in another
// tenant, on one that doesn't. Neighbors never agree, so that a member that counts another one's device
// fails.
func TestDeviceSettings(t *testing.T) {
	t.Parallel()
	family := builtin(t).Select(func(c *catalog.Control) bool { return c.Package == "policies.defender_endpoint.device_settings" })
	if len(family.Controls()) == 0 {
		t.Fatal("there are no device settings")
	}
	for name, turn := range map[string]int{"even members comply": 0, "odd members comply": 1} {
		t.Run(name, func(t *testing.T) {
			var devices list
			want := map[string]string{}
			for i, c := range family.Controls() {
				id := fmt.Sprintf("device of %s", c.ID)
				complies := i%2 == turn
				devices = append(devices, matching(c, object{"deviceId": id, "isApplicable": true, "isCompliant": complies}))
				want[c.ID] = fmt.Sprintf("not_met 0 0/1/1 [%s]; the setting was found not to be as it should (1 of 1)", id)
				if complies {
					want[c.ID] = fmt.Sprintf("complete %d 1/1/1 []", c.Points/100)
				}
			}
			b := bundle(t, data{"defender_endpoint.secure_configuration": devices, catalog.ExceptionDataset: list{}})
			for _, action := range assess(t, family, b, engine.Options{}, engine.AssessOptions{}).Actions {
				expect.Equalf(t, want[action.ID], brief(action), "%s", action.ID)
				delete(want, action.ID)
			}
			for id := range want {
				t.Errorf("%s is not among the actions", id)
			}
		})
	}
}

// matching makes a record one of those that a control picks.
func matching(c *catalog.Control, record object) object {
	for _, m := range c.Coverage.Match {
		record[m.Field] = m.Value
	}
	return record
}
