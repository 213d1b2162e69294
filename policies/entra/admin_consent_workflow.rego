package policies.entra.admin_consent_workflow

import data.policies.lib.directory_settings

default compliant := false

# Users can ask, and somebody answers.
compliant if {
	_enabled
	_reviewed
}

# The older place of the setting, which does not name the reviewers, where there is no evidence of the newer one.
compliant if {
	not _policy
	_set
}

reasons contains "the admin consent workflow is not on" if {
	not _enabled
	not compliant
}

reasons contains "nobody is named to review requests for consent" if {
	_policy
	not _reviewed
}

default _policy := false

_policy if is_object(data.evidence.entra.admin_consent_request_policy)

default _enabled := false

_enabled if data.evidence.entra.admin_consent_request_policy.isEnabled == true

default _reviewed := false

_reviewed if {
	some reviewer in data.evidence.entra.admin_consent_request_policy.reviewers
	is_string(reviewer.query)
	trim_space(reviewer.query) != ""
}

_set if directory_settings.equals(data.evidence.entra.directory_settings, directory_settings.consent, "EnableAdminConsentRequests", "true")
