package policies.users.name_form_test

import data.policies.users.name_form

_good := {"userPrincipalName": "ada.adams12@contoso.example"}

_parameters := {"pattern": `^[a-z]+\.[a-z]+[0-9]*@`}

test_compliant if {
	name_form.in_scope with input as _good with data.parameters as _parameters
	name_form.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant if {
	not name_form.compliant with input as {"userPrincipalName": "admin@contoso.example"} with data.parameters as _parameters
}

test_nothing_known if not name_form.compliant with input as {"id": "x"} with data.parameters as _parameters
