package policies.people.admin_names_test

import data.policies.people.admin_names

_good := {"userPrincipalName": "adm-ada.adams12@contoso.example"}

_parameters := {"prefix": "adm-", "pattern": "^adm-[a-z]+\\.[a-z]+[0-9]{1,5}@(contoso|fabrikam)\\.example$"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	admin_names.in_scope with input as _good with data.parameters as _parameters
	admin_names.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not admin_names.compliant with input as _patched({"userPrincipalName": "adm-ada@contoso.example"}) with data.parameters as _parameters

test_nothing_known if not admin_names.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if not admin_names.in_scope with input as _patched({"userPrincipalName": "ada@contoso.example"}) with data.parameters as _parameters
