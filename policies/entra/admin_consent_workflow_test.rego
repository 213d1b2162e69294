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
