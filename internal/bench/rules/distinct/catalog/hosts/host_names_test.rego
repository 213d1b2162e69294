package policies.hosts.host_names_test

import data.policies.hosts.host_names

_good := {"deviceName": "BER-ABCDEF", "site": "ber", "serialNumber": "123456ABCDEF"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	host_names.in_scope with input as _good
	host_names.compliant with input as _good
}

test_not_compliant_1 if not host_names.compliant with input as _patched({"site": "lon"})

test_not_compliant_2 if not host_names.compliant with input as _patched({"serialNumber": "123456ABCDE0"})

test_nothing_known if not host_names.compliant with input as {"id": "x"}
