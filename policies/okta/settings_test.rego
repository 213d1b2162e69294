package policies.okta.settings_test

import data.policies.okta.settings

# As MDA_Okta_EnhancedPassword asks.
_asked := {"enabled": ["passwordRequiresLowercase", "passwordRequiresUppercase", "passwordRequiresDigit", "passwordRequiresSymbol", "passwordExcludesUsername", "passwordExcludesFirstName", "passwordExcludesLastName"], "at_least": {"passwordMinimumLength": 8}}

_good := {"passwordRequiresLowercase": true, "passwordRequiresUppercase": true, "passwordRequiresDigit": true, "passwordRequiresSymbol": true, "passwordExcludesUsername": true, "passwordExcludesFirstName": true, "passwordExcludesLastName": true, "passwordMinimumLength": 8}

_cases := [
	{"note": "as it should be", "instance": {"settings": _good}, "compliant": true},
	{"note": "otherwise", "instance": {"settings": object.union(_good, {"passwordRequiresLowercase": false})}, "compliant": false},
	{"note": "wrong type", "instance": {"settings": object.union(_good, {"passwordRequiresLowercase": [true]})}, "compliant": false},
	{"note": "null", "instance": {"settings": object.union(_good, {"passwordRequiresLowercase": null})}, "compliant": false},
	{"note": "missing", "instance": {"settings": object.remove(_good, ["passwordRequiresLowercase"])}, "compliant": false},
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
