package policies.entra.block_legacy_authentication

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default in_scope := true

# Only who is known to be disabled is left out.
in_scope := false if input.accountEnabled == false

default compliant := false

# Security defaults block legacy authentication for everybody.
compliant if data.evidence.entra.security_defaults.isEnabled == true

# A policy blocks it for this user.
compliant if {
	some policy in _policies
	conditional_access.covers(policy, _user)
}

reasons contains "neither security defaults nor an enabled Conditional Access policy block legacy authentication in all cloud apps" if not compliant

# The policies that block every legacy client of those whom they cover.
_policies := [policy |
	some policy in data.evidence.entra.conditional_access_policies
	conditional_access.enabled(policy)
	conditional_access.requires(policy, "block")
	conditional_access.legacy_clients(policy)
	conditional_access.all_apps(policy)
	conditional_access.at_any_risk(policy)
	conditional_access.unconditional(policy)
]

_user := conditional_access.user(input.id, _account, input.groups, _assignments, _named)

_named := conditional_access.named(data.evidence.entra.conditional_access_policies)

_account := conditional_access.account(_user_type, _sign_in_name)

default _user_type := null

_user_type := input.userType

default _sign_in_name := null

_sign_in_name := input.userPrincipalName

_assignments := directory_roles.held(input.roles, input.groups, _assigned, data.now)

# All assignments of roles by the id of whom they are made to. They are the same for every user, so that none has to look through them.
_assigned[assignment.principalId] contains assignment if {
	some assignment in data.evidence.entra.role_assignments
}
