package policies.sharepoint.guest_resharing_test

import data.policies.sharepoint.guest_resharing

_cases := [
	{"note": "as it should be", "evidence": {"isResharingByExternalUsersEnabled": false}, "compliant": true},
	{"note": "otherwise", "evidence": {"isResharingByExternalUsersEnabled": true}, "compliant": false},
	{"note": "nothing is shared outside", "evidence": {"isResharingByExternalUsersEnabled": true, "sharingCapability": "disabled"}, "compliant": true},
	{"note": "shared with guests that are there", "evidence": {"isResharingByExternalUsersEnabled": true, "sharingCapability": "existingExternalUserSharingOnly"}, "compliant": false},
	{"note": "null", "evidence": {"isResharingByExternalUsersEnabled": null}, "compliant": false},
	{"note": "wrong type", "evidence": {"isResharingByExternalUsersEnabled": "false"}, "compliant": false},
	{"note": "missing", "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == guest_resharing.compliant with data.evidence.sharepoint.settings as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := guest_resharing.reasons with data.evidence.sharepoint.settings as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if not guest_resharing.compliant with data.evidence as {}
