# Settings of connected apps: names and values, as each app gives them. A value that is on in one export is true, in another "true" or
# "True"; numbers come as text too.
package policies.lib.app_settings

# What settings lack of what a control asks for: nothing is an empty set. They come as a set, which holds none if the evidence doesn't
# tell them. A setting that is missing, null or of the wrong type lacks everything.
#   enabled, disabled  settings that have to be on, or off
#   one_of             values that a setting may have, in any case
#   at_least, at_most  bounds of a number. By zero apps say that there is no limit, so zero is never at most something.
shortfalls(found, asked) := {"the evidence holds no settings"} if {
	count(_objects(found)) != 1
} else := {"the control asks for nothing"} if {
	every what in ["enabled", "disabled", "one_of", "at_least", "at_most"] {
		count(_asked(asked, what)) == 0
	}
} else := union({unmet |
	some settings in found
	some unmet in [
		{sprintf("%s is not on", [name]) | some name in _asked(asked, "enabled"); not _one_of(settings, name, ["true"])},
		{sprintf("%s is not off", [name]) | some name in _asked(asked, "disabled"); not _one_of(settings, name, ["false"])},
		{sprintf("%s is not %s", [name, concat(" or ", values)]) |
			some name, values in _asked(asked, "one_of")
			not _one_of(settings, name, values)
		},
		{sprintf("%s is not %v or more", [name, bound]) |
			some name, bound in _asked(asked, "at_least")
			not _at_least(settings, name, bound)
		},
		{sprintf("%s is not %v or less", [name, bound]) |
			some name, bound in _asked(asked, "at_most")
			not _at_most(settings, name, bound)
		},
	]
})

_objects(found) := {settings | some settings in found; is_object(settings)}

_asked(asked, what) := object.get(asked, what, [])

# These take the settings and a name, and not the value: OPA evaluates an argument before the "not", so that a missing setting would
# pass for one that is met.
_one_of(settings, name, values) if _word(settings[name]) in {lower(value) | some value in values}

_at_least(settings, name, bound) if _number(settings[name]) >= bound

_at_most(settings, name, bound) if {
	_number(settings[name]) <= bound
	_number(settings[name]) > 0
}

_word(value) := lower(trim_space(value)) if is_string(value)

_word(true) := "true"

_word(false) := "false"

_number(value) := value if is_number(value)

_number(value) := to_number(trim_space(value)) if {
	is_string(value)
	regex.match(`^[0-9]{1,15}(\.[0-9]{1,6})?$`, trim_space(value))
}
