package policies.hosts.host_builds_test

import data.policies.hosts.host_builds

_good := {"lastSyncDateTime": "2026-09-20T03:04:05Z", "osVersion": "10.0.22631.2861"}

_parameters := {"build": 20000, "sync": "2026-09-01T00:00:00Z"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	host_builds.in_scope with input as _good with data.parameters as _parameters
	host_builds.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not host_builds.compliant with input as _patched({"osVersion": "10.0.19045.3803"}) with data.parameters as _parameters

test_not_compliant_2 if not host_builds.compliant with input as _patched({"osVersion": "10.0"}) with data.parameters as _parameters

test_nothing_known if not host_builds.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if not host_builds.in_scope with input as _patched({"lastSyncDateTime": "2026-01-20T03:04:05Z"}) with data.parameters as _parameters
