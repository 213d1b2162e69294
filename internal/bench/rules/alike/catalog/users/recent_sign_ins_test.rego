package policies.users.recent_sign_ins_test

import data.policies.users.recent_sign_ins

_good := {"accountEnabled": true, "lastSignIn": "2025-01-01T00:00:00Z"}

_parameters := {"since": "2025-01-01"}

test_compliant if {
	recent_sign_ins.in_scope with input as _good with data.parameters as _parameters
	recent_sign_ins.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant if {
	not recent_sign_ins.compliant with input as {"accountEnabled": true, "lastSignIn": "2024-12-31T23:59:59Z"} with data.parameters as _parameters
}

test_nothing_known if not recent_sign_ins.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if not recent_sign_ins.in_scope with input as {"accountEnabled": false} with data.parameters as _parameters
