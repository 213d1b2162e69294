package policies.entra.phishing_resistant_admins

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default compliant := false

# One policy does it for all administrators.
compliant if count(_policies) > 0

reasons contains "no enabled Conditional Access policy demands phishing-resistant authentication of all administrative roles in all cloud apps" if not compliant

_policies contains policy.id if {
	some policy in data.evidence.entra.conditional_access_policies
	conditional_access.enabled(policy)
	conditional_access.requires_phishing_resistance(policy, data.evidence.entra.authentication_strengths)
	conditional_access.includes_roles(policy, directory_roles.administrative_roles)
	conditional_access.excludes_at_most(policy, data.parameters.emergency_access, set())
	conditional_access.all_apps(policy)
	conditional_access.all_clients(policy)
	conditional_access.at_any_risk(policy)
	conditional_access.unconditional(policy)
}
