package policies.exchange.spf_records

# Every domain that the organization has mail for publishes which servers send it.
default compliant := false

compliant if {
	count(data.evidence.exchange.accepted_domains) > 0
	every domain in data.evidence.exchange.accepted_domains { lower(domain.domainName) in _published }
}

# The domains that don't, or why that can't be told.
reasons contains "the evidence has no accepted domain" if count(data.evidence.exchange.accepted_domains) == 0

reasons contains sprintf("no SPF record is known for %s", [domain.domainName]) if {
	some domain in data.evidence.exchange.accepted_domains
	not lower(domain.domainName) in _published
}

# RFC 7208, section 4.5: a record is SPF if it begins with this version, which ends there or is followed by a space.
_published contains lower(answer.domain) if {
	some answer in data.evidence.exchange.spf_records
	some record in answer.records
	regex.match(`(?i)^"?v=spf1( |"?$)`, record)
}
