package policies.entra.admin_sessions

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default compliant := false

# One policy ends the sessions of all administrators in time, and with the browser.
compliant if count(_brief & _forgetful) > 0

reasons contains "no enabled Conditional Access policy demands multifactor authentication of all administrative roles in all cloud apps" if count(_policies) == 0

reasons contains reason if {
	count(_policies) > 0
	count(_brief) == 0
	reason := sprintf("no policy for administrators makes them sign in again within %v hours", [data.parameters.max_hours])
}

reasons contains "no policy for administrators forbids persistent browser sessions" if {
	count(_policies) > 0
	count(_forgetful) == 0
}

reasons contains "the sign-in frequency and the ban of persistent browser sessions are in different policies" if {
	count(_brief) > 0
	count(_forgetful) > 0
	count(_brief & _forgetful) == 0
}

# The policies that demand multifactor authentication of all administrators at every sign-in. They are told apart by all that they say:
# two records may have one id.
_policies contains policy if {
	some policy in data.evidence.entra.conditional_access_policies
	conditional_access.enabled(policy)
	conditional_access.requires_mfa(policy)
	conditional_access.includes_roles(policy, directory_roles.administrative_roles)
	conditional_access.excludes_at_most(policy, data.parameters.emergency_access, set())
	conditional_access.all_apps(policy)
	conditional_access.all_clients(policy)
	conditional_access.at_any_risk(policy)
	conditional_access.unconditional(policy)
}

_brief contains policy if {
	some policy in _policies
	conditional_access.sign_in_hours(policy) <= data.parameters.max_hours
}

_forgetful contains policy if {
	some policy in _policies
	conditional_access.forgets_browsers(policy)
}
