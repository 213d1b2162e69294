package policies.defender_office.outbound_spam_test

import data.policies.defender_office.outbound_spam

_ada := {
	"primarySmtpAddress": "ada@contoso.example",
	"recipientTypeDetails": "UserMailbox",
	"groups": [{"group": "execs@contoso.example", "member": "ada@contoso.example"}],
}

# A policy that meets every control of the family.
_good := {
	"identity": "Good",
	"recipientLimitExternalPerHour": 500,
	"recipientLimitInternalPerHour": 1000,
	"recipientLimitPerDay": 1000,
	"actionWhenThresholdReached": "BlockUser",
	"autoForwardingMode": "Off",
	"bccSuspiciousOutboundMail": true,
	"notifyOutboundSpam": true,
	"bccSuspiciousOutboundAdditionalRecipients": ["someone@contoso.example"],
	"notifyOutboundSpamRecipients": ["someone@contoso.example"],
}

# What each control asks for, and changes to the good policy that it must not accept.
_members := {
	"mdo_recipientexternallimitperhour": {
		"asked": {"at_most": {"recipientLimitExternalPerHour": 500}, "service_limit_counts": true},
		"spoiled": [{"recipientLimitExternalPerHour": 501}],
	},
	"mdo_recipientinternallimitperhour": {
		"asked": {"at_most": {"recipientLimitInternalPerHour": 1000}, "service_limit_counts": true},
		"spoiled": [{"recipientLimitInternalPerHour": 1001}],
	},
	"mdo_recipientlimitperday": {
		"asked": {"at_most": {"recipientLimitPerDay": 1000}, "service_limit_counts": true},
		"spoiled": [{"recipientLimitPerDay": 1001}],
	},
	"mdo_thresholdreachedaction": {
		"asked": {"one_of": {"actionWhenThresholdReached": ["BlockUser"]}, "service_limit_counts": true},
		"spoiled": [{"actionWhenThresholdReached": "BlockUserForToday"}],
	},
	"mdo_autoforwardingmode": {
		"asked": {"one_of": {"autoForwardingMode": ["Automatic", "Off"]}, "service_limit_counts": true},
		"spoiled": [{"autoForwardingMode": "On"}],
	},
	"mdo_blockmailforward": {
		"asked": {"one_of": {"autoForwardingMode": ["Off"]}, "service_limit_counts": true},
		"spoiled": [{"autoForwardingMode": "On"}],
	},
	"mdo_spam_notifications_only_for_admins": {
		"asked": {
			"enabled": ["bccSuspiciousOutboundMail", "notifyOutboundSpam"],
			"filled": ["bccSuspiciousOutboundAdditionalRecipients", "notifyOutboundSpamRecipients"],
			"service_limit_counts": true,
		},
		"spoiled": [
			{"bccSuspiciousOutboundMail": false},
			{"notifyOutboundSpam": false},
			{"bccSuspiciousOutboundAdditionalRecipients": []},
			{"notifyOutboundSpamRecipients": []},
		],
	},
}

_first := _members.mdo_recipientexternallimitperhour

# A rule that takes everybody, and names the good policy.
_rule := {
	"name": "Good",
	"state": "Enabled",
	"priority": 0,
	"hostedOutboundSpamFilterPolicy": "Good",
	"from": [],
	"fromMemberOf": [],
	"senderDomainIs": [],
	"exceptIfFrom": [],
	"exceptIfFromMemberOf": [],
	"exceptIfSenderDomainIs": [],
}

_compliant(mailbox, tenant, asked) if {
	outbound_spam.compliant with input as mailbox
		with data.evidence.defender_office as tenant
		with data.evidence.exchange.groups as [{"primarySmtpAddress": "execs@contoso.example"}]
		with data.parameters as asked
}

_reasons(mailbox, tenant, asked) := reasons if {
	reasons := outbound_spam.reasons with input as mailbox
		with data.evidence.defender_office as tenant
		with data.evidence.exchange.groups as [{"primarySmtpAddress": "execs@contoso.example"}]
		with data.parameters as asked
}

_tenant(rules, policies) := {"outbound_spam_rules": rules, "outbound_spam_policies": policies}

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
	rule := object.union(_rule, {"from": ["ada@contoso.example"]})
	asked := _first.asked

	_compliant(_ada, _tenant([rule], [_good, bad]), asked)
	not _compliant(_ada, _tenant([object.union(rule, {"state": "Disabled"})], [_good, bad]), asked)
	not _compliant(_ada, _tenant([object.union(rule, {"exceptIfFromMemberOf": ["execs@contoso.example"]})], [_good, bad]), asked)
	not _compliant(object.union(_ada, {"primarySmtpAddress": "bo@contoso.example"}), _tenant([rule], [_good, bad]), asked)

	# A rule may name any address of a mailbox.
	bo := object.union(_ada, {"primarySmtpAddress": "bo@contoso.example", "emailAddresses": ["smtp:bo@contoso.example", "smtp:ada@contoso.example"]})
	_compliant(bo, _tenant([rule], [_good, bad]), asked)
	not _compliant(object.union(bo, {"emailAddresses": ["sip:ada@contoso.example"]}), _tenant([rule], [_good, bad]), asked)
}

test_a_rule_for_a_group_that_is_not_in_the_evidence_is_not_met if {
	rule := object.union(_rule, {"fromMemberOf": ["board@contoso.example"]})
	policies := [object.union(_good, {"isDefault": true})]
	not _compliant(_ada, _tenant([rule], policies), _first.asked)
	_reasons(_ada, _tenant([rule], policies), _first.asked) == {"a rule that comes first has a state or conditions that can't be read"}
}

test_a_policy_that_is_not_in_the_evidence_is_not_met if {
	rule := object.union(_rule, {"hostedOutboundSpamFilterPolicy": "Gone"})
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

test_a_service_limit_counts_unless_refused if {
	every id in ["mdo_recipientexternallimitperhour", "mdo_recipientinternallimitperhour", "mdo_recipientlimitperday"] {
		some field, _ in _members[id].asked.at_most
		tenant := _alone(object.union(_good, {field: 0}))
		_compliant(_ada, tenant, _members[id].asked)
		not _compliant(_ada, tenant, object.union(_members[id].asked, {"service_limit_counts": false}))
		_compliant(_ada, _alone(_good), object.union(_members[id].asked, {"service_limit_counts": false}))
	}
}

test_people_are_in_scope if {
	outbound_spam.in_scope with input as _ada
	outbound_spam.in_scope with input as object.remove(_ada, ["recipientTypeDetails"])
	outbound_spam.in_scope with input as object.union(_ada, {"recipientTypeDetails": null})
	not outbound_spam.in_scope with input as object.union(_ada, {"recipientTypeDetails": "SharedMailbox"})
	not outbound_spam.in_scope with input as object.union(_ada, {"recipientTypeDetails": "RoomMailbox"})
}
