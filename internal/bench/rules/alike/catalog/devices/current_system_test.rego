package policies.devices.current_system_test

import data.policies.devices.current_system

_good := {"operatingSystem": "iOS", "osVersion": "17.2.1"}

_parameters := {"lowest": {"iOS": 16}}

test_compliant if {
	current_system.in_scope with input as _good with data.parameters as _parameters
	current_system.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant if {
	not current_system.compliant with input as {"operatingSystem": "iOS", "osVersion": "9"} with data.parameters as _parameters
}

test_nothing_known if not current_system.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if {
	not current_system.in_scope with input as {"operatingSystem": "Linux", "osVersion": "22.04"} with data.parameters as _parameters
}
