package policies.sharepoint.idle_sign_out_test

import data.policies.sharepoint.idle_sign_out

_cases := [
	{"note": "on", "evidence": {"idleSessionSignOut": {"isEnabled": true, "signOutAfterInSeconds": 3600}}, "compliant": true},
	{"note": "off", "evidence": {"idleSessionSignOut": {"isEnabled": false, "signOutAfterInSeconds": 3600}}, "compliant": false},
	{"note": "no time", "evidence": {"idleSessionSignOut": {"isEnabled": true, "signOutAfterInSeconds": 0}}, "compliant": false},
	{"note": "null time", "evidence": {"idleSessionSignOut": {"isEnabled": true, "signOutAfterInSeconds": null}}, "compliant": false},
	{
		"note": "time of the wrong type",
		"evidence": {"idleSessionSignOut": {"isEnabled": true, "signOutAfterInSeconds": "3600"}},
		"compliant": false,
	},
	{"note": "without a time", "evidence": {"idleSessionSignOut": {"isEnabled": true}}, "compliant": false},
	{"note": "without a switch", "evidence": {"idleSessionSignOut": {"signOutAfterInSeconds": 3600}}, "compliant": false},
	{"note": "null", "evidence": {"idleSessionSignOut": null}, "compliant": false},
	{"note": "missing", "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == idle_sign_out.compliant with data.evidence.sharepoint.settings as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := idle_sign_out.reasons with data.evidence.sharepoint.settings as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if not idle_sign_out.compliant with data.evidence as {}
