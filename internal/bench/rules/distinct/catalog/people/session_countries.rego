package policies.people.session_countries

default in_scope := false

in_scope if count(input.sessions) > 0

default compliant := false

compliant if {
	every session in input.sessions {
		object.get(session, "country", "") in data.parameters.countries
	}
}
