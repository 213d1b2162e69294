package policies.users.approved_licenses_test

import data.policies.users.approved_licenses

_good := {"accountEnabled": true, "assignedLicenses": [{"skuId": "a"}, {"skuId": "b"}]}

_parameters := {"skus": ["a", "b"]}

test_compliant if {
	approved_licenses.in_scope with input as _good with data.parameters as _parameters
	approved_licenses.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant if {
	not approved_licenses.compliant with input as {"accountEnabled": true, "assignedLicenses": [{"skuId": "a"}, {"skuId": "c"}]} with data.parameters as _parameters
}

test_nothing_known if not approved_licenses.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if not approved_licenses.in_scope with input as {"accountEnabled": false} with data.parameters as _parameters
