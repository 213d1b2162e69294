package policies.devices.encrypted_test

import data.policies.devices.encrypted

_good := {"isEncrypted": true, "passcodeRequired": true, "passcodeMinLength": 6}

_parameters := {"length": 6}

test_compliant if {
	encrypted.in_scope with input as _good with data.parameters as _parameters
	encrypted.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant if {
	not encrypted.compliant with input as {"isEncrypted": true, "passcodeRequired": true, "passcodeMinLength": 5} with data.parameters as _parameters
}

test_nothing_known if not encrypted.compliant with input as {"id": "x"} with data.parameters as _parameters
