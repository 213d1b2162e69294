package policies.people.mail_is_sign_in_test

import data.policies.people.mail_is_sign_in

_good := {"mail": "Ada@contoso.example", "userPrincipalName": "ada@contoso.example"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	mail_is_sign_in.in_scope with input as _good
	mail_is_sign_in.compliant with input as _good
}

test_not_compliant_1 if not mail_is_sign_in.compliant with input as _patched({"mail": "ada@fabrikam.example"})

test_nothing_known if not mail_is_sign_in.compliant with input as {"id": "x"}
