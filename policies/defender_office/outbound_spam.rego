package policies.defender_office.outbound_spam

import data.policies.lib.mail_policy

# Mailboxes of people count. A mailbox of an unknown kind is taken for a person's.
default in_scope := true

in_scope := false if mail_policy.impersonal(input.recipientTypeDetails)

# A mailbox complies when the one policy in force for it lacks nothing that the control asks for.
default compliant := false

compliant if _shortfalls == set()

# What that policy lacks, or why it can't be told which policy is in force.
reasons contains shortfall if some shortfall in _shortfalls

_shortfalls := mail_policy.shortfalls(mail_policy.in_force(_mailbox, _order), _asked)

_mailbox := mail_policy.mailbox(input.primarySmtpAddress, [address | _order.named.address != set(); some address in input.emailAddresses], input.groups, _order)

# Rules name senders here, and presets have no outbound policy.
_order := mail_policy.order({
	"direction": "outbound",
	"names": "hostedOutboundSpamFilterPolicy",
	"presets": [],
	"rules": data.evidence.defender_office.outbound_spam_rules,
	"policies": data.evidence.defender_office.outbound_spam_policies,
	"groups": data.evidence.exchange.groups,
	"fallback": [policy |
		some policy in data.evidence.defender_office.outbound_spam_policies
		policy.isDefault == true
	],
})

# A recipient limit of 0 leaves it at the limit of the service. That counts as low enough, unless the organization wants a limit of
# its own.
_asked := data.parameters if data.parameters.service_limit_counts == true

_asked := object.union(data.parameters, {"at_least": {field: 1 | some field, _ in data.parameters.at_most}}) if {
	data.parameters.service_limit_counts == false
}
