package policies.devices.encrypted

default in_scope := true

default compliant := false

# What is on the device is safe when it is lost.
compliant if {
	input.isEncrypted == true
	input.passcodeRequired == true
	input.passcodeMinLength >= data.parameters.length
}
