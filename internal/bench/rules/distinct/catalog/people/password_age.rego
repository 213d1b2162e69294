package policies.people.password_age

default in_scope := true

default compliant := false

_day := ((24 * 60) * 60) * 1000000000

_now := time.parse_rfc3339_ns(data.now)

# The password was changed within these days.
compliant if {
	changed := time.parse_rfc3339_ns(input.lastPasswordChangeDateTime)
	_now - changed <= data.parameters.days * _day
}
