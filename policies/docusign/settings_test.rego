package policies.docusign.settings_test

import data.policies.docusign.settings

# As MDA_DocuSign_EnhancedPassword asks.
_asked := {"enabled": ["passwordRequiresUppercase", "passwordRequiresLowercase", "passwordRequiresDigit", "passwordRequiresSymbol"], "at_least": {"passwordMinimumLength": 9, "passwordMinimumAgeDays": 8}}

_good := {"passwordRequiresUppercase": true, "passwordRequiresLowercase": true, "passwordRequiresDigit": true, "passwordRequiresSymbol": true, "passwordMinimumLength": 9, "passwordMinimumAgeDays": 8}

_cases := [
	{"note": "as it should be", "instance": {"settings": _good}, "compliant": true},
	{"note": "otherwise", "instance": {"settings": object.union(_good, {"passwordRequiresUppercase": false})}, "compliant": false},
	{"note": "wrong type", "instance": {"settings": object.union(_good, {"passwordRequiresUppercase": [true]})}, "compliant": false},
	{"note": "null", "instance": {"settings": object.union(_good, {"passwordRequiresUppercase": null})}, "compliant": false},
	{"note": "missing", "instance": {"settings": object.remove(_good, ["passwordRequiresUppercase"])}, "compliant": false},
	{"note": "can be changed at once", "instance": {"settings": object.union(_good, {"passwordMinimumAgeDays": 0})}, "compliant": false},
	{"note": "age unknown", "instance": {"settings": object.remove(_good, ["passwordMinimumAgeDays"])}, "compliant": false},
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

# As MDA_DocuSign_SessionTimeout asks.
_sessions := {"disabled": ["suppressInSessionCertificateEnforcement"], "at_most": {"webSessionMinutes": 120, "mobileSessionMinutes": 120}}

_short := {"webSessionMinutes": 120, "mobileSessionMinutes": 60, "suppressInSessionCertificateEnforcement": false}

test_sessions if {
	every case in [
		{"instance": {"settings": _short}, "compliant": true},
		{"instance": {"settings": object.union(_short, {"suppressInSessionCertificateEnforcement": true})}, "compliant": false},
		{"instance": {"settings": object.remove(_short, ["suppressInSessionCertificateEnforcement"])}, "compliant": false},
		{"instance": {"settings": object.union(_short, {"mobileSessionMinutes": 121})}, "compliant": false},
		{"instance": {"settings": object.union(_short, {"webSessionMinutes": 0})}, "compliant": false},
	] {
		case.compliant == settings.compliant with input as case.instance with data.parameters as _sessions
	}
}
