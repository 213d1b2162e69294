package policies.entra.role_holders

import data.policies.lib.directory_roles

default compliant := false

# Enough of them hold one of the roles.
compliant if count(_holders) >= data.parameters.minimum

reasons contains reason if {
	not compliant
	reason := sprintf("%s known to hold such a role now: %d. At least %d should", [concat(" and ", data.parameters.holders), count(_holders), data.parameters.minimum])
}

# Each holder once, however many of the roles it has. Only those that are known to be of a kind that counts do, and not to be disabled, by
# assignments that are known to be in force.
_holders contains assignment.principalId if {
	some assignment in _held
	directory_roles.kind(assignment) in _kinds
	not assignment.principalId in _disabled
}

_disabled contains assignment.principalId if {
	some assignment in _assignments
	directory_roles.disabled(assignment)
}

reasons contains "assignments that don't tell what kind of principal holds them: export them with the principal ($expand=principal)" if {
	not compliant
	some assignment in _held
	not directory_roles.kind(assignment)
}

_held contains assignment if {
	some assignment in _assignments
	assignment.roleDefinitionId in _roles
	directory_roles.in_force(assignment, data.now)
}

# All assignments, or else those of the most privileged roles.
_assignments := data.evidence.entra.role_assignments if {
	is_array(data.evidence.entra.role_assignments)
} else := data.evidence.entra.privileged_role_assignments

_roles := {directory_roles.global_administrator} if data.parameters.roles == "global_administrator"

# Microsoft's result for a tenant names Compliance Administrator as well.
_roles := (directory_roles.administrative_roles - {directory_roles.global_administrator}) | {directory_roles.compliance_administrator} if {
	data.parameters.roles == "other_administrators"
}

_kinds := {_kind_of[holder] | some holder in data.parameters.holders}

_kind_of := {"users": "user", "service principals": "servicePrincipal"}
