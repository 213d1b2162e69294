package policies.people.address_domains

default in_scope := false

in_scope if count(input.proxyAddresses) > 0

default compliant := false

compliant if {
	every address in input.proxyAddresses {
		parts := split(lower(address), "@")
		parts[1] in data.parameters.domains
	}
}
