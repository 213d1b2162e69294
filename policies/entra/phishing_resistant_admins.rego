package policies.entra.phishing_resistant_admins

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default compliant := false

# Policies do it for all administrators, together.
compliant if count(_unanswered) == 0

reasons contains "no enabled Conditional Access policy demands phishing-resistant authentication of all administrative roles in all cloud apps" if {
	_unanswered == directory_roles.administrative_roles
}

reasons contains reason if {
	_unanswered != directory_roles.administrative_roles
	some role in _unanswered
	reason := sprintf("nothing demands it of the role %s, whichever the client and the app", [directory_roles.administrative_role_names[role]])
}

_unanswered := conditional_access.unanswered_roles(_policies, directory_roles.administrative_roles, _answered)

# The policies that demand phishing-resistant authentication at every sign-in, or block it, by client and app.
_answered := conditional_access.by_way(_policies, conditional_access.clients)

_policies := [policy |
	some policy in data.evidence.entra.conditional_access_policies
	conditional_access.enabled(policy)
	_answers(policy)
	conditional_access.excludes_at_most(policy, data.parameters.emergency_access, _spared)
	conditional_access.at_any_risk(policy)
	conditional_access.unconditional(policy)
]

_answers(policy) if conditional_access.requires_phishing_resistance(policy, _strengths)

_answers(policy) if conditional_access.requires(policy, "block")

default _strengths := []

_strengths := data.evidence.entra.authentication_strengths

# The roles that may be excluded: those that do not count, and those of emergency accounts.
_spared := (conditional_access.excluded_roles(data.evidence.entra.conditional_access_policies) - directory_roles.administrative_roles) | {role |
	some role in data.parameters.emergency_access
}
