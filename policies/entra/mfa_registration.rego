package policies.entra.mfa_registration

default in_scope := true

# Only who is known to be disabled, or to be a guest, is left out.
in_scope := false if _disabled

in_scope := false if _guest

default compliant := false

# A method is registered.
compliant if input.registration.isMfaRegistered == true

# By Microsoft's documentation security defaults earn the full points.
compliant if {
	data.parameters.security_defaults_award_full_points == true
	data.evidence.entra.security_defaults.isEnabled == true
}

reasons contains "no method for multifactor authentication is known to be registered" if not compliant

_disabled if input.accountEnabled == false

_guest if input.userType == "Guest"
