package policies.people.dormant_test

import data.policies.people.dormant

_good := {"lastSignInDateTime": "2026-08-02T03:04:05Z", "createdDateTime": "2020-01-02T03:04:05Z"}

_parameters := {"signed_in_since": "2026-07-01T00:00:00Z", "created_since": "2026-09-01T00:00:00Z"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	dormant.in_scope with input as _good with data.parameters as _parameters
	dormant.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not dormant.compliant with input as _patched({"lastSignInDateTime": "2026-06-02T03:04:05Z"}) with data.parameters as _parameters

test_nothing_known if not dormant.compliant with input as {"id": "x"} with data.parameters as _parameters
