package policies.hosts.host_disks_test

import data.policies.hosts.host_disks

_good := {"ipAddress": "10.1.2.3", "disks": [{"name": "C", "encrypted": true, "freeBytes": 10, "sizeBytes": 100}]}

_parameters := {"free": 5}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	host_disks.in_scope with input as _good with data.parameters as _parameters
	host_disks.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not host_disks.compliant with input as _patched({"disks": [{"name": "C", "encrypted": false, "freeBytes": 10, "sizeBytes": 100}]}) with data.parameters as _parameters

test_not_compliant_2 if not host_disks.compliant with input as _patched({"disks": [{"name": "C", "encrypted": true, "freeBytes": 1, "sizeBytes": 100}]}) with data.parameters as _parameters

test_nothing_known if not host_disks.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if not host_disks.in_scope with input as _patched({"ipAddress": "192.168.1.1"}) with data.parameters as _parameters
