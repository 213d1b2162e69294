package policies.defender_office.connection_filter_test

import data.policies.defender_office.connection_filter

_cases := [
	{"note": "empty", "filters": [{"identity": "Default", "isDefault": true, "ipAllowList": []}], "compliant": true},
	{
		"note": "an address is allowed",
		"filters": [{"identity": "Default", "isDefault": true, "ipAllowList": ["192.0.2.1"]}],
		"compliant": false,
	},
	{"note": "null list", "filters": [{"identity": "Default", "isDefault": true, "ipAllowList": null}], "compliant": false},
	{"note": "no list", "filters": [{"identity": "Default", "isDefault": true}], "compliant": false},
	{
		"note": "the default decides",
		"filters": [
			{"identity": "Default", "isDefault": true, "ipAllowList": []},
			{"identity": "Other", "isDefault": false, "ipAllowList": ["192.0.2.1"]},
		],
		"compliant": true,
	},
	{"note": "no default", "filters": [{"identity": "Other", "ipAllowList": []}], "compliant": false},
	{"note": "no filter", "filters": [], "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == connection_filter.compliant with data.evidence.defender_office.connection_filters as case.filters
		reasons := connection_filter.reasons with data.evidence.defender_office.connection_filters as case.filters
		case.compliant == (count(reasons) == 0)
	}
}

test_no_evidence_is_not_compliant if {
	not connection_filter.compliant with data.evidence as {}
}
