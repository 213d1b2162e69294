package policies.sharepoint.legacy_authentication_test

import data.policies.sharepoint.legacy_authentication

_cases := [
	{"note": "as it should be", "evidence": {"isLegacyAuthProtocolsEnabled": false}, "compliant": true},
	{"note": "otherwise", "evidence": {"isLegacyAuthProtocolsEnabled": true}, "compliant": false},
	{"note": "null", "evidence": {"isLegacyAuthProtocolsEnabled": null}, "compliant": false},
	{"note": "wrong type", "evidence": {"isLegacyAuthProtocolsEnabled": "false"}, "compliant": false},
	{"note": "missing", "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == legacy_authentication.compliant with data.evidence.sharepoint.settings as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := legacy_authentication.reasons with data.evidence.sharepoint.settings as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not legacy_authentication.compliant with data.evidence as {}
}
