package policies.entra.mfa_registration

default in_scope := true

# Only who is known to be disabled is left out, and guests if they don't count.
in_scope := false if input.accountEnabled == false

in_scope := false if {
	data.parameters.count_guests == false
	_guest
}

default compliant := false

# A method is registered.
compliant if {
	_enabled
	_registered
}

compliant if everyone

everyone if _awarded

reasons contains "no method for multifactor authentication is known to be registered" if {
	not _registered
	not compliant
}

reasons contains "the account is not known to be enabled" if {
	not _enabled
	not compliant
}

default _enabled := false

# Who is not known to be enabled counts, and does not comply: a disabled account would not count at all.
_enabled if input.accountEnabled == true

default _registered := false

_registered if input.registration.isMfaRegistered == true

# By Microsoft's documentation security defaults earn the full points.
_awarded if {
	data.parameters.security_defaults_award_full_points == true
	data.evidence.entra.security_defaults.isEnabled == true
}

_guest if input.userType == "Guest"

# Whom entra.users has no record of.
_guest if {
	not input.userType
	input.registration.userType == "guest"
}
