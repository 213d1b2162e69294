package policies.salesforce.settings_test

import data.policies.salesforce.settings

# As MDA_SF_enableAdminLoginAsAnyUser asks.
_asked := {"disabled": ["enableAdminLoginAsAnyUser"]}

_good := {"enableAdminLoginAsAnyUser": false}

_cases := [
	{"note": "as it should be", "instance": {"settings": _good}, "compliant": true},
	{"note": "otherwise", "instance": {"settings": object.union(_good, {"enableAdminLoginAsAnyUser": true})}, "compliant": false},
	{"note": "wrong type", "instance": {"settings": object.union(_good, {"enableAdminLoginAsAnyUser": [false]})}, "compliant": false},
	{"note": "null", "instance": {"settings": object.union(_good, {"enableAdminLoginAsAnyUser": null})}, "compliant": false},
	{"note": "missing", "instance": {"settings": object.remove(_good, ["enableAdminLoginAsAnyUser"])}, "compliant": false},
	{"note": "no settings", "instance": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == settings.compliant with input as case.instance with data.parameters as _asked
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := settings.reasons with input as case.instance with data.parameters as _asked
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}
