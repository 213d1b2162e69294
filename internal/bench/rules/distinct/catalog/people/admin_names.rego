package policies.people.admin_names

default in_scope := false

in_scope if startswith(lower(input.userPrincipalName), data.parameters.prefix)

default compliant := false

compliant if regex.match(data.parameters.pattern, input.userPrincipalName)
