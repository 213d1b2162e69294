package policies.devices.protected

default in_scope := true

default compliant := false

# All of the protection is on, and the system is as its maker meant it.
compliant if {
	input.firewallEnabled == true
	input.antivirusEnabled == true
	input.defenderRealtime == true
	input.jailBroken == "False"
}
