package policies.admin_center.office_store_test

import data.policies.admin_center.office_store

_cases := [
	{"note": "as it should be", "evidence": {"isOfficeStoreEnabled": false}, "compliant": true},
	{"note": "otherwise", "evidence": {"isOfficeStoreEnabled": true}, "compliant": false},
	{"note": "null", "evidence": {"isOfficeStoreEnabled": null}, "compliant": false},
	{"note": "wrong type", "evidence": {"isOfficeStoreEnabled": "false"}, "compliant": false},
	{"note": "missing", "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == office_store.compliant with data.evidence.admin_center.settings as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := office_store.reasons with data.evidence.admin_center.settings as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not office_store.compliant with data.evidence as {}
}
