# The five rules about devices, over the whole document: who is in scope, and who of them fails, each as a set of ids.
package bench.devices

results["DevicesEncrypted"] := {"in_scope": count(encrypted_scope), "failing": count(encrypted_failing)}

encrypted_scope contains device.id if {
	some device in input.bench.devices
	encrypted_applies(device)
}

encrypted_failing contains device.id if {
	some device in input.bench.devices
	encrypted_applies(device)
	not encrypted_complies(device)
}

encrypted_applies(_) := true

encrypted_complies(device) if {
	device.isEncrypted
	device.passcodeRequired
	device.passcodeMinLength >= 6
}

results["CompanyDevicesCompliant"] := {"in_scope": count(managed_scope), "failing": count(managed_failing)}

managed_scope contains device.id if {
	some device in input.bench.devices
	managed_applies(device)
}

managed_failing contains device.id if {
	some device in input.bench.devices
	managed_applies(device)
	not managed_complies(device)
}

managed_applies(device) if {
	device.ownerType == "company"
}

managed_complies(device) if {
	device.complianceState == "compliant"
}

results["DevicesCurrentSystem"] := {"in_scope": count(current_scope), "failing": count(current_failing)}

current_scope contains device.id if {
	some device in input.bench.devices
	current_applies(device)
}

current_failing contains device.id if {
	some device in input.bench.devices
	current_applies(device)
	not current_complies(device)
}

current_applies(device) if {
	data.sets.lowest[device.operatingSystem]
}

current_complies(device) if {
	to_number(split(device.osVersion, ".")[0]) >= data.sets.lowest[device.operatingSystem]
}

results["DevicesProtected"] := {"in_scope": count(protected_scope), "failing": count(protected_failing)}

protected_scope contains device.id if {
	some device in input.bench.devices
	protected_applies(device)
}

protected_failing contains device.id if {
	some device in input.bench.devices
	protected_applies(device)
	not protected_complies(device)
}

protected_applies(_) := true

protected_complies(device) if {
	device.firewallEnabled
	device.antivirusEnabled
	device.defenderRealtime
	device.jailBroken == "False"
}

results["WindowsBitLocker"] := {"in_scope": count(bitlocker_scope), "failing": count(bitlocker_failing)}

bitlocker_scope contains device.id if {
	some device in input.bench.devices
	bitlocker_applies(device)
}

bitlocker_failing contains device.id if {
	some device in input.bench.devices
	bitlocker_applies(device)
	not bitlocker_complies(device)
}

bitlocker_applies(device) if {
	device.operatingSystem == "Windows"
}

bitlocker_complies(device) if {
	device.bitlocker.enabled
	startswith(device.bitlocker.method, "Xts")
	device.secureBoot
	device.tpmVersion == "2.0"
}
