package policies.people.display_names_test

import data.policies.people.display_names

_good := {"displayName": "Adams, Ada (Sales)", "department": "Sales"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	display_names.in_scope with input as _good
	display_names.compliant with input as _good
}

test_not_compliant_1 if not display_names.compliant with input as _patched({"displayName": "Adams, Ada (Sales) "})

test_not_compliant_2 if not display_names.compliant with input as _patched({"displayName": "Adams, Ada (Legal)"})

test_not_compliant_3 if not display_names.compliant with input as _patched({"displayName": "Ada (Sales)"})

test_nothing_known if not display_names.compliant with input as {"id": "x"}
