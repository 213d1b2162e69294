package policies.users.phishing_resistant_admins

default in_scope := false

# Whoever holds one of the roles is an administrator.
in_scope if {
	some role in input.roles
	role in data.parameters.roles
}

default compliant := false

# One of the registered methods resists phishing.
compliant if count({method | some method in input.authMethods} & {method | some method in data.parameters.methods}) > 0
