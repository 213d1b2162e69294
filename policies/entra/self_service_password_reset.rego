package policies.entra.self_service_password_reset

default in_scope := true

# Only who is known to be disabled is left out, and guests if they don't count.
in_scope := false if input.accountEnabled == false

in_scope := false if {
	data.parameters.count_guests == false
	_guest
}

default compliant := false

# Policy lets the user reset the password, registered for it or not.
compliant if {
	_enabled
	_resets
}

reasons contains "self-service password reset is not known to be enabled for the user" if not _resets

reasons contains "the account is not known to be enabled" if {
	not _enabled
	not compliant
}

default _enabled := false

# Who is not known to be enabled counts, and does not comply: a disabled account would not count at all.
_enabled if input.accountEnabled == true

default _resets := false

_resets if input.registration.isSsprEnabled == true

_guest if input.userType == "Guest"

# Whom entra.users has no record of.
_guest if {
	not input.userType
	input.registration.userType == "guest"
}
