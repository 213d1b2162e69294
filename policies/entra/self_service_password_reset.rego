package policies.entra.self_service_password_reset

default in_scope := true

# Only who is known to be disabled, or to be a guest, is left out.
in_scope := false if input.accountEnabled == false

in_scope := false if input.userType == "Guest"

default compliant := false

# Policy lets the user reset the password, registered for it or not.
compliant if input.registration.isSsprEnabled == true

reasons contains "self-service password reset is not known to be enabled for the user" if not compliant
