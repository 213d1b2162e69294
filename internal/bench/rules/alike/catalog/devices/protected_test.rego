package policies.devices.protected_test

import data.policies.devices.protected

_good := {"firewallEnabled": true, "antivirusEnabled": true, "defenderRealtime": true, "jailBroken": "False"}

test_compliant if {
	protected.in_scope with input as _good
	protected.compliant with input as _good
}

test_not_compliant if {
	not protected.compliant with input as {"firewallEnabled": true, "antivirusEnabled": true, "defenderRealtime": true, "jailBroken": "Unknown"}
}

test_nothing_known if not protected.compliant with input as {"id": "x"}
