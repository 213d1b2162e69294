package policies.users.phishing_resistant_admins_test

import data.policies.users.phishing_resistant_admins

_good := {"roles": ["Security Reader", "User Administrator"], "authMethods": ["email", "fido2"]}

_parameters := {"roles": ["User Administrator"], "methods": ["fido2"]}

test_compliant if {
	phishing_resistant_admins.in_scope with input as _good with data.parameters as _parameters
	phishing_resistant_admins.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant if {
	not phishing_resistant_admins.compliant with input as {"roles": ["User Administrator"], "authMethods": ["email"]} with data.parameters as _parameters
}

test_nothing_known if not phishing_resistant_admins.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if {
	not phishing_resistant_admins.in_scope with input as {"roles": ["Security Reader"], "authMethods": ["fido2"]} with data.parameters as _parameters
}
