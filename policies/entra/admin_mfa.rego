package policies.entra.admin_mfa

import data.policies.lib.conditional_access
import data.policies.lib.entra_sign_in
import data.policies.lib.entra_user

default in_scope := false

in_scope if entra_user.administrator

default compliant := false

# A method is registered, and something demands its use.
compliant if {
	entra_user.enabled
	_registered
	_demanded
}

compliant if _awarded

everyone if _awarded

reasons contains "no method for multifactor authentication is known to be registered" if {
	not _registered
	not _awarded
}

reasons contains "neither security defaults nor enabled Conditional Access policies demand multifactor authentication at every sign-in" if not _demanded

reasons contains "a policy counts for nothing because it excludes a group or a role of which not all members are known" if {
	not _demanded
	count(_policies) < count(_fitting)
}

reasons contains "the account is not known to be enabled" if {
	not entra_user.enabled
	not compliant
}

default _registered := false

_registered if input.registration.isMfaRegistered == true

default _security_defaults := false

_security_defaults if data.evidence.entra.security_defaults.isEnabled == true

# By Microsoft's documentation security defaults earn the full points.
default _awarded := false

_awarded if {
	data.parameters.security_defaults_award_full_points == true
	_security_defaults
}

default _demanded := false

_demanded if _security_defaults

# Policies do, together: one may block the clients that another leaves out.
_demanded if conditional_access.answered_for(_covering, _answered)

# The policies that demand multifactor authentication at every sign-in, or block it, by client and app, and whose exclusions are known.
_answered := conditional_access.by_way(_policies, conditional_access.clients)

_fitting := [policy |
	some policy in data.evidence.entra.conditional_access_policies
	conditional_access.enabled(policy)
	_answers(policy)
	conditional_access.at_any_risk(policy)
	conditional_access.unconditional(policy)
]

_policies := [policy |
	some policy in _fitting
	entra_sign_in.knows_excluded(policy)
]

_covering := conditional_access.covering(_policies, entra_sign_in.user, _including)

# The places of the policies by what they include users by. They are the same for every user, so that none has to look through them.
_including[name] contains i if {
	some i, policy in _policies
	some name in conditional_access.includes_by(policy)
}

_answers(policy) if conditional_access.requires_mfa(policy)

_answers(policy) if conditional_access.requires(policy, "block")
