package policies.forms.internal_phishing_test

import data.policies.forms.internal_phishing

_cases := [
	{"note": "as it should be", "evidence": {"isInOrgFormsPhishingScanEnabled": true}, "compliant": true},
	{"note": "otherwise", "evidence": {"isInOrgFormsPhishingScanEnabled": false}, "compliant": false},
	{"note": "null", "evidence": {"isInOrgFormsPhishingScanEnabled": null}, "compliant": false},
	{"note": "wrong type", "evidence": {"isInOrgFormsPhishingScanEnabled": "true"}, "compliant": false},
	{"note": "missing", "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == internal_phishing.compliant with data.evidence.forms.settings as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := internal_phishing.reasons with data.evidence.forms.settings as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not internal_phishing.compliant with data.evidence as {}
}
