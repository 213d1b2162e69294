package policies.defender_endpoint.device_settings_test

import data.policies.defender_endpoint.device_settings

_cases := [
	{"note": "as it should be", "device": {"isApplicable": true, "isCompliant": true}, "in_scope": true, "compliant": true},
	{"note": "otherwise", "device": {"isApplicable": true, "isCompliant": false}, "in_scope": true, "compliant": false},
	{"note": "not known", "device": {"isApplicable": true}, "in_scope": true, "compliant": false},
	{"note": "null", "device": {"isApplicable": true, "isCompliant": null}, "in_scope": true, "compliant": false},
	{"note": "wrong type", "device": {"isApplicable": true, "isCompliant": "true"}, "in_scope": true, "compliant": false},
	{"note": "not known to apply", "device": {"isCompliant": true}, "in_scope": true, "compliant": false},
	{"note": "null scope", "device": {"isApplicable": null, "isCompliant": true}, "in_scope": true, "compliant": false},
	{"note": "doesn't apply", "device": {"isApplicable": false, "isCompliant": false}, "in_scope": false, "compliant": false},
	{"note": "nothing known", "device": {}, "in_scope": true, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.in_scope == device_settings.in_scope with input as case.device
		case.compliant == device_settings.compliant with input as case.device
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := device_settings.reasons with input as case.device
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}
