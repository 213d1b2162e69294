package policies.defender_office.inbound_spam_test

import data.policies.defender_office.inbound_spam

_ada := {
	"primarySmtpAddress": "ada@contoso.example",
	"recipientTypeDetails": "UserMailbox",
	"groups": [{"group": "execs@contoso.example", "member": "ada@contoso.example"}],
}

# A policy that meets every control of the family.
_good := {
	"identity": "Good",
	"spamAction": "Quarantine",
	"highConfidenceSpamAction": "Quarantine",
	"phishSpamAction": "Quarantine",
	"highConfidencePhishAction": "Quarantine",
	"bulkSpamAction": "Quarantine",
	"markAsSpamBulkMail": "On",
	"bulkThreshold": 6,
	"quarantineRetentionPeriod": 30,
	"allowedSenders": [],
	"allowedSenderDomains": [],
	"phishZapEnabled": true,
	"spamZapEnabled": true,
}

# What each control asks for, and changes to the good policy that it must not accept.
_members := {
	"mdo_spamaction": {
		"asked": {"one_of": {"spamAction": ["MoveToJmf", "Quarantine"]}},
		"spoiled": [{"spamAction": "NoAction"}],
	},
	"mdo_highconfidencespamaction": {
		"asked": {"one_of": {"highConfidenceSpamAction": ["Quarantine"]}},
		"spoiled": [{"highConfidenceSpamAction": "NoAction"}],
	},
	"mdo_phisspamacation": {
		"asked": {"one_of": {"phishSpamAction": ["Quarantine"]}},
		"spoiled": [{"phishSpamAction": "NoAction"}],
	},
	"mdo_highconfidencephishaction": {
		"asked": {"one_of": {"highConfidencePhishAction": ["Quarantine"]}},
		"spoiled": [{"highConfidencePhishAction": "NoAction"}],
	},
	"mdo_bulkspamaction": {
		"asked": {"one_of": {"bulkSpamAction": ["MoveToJmf", "Quarantine"]}},
		"spoiled": [{"bulkSpamAction": "NoAction"}],
	},
	"mdo_bulkthreshold": {
		"asked": {"one_of": {"markAsSpamBulkMail": ["On"]}, "at_most": {"bulkThreshold": 6}},
		"spoiled": [{"markAsSpamBulkMail": "Off"}, {"bulkThreshold": 7}],
	},
	"mdo_quarantineretentionperiod": {
		"asked": {
			"at_least": {"quarantineRetentionPeriod": 30},
			"at_most": {"quarantineRetentionPeriod": 30},
		},
		"spoiled": [{"quarantineRetentionPeriod": 29}, {"quarantineRetentionPeriod": 31}],
	},
	"mdo_allowedsenderscombined": {
		"asked": {"empty": ["allowedSenders", "allowedSenderDomains"]},
		"spoiled": [{"allowedSenders": ["partner.example"]}, {"allowedSenderDomains": ["partner.example"]}],
	},
	"mdo_zapphish": {"asked": {"enabled": ["phishZapEnabled"]}, "spoiled": [{"phishZapEnabled": false}]},
	"mdo_zapspam": {"asked": {"enabled": ["spamZapEnabled"]}, "spoiled": [{"spamZapEnabled": false}]},
}

_first := _members.mdo_spamaction

# A rule that takes everybody, and names the good policy.
_rule := {
	"name": "Good",
	"state": "Enabled",
	"priority": 0,
	"hostedContentFilterPolicy": "Good",
	"sentTo": [],
	"sentToMemberOf": [],
	"recipientDomainIs": [],
	"exceptIfSentTo": [],
	"exceptIfSentToMemberOf": [],
	"exceptIfRecipientDomainIs": [],
}

_compliant(mailbox, tenant, asked) if {
	inbound_spam.compliant with input as mailbox
		with data.evidence.defender_office as tenant
		with data.evidence.exchange.groups as [{"primarySmtpAddress": "execs@contoso.example"}]
		with data.parameters as asked
}

_reasons(mailbox, tenant, asked) := reasons if {
	reasons := inbound_spam.reasons with input as mailbox
		with data.evidence.defender_office as tenant
		with data.evidence.exchange.groups as [{"primarySmtpAddress": "execs@contoso.example"}]
		with data.parameters as asked
}

_tenant(rules, policies) := {"eop_preset_rules": [], "spam_rules": rules, "spam_policies": policies}

_alone(policy) := _tenant([], [object.union(policy, {"isDefault": true})])

test_each_member_accepts_the_good_policy if {
	every member in _members { _compliant(_ada, _alone(_good), member.asked) }
}

