package policies.lib.directory_settings_test

import data.policies.lib.directory_settings

_settings := [
	{"id": "s1", "templateId": "other", "values": [{"name": "Flag", "value": "false"}]},
	{"id": "s2", "templateId": directory_settings.password_rules, "values": [
		{"name": "Flag", "value": "True"},
		{"name": "Empty", "value": ""},
		{"name": "Null", "value": null},
		{"name": "List", "value": "contoso\t \tfabrikam\t"},
	]},
]

_equals(name, value) if directory_settings.equals(_settings, directory_settings.password_rules, name, value)

_entries(name) := directory_settings.entries(_settings, directory_settings.password_rules, name)

test_equals_in_whichever_case if {
	_equals("Flag", "true")
	_equals("Flag", "TRUE")
	_equals("Empty", "")
}

test_equals_not_otherwise if {
	not _equals("Flag", "false")
	not _equals("Null", "null")
	not _equals("Absent", "true")
	not directory_settings.equals([], directory_settings.password_rules, "Flag", "true")
	not directory_settings.equals(_settings, "unknown", "Flag", "true")
}

test_equals_not_when_two_settings_disagree if {
	twice := array.concat(_settings, [{"templateId": directory_settings.password_rules, "values": [{"name": "Flag", "value": "False"}]}])
	not directory_settings.equals(twice, directory_settings.password_rules, "Flag", "true")
}

test_entries if {
	_entries("List") == {"contoso", "fabrikam"}
	_entries("Empty") == set()
	_entries("Absent") == set()
	directory_settings.entries([{"id": "s1"}], directory_settings.password_rules, "List") == set()
}
