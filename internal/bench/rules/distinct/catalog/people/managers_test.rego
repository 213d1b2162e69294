package policies.people.managers_test

import data.policies.people.managers

_good := {"userPrincipalName": "ada@contoso.example", "managerChain": [{"mail": "bob@contoso.example"}]}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	managers.in_scope with input as _good
	managers.compliant with input as _good
}

test_not_compliant_1 if not managers.compliant with input as _patched({"managerChain": [{"mail": "bob@contoso.example"}, {"mail": "cleo@fabrikam.example"}]})

test_nothing_known if not managers.compliant with input as {"id": "x"}

test_out_of_scope if not managers.in_scope with input as _patched({"managerChain": []})
