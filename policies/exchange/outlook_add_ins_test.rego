package policies.exchange.outlook_add_ins_test

import data.policies.exchange.outlook_add_ins

_cases := [
	{
		"note": "other roles",
		"evidence": [{"name": "Default Role Assignment Policy", "isDefault": true, "assignedRoles": ["mybaseoptions", "mycontactinformation"]}],
		"compliant": true,
	},
	{
		"note": "no role",
		"evidence": [{"name": "Default Role Assignment Policy", "isDefault": true, "assignedRoles": []}],
		"compliant": true,
	},
	{
		"note": "an installing role",
		"evidence": [{"name": "Default Role Assignment Policy", "isDefault": true, "assignedRoles": ["mybaseoptions", "my marketplace apps"]}],
		"compliant": false,
	},
	{
		"note": "another installing role",
		"evidence": [{"name": "Default Role Assignment Policy", "isDefault": true, "assignedRoles": ["my readwritemailbox apps"]}],
		"compliant": false,
	},
	{
		"note": "the default decides",
		"evidence": [{"name": "Default Role Assignment Policy", "isDefault": true, "assignedRoles": []}, {"name": "Developers", "isDefault": false, "assignedRoles": ["my custom apps"]}],
		"compliant": true,
	},
	{
		"note": "null roles",
		"evidence": [{"name": "Default Role Assignment Policy", "isDefault": true, "assignedRoles": null}],
		"compliant": false,
	},
	{"note": "no roles given", "evidence": [{"name": "Default Role Assignment Policy", "isDefault": true}], "compliant": false},
	{"note": "no default", "evidence": [{"name": "Developers", "isDefault": false, "assignedRoles": []}], "compliant": false},
	{
		"note": "any may be the default, and none gives a role",
		"evidence": [{"name": "A", "assignedRoles": []}, {"name": "B", "isDefault": null, "assignedRoles": ["mybaseoptions"]}],
		"compliant": true,
	},
	{
		"note": "any may be the default, and one gives a role",
		"evidence": [{"name": "A", "assignedRoles": []}, {"name": "B", "assignedRoles": ["my custom apps"]}],
		"compliant": false,
	},
	{"note": "no policy", "evidence": [], "compliant": false},
]

_parameters := {"installing_roles": ["my custom apps", "my marketplace apps", "my readwritemailbox apps"]}

test_cases if {
	every case in _cases {
		case.compliant == outlook_add_ins.compliant with data.evidence.exchange.role_assignment_policies as case.evidence
			with data.parameters as _parameters
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := outlook_add_ins.reasons with data.evidence.exchange.role_assignment_policies as case.evidence
			with data.parameters as _parameters
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not outlook_add_ins.compliant with data.evidence as {}
		with data.parameters as _parameters
}
