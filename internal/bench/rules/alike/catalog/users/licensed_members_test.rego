package policies.users.licensed_members_test

import data.policies.users.licensed_members

_good := {"userType": "Member", "accountEnabled": true, "assignedLicenses": [{"skuId": "a"}]}

test_compliant if {
	licensed_members.in_scope with input as _good
	licensed_members.compliant with input as _good
}

test_not_compliant if not licensed_members.compliant with input as {"userType": "Member", "accountEnabled": true, "assignedLicenses": []}

test_nothing_known if not licensed_members.compliant with input as {"id": "x"}

test_out_of_scope if not licensed_members.in_scope with input as {"userType": "Guest", "accountEnabled": true}
