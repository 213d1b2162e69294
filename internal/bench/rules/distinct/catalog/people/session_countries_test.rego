package policies.people.session_countries_test

import data.policies.people.session_countries

_good := {"sessions": [{"country": "DE"}, {"country": "US"}]}

_parameters := {"countries": ["US", "DE", "GB", "FR"]}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	session_countries.in_scope with input as _good with data.parameters as _parameters
	session_countries.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not session_countries.compliant with input as _patched({"sessions": [{"country": "DE"}, {"country": "KP"}]}) with data.parameters as _parameters

test_not_compliant_2 if not session_countries.compliant with input as _patched({"sessions": [{}]}) with data.parameters as _parameters

test_out_of_scope if not session_countries.in_scope with input as _patched({"sessions": []}) with data.parameters as _parameters
