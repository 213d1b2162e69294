package policies.defender_office.safe_documents_test

import data.policies.defender_office.safe_documents

_cases := [
	{"note": "checked and binding", "settings": {"enableSafeDocs": true, "allowSafeDocsOpen": false}, "compliant": true},
	{"note": "not binding", "settings": {"enableSafeDocs": true, "allowSafeDocsOpen": true}, "compliant": false},
	{"note": "not checked", "settings": {"enableSafeDocs": false, "allowSafeDocsOpen": false}, "compliant": false},
	{"note": "not known to be binding", "settings": {"enableSafeDocs": true}, "compliant": false},
	{"note": "not known to be checked", "settings": {"allowSafeDocsOpen": false}, "compliant": false},
	{"note": "null", "settings": {"enableSafeDocs": true, "allowSafeDocsOpen": null}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == safe_documents.compliant with data.evidence.defender_office.atp_policy as case.settings
	}
}

test_reasons_name_what_is_open if {
	reasons := safe_documents.reasons with data.evidence.defender_office.atp_policy as {"enableSafeDocs": true}
	reasons == {"people may leave Protected View for a file that was found harmful"}
}

test_no_evidence_is_not_compliant if {
	not safe_documents.compliant with data.evidence as {}
}
