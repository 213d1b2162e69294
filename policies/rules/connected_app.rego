# Settings of connected apps: names and values, as each app gives them. A value that is on in one export is true, in another "true" or
# "True"; numbers come as text too. A setting that is missing, null or of the wrong type lacks everything.
package policies.rules.connected_app

# An instance complies when its settings lack nothing that the control asks for.
default compliant := false

compliant if _shortfalls == set()

# What they lack.
reasons contains shortfall if some shortfall in _shortfalls

_shortfalls := {"the evidence holds no settings"} if {
	not _known
} else := {"the control asks for nothing"} if {
	every asked in [data.parameters.enabled, data.parameters.disabled, data.parameters.one_of, data.parameters.at_least, data.parameters.at_most] {
		count(asked) == 0
	}
} else := union({
	{sprintf("%s is not on", [name]) | some name in data.parameters.enabled; not _one_of(name, ["true"])},
	{sprintf("%s is not off", [name]) | some name in data.parameters.disabled; not _one_of(name, ["false"])},
	{sprintf("%s is not %s", [name, concat(" or ", values)]) | some name, values in data.parameters.one_of; not _one_of(name, values)},
	{sprintf("%s is not %v or more", [name, bound]) | some name, bound in data.parameters.at_least; not _at_least(name, bound)},
	{sprintf("%s is not %v or less", [name, bound]) | some name, bound in data.parameters.at_most; not _at_most(name, bound)},
})

_known if is_object(input.settings)

# These take the name of a setting, and not its value: OPA evaluates an argument before the "not", so that a missing setting would pass
# for one that is met.
_one_of(name, values) if _word(input.settings[name]) in {lower(value) | some value in values}

_at_least(name, bound) if _number(input.settings[name]) >= bound

# By zero apps say that there is no limit.
_at_most(name, bound) if {
	_number(input.settings[name]) <= bound
	_number(input.settings[name]) > 0
}

_word(value) := lower(trim_space(value)) if is_string(value)

_word(true) := "true"

_word(false) := "false"

_number(value) := value if is_number(value)

_number(value) := to_number(trim_space(value)) if {
	is_string(value)
	regex.match(`^[0-9]{1,15}(\.[0-9]{1,6})?$`, trim_space(value))
}
