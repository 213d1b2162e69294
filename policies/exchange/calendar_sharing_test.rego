package policies.exchange.calendar_sharing_test

import data.policies.exchange.calendar_sharing

_cases := [
	{
		"note": "all off",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": false}, {"name": "Partners", "enabled": false}],
		"compliant": true,
	},
	{
		"note": "default on",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": true}],
		"compliant": false,
	},
	{
		"note": "custom on",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": false}, {"name": "Partners", "enabled": true}],
		"compliant": false,
	},
	{"note": "null", "evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": null}], "compliant": false},
	{"note": "missing", "evidence": [{"name": "Default Sharing Policy", "default": true}], "compliant": false},
	{"note": "no policy", "evidence": [], "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == calendar_sharing.compliant with data.evidence.exchange.sharing_policies as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := calendar_sharing.reasons with data.evidence.exchange.sharing_policies as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not calendar_sharing.compliant with data.evidence as {}
}
