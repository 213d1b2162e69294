package policies.people.password_age_test

import data.policies.people.password_age

_good := {"lastPasswordChangeDateTime": "2026-01-02T03:04:05Z"}

_parameters := {"days": 365}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	password_age.in_scope with input as _good with data.parameters as _parameters with data.now as "2026-10-01T00:00:00Z"
	password_age.compliant with input as _good with data.parameters as _parameters with data.now as "2026-10-01T00:00:00Z"
}

test_not_compliant_1 if not password_age.compliant with input as _patched({"lastPasswordChangeDateTime": "2025-01-02T03:04:05Z"}) with data.parameters as _parameters with data.now as "2026-10-01T00:00:00Z"

test_nothing_known if not password_age.compliant with input as {"id": "x"} with data.parameters as _parameters with data.now as "2026-10-01T00:00:00Z"
