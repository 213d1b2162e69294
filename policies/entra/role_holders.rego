package policies.entra.role_holders

import data.policies.lib.directory_roles

default compliant := false

# Enough users hold one of the roles.
compliant if count(_holders) >= data.parameters.minimum

reasons contains reason if {
	not compliant
	reason := sprintf("users known to hold such a role now: %d. At least %d should", [count(_holders), data.parameters.minimum])
}

# Each holder once, however many of the roles it has. Only users that are known to be such count, by assignments that are known to be in
# force. Ids are the same in any case.
_holders contains lower(assignment.principalId) if {
	some assignment in _held
	assignment.principal["@odata.type"] == "#microsoft.graph.user"
}

reasons contains "assignments that don't tell what kind of principal holds them: export them with the principal ($expand=principal)" if {
	not compliant
	some assignment in _held
	not assignment.principal["@odata.type"]
}

_held contains assignment if {
	some assignment in data.evidence.entra.role_assignments
	lower(assignment.roleDefinitionId) in _roles
	directory_roles.in_force(assignment, data.now)
}

_roles := {directory_roles.global_administrator} if data.parameters.roles == "global_administrator"

_roles := directory_roles.administrative_roles - {directory_roles.global_administrator} if {
	data.parameters.roles == "other_administrators"
}
