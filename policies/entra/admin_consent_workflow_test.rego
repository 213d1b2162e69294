package policies.entra.admin_consent_workflow_test

import data.policies.entra.admin_consent_workflow

_reviewers := [{"query": "/users/u1", "queryType": "MicrosoftGraph"}]

_evidence(policy) := {"entra": {"admin_consent_request_policy": policy}}

test_on_with_reviewers if {
	evidence := _evidence({"isEnabled": true, "reviewers": _reviewers})
	admin_consent_workflow.compliant with data.evidence as evidence
	admin_consent_workflow.reasons == set() with data.evidence as evidence
}

test_off if {
	every policy in [{"isEnabled": false, "reviewers": _reviewers}, {"isEnabled": "true", "reviewers": _reviewers}, {"reviewers": _reviewers}] {
		evidence := _evidence(policy)
		not admin_consent_workflow.compliant with data.evidence as evidence
		admin_consent_workflow.reasons == {"the admin consent workflow is not on"} with data.evidence as evidence
	}
}

test_without_reviewers if {
	every policy in [
		{"isEnabled": true, "reviewers": []},
		{"isEnabled": true, "reviewers": null},
		{"isEnabled": true, "reviewers": [{"query": null}]},
		{"isEnabled": true, "reviewers": [{"query": "  "}]},
		{"isEnabled": true, "reviewers": [{}]},
		{"isEnabled": true},
	] {
		evidence := _evidence(policy)
		not admin_consent_workflow.compliant with data.evidence as evidence
		admin_consent_workflow.reasons == {"nobody is named to review requests for consent"} with data.evidence as evidence
	}
}

_settings(value) := {"entra": {"directory_settings": [{
	"id": "s1", "templateId": "dffd5d46-495d-40a9-8e21-954ff55e198a",
	"values": [{"name": "EnableAdminConsentRequests", "value": value}],
}]}}

test_by_the_directory_setting_alone if {
	every value, complete in {"true": true, "True": true, "false": false, "": false} {
		complete == admin_consent_workflow.compliant with data.evidence as _settings(value)
	}
	not admin_consent_workflow.compliant with data.evidence as {"entra": {"directory_settings": []}}
	admin_consent_workflow.reasons == {"the admin consent workflow is not on"} with data.evidence as _settings("false")
	admin_consent_workflow.reasons == set() with data.evidence as _settings("true")
}

test_the_policy_decides_where_both_are_there if {
	every policy in [{"isEnabled": false, "reviewers": [{"query": "/users/ada"}]}, {"isEnabled": true, "reviewers": []}, {}] {
		evidence := object.union(_settings("true"), {"entra": {"admin_consent_request_policy": policy}})
		not admin_consent_workflow.compliant with data.evidence as evidence
	}
}
