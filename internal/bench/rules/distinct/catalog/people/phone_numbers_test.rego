package policies.people.phone_numbers_test

import data.policies.people.phone_numbers

_good := {"mobilePhone": "+49 171 1234567"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	phone_numbers.in_scope with input as _good
	phone_numbers.compliant with input as _good
}

test_not_compliant_1 if not phone_numbers.compliant with input as _patched({"mobilePhone": "0171 1234567"})

test_not_compliant_2 if not phone_numbers.compliant with input as _patched({"mobilePhone": "+49 171 x"})

test_nothing_known if not phone_numbers.compliant with input as {"id": "x"}
