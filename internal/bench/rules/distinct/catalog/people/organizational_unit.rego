package policies.people.organizational_unit

default in_scope := false

in_scope if contains(input.onPremisesDistinguishedName, "DC=")

default compliant := false

compliant if {
	parts := split(input.onPremisesDistinguishedName, ",")
	parts[1] == sprintf("OU=%s", [input.department])
	endswith(input.onPremisesDistinguishedName, data.parameters.root)
}
