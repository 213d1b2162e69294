package policies.users.strong_methods

default in_scope := true

in_scope := false if input.accountEnabled == false

default compliant := false

# One of the registered methods is strong enough.
compliant if {
	some method in input.authMethods
	method in data.parameters.methods
}
