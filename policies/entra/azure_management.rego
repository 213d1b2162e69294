package policies.entra.azure_management

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

# Windows Azure Service Management API, the same in every tenant (remediation of the control).
_azure_management := "797f4846-ba00-4fd7-ba43-dac1f8f63013"

default compliant := false

# Policies keep everybody out but administrators, together.
compliant if {
	every client in conditional_access.clients {
		some policy in _policies
		conditional_access.applies(policy, client, _azure_management)
	}
}

reasons contains "no enabled Conditional Access policy blocks the management of Azure for all users but administrative roles" if not compliant

# A policy that shuts out Global Administrators as well would shut out those who can undo it.
_policies := [policy |
	some policy in data.evidence.entra.conditional_access_policies
	directory_roles.global_administrator in policy.conditions.users.excludeRoles
	conditional_access.enabled(policy)
	conditional_access.requires(policy, "block")
	conditional_access.includes_everybody(policy)
	conditional_access.excludes_at_most(policy, data.parameters.emergency_access, _spared)
	conditional_access.at_any_risk(policy)
	conditional_access.unconditional(policy)
]

# The roles that may be excluded: those of administrators, of the accounts that synchronize the directory, and of emergency accounts.
_spared := (directory_roles.administrative_roles | {directory_roles.synchronization}) | {role | some role in data.parameters.emergency_access}
