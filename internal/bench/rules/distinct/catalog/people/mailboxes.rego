package policies.people.mailboxes

default in_scope := true

default compliant := false

compliant if {
	input.mailbox.usedBytes / input.mailbox.quotaBytes <= data.parameters.share
	not _forwards_outside
}

_forwards_outside if {
	target := trim_prefix(lower(input.mailbox.forwardTo), "smtp:")
	not split(target, "@")[1] in data.parameters.domains
}
