package policies.people.managers

default in_scope := false

in_scope if count(input.managerChain) > 0

default compliant := false

compliant if {
	domain := split(input.userPrincipalName, "@")[1]
	every manager in input.managerChain {
		endswith(manager.mail, concat("", ["@", domain]))
	}
}
