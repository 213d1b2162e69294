package policies.hosts.host_software

default in_scope := true

default compliant := false

compliant if {
	count(input.software) > 0
	not _installs_forbidden
}

_installs_forbidden if {
	some app in input.software
	name := lower(app.name)
	some word in data.parameters.forbidden
	contains(name, word)
}
