package policies.devices.bitlocker_test

import data.policies.devices.bitlocker

_good := {"operatingSystem": "Windows", "bitlocker": {"enabled": true, "method": "XtsAes256"}, "secureBoot": true, "tpmVersion": "2.0"}

test_compliant if {
	bitlocker.in_scope with input as _good
	bitlocker.compliant with input as _good
}

test_not_compliant if {
	not bitlocker.compliant with input as {"operatingSystem": "Windows", "bitlocker": {"enabled": true, "method": "AesCbc128"}, "secureBoot": true, "tpmVersion": "2.0"}
}

test_nothing_known if not bitlocker.compliant with input as {"id": "x"}

test_out_of_scope if not bitlocker.in_scope with input as {"operatingSystem": "iOS"}
