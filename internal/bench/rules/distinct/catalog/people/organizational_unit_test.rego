package policies.people.organizational_unit_test

import data.policies.people.organizational_unit

_good := {"onPremisesDistinguishedName": "CN=Ada,OU=Sales,OU=Users,DC=contoso,DC=example", "department": "Sales"}

_parameters := {"root": "OU=Users,DC=contoso,DC=example"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	organizational_unit.in_scope with input as _good with data.parameters as _parameters
	organizational_unit.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not organizational_unit.compliant with input as _patched({"department": "Legal"}) with data.parameters as _parameters

test_not_compliant_2 if not organizational_unit.compliant with input as _patched({"onPremisesDistinguishedName": "CN=Ada,OU=Sales,OU=Former,DC=contoso,DC=example"}) with data.parameters as _parameters

test_nothing_known if not organizational_unit.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if not organizational_unit.in_scope with input as _patched({"onPremisesDistinguishedName": "CN=Ada"}) with data.parameters as _parameters
