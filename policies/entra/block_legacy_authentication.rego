package policies.entra.block_legacy_authentication

import data.policies.lib.conditional_access
import data.policies.lib.entra_sign_in
import data.policies.lib.entra_user

default in_scope := true

in_scope := false if entra_user.outside

default compliant := false

compliant if everyone

# Policies block it for this user, together.
compliant if {
	entra_user.enabled
	conditional_access.answered_for(_covering, _blocked)
}

# Security defaults block legacy authentication for everybody, and so may policies.
everyone if _security_defaults

everyone if conditional_access.answered_for_everyone(_policies, _blocked)

reasons contains "neither security defaults nor enabled Conditional Access policies block legacy authentication in all cloud apps" if not compliant

reasons contains "a policy counts for nothing because it excludes a group or a role of which not all members are known" if {
	not compliant
	count(_policies) < count(_fitting)
}

reasons contains "the account is not known to be enabled" if {
	not entra_user.enabled
	not compliant
}

default _security_defaults := false

_security_defaults if data.evidence.entra.security_defaults.isEnabled == true

# The policies that block legacy clients, by client and app, and whose exclusions are known.
_blocked := conditional_access.by_way(_policies, conditional_access.legacy_clients)

_fitting := [policy |
	some policy in data.evidence.entra.conditional_access_policies
	conditional_access.enabled(policy)
	conditional_access.requires(policy, "block")
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
