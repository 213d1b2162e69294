package policies.users.guests_without_roles

default in_scope := true

in_scope := false if input.userType == "Member"

default compliant := false

# The guest holds no role.
compliant if count(input.roles) == 0
