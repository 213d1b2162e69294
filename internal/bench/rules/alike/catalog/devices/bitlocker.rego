package policies.devices.bitlocker

default in_scope := true

in_scope := false if input.operatingSystem in {"iOS", "Android", "macOS", "Linux"}

default compliant := false

# The disk is encrypted by today's method, and the keys are in hardware.
compliant if {
	input.bitlocker.enabled == true
	startswith(input.bitlocker.method, "Xts")
	input.secureBoot == true
	input.tpmVersion == "2.0"
}
