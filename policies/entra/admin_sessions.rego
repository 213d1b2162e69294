package policies.entra.admin_sessions

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default compliant := false

# Each of the three is demanded of all administrators, by one policy or by several together.
compliant if {
	every demand in _demands {
		count(_unanswered(demand)) == 0
	}
}

reasons contains reason if {
	some demand in _demands
	_unanswered(demand) == directory_roles.administrative_roles
	reason := sprintf("no enabled Conditional Access policy demands %s of all administrative roles in all cloud apps", [_texts[demand]])
}

reasons contains reason if {
	some demand in _demands
	roles := _unanswered(demand)
	roles != directory_roles.administrative_roles
	some role in roles
	reason := sprintf("nothing demands %s of the role %s, whichever the client and the app", [_texts[demand], directory_roles.administrative_role_names[role]])
}

_demands := {"mfa", "sign_in_frequency", "browser"}

_texts := {
	"mfa": "multifactor authentication",
	"sign_in_frequency": sprintf("a new sign-in within %v hours", [data.parameters.max_hours]),
	"browser": "a new sign-in after the browser was closed",
}

# The roles whose holders can sign in in a way in which nothing makes the demand.
_unanswered(demand) := conditional_access.unanswered_roles(policies, directory_roles.administrative_roles, ways) if {
	policies := [policy | some policy in _policies; _makes(policy, demand)]
	ways := conditional_access.by_way(policies, conditional_access.clients)
}

_makes(policy, "mfa") if conditional_access.requires_mfa(policy)

_makes(policy, "sign_in_frequency") if conditional_access.sign_in_hours(policy) <= data.parameters.max_hours

_makes(policy, "browser") if conditional_access.forgets_browsers(policy)

# Where access is blocked, nothing is left to demand.
_makes(policy, _) if conditional_access.requires(policy, "block")

# The policies that spare no administrator at any sign-in.
_policies := [policy |
	some policy in data.evidence.entra.conditional_access_policies
	conditional_access.enabled(policy)
	conditional_access.excludes_at_most(policy, data.parameters.emergency_access, _spared)
	conditional_access.at_any_risk(policy)
	conditional_access.unconditional(policy)
]

# The roles that may be excluded: those that do not count, and those of emergency accounts.
_spared := (conditional_access.excluded_roles(data.evidence.entra.conditional_access_policies) - directory_roles.administrative_roles) | {role |
	some role in data.parameters.emergency_access
}
