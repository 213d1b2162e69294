package policies.purview.data_loss_prevention_test

import data.policies.purview.data_loss_prevention

_cases := [
	{"note": "enforced", "evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": ["All"]}], "compliant": true},
	{"note": "off", "evidence": [{"name": "Cards", "enabled": false, "mode": "Enable", "teamsLocation": ["All"]}], "compliant": false},
	{
		"note": "tested",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "TestWithNotifications", "teamsLocation": ["All"]}],
		"compliant": false,
	},
	{
		"note": "simulated",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "Enable", "isSimulationPolicy": true, "teamsLocation": ["All"]}],
		"compliant": false,
	},
	{
		"note": "mode in an unknown case",
		"evidence": [{"name": "Cards", "enabled": true, "mode": "enable", "teamsLocation": ["All"]}],
		"compliant": false,
	},
	{
		"note": "one of several",
		"evidence": [{"name": "Cards", "enabled": false, "mode": "Enable", "teamsLocation": ["All"]}, {"name": "Cards", "enabled": true, "mode": "Enable", "teamsLocation": ["All"]}],
		"compliant": true,
	},
	{
		"note": "half each",
		"evidence": [{"name": "Cards", "enabled": false, "mode": "Enable", "teamsLocation": ["All"]}, {"name": "Cards", "enabled": true, "mode": "Disable", "teamsLocation": ["All"]}],
		"compliant": false,
	},
	{"note": "no state", "evidence": [{"name": "Cards", "mode": "Enable", "teamsLocation": ["All"]}], "compliant": false},
	{"note": "no mode", "evidence": [{"name": "Cards", "enabled": true, "teamsLocation": ["All"]}], "compliant": false},
	{"note": "no policy", "evidence": [], "compliant": false},
]

_parameters := {"enforced": true}

test_cases if {
	every case in _cases {
		case.compliant == data_loss_prevention.compliant with data.evidence.purview.dlp_policies as case.evidence
			with data.parameters as _parameters
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := data_loss_prevention.reasons with data.evidence.purview.dlp_policies as case.evidence
			with data.parameters as _parameters
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not data_loss_prevention.compliant with data.evidence as {}
		with data.parameters as _parameters
}

test_existence_may_be_enough if {
	data_loss_prevention.compliant with data.evidence.purview.dlp_policies as [{"name": "Cards", "enabled": false}]
		with data.parameters.enforced as false
	not data_loss_prevention.compliant with data.evidence.purview.dlp_policies as []
		with data.parameters.enforced as false
}
