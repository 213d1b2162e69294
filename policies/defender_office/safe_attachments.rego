package policies.defender_office.safe_attachments

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
everyone if mail_policy.suits_everyone(_family, [data.parameters])

# What that policy lacks, or why it can't be told which policy is in force.
reasons contains shortfall if some shortfall in _shortfalls

_shortfalls := mail_policy.shortfalls(mail_policy.in_force(_mailbox, _order), data.parameters)

_addressed if is_string(input.primarySmtpAddress)

_mailbox := mail_policy.mailbox(input.primarySmtpAddress, [address | _order.named.address != set(); some address in input.emailAddresses], input.groups, _order)

# Built-in protection covers whoever no rule takes, and its own doesn't leave out.
_order := mail_policy.order(_family) if mail_policy.known(_family)

_family := {
	"direction": "inbound",
	"names": "safeAttachmentPolicy",
	"presets": _presets,
	"rules": _rules,
	"policies": _policies,
	"groups": _groups,
	"fallback": [policy | some policy in _policies; policy.isBuiltInProtection == true],
	"built_in": _built_in,
}

# A document that is not in the evidence is null: a list that is left out is not an empty one.
default _rules := null

_rules := [mail_policy.rule(rule) | some rule in data.evidence.defender_office.safe_attachment_rules] if {
	is_array(data.evidence.defender_office.safe_attachment_rules)
}

default _policies := null

# All that parameters may ask for: notes and block lists make no difference, and what is wrong with them has no effect.
_policies := [policy |
	some record in data.evidence.defender_office.safe_attachment_policies
	policy := {
		"name": object.get(record, "name", null),
		"identity": object.get(record, "identity", null),
		"isDefault": object.get(record, "isDefault", null),
		"recommendedPolicyType": object.get(record, "recommendedPolicyType", null),
		"isBuiltInProtection": object.get(record, "isBuiltInProtection", null),
		"enable": object.get(record, "enable", null),
		"action": object.get(record, "action", null),
		"quarantineTag": object.get(record, "quarantineTag", null),
		"redirect": object.get(record, "redirect", null),
	}
] if {
	is_array(data.evidence.defender_office.safe_attachment_policies)
}

default _groups := null

_groups := data.evidence.exchange.groups

default _presets := null

_presets := [mail_policy.rule(rule) | some rule in data.evidence.defender_office.atp_preset_rules] if {
	is_array(data.evidence.defender_office.atp_preset_rules)
}

default _built_in := null

_built_in := [mail_policy.rule(rule) | some rule in data.evidence.defender_office.built_in_rules] if {
	is_array(data.evidence.defender_office.built_in_rules)
}
