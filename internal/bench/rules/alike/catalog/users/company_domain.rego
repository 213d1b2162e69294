package policies.users.company_domain

default in_scope := true

in_scope := false if input.userType == "Guest"

default compliant := false

# The domain follows the at sign, in any case.
compliant if endswith(lower(input.userPrincipalName), concat("", ["@", data.parameters.domain]))
