package policies.users.licensed_members

default in_scope := true

in_scope := false if input.userType == "Guest"

in_scope := false if input.accountEnabled == false

default compliant := false

# The member has a license, whichever.
compliant if count(input.assignedLicenses) > 0
