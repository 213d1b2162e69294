package policies.entra.risk_policies

import data.policies.lib.conditional_access
import data.policies.lib.entra_sign_in
import data.policies.lib.entra_user

default in_scope := true

in_scope := false if entra_user.outside

default compliant := false

compliant if everyone

# Each level of risk that matters is answered by policies that cover the user, together.
compliant if {
	entra_user.enabled
	count(data.parameters.risk_levels) > 0
	every level in data.parameters.risk_levels {
		conditional_access.answered_for(_covering, _answered[level])
	}
}

everyone if {
	count(data.parameters.risk_levels) > 0
	every level in data.parameters.risk_levels {
		conditional_access.answered_for_everyone(_policies, _answered[level])
	}
}

everyone if _awarded

reasons contains "no enabled Conditional Access policy answers each level of this risk for the user, in all cloud apps" if not compliant

reasons contains "a policy counts for nothing because it excludes a group or a role of which not all members are known" if {
	not compliant
	count(_policies) < count(_fitting)
}

reasons contains "the account is not known to be enabled" if {
	not entra_user.enabled
	not compliant
}

# By Microsoft's results security defaults earn the full points.
default _awarded := false

_awarded if {
	data.parameters.security_defaults_award_full_points == true
	data.evidence.entra.security_defaults.isEnabled == true
}

# By level of the risk, the policies that answer it, by client and app.
_answered[level] := conditional_access.by_way(policies, conditional_access.clients) if {
	some level in data.parameters.risk_levels
	policies := {i: policy | some i, policy in _policies; _acts(policy, level)}
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
	entra_sign_in.knows_excluded(policy)
]

_covering := conditional_access.covering(_policies, entra_sign_in.user, _including)

# The places of the policies by what they include users by. They are the same for every user, so that none has to look through them.
_including[name] contains i if {
	some i, policy in _policies
	some name in conditional_access.includes_by(policy)
}

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
