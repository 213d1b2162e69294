package policies.users.name_form

default in_scope := true

default compliant := false

# The name begins as the pattern says.
compliant if regex.match(data.parameters.pattern, input.userPrincipalName)