test_each_member_refuses_a_spoiled_policy if {
	every member in _members {
		every change in member.spoiled {
			tenant := _alone(object.union(_good, change))
			not _compliant(_ada, tenant, member.asked)
			count(_reasons(_ada, tenant, member.asked)) > 0
		}
	}
}

test_each_member_refuses_a_policy_without_the_field if {
	every member in _members {
		every change in member.spoiled {
			tenant := _alone(object.remove(_good, object.keys(change)))
			not _compliant(_ada, tenant, member.asked)
			count(_reasons(_ada, tenant, member.asked)) > 0
		}
	}
}

test_the_policy_in_force_decides if {
	bad := object.remove(object.union(_good, {"identity": "Bad", "isDefault": true}), object.keys(_first.spoiled[0]))
	rule := object.union(_rule, {"sentTo": ["ada@contoso.example"]})
	asked := _first.asked

	_compliant(_ada, _tenant([rule], [_good, bad]), asked)
	not _compliant(_ada, _tenant([object.union(rule, {"state": "Disabled"})], [_good, bad]), asked)
	not _compliant(_ada, _tenant([object.union(rule, {"exceptIfSentToMemberOf": ["execs@contoso.example"]})], [_good, bad]), asked)
	not _compliant(object.union(_ada, {"primarySmtpAddress": "bo@contoso.example"}), _tenant([rule], [_good, bad]), asked)

	# A rule may name any address of a mailbox.
	bo := object.union(_ada, {"primarySmtpAddress": "bo@contoso.example", "emailAddresses": ["smtp:bo@contoso.example", "smtp:ada@contoso.example"]})
	_compliant(bo, _tenant([rule], [_good, bad]), asked)
	not _compliant(object.union(bo, {"emailAddresses": ["sip:ada@contoso.example"]}), _tenant([rule], [_good, bad]), asked)
}

test_a_rule_for_a_group_that_is_not_in_the_evidence_is_not_met if {
	rule := object.union(_rule, {"sentToMemberOf": ["board@contoso.example"]})
	policies := [object.union(_good, {"isDefault": true})]
	not _compliant(_ada, _tenant([rule], policies), _first.asked)
	_reasons(_ada, _tenant([rule], policies), _first.asked) == {"a rule that comes first has a state or conditions that can't be read"}
}

test_a_policy_that_is_not_in_the_evidence_is_not_met if {
	rule := object.union(_rule, {"hostedContentFilterPolicy": "Gone"})
	tenant := _tenant([rule], [object.union(_good, {"isDefault": true})])
	not _compliant(_ada, tenant, _first.asked)
	_reasons(_ada, tenant, _first.asked) == {"the policy of the rule that applies is not in the evidence"}
}

test_a_sole_policy_covers_nobody_unless_it_is_the_default if {
	_compliant(_ada, _tenant([], [object.union(_good, {"isDefault": true})]), _first.asked)
	not _compliant(_ada, _tenant([], [_good]), _first.asked)
	every value in [false, null] {
		not _compliant(_ada, _tenant([], [object.union(_good, {"isDefault": value})]), _first.asked)
	}
}

test_no_policy_at_all_is_not_met if {
	not _compliant(_ada, _tenant([], []), _first.asked)
	not _compliant(_ada, {}, _first.asked)
}

test_a_mailbox_without_address_is_not_met if {
	not _compliant(object.remove(_ada, ["primarySmtpAddress"]), _alone(_good), _first.asked)
}

test_presets_come_first if {
	bad := object.remove(object.union(_good, {"identity": "Bad", "isDefault": true}), object.keys(_first.spoiled[0]))
	preset := object.union(_rule, {"identity": "strict preset security policy"})
	tenant := _tenant([], [_good, bad])
	asked := _first.asked

	_compliant(_ada, object.union(tenant, {"eop_preset_rules": [preset]}), asked)
	not _compliant(_ada, object.union(tenant, {"eop_preset_rules": [object.union(preset, {"state": "Disabled"})]}), asked)

	# A preset rule that names no policy of the family leaves open which one is in force.
	odd := object.remove(preset, ["hostedContentFilterPolicy"])
	not _compliant(_ada, object.union(_alone(_good), {"eop_preset_rules": [odd]}), asked)
}

test_people_are_in_scope if {
	inbound_spam.in_scope with input as _ada
	inbound_spam.in_scope with input as object.remove(_ada, ["recipientTypeDetails"])
	inbound_spam.in_scope with input as object.union(_ada, {"recipientTypeDetails": null})
	not inbound_spam.in_scope with input as object.union(_ada, {"recipientTypeDetails": "SharedMailbox"})
	not inbound_spam.in_scope with input as object.union(_ada, {"recipientTypeDetails": "RoomMailbox"})
}
