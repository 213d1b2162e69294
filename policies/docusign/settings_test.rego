package policies.docusign.settings_test

import data.policies.docusign.settings

# As MDA_DocuSign_EnhancedPassword asks.
_asked := {"enabled": ["passwordRequiresUppercase", "passwordRequiresLowercase", "passwordRequiresDigit", "passwordRequiresSymbol"], "at_least": {"passwordMinimumLength": 9}}

_good := {"passwordRequiresUppercase": true, "passwordRequiresLowercase": true, "passwordRequiresDigit": true, "passwordRequiresSymbol": true, "passwordMinimumLength": 9}

_cases := [
	{"note": "as it should be", "instance": {"settings": _good}, "compliant": true},
	{"note": "otherwise", "instance": {"settings": object.union(_good, {"passwordRequiresUppercase": false})}, "compliant": false},
	{"note": "wrong type", "instance": {"settings": object.union(_good, {"passwordRequiresUppercase": [true]})}, "compliant": false},
	{"note": "null", "instance": {"settings": object.union(_good, {"passwordRequiresUppercase": null})}, "compliant": false},
	{"note": "missing", "instance": {"settings": object.remove(_good, ["passwordRequiresUppercase"])}, "compliant": false},
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
