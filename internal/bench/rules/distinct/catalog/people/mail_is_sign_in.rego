package policies.people.mail_is_sign_in

default in_scope := true

default compliant := false

# Both are the same, in any case.
compliant if lower(input.mail) == lower(input.userPrincipalName)
