package engine_test

import (
	"errors"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
)

const deviceBlock = `
  exception = "sca-_-scid-1"
  coverage "defender_endpoint.secure_configuration" {
    when_empty = "not_applicable"
    match      = { configurationId = "scid-1" }
  }
`

const deviceRule = "default compliant := false\n\ncompliant if input.isCompliant == true\n"

func device(id string, compliant bool) object {
	return object{"deviceId": id, "configurationId": "scid-1", "isApplicable": true, "isCompliant": compliant}
}

// TestException holds that actions on devices take their status from exceptions in the evidence, never by hand.
func TestException(t *testing.T) {
	t.Parallel()
	half, all := list{device("d1", true), device("d2", false)}, list{device("d1", true)}
	exception := func(scope, justification, expires string) object {
		x := object{"id": scope + justification + expires, "recommendationId": "sca-_-scid-1", "scope": scope, "justification": justification}
		if expires != "" {
			x["expires"] = expires
		}
		if scope == "device_group" {
			x["deviceGroup"] = "Kiosks"
		}
		return x
	}
	global := func(justification string) list { return list{exception("global", justification, "")} }
	elsewhere := exception("global", "ThirdPartyControl", "")
	elsewhere["recommendationId"] = "sca-_-scid-11"
	const (
		soon, past, later = "2026-10-03T06:00:00Z", "2026-09-01T00:00:00Z", "2027-01-01T00:00:00Z"
		group             = `an exception for the device group "Kiosks" has no effect: only a global one sets the status`
		byHand            = "the status third_party has no effect: exceptions in the evidence decide the status of this action"
	)
	for _, test := range []struct {
		name       string
		devices    any
		exceptions any
		byHand     engine.Status
		want       string
	}{
		{"none", half, list{}, "", "partial to_address 5 of 5 by evidence; "},
		{"not collected", half, errors.New("denied"), "", "partial to_address 5 of 5 by evidence; "},
		{"not in the evidence", half, nil, "", "partial to_address 5 of 5 by evidence; "},
		{"third party", half, global("ThirdPartyControl"), "", "partial third_party 10 of 5 by evidence; "},
		{"alternate mitigation", half, global("AlternateMitigation"), "", "partial alternate_mitigation 10 of 5 by evidence; "},
		{"risk accepted", half, global("RiskAccepted"), "", "partial risk_accepted 5 of 5 by evidence; "},
		{"planned", half, global("PlannedRemediation"), "", "partial planned 5 of 5 by evidence; "},
		{"a justification nobody knows", half, global("BecauseISaySo"), "", "partial to_address 5 of 5 by evidence; "},
		{"of another recommendation", half, list{elsewhere}, "", "partial to_address 5 of 5 by evidence; "},
		{"of a device group", half, list{exception("device_group", "ThirdPartyControl", "")}, "", "partial to_address 5 of 5 by evidence; " + group},
		{"of a scope nobody knows", half, list{exception("tenant", "ThirdPartyControl", "")}, "", "partial to_address 5 of 5 by evidence; an exception for the device group without a name has no effect: only a global one sets the status"},
		{"global and of a group", half, list{exception("device_group", "RiskAccepted", ""), exception("global", "ThirdPartyControl", later)}, "", "partial third_party 10 of 5 by evidence; " + group},
		{"expired", half, list{exception("global", "ThirdPartyControl", past)}, "", "partial to_address 5 of 5 by evidence; the global exception (third_party) expired on 2026-09-01"},
		{"ends soon", half, list{exception("global", "ThirdPartyControl", soon)}, "", "partial third_party 10 of 5 by evidence; the global exception (third_party) expires in 2 days"},
		{"ends at a time nobody can read", half, list{exception("global", "ThirdPartyControl", "soon")}, "", "partial to_address 5 of 5 by evidence; "},
		{"of several the one that earns least", half, append(global("ThirdPartyControl"), exception("global", "PlannedRemediation", later)), "", "partial planned 5 of 5 by evidence; "},
		{"by hand", half, list{}, engine.ThirdParty, "partial to_address 5 of 5 by evidence; " + byHand},
		{"by hand against an exception", half, global("RiskAccepted"), engine.ThirdParty, "partial risk_accepted 5 of 5 by evidence; " + byHand},
		{"completed", all, global("RiskAccepted"), "", "complete completed 10 of 10 by evidence; "},
		{"not applicable", list{}, global("ThirdPartyControl"), "", "not_applicable to_address 0 of 0 by evidence; "},
		{"without evidence of devices", errors.New("denied"), global("ThirdPartyControl"), "", "no_evidence third_party 10 of 0 by evidence; "},
	} {
		t.Run(test.name, func(t *testing.T) {
			datasets := data{"defender_endpoint.secure_configuration": test.devices}
			if test.exceptions != nil {
				datasets["defender_endpoint.exceptions"] = test.exceptions
			}
			settings := engine.AssessOptions{}
			if test.byHand != "" {
				settings.Decisions = map[string]engine.Decision{"C": {Status: test.byHand}}
			}
			a := assess(t, load(t, deviceBlock, deviceRule), bundle(t, datasets), engine.Options{}, settings)
			expect.Equal(t, test.want, verdict(a.Actions[0]))
		})
	}
}

// An end that is no time may have come, whatever it is.
func TestExceptionWithAnEndThatIsNoTime(t *testing.T) {
	t.Parallel()
	for _, end := range []any{1790000000, true, object{}, "", "2027-01-01"} {
		x := object{"id": "x", "recommendationId": "sca-_-scid-1", "scope": "global", "justification": "ThirdPartyControl", "expires": end}
		a := assess(t, load(t, deviceBlock, deviceRule), bundle(t, data{
			"defender_endpoint.secure_configuration": list{device("d1", false)}, "defender_endpoint.exceptions": list{x},
		}), engine.Options{}, engine.AssessOptions{})
		if a.Actions[0].Points.Achieved != 0 {
			t.Errorf("%#v: %s", end, verdict(a.Actions[0]))
		}
	}
}

// An exception of the wrong shape earns nothing, and shows in the warnings.
func TestExceptionOfTheWrongShape(t *testing.T) {
	t.Parallel()
	bad := list{object{"id": "x", "recommendationId": "sca-_-scid-1", "scope": true, "justification": "ThirdPartyControl"}}
	a := assess(t, load(t, deviceBlock, deviceRule), bundle(t, data{
		"defender_endpoint.secure_configuration": list{device("d1", false)}, "defender_endpoint.exceptions": bad,
	}), engine.Options{}, engine.AssessOptions{})
	if a.Actions[0].Points.Achieved != 0 {
		t.Error(verdict(a.Actions[0]))
	}
	expect.Equalf(t, []string{"defender_endpoint.exceptions: record 1, /scope: want string, got boolean"}, a.Evidence.Warnings, "warnings")
}
