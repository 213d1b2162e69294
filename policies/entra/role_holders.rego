package policies.entra.role_holders

import data.policies.lib.directory_roles

default compliant := false

# Enough users hold one of the roles.
compliant if count(_holders) >= data.parameters.minimum

reasons contains reason if {
	not compliant
	reason := sprintf("users known to hold such a role now: %d. At least %d should", [count(_holders), data.parameters.minimum])
}

# Each holder once, however many of the roles it has. Only assignments that are known to be in force count.
_holders contains assignment.principalId if {
	some assignment in data.evidence.entra.role_assignments
	assignment.roleDefinitionId in _roles
	directory_roles.in_force(assignment, data.now)
	not assignment.id in _held_by_others
}

# The assignments that a group or a service principal holds.
_held_by_others contains assignment.id if {
	some assignment in data.evidence.entra.role_assignments
	assignment.principal["@odata.type"] != "#microsoft.graph.user"
}

_roles := {directory_roles.global_administrator} if data.parameters.roles == "global_administrator"

_roles := directory_roles.administrative_roles - {directory_roles.global_administrator} if {
	data.parameters.roles == "other_administrators"
}
