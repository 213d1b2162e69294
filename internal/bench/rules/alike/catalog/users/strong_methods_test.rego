package policies.users.strong_methods_test

import data.policies.users.strong_methods

_good := {"accountEnabled": true, "authMethods": ["email", "fido2"]}

_parameters := {"methods": ["fido2"]}

test_compliant if {
	strong_methods.in_scope with input as _good with data.parameters as _parameters
	strong_methods.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant if {
	not strong_methods.compliant with input as {"accountEnabled": true, "authMethods": ["email"]} with data.parameters as _parameters
}

test_nothing_known if not strong_methods.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if {
	not strong_methods.in_scope with input as {"accountEnabled": false, "authMethods": []} with data.parameters as _parameters
}
