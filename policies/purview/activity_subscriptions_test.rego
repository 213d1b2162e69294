package policies.purview.activity_subscriptions_test

import data.policies.purview.activity_subscriptions

_parameters := {"content_types": ["Audit.Exchange", "Audit.SharePoint"]}

_both := [{"contentType": "Audit.Exchange", "status": "enabled"}, {"contentType": "Audit.SharePoint", "status": "enabled"}]

test_all_are_enabled if {
	activity_subscriptions.compliant with data.evidence.purview.activity_subscriptions as _both with data.parameters as _parameters
	activity_subscriptions.reasons == set() with data.evidence.purview.activity_subscriptions as _both with data.parameters as _parameters
}

test_one_is_missing if {
	not activity_subscriptions.compliant with data.evidence.purview.activity_subscriptions as [_both[0]] with data.parameters as _parameters
	activity_subscriptions.reasons == {"no subscription of Audit.SharePoint is enabled"} with data.evidence.purview.activity_subscriptions as [_both[0]]
		with data.parameters as _parameters
}

test_one_is_disabled if {
	subscriptions := [_both[0], {"contentType": "Audit.SharePoint", "status": "disabled"}]
	not activity_subscriptions.compliant with data.evidence.purview.activity_subscriptions as subscriptions with data.parameters as _parameters
}

test_records_that_say_otherwise if {
	every other in [
		{"contentType": "Audit.SharePoint", "status": "disabled"},
		{"contentType": "Audit.SharePoint", "status": null},
		{"contentType": "Audit.SharePoint"},
	] {
		subscriptions := array.concat(_both, [other])
		not activity_subscriptions.compliant with data.evidence.purview.activity_subscriptions as subscriptions with data.parameters as _parameters
		activity_subscriptions.reasons == {"of Audit.SharePoint there are subscriptions that are enabled and others that are not"} with data.evidence.purview.activity_subscriptions as subscriptions
			with data.parameters as _parameters
	}
}

test_two_records_may_agree if {
	activity_subscriptions.compliant with data.evidence.purview.activity_subscriptions as array.concat(_both, _both) with data.parameters as _parameters
}

test_naming_no_kind_is_not_met if {
	not activity_subscriptions.compliant with data.evidence.purview.activity_subscriptions as _both with data.parameters as {"content_types": []}
	activity_subscriptions.reasons == {"the control names no kind of content"} with data.evidence.purview.activity_subscriptions as _both
		with data.parameters as {"content_types": []}
}

test_no_status_is_not_met if {
	subscriptions := [_both[0], {"contentType": "Audit.SharePoint"}]
	not activity_subscriptions.compliant with data.evidence.purview.activity_subscriptions as subscriptions with data.parameters as _parameters
}

test_no_evidence_is_not_met if not activity_subscriptions.compliant with data.evidence as {} with data.parameters as _parameters
