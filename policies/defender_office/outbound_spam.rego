package policies.defender_office.outbound_spam

import data.policies.lib.mail_policy

# Mailboxes of people count. A mailbox of an unknown kind is taken for a person's.
default in_scope := true

in_scope := false if mail_policy.impersonal(input.recipientTypeDetails)

# A mailbox complies when the one policy in force for it lacks nothing that the control asks for.
default compliant := false

compliant if _shortfalls == set()

compliant if {
	everyone
	_addressed
}

# Whoever has a mailbox is under a policy that lacks nothing.
everyone if mail_policy.suits_everyone(_family, [_asked])

# What that policy lacks, or why it can't be told which policy is in force.
reasons contains shortfall if some shortfall in _shortfalls

_shortfalls := mail_policy.shortfalls(mail_policy.in_force(_mailbox, _order), _asked)

_addressed if is_string(input.primarySmtpAddress)

_mailbox := mail_policy.mailbox(input.primarySmtpAddress, [address | _order.named.address != set(); some address in input.emailAddresses], input.groups, _order)

# Rules name senders here, and presets have no outbound policy.
_order := mail_policy.order(_family) if mail_policy.known(_family)

_family := {
	"direction": "outbound",
	"names": "hostedOutboundSpamFilterPolicy",
	"presets": [],
	"rules": _rules,
	"policies": _policies,
	"groups": _groups,
	"fallback": [policy | some policy in _policies; policy.isDefault == true],
}

# A document that is not in the evidence is null: a list that is left out is not an empty one.
default _rules := null

_rules := [mail_policy.rule(rule) | some rule in data.evidence.defender_office.outbound_spam_rules] if {
	is_array(data.evidence.defender_office.outbound_spam_rules)
}

default _policies := null

# All that parameters may ask for: notes and block lists make no difference, and what is wrong with them has no effect.
_policies := [policy |
	some record in data.evidence.defender_office.outbound_spam_policies
	policy := {
		"name": object.get(record, "name", null),
		"identity": object.get(record, "identity", null),
		"isDefault": object.get(record, "isDefault", null),
		"recommendedPolicyType": object.get(record, "recommendedPolicyType", null),
		"enabled": object.get(record, "enabled", null),
		"recipientLimitExternalPerHour": object.get(record, "recipientLimitExternalPerHour", null),
		"recipientLimitInternalPerHour": object.get(record, "recipientLimitInternalPerHour", null),
		"recipientLimitPerDay": object.get(record, "recipientLimitPerDay", null),
		"actionWhenThresholdReached": object.get(record, "actionWhenThresholdReached", null),
		"autoForwardingMode": object.get(record, "autoForwardingMode", null),
		"bccSuspiciousOutboundMail": object.get(record, "bccSuspiciousOutboundMail", null),
		"bccSuspiciousOutboundAdditionalRecipients": object.get(record, "bccSuspiciousOutboundAdditionalRecipients", null),
		"notifyOutboundSpam": object.get(record, "notifyOutboundSpam", null),
		"notifyOutboundSpamRecipients": object.get(record, "notifyOutboundSpamRecipients", null),
	}
] if {
	is_array(data.evidence.defender_office.outbound_spam_policies)
}

default _groups := null

_groups := data.evidence.exchange.groups

# A recipient limit of 0 leaves it at the limit of the service. That counts as low enough, unless the organization wants a limit of
# its own.
_asked := data.parameters if data.parameters.service_limit_counts == true

_asked := object.union(data.parameters, {"at_least": {field: 1 | some field, _ in data.parameters.at_most}}) if {
	data.parameters.service_limit_counts == false
}
