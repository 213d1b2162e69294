# The five rules about devices, over the whole document.
package bench.devices

results["DevicesEncrypted"] := {"in_scope": count(input.bench.devices), "failing": count(failing)} if {
	failing := [device.id | some device in input.bench.devices; not encrypted(device)]
}

results["CompanyDevicesCompliant"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [device | some device in input.bench.devices; device.ownerType == "company"]
	failing := [device.id | some device in scope; device.complianceState != "compliant"]
}

results["DevicesCurrentSystem"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [device | some device in input.bench.devices; lowest[device.operatingSystem]]
	failing := [device.id | some device in scope; not current(device)]
}

results["DevicesProtected"] := {"in_scope": count(input.bench.devices), "failing": count(failing)} if {
	failing := [device.id | some device in input.bench.devices; not protected(device)]
}

results["WindowsBitLocker"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [device | some device in input.bench.devices; device.operatingSystem == "Windows"]
	failing := [device.id | some device in scope; not bitlocker(device)]
}

lowest := {"Windows": 10, "iOS": 16, "Android": 13, "macOS": 13}

encrypted(device) if {
	device.isEncrypted
	device.passcodeRequired
	device.passcodeMinLength >= 6
}

current(device) if to_number(split(device.osVersion, ".")[0]) >= lowest[device.operatingSystem]

protected(device) if {
	device.firewallEnabled
	device.antivirusEnabled
	device.defenderRealtime
	device.jailBroken == "False"
}

bitlocker(device) if {
	device.bitlocker.enabled
	startswith(device.bitlocker.method, "Xts")
	device.secureBoot
	device.tpmVersion == "2.0"
}
