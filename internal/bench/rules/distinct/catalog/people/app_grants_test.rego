package policies.people.app_grants_test

import data.policies.people.app_grants

_good := {"grants": [{"scope": "openid Mail.Read", "grantedDateTime": "2026-01-02T03:04:05Z"}]}

_parameters := {"dangerous": ["Mail.ReadWrite", "Mail.Send", "Files.ReadWrite.All", "Directory.ReadWrite.All"], "since": "2024-10-01T00:00:00Z"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	app_grants.in_scope with input as _good with data.parameters as _parameters
	app_grants.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not app_grants.compliant with input as _patched({"grants": [{"scope": "openid Mail.Send", "grantedDateTime": "2026-01-02T03:04:05Z"}]}) with data.parameters as _parameters

test_not_compliant_2 if not app_grants.compliant with input as _patched({"grants": [{"scope": "openid", "grantedDateTime": "2022-01-02T03:04:05Z"}]}) with data.parameters as _parameters

test_nothing_known if not app_grants.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if not app_grants.in_scope with input as _patched({"grants": []}) with data.parameters as _parameters
