package policies.exchange.spf_records

# Every domain that the organization has mail for publishes, in one record, which servers send it.
default compliant := false

compliant if {
	count(data.evidence.exchange.accepted_domains) > 0
	every domain in data.evidence.exchange.accepted_domains { count(_published[domain.domainName]) == 1 }
}

# The domains that don't, or why that can't be told.
reasons contains "the evidence has no accepted domain" if count(data.evidence.exchange.accepted_domains) == 0

reasons contains sprintf("no SPF record is known for %s", [domain.domainName]) if {
	some domain in data.evidence.exchange.accepted_domains
	not _published[domain.domainName]
}

reasons contains sprintf("%s has %d SPF records, which make a permanent error together", [domain.domainName, many]) if {
	some domain in data.evidence.exchange.accepted_domains
	many := count(_published[domain.domainName])
	many > 1
}

# The SPF records of each domain that has any. RFC 7208, section 4.5: a record is SPF if it begins with this version, which ends there or
# is followed by a space; more than one is a permanent error.
_published[answer.domain] contains record if {
	some answer in data.evidence.exchange.spf_records
	some record in answer.records
	regex.match(`(?i)^"?v=spf1( |"?$)`, record)
}
