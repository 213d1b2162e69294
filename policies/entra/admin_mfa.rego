package policies.entra.admin_mfa

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default in_scope := false

# Enabled users who hold an administrative role. A user who is not known to be disabled counts as enabled.
in_scope if {
	not _disabled
	some assignment in _assignments
	directory_roles.administrative(assignment)
}

default compliant := false

# A method is registered, and something demands its use.
compliant if {
	_registered
	_demanded
}

compliant if _awarded

reasons contains "no method for multifactor authentication is known to be registered" if {
	not _registered
	not _awarded
}

reasons contains "neither security defaults nor an enabled Conditional Access policy demand multifactor authentication at every sign-in" if not _demanded

default _disabled := false

_disabled if input.accountEnabled == false

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

_demanded if {
	some policy in _policies
	conditional_access.covers(policy, _user)
}

# The policies that demand multifactor authentication at every sign-in of those whom they cover.
_policies := [policy |
	some policy in data.evidence.entra.conditional_access_policies
	conditional_access.enabled(policy)
	conditional_access.requires_mfa(policy)
	conditional_access.all_apps(policy)
	conditional_access.all_clients(policy)
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
