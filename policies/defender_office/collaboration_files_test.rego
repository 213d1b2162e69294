package policies.defender_office.collaboration_files_test

import data.policies.defender_office.collaboration_files

_cases := [
	{"note": "on", "settings": {"enableATPForSPOTeamsODB": true}, "compliant": true},
	{"note": "off", "settings": {"enableATPForSPOTeamsODB": false}, "compliant": false},
	{"note": "null", "settings": {"enableATPForSPOTeamsODB": null}, "compliant": false},
	{"note": "wrong type", "settings": {"enableATPForSPOTeamsODB": "true"}, "compliant": false},
	{"note": "missing", "settings": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == collaboration_files.compliant with data.evidence.defender_office.atp_policy as case.settings
	}
}

test_reasons if {
	reasons := collaboration_files.reasons with data.evidence.defender_office.atp_policy as {"enableATPForSPOTeamsODB": false}
	reasons == {"files in SharePoint, OneDrive and Teams are not scanned with Safe Attachments"}
}

test_no_evidence_is_not_compliant if {
	not collaboration_files.compliant with data.evidence as {}
}
