package policies.hosts.host_builds

default in_scope := false

in_scope if input.lastSyncDateTime >= data.parameters.sync

default compliant := false

# Versions are major, minor, build and revision.
compliant if {
	parts := split(input.osVersion, ".")
	count(parts) == 4
	to_number(parts[2]) >= data.parameters.build
}
