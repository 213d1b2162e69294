package policies.users.company_domain_test

import data.policies.users.company_domain

_good := {"userType": "Member", "userPrincipalName": "ada@CONTOSO.example"}

_parameters := {"domain": "contoso.example"}

test_compliant if {
	company_domain.in_scope with input as _good with data.parameters as _parameters
	company_domain.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant if {
	not company_domain.compliant with input as {"userType": "Member", "userPrincipalName": "ada@notcontoso.example"} with data.parameters as _parameters
}

test_nothing_known if not company_domain.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if not company_domain.in_scope with input as {"userType": "Guest"} with data.parameters as _parameters
