package policies.users.known_locations_test

import data.policies.users.known_locations

_good := {"usageLocation": "DE"}

_parameters := {"locations": ["DE"]}

test_compliant if {
	known_locations.in_scope with input as _good with data.parameters as _parameters
	known_locations.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant if not known_locations.compliant with input as {"usageLocation": "JP"} with data.parameters as _parameters

test_nothing_known if not known_locations.compliant with input as {"id": "x"} with data.parameters as _parameters
