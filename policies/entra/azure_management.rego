package policies.entra.azure_management

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

# Windows Azure Service Management API, the same in every tenant (remediation of the control).
_azure_management := "797f4846-ba00-4fd7-ba43-dac1f8f63013"

default compliant := false

# One policy keeps everybody out but administrators.
compliant if count(_policies) > 0

reasons contains "no enabled Conditional Access policy blocks the management of Azure for all users but administrative roles" if not compliant

# A policy that shuts out Global Administrators as well would shut out those who can undo it.
_policies contains policy.id if {
	some policy in data.evidence.entra.conditional_access_policies
	directory_roles.global_administrator in policy.conditions.users.excludeRoles
	conditional_access.enabled(policy)
	conditional_access.requires(policy, "block")
	conditional_access.names_app(policy, _azure_management)
	conditional_access.includes_everybody(policy)
	conditional_access.excludes_at_most(policy, data.parameters.emergency_access, directory_roles.administrative_roles)
	conditional_access.all_clients(policy)
	conditional_access.at_any_risk(policy)
	conditional_access.unconditional(policy)
}
