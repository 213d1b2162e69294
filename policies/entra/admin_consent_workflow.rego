package policies.entra.admin_consent_workflow

default compliant := false

# Users can ask, and somebody answers.
compliant if {
	_enabled
	_reviewed
}

reasons contains "the admin consent workflow is not on" if not _enabled

reasons contains "nobody is named to review requests for consent" if not _reviewed

default _enabled := false

_enabled if data.evidence.entra.admin_consent_request_policy.isEnabled == true

default _reviewed := false

_reviewed if {
	some reviewer in data.evidence.entra.admin_consent_request_policy.reviewers
	is_string(reviewer.query)
	trim_space(reviewer.query) != ""
}
