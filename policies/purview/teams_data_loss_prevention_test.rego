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
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": ["All"], "teamsLocationException": ["ada@contoso.example", "All"]}],
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

_strict := {"enforced": true}

test_cases if {
	every case in _cases {
		case.compliant == teams_data_loss_prevention.compliant with data.evidence.purview.dlp_policies as case.evidence
			with data.parameters as _strict
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := teams_data_loss_prevention.reasons with data.evidence.purview.dlp_policies as case.evidence
			with data.parameters as _strict
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not teams_data_loss_prevention.compliant with data.evidence as {} with data.parameters as _strict
	not teams_data_loss_prevention.compliant with data.evidence as {} with data.parameters as {"enforced": false}
}

# As it is to begin with: what is only tested counts.
_lenient := [
	{"note": "enforced", "policy": _teams({"mode": "Enable"}), "compliant": true},
	{"note": "tested", "policy": _teams({"mode": "TestWithNotifications"}), "compliant": true},
	{"note": "tested in silence", "policy": _teams({"mode": "TestWithoutNotifications"}), "compliant": true},
	{"note": "simulated", "policy": _teams({"mode": "TestWithNotifications", "isSimulationPolicy": true}), "compliant": true},
	{"note": "off", "policy": _teams({"mode": "Enable", "enabled": false}), "compliant": false},
	{"note": "mode off", "policy": _teams({"mode": "Disable"}), "compliant": false},
	{"note": "about to go", "policy": _teams({"mode": "PendingDeletion"}), "compliant": false},
	{"note": "mode unknown", "policy": _teams({}), "compliant": false},
	{"note": "mode null", "policy": _teams({"mode": null}), "compliant": false},
	{"note": "elsewhere", "policy": _teams({"mode": "TestWithNotifications", "teamsLocation": []}), "compliant": false},
	{"note": "everybody left out", "policy": _teams({"mode": "TestWithNotifications", "teamsLocationException": ["All"]}), "compliant": false},
]

_teams(fields) := object.union({"name": "Cards", "enabled": true, "teamsLocation": ["All"], "teamsLocationException": []}, fields)

test_what_is_tested_counts if {
	every case in _lenient {
		case.compliant == teams_data_loss_prevention.compliant with data.evidence.purview.dlp_policies as [case.policy]
			with data.parameters as {"enforced": false}
		reasons := teams_data_loss_prevention.reasons with data.evidence.purview.dlp_policies as [case.policy]
			with data.parameters as {"enforced": false}
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}
