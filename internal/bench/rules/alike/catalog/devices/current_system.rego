package policies.devices.current_system

default in_scope := false

# The operating system is one that has a lowest version.
in_scope if data.parameters.lowest[input.operatingSystem]

default compliant := false

# The major version is what comes before the first dot.
compliant if to_number(split(input.osVersion, ".")[0]) >= data.parameters.lowest[input.operatingSystem]
