package policies.users.known_locations

default in_scope := true

default compliant := false

# The company has an office there.
compliant if input.usageLocation in data.parameters.locations
