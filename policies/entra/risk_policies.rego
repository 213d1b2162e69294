package policies.entra.risk_policies

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default in_scope := true

# Only who is known to be disabled is left out, and what is known to be no user,
in_scope := false if input.accountEnabled == false

in_scope := false if _no_user

# and the accounts that synchronize the directory: Microsoft advises to exclude them from policies.
in_scope := false if {
	some assignment in _assignments
	directory_roles.synchronizes(assignment)
}

default compliant := false

compliant if everyone

# Each level of risk that matters is answered by policies that cover the user, together.
compliant if {
	_enabled
	count(data.parameters.risk_levels) > 0
	every level in data.parameters.risk_levels {
		conditional_access.answered_for(_user, _answered[level])
	}
}

everyone if {
	count(data.parameters.risk_levels) > 0
	every level in data.parameters.risk_levels {
		conditional_access.answered_for_everyone(_answered[level])
	}
}

everyone if _awarded

reasons contains "no enabled Conditional Access policy answers each level of this risk for the user, in all cloud apps" if not compliant

reasons contains "a policy counts for nothing because it excludes a group or a role of which not all members are known" if {
	not compliant
	count(_policies) < count(_fitting)
}

reasons contains "the account is not known to be enabled" if {
	not _enabled
	not compliant
}

default _enabled := false

# Who is not known to be enabled counts, and does not comply: a disabled account would not count at all.
_enabled if input.accountEnabled == true

# By Microsoft's results security defaults earn the full points.
default _awarded := false

_awarded if {
	data.parameters.security_defaults_award_full_points == true
	data.evidence.entra.security_defaults.isEnabled == true
}

# By level of the risk, the policies that answer it, by client and app.
_answered[level] := conditional_access.by_way(policies, conditional_access.clients) if {
	some level in data.parameters.risk_levels
	policies := [policy | some policy in _policies; _acts(policy, level)]
}

_acts(policy, level) if conditional_access.at_risk(policy, data.parameters.condition, level)

# Nobody signs in there, at any risk.
_acts(policy, _) if {
	conditional_access.requires(policy, "block")
	conditional_access.at_any_risk(policy)
}

# The policies that answer a risk, whichever it is, and whose exclusions are known.
_fitting := [policy |
	some policy in data.evidence.entra.conditional_access_policies
	conditional_access.enabled(policy)
	_answers(policy)
	conditional_access.unconditional(policy)
]

_policies := [policy |
	some policy in _fitting
	conditional_access.knows_excluded(policy, _groups, _role_assignments)
]

_answers(policy) if conditional_access.requires(policy, "block")

_answers(policy) if {
	data.parameters.answer == "mfa"
	conditional_access.requires_mfa(policy)
}

# A new password alone could be chosen by whoever stole the old one.
_answers(policy) if {
	data.parameters.answer == "password_change"
	conditional_access.requires(policy, "passwordChange")
	conditional_access.requires_mfa(policy)
}

# The service then asks for what ends the risk: of people with a password, a new one (Microsoft Graph, resource
# conditionalAccessGrantControls: riskRemediation needs an authentication strength and the operator AND).
_answers(policy) if {
	data.parameters.answer == "password_change"
	conditional_access.requires(policy, "riskRemediation")
	conditional_access.requires_mfa(policy)
}

default _groups := set()

# The groups whose members are known.
_groups := conditional_access.complete_groups(data.evidence.entra.group_member_lists)

default _role_assignments := null

_role_assignments := data.evidence.entra.role_assignments

default _no_user := false

# entra.users, where each record says whether the account is enabled, has no record of it, and what has says that it is something else.
_no_user if {
	not _listed
	directory_roles.no_user(input.roles, input.groups)
}

_no_user if {
	not _listed
	input.id in _groups
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
