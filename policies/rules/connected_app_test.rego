package policies.rules.connected_app_test

import data.policies.rules.connected_app

_settings := {
	"on": true,
	"on_text": " True ",
	"off": false,
	"off_text": "FALSE",
	"word": "ENABLED",
	"number": 60,
	"text": "60",
	"fraction": "80.5",
	"zero": 0,
	"zero_text": "0",
	"null": null,
	"empty": "",
	"list": ["true", 60],
	"one": 1,
	"negative": -1,
	"long": "1e3",
	"huge": "99999999999999999999999999",
	"hex": "0x10",
}

_met := [
	{"enabled": ["on", "on_text"]},
	{"disabled": ["off", "off_text"]},
	{"one_of": {"word": ["enabled"]}},
	{"one_of": {"word": ["other", "Enabled"]}},
	{"one_of": {"on": ["true"]}},
	{"at_least": {"number": 60, "text": 60}},
	{"at_least": {"fraction": 80.5}},
	{"at_least": {"zero": 0}},
	{"at_most": {"number": 60, "text": 60}},
	{"at_most": {"one": 1}},
	{"enabled": ["on"], "disabled": ["off"], "one_of": {"word": ["enabled"]}, "at_least": {"number": 1}, "at_most": {"number": 60}},
]

_unmet := [
	{"asked": {"enabled": ["off"]}, "shortfall": "off is not on"},
	{"asked": {"enabled": ["one"]}, "shortfall": "one is not on"},
	{"asked": {"enabled": ["list"]}, "shortfall": "list is not on"},
	{"asked": {"enabled": ["missing"]}, "shortfall": "missing is not on"},
	{"asked": {"disabled": ["on_text"]}, "shortfall": "on_text is not off"},
	{"asked": {"disabled": ["null"]}, "shortfall": "null is not off"},
	{"asked": {"disabled": ["zero"]}, "shortfall": "zero is not off"},
	{"asked": {"disabled": ["missing"]}, "shortfall": "missing is not off"},
	{"asked": {"one_of": {"word": ["disabled", "other"]}}, "shortfall": "word is not disabled or other"},
	{"asked": {"one_of": {"word": []}}, "shortfall": "word is not "},
	{"asked": {"one_of": {"missing": ["a"]}}, "shortfall": "missing is not a"},
	{"asked": {"at_least": {"number": 61}}, "shortfall": "number is not 61 or more"},
	{"asked": {"at_least": {"fraction": 80.6}}, "shortfall": "fraction is not 80.6 or more"},
	{"asked": {"at_least": {"on": 0}}, "shortfall": "on is not 0 or more"},
	{"asked": {"at_least": {"empty": 0}}, "shortfall": "empty is not 0 or more"},
	{"asked": {"at_least": {"list": 0}}, "shortfall": "list is not 0 or more"},
	{"asked": {"at_least": {"long": 1}}, "shortfall": "long is not 1 or more"},
	{"asked": {"at_least": {"huge": 1}}, "shortfall": "huge is not 1 or more"},
	{"asked": {"at_least": {"hex": 1}}, "shortfall": "hex is not 1 or more"},
	{"asked": {"at_least": {"missing": 0}}, "shortfall": "missing is not 0 or more"},
	{"asked": {"at_most": {"text": 59}}, "shortfall": "text is not 59 or less"},
	{"asked": {"at_most": {"zero": 60}}, "shortfall": "zero is not 60 or less"},
	{"asked": {"at_most": {"zero_text": 60}}, "shortfall": "zero_text is not 60 or less"},
	{"asked": {"at_most": {"negative": 60}}, "shortfall": "negative is not 60 or less"},
	{"asked": {"at_most": {"null": 60}}, "shortfall": "null is not 60 or less"},
	{"asked": {"at_most": {"missing": 60}}, "shortfall": "missing is not 60 or less"},
	{"asked": {"enabled": ["on", "off"], "at_most": {"number": 60}}, "shortfall": "off is not on"},
]

# The parameters of a control, most of which leave them empty.
_parameters(asked) := object.union({"enabled": [], "disabled": [], "one_of": {}, "at_least": {}, "at_most": {}}, asked)

_reasons(instance, asked) := reasons if {
	reasons := connected_app.reasons with input as instance with data.parameters as _parameters(asked)
}

_compliant(instance, asked) if connected_app.compliant with input as instance with data.parameters as _parameters(asked)

test_met if {
	every asked in _met {
		_compliant({"settings": _settings}, asked)
		_reasons({"settings": _settings}, asked) == set()
	}
}

test_unmet if {
	every case in _unmet {
		not _compliant({"settings": _settings}, case.asked)
		_reasons({"settings": _settings}, case.asked) == {case.shortfall}
	}
}

test_all_shortfalls_are_told if {
	asked := {"enabled": ["off", "missing"], "at_most": {"zero": 5}}
	_reasons({"settings": _settings}, asked) == {"off is not on", "missing is not on", "zero is not 5 or less"}
}

test_unknown_settings_are_no_pass if {
	every instance in [{}, {"settings": null}, {"settings": "true"}, {"settings": ["on"]}] {
		not _compliant(instance, {"enabled": ["on"]})
		_reasons(instance, {"enabled": ["on"]}) == {"the evidence holds no settings"}
	}
}

test_asking_for_nothing_is_no_pass if {
	every asked in [{}, {"enabled": []}, {"one_of": {}, "at_least": {}, "at_most": {}}] {
		not _compliant({"settings": _settings}, asked)
		_reasons({"settings": _settings}, asked) == {"the control asks for nothing"}
	}
}

# What an instance of one app is asked, as the engine gives it to the rule.
test_instance if {
	settings := {"domainsBlocked": true, "domainsBlockedLocked": true}
	asked := {"enabled": ["domainsBlocked", "domainsBlockedLocked"], "disabled": [], "one_of": {}, "at_least": {}, "at_most": {}}

	connected_app.compliant with input as {"settings": settings} with data.parameters as asked
	not connected_app.compliant with input as {"settings": object.remove(settings, ["domainsBlockedLocked"])} with data.parameters as asked
}
