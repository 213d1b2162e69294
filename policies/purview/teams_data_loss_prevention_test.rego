package policies.purview.teams_data_loss_prevention_test

import data.policies.purview.teams_data_loss_prevention

_cases := [
	{
		"note": "enforced in Teams",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": ["All"], "teamsLocationException": []}],
		"compliant": true,
	},
	{
		"note": "off",
		"evidence": [{"name": "Cards", "enabled": false, "mode": "Enable", "teamsLocation": ["All"], "teamsLocationException": []}],
		"compliant": false,
	},
	{
		"note": "tested",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "TestWithoutNotifications", "teamsLocation": ["All"], "teamsLocationException": []}],
		"compliant": false,
	},
	{
		"note": "elsewhere",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": [], "teamsLocationException": []}],
		"compliant": false,
	},
	{
		"note": "simulated",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "isSimulationPolicy": true, "teamsLocation": ["All"], "teamsLocationException": []}],
		"compliant": false,
	},
	{
		"note": "some",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": ["finance@contoso.example"], "teamsLocationException": []}],
		"compliant": true,
	},
	{
		"note": "all but some",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": ["All"], "teamsLocationException": ["ada@contoso.example"]}],
		"compliant": true,
	},
	{
		"note": "everybody left out",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": ["All"], "teamsLocationException": ["ada@contoso.example", "ALL"]}],
		"compliant": false,
	},
	{
		"note": "exceptions of the wrong type",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": ["All"], "teamsLocationException": [7]}],
		"compliant": false,
	},
	{
		"note": "no exceptions given",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": ["All"]}],
		"compliant": false,
	},
	{
		"note": "blank locations",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": ["", " ", null, {}], "teamsLocationException": []}],
		"compliant": false,
	},
	{
		"note": "null locations",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": null}],
		"compliant": false,
	},
	{"note": "no locations", "evidence": [{"name": "Cards", "enabled": true, "mode": "Enable"}], "compliant": false},
	{"note": "no state", "evidence": [{"name": "Cards", "mode": "Enable", "teamsLocation": ["All"], "teamsLocationException": []}], "compliant": false},
	{
		"note": "enforced elsewhere, off in Teams",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": [], "teamsLocationException": []}, {"name": "Cards", "enabled": false, "mode": "Enable", "teamsLocation": ["All"], "teamsLocationException": []}],
		"compliant": false,
	},
	{"note": "no policy", "evidence": [], "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == teams_data_loss_prevention.compliant with data.evidence.purview.dlp_policies as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := teams_data_loss_prevention.reasons with data.evidence.purview.dlp_policies as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not teams_data_loss_prevention.compliant with data.evidence as {}
}
