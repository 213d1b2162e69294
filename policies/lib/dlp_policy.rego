# What the policies against data loss of Microsoft Purview do. Everything here is a function of its arguments.
package policies.lib.dlp_policy

# on holds for a policy that is on, if only to be tested.
on(policy) if {
	policy.enabled == true
	policy.mode in {"Enable", "TestWithNotifications", "TestWithoutNotifications"}
}

# enforced holds for a policy that is on and acts. The mode is what Microsoft documents (Microsoft Learn, "New-DlpCompliancePolicy"); a policy
# that is marked as a simulation besides doesn't act, whatever its mode.
enforced(policy) if {
	policy.enabled == true
	policy.mode == "Enable"
	object.get(policy, "isSimulationPolicy", null) in [false, null]
}
