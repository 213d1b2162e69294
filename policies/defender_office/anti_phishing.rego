package policies.defender_office.anti_phishing

import data.policies.lib.mail_policy

# Mailboxes of people count. A mailbox of an unknown kind is taken for a person's.
default in_scope := true

in_scope := false if mail_policy.impersonal(input.recipientTypeDetails)

# A mailbox complies when the one policy in force for it lacks nothing that the control asks for.
default compliant := false

compliant if _shortfalls == set()

# What that policy lacks, or why it can't be told which policy is in force.
reasons contains shortfall if some shortfall in _shortfalls

# Whatever the control asks for, a policy that is off does none of it ("enabled" is a switch of the policy itself, beside that of its rule).
_shortfalls := mail_policy.shortfalls(_found, data.parameters) | mail_policy.shortfalls(_found, {"enabled": ["enabled"]})

_found := mail_policy.in_force(_mailbox, _order)

_mailbox := mail_policy.mailbox(input.primarySmtpAddress, [address | _order.named.address != set(); some address in input.emailAddresses], input.groups, _order)

# The default policy covers whoever no rule takes.
_order := mail_policy.order({
	"direction": "inbound",
	"names": "antiPhishPolicy",
	"presets": [rule |
		some rule in data.evidence.defender_office.preset_rules
		not rule.scope == "atp"
	],
	"rules": data.evidence.defender_office.anti_phish_rules,
	"policies": data.evidence.defender_office.anti_phish_policies,
	"groups": data.evidence.exchange.groups,
	"fallback": [policy |
		some policy in data.evidence.defender_office.anti_phish_policies
		policy.isDefault == true
	],
})
