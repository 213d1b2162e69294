package policies.defender_office.safe_documents_test

import data.policies.defender_office.safe_documents

_cases := [
	{"note": "checked and binding", "evidence": {"enableSafeDocs": true, "allowSafeDocsOpen": false}, "compliant": true},
	{"note": "not binding", "evidence": {"enableSafeDocs": true, "allowSafeDocsOpen": true}, "compliant": false},
	{"note": "not checked", "evidence": {"enableSafeDocs": false, "allowSafeDocsOpen": false}, "compliant": false},
	{"note": "not known to be binding", "evidence": {"enableSafeDocs": true}, "compliant": false},
	{"note": "not known to be checked", "evidence": {"allowSafeDocsOpen": false}, "compliant": false},
	{"note": "null switch", "evidence": {"enableSafeDocs": null, "allowSafeDocsOpen": false}, "compliant": false},
	{"note": "null", "evidence": {"enableSafeDocs": true, "allowSafeDocsOpen": null}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == safe_documents.compliant with data.evidence.defender_office.atp_policy as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := safe_documents.reasons with data.evidence.defender_office.atp_policy as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if not safe_documents.compliant with data.evidence as {}
