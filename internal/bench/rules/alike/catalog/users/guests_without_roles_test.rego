package policies.users.guests_without_roles_test

import data.policies.users.guests_without_roles

_good := {"userType": "Guest", "roles": []}

test_compliant if {
	guests_without_roles.in_scope with input as _good
	guests_without_roles.compliant with input as _good
}

test_not_compliant if not guests_without_roles.compliant with input as {"userType": "Guest", "roles": ["Security Reader"]}

test_nothing_known if not guests_without_roles.compliant with input as {"id": "x"}

test_out_of_scope if not guests_without_roles.in_scope with input as {"userType": "Member", "roles": []}
