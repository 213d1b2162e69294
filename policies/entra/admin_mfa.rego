package policies.entra.admin_mfa

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default in_scope := false

# Enabled users who hold an administrative role, and groups that do whose members nobody knows. A user who is not known to be disabled
# counts as enabled, and what is not known to be something else as a user.
in_scope if {
	not _disabled
	not _stands_for_no_user
	some assignment in directory_roles.held(input.roles, input.groups, _assigned, data.now)
	directory_roles.administrative(assignment)
}

default compliant := false

# A method is registered, and something demands its use.
compliant if {
	_enabled
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
	not _enabled
	not compliant
}

default _enabled := false

# Who is not known to be enabled counts, and does not comply: a disabled account would not count at all.
_enabled if input.accountEnabled == true

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

# Policies do, together: one may block the clients that another leaves out.
_demanded if conditional_access.answered_for(_user, _answered)

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
	conditional_access.knows_excluded(policy, _groups, _role_assignments)
]

_answers(policy) if conditional_access.requires_mfa(policy)

_answers(policy) if conditional_access.requires(policy, "block")

default _groups := set()

# The groups whose members are known.
_groups := conditional_access.complete_groups(data.evidence.entra.group_member_lists)

default _role_assignments := null

_role_assignments := data.evidence.entra.role_assignments

default _stands_for_no_user := false

# entra.users, where each record says whether the account is enabled, has no record of it, and what has says that it is something else.
_stands_for_no_user if {
	not _listed
	directory_roles.stands_for_no_user(input.id, input.roles, input.groups, _groups)
}

default _listed := false

_listed if input.accountEnabled in {true, false, null}

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
