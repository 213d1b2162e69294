package policies.entra.risk_policies

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default in_scope := true

# Only who is known to be disabled is left out.
in_scope := false if input.accountEnabled == false

default compliant := false

# Each level of risk that matters is answered by a policy that covers the user.
compliant if {
	count(data.parameters.risk_levels) > 0
	every level in data.parameters.risk_levels {
		_answered(level)
	}
}

reasons contains "no enabled Conditional Access policy answers each level of this risk for the user, in all cloud apps" if not compliant

_answered(level) if {
	some policy in _policies
	conditional_access.at_risk(policy, data.parameters.condition, level)
	conditional_access.covers(policy, _user)
}

# The policies that answer a risk, whichever it is.
_policies := [policy |
	some policy in data.evidence.entra.conditional_access_policies
	conditional_access.enabled(policy)
	_answers(policy)
	conditional_access.all_apps(policy)
	conditional_access.all_clients(policy)
	conditional_access.unconditional(policy)
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
