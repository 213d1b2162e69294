package policies.people.risky_sessions

default in_scope := true

default compliant := false

compliant if count(_risky) == 0

_risky contains session.id if {
	some session in input.sessions
	time.parse_rfc3339_ns(session.createdDateTime) >= time.parse_rfc3339_ns(data.parameters.since)
	_suspicious(session)
}

_suspicious(session) if session.riskScore >= data.parameters.score

_suspicious(session) if session.clientAppUsed in data.parameters.legacy
