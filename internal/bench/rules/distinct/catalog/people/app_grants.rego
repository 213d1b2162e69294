package policies.people.app_grants

default in_scope := false

in_scope if count(input.grants) > 0

default compliant := false

compliant if {
	count(_dangerous) == 0
	every grant in input.grants {
		time.parse_rfc3339_ns(grant.grantedDateTime) >= time.parse_rfc3339_ns(data.parameters.since)
	}
}

_dangerous contains scope if {
	some grant in input.grants
	some scope in split(grant.scope, " ")
	scope in data.parameters.dangerous
}
