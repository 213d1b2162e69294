package policies.lib.dlp_policy_test

import data.policies.lib.dlp_policy

_enforced := {"enabled": true, "mode": "Enable", "isSimulationPolicy": false}

test_enforced if {
	dlp_policy.enforced(_enforced)
	dlp_policy.enforced(object.union(_enforced, {"isSimulationPolicy": null}))
	dlp_policy.enforced(object.remove(_enforced, ["isSimulationPolicy"]))
}

test_not_enforced if {
	every other in [
		{"enabled": false},
		{"enabled": null},
		{"enabled": "true"},
		{"mode": "TestWithNotifications"},
		{"mode": "PendingDeletion"},
		{"mode": "enable"},
		{"mode": null},
		{"isSimulationPolicy": true},
		{"isSimulationPolicy": "false"},
	] {
		not dlp_policy.enforced(object.union(_enforced, other))
	}
}

test_unknown_is_not_enforced if {
	every field in ["enabled", "mode"] {
		not dlp_policy.enforced(object.remove(_enforced, [field]))
	}
}
