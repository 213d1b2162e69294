package policies.defender_identity.settings

# The setting is made: it is on, or, where it is a list, it names something.
default compliant := false

compliant if {
	data.parameters.listed == false
	_setting == true
}

compliant if {
	data.parameters.listed == true
	is_array(_setting)
	some name in _setting
	is_string(name)
	trim_space(name) != ""
}

# The setting that is not known to be made.
reasons contains reason if {
	not compliant
	reason := sprintf("%s is not known to be set", [concat(".", data.parameters.setting)])
}

default _setting := null

_setting := object.get(data.evidence.defender_identity.settings, data.parameters.setting, null)
