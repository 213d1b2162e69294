package policies.defender_office.anti_phishing

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
everyone if mail_policy.suits_everyone(_family, [data.parameters, {"enabled": ["enabled"]}])

# What that policy lacks, or why it can't be told which policy is in force.
reasons contains shortfall if some shortfall in _shortfalls

# Whatever the control asks for, a policy that is off does none of it ("enabled" is a switch of the policy itself, beside that of its rule).
_shortfalls := mail_policy.shortfalls(_found, data.parameters) | mail_policy.shortfalls(_found, {"enabled": ["enabled"]})

_found := mail_policy.in_force(_mailbox, _order)

_addressed if is_string(input.primarySmtpAddress)

_mailbox := mail_policy.mailbox(input.primarySmtpAddress, [address | _order.named.address != set(); some address in input.emailAddresses], input.groups, _order)

# The default policy covers whoever no rule takes.
_order := mail_policy.order(_family) if mail_policy.known(_family)

_family := {
	"direction": "inbound",
	"names": "antiPhishPolicy",
	"presets": _presets,
	"rules": _rules,
	"policies": _policies,
	"groups": _groups,
	"fallback": [policy | some policy in _policies; policy.isDefault == true],
}

# A document that is not in the evidence is null: a list that is left out is not an empty one.
default _rules := null

_rules := [mail_policy.rule(rule) | some rule in data.evidence.defender_office.anti_phish_rules] if {
	is_array(data.evidence.defender_office.anti_phish_rules)
}

default _policies := null

# All that parameters may ask for: notes and block lists make no difference, and what is wrong with them has no effect.
_policies := [policy |
	some record in data.evidence.defender_office.anti_phish_policies
	policy := {
		"name": object.get(record, "name", null),
		"identity": object.get(record, "identity", null),
		"isDefault": object.get(record, "isDefault", null),
		"recommendedPolicyType": object.get(record, "recommendedPolicyType", null),
		"enabled": object.get(record, "enabled", null),
		"impersonationProtectionState": object.get(record, "impersonationProtectionState", null),
		"phishThresholdLevel": object.get(record, "phishThresholdLevel", null),
		"enableMailboxIntelligence": object.get(record, "enableMailboxIntelligence", null),
		"enableMailboxIntelligenceProtection": object.get(record, "enableMailboxIntelligenceProtection", null),
		"mailboxIntelligenceProtectionAction": object.get(record, "mailboxIntelligenceProtectionAction", null),
		"enableTargetedUserProtection": object.get(record, "enableTargetedUserProtection", null),
		"targetedUsersToProtect": object.get(record, "targetedUsersToProtect", null),
		"targetedUserProtectionAction": object.get(record, "targetedUserProtectionAction", null),
		"enableOrganizationDomainsProtection": object.get(record, "enableOrganizationDomainsProtection", null),
		"enableTargetedDomainsProtection": object.get(record, "enableTargetedDomainsProtection", null),
		"targetedDomainsToProtect": object.get(record, "targetedDomainsToProtect", null),
		"targetedDomainProtectionAction": object.get(record, "targetedDomainProtectionAction", null),
		"enableSpoofIntelligence": object.get(record, "enableSpoofIntelligence", null),
		"authenticationFailAction": object.get(record, "authenticationFailAction", null),
		"honorDmarcPolicy": object.get(record, "honorDmarcPolicy", null),
		"dmarcRejectAction": object.get(record, "dmarcRejectAction", null),
		"dmarcQuarantineAction": object.get(record, "dmarcQuarantineAction", null),
		"enableFirstContactSafetyTips": object.get(record, "enableFirstContactSafetyTips", null),
		"enableSimilarUsersSafetyTips": object.get(record, "enableSimilarUsersSafetyTips", null),
		"enableSimilarDomainsSafetyTips": object.get(record, "enableSimilarDomainsSafetyTips", null),
		"enableUnusualCharactersSafetyTips": object.get(record, "enableUnusualCharactersSafetyTips", null),
		"enableUnauthenticatedSender": object.get(record, "enableUnauthenticatedSender", null),
		"enableViaTag": object.get(record, "enableViaTag", null),
		"excludedSenders": object.get(record, "excludedSenders", null),
		"excludedDomains": object.get(record, "excludedDomains", null),
		"targetedUserQuarantineTag": object.get(record, "targetedUserQuarantineTag", null),
		"targetedDomainQuarantineTag": object.get(record, "targetedDomainQuarantineTag", null),
		"mailboxIntelligenceQuarantineTag": object.get(record, "mailboxIntelligenceQuarantineTag", null),
		"spoofQuarantineTag": object.get(record, "spoofQuarantineTag", null),
	}
] if {
	is_array(data.evidence.defender_office.anti_phish_policies)
}

default _groups := null

_groups := data.evidence.exchange.groups

default _presets := null

_presets := [mail_policy.rule(rule) | some rule in data.evidence.defender_office.eop_preset_rules] if {
	is_array(data.evidence.defender_office.eop_preset_rules)
}
