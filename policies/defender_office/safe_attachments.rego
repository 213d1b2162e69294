package policies.defender_office.safe_attachments

import data.policies.lib.mail_policy

# Mailboxes of people count. A mailbox of an unknown kind is taken for a person's.
default in_scope := true

in_scope := false if mail_policy.impersonal(input.recipientTypeDetails)

# A mailbox complies when the one policy in force for it lacks nothing that the control asks for.
default compliant := false

compliant if _shortfalls == set()

# What that policy lacks, or why it can't be told which policy is in force.
reasons contains shortfall if some shortfall in _shortfalls

_shortfalls := mail_policy.shortfalls(mail_policy.in_force(_mailbox, _order), data.parameters)

_mailbox := mail_policy.mailbox(input.primarySmtpAddress, [address | _order.named.address != set(); some address in input.emailAddresses], input.groups, _order)

# Built-in protection covers whoever no rule takes, and its own doesn't leave out.
_order := mail_policy.order({
	"direction": "inbound",
	"names": "safeAttachmentPolicy",
	"presets": [rule |
		some rule in data.evidence.defender_office.preset_rules
		not rule.scope == "eop"
	],
	"rules": data.evidence.defender_office.safe_attachment_rules,
	"policies": data.evidence.defender_office.safe_attachment_policies,
	"groups": data.evidence.exchange.groups,
	"fallback": [policy |
		some policy in data.evidence.defender_office.safe_attachment_policies
		policy.isBuiltInProtection == true
	],
	"built_in": data.evidence.defender_office.built_in_rules,
})
