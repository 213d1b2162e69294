package policies.users.lasting_passwords_test

import data.policies.users.lasting_passwords

_good := {"accountEnabled": true, "passwordPolicies": "DisablePasswordExpiration"}

test_compliant if {
	lasting_passwords.in_scope with input as _good
	lasting_passwords.compliant with input as _good
}

test_not_compliant if not lasting_passwords.compliant with input as {"accountEnabled": true, "passwordPolicies": "None"}

test_nothing_known if not lasting_passwords.compliant with input as {"id": "x"}

test_out_of_scope if not lasting_passwords.in_scope with input as {"accountEnabled": false}
