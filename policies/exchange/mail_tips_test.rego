package policies.exchange.mail_tips_test

import data.policies.exchange.mail_tips

_cases := [
	{
		"note": "all tips, from 25 recipients",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": 25},
		"compliant": true,
	},
	{
		"note": "from fewer recipients",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": 10},
		"compliant": true,
	},
	{
		"note": "from none",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": 0},
		"compliant": true,
	},
	{
		"note": "no threshold",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": -1},
		"compliant": false,
	},
	{
		"note": "from more recipients",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": 26},
		"compliant": false,
	},
	{
		"note": "no tips",
		"evidence": {"mailTipsAllTipsEnabled": false, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": 25},
		"compliant": false,
	},
	{
		"note": "no tips of outsiders",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": false, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": 25},
		"compliant": false,
	},
	{
		"note": "no tips of groups",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": null, "mailTipsLargeAudienceThreshold": 25},
		"compliant": false,
	},
	{
		"note": "threshold of the wrong type",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": "25"},
		"compliant": false,
	},
	{
		"note": "threshold null",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": null},
		"compliant": false,
	},
	{
		"note": "without mailTipsAllTipsEnabled",
		"evidence": {"mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": 25},
		"compliant": false,
	},
	{
		"note": "without mailTipsExternalRecipientsTipsEnabled",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsGroupMetricsEnabled": true, "mailTipsLargeAudienceThreshold": 25},
		"compliant": false,
	},
	{
		"note": "without mailTipsGroupMetricsEnabled",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsLargeAudienceThreshold": 25},
		"compliant": false,
	},
	{
		"note": "without mailTipsLargeAudienceThreshold",
		"evidence": {"mailTipsAllTipsEnabled": true, "mailTipsExternalRecipientsTipsEnabled": true, "mailTipsGroupMetricsEnabled": true},
		"compliant": false,
	},
]

_parameters := {"largest_audience": 25}

test_each_switch_has_to_be_true if {
	good := _cases[0].evidence
	every field in ["mailTipsAllTipsEnabled", "mailTipsExternalRecipientsTipsEnabled", "mailTipsGroupMetricsEnabled"] {
		every value in [null, false, "true"] {
			evidence := object.union(good, {field: value})
			not mail_tips.compliant with data.evidence.exchange.organization_config as evidence
				with data.parameters as {"largest_audience": 25}
		}
	}
}

test_cases if {
	every case in _cases {
		case.compliant == mail_tips.compliant with data.evidence.exchange.organization_config as case.evidence
			with data.parameters as _parameters
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := mail_tips.reasons with data.evidence.exchange.organization_config as case.evidence
			with data.parameters as _parameters
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not mail_tips.compliant with data.evidence as {}
		with data.parameters as _parameters
}

test_another_audience_may_be_asked_for if {
	mail_tips.compliant with data.evidence.exchange.organization_config as {
		"mailTipsAllTipsEnabled": true,
		"mailTipsExternalRecipientsTipsEnabled": true,
		"mailTipsGroupMetricsEnabled": true,
		"mailTipsLargeAudienceThreshold": 50,
	}
		with data.parameters.largest_audience as 50
}
