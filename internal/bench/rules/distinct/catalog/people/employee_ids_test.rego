package policies.people.employee_ids_test

import data.policies.people.employee_ids

_good := {"employeeId": "SAL-000012", "department": "Sales", "employeeNumber": 12}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	employee_ids.in_scope with input as _good
	employee_ids.compliant with input as _good
}

test_not_compliant_1 if not employee_ids.compliant with input as _patched({"employeeId": "sal-000012"})

test_not_compliant_2 if not employee_ids.compliant with input as _patched({"employeeNumber": 13})

test_nothing_known if not employee_ids.compliant with input as {"id": "x"}
