package policies.defender_office.connection_filter_test

import data.policies.defender_office.connection_filter

_cases := [
	{"note": "empty list", "evidence": [{"identity": "Default", "isDefault": true, "ipAllowList": []}], "compliant": true},
	{
		"note": "an address is allowed",
		"evidence": [{"identity": "Default", "isDefault": true, "ipAllowList": ["192.0.2.1"]}],
		"compliant": false,
	},
	{"note": "null list", "evidence": [{"identity": "Default", "isDefault": true, "ipAllowList": null}], "compliant": false},
	{"note": "no list", "evidence": [{"identity": "Default", "isDefault": true}], "compliant": false},
	{
		"note": "the default decides",
		"evidence": [{"identity": "Default", "isDefault": true, "ipAllowList": []}, {"identity": "Other", "isDefault": false, "ipAllowList": ["192.0.2.1"]}],
		"compliant": true,
	},
	{"note": "no default", "evidence": [{"identity": "Other", "ipAllowList": []}], "compliant": false},
	{"note": "not known to be the default", "evidence": [{"identity": "Other", "isDefault": null, "ipAllowList": []}], "compliant": false},
	{"note": "no filter", "evidence": [], "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == connection_filter.compliant with data.evidence.defender_office.connection_filters as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := connection_filter.reasons with data.evidence.defender_office.connection_filters as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if not connection_filter.compliant with data.evidence as {}
