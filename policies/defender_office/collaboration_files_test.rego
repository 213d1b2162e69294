package policies.defender_office.collaboration_files_test

import data.policies.defender_office.collaboration_files

_cases := [
	{"note": "as it should be", "evidence": {"enableATPForSPOTeamsODB": true}, "compliant": true},
	{"note": "otherwise", "evidence": {"enableATPForSPOTeamsODB": false}, "compliant": false},
	{"note": "null", "evidence": {"enableATPForSPOTeamsODB": null}, "compliant": false},
	{"note": "wrong type", "evidence": {"enableATPForSPOTeamsODB": "true"}, "compliant": false},
	{"note": "missing", "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == collaboration_files.compliant with data.evidence.defender_office.atp_policy as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := collaboration_files.reasons with data.evidence.defender_office.atp_policy as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not collaboration_files.compliant with data.evidence as {}
}
