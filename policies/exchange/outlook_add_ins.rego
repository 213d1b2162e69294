package policies.exchange.outlook_add_ins

# The default role assignment policy gives people none of the roles for installing add-ins.
default compliant := false

compliant if {
	count(_defaults) > 0
	every policy in _defaults { _withholds(policy) }
}

# Which roles it gives, or why that can't be told.
reasons contains "the evidence has no default role assignment policy" if count(_defaults) == 0

reasons contains sprintf("the default policy assigns the role %q", [role]) if {
	some policy in _defaults
	some role in policy.assignedRoles
	_installs(role)
}

reasons contains "the roles that the default policy assigns are not known" if {
	some policy in _defaults
	not is_array(object.get(policy, "assignedRoles", null))
}

_defaults := [policy | some policy in data.evidence.exchange.role_assignment_policies; _default(policy)]

# The policy that is marked so. As long as none is, each that may be it counts.
_default(policy) if policy.isDefault == true

_default(policy) if {
	not _marked
	not policy.isDefault == false
}

_marked if {
	some policy in data.evidence.exchange.role_assignment_policies
	policy.isDefault == true
}

_withholds(policy) if {
	is_array(policy.assignedRoles)
	every role in policy.assignedRoles { not _installs(role) }
}

_installs(role) if role in data.parameters.installing_roles
