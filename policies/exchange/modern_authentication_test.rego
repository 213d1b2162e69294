package policies.exchange.modern_authentication_test

import data.policies.exchange.modern_authentication

_cases := [
	{"note": "as it should be", "evidence": {"oAuth2ClientProfileEnabled": true}, "compliant": true},
	{"note": "otherwise", "evidence": {"oAuth2ClientProfileEnabled": false}, "compliant": false},
	{"note": "null", "evidence": {"oAuth2ClientProfileEnabled": null}, "compliant": false},
	{"note": "wrong type", "evidence": {"oAuth2ClientProfileEnabled": "true"}, "compliant": false},
	{"note": "missing", "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == modern_authentication.compliant with data.evidence.exchange.organization_config as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := modern_authentication.reasons with data.evidence.exchange.organization_config as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not modern_authentication.compliant with data.evidence as {}
}
