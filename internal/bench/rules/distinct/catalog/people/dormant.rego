package policies.people.dormant

default in_scope := true

default compliant := false

compliant if time.parse_rfc3339_ns(input.lastSignInDateTime) >= time.parse_rfc3339_ns(data.parameters.signed_in_since)

# New accounts are given time.
compliant if time.parse_rfc3339_ns(input.createdDateTime) >= time.parse_rfc3339_ns(data.parameters.created_since)
