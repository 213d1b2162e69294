package policies.defender_office.anti_phishing_test

import data.policies.defender_office.anti_phishing

_ada := {
	"primarySmtpAddress": "ada@contoso.example",
	"recipientTypeDetails": "UserMailbox",
	"groups": [{"group": "execs@contoso.example", "member": "ada@contoso.example"}],
}

# A policy that meets every control of the family.
_good := {
	"identity": "Good",
	"enabled": true,
	"enableMailboxIntelligence": true,
	"enableMailboxIntelligenceProtection": true,
	"enableSpoofIntelligence": true,
	"phishThresholdLevel": 2,
	"mailboxIntelligenceProtectionAction": "Quarantine",
	"enableTargetedUserProtection": true,
	"targetedUsersToProtect": ["someone@contoso.example"],
	"targetedUserProtectionAction": "Quarantine",
	"enableSimilarUsersSafetyTips": true,
	"enableUnusualCharactersSafetyTips": true,
	"enableOrganizationDomainsProtection": true,
	"enableTargetedDomainsProtection": true,
	"targetedDomainProtectionAction": "Quarantine",
	"enableSimilarDomainsSafetyTips": true,
}

# What each control asks for beside that the policy is on, and changes to the good policy that it must not accept.
_members := {
	"mdo_antiphishingpolicies": {
		"asked": {
			"enabled": [
				"enableMailboxIntelligence",
				"enableMailboxIntelligenceProtection",
				"enableSpoofIntelligence",
			],
			"at_least": {"phishThresholdLevel": 2},
		},
		"spoiled": [
			{"enableMailboxIntelligence": false},
			{"enableMailboxIntelligenceProtection": false},
			{"enableSpoofIntelligence": false},
			{"phishThresholdLevel": 1},
		],
	},
	"mdo_phishthresholdlevel": {"asked": {"at_least": {"phishThresholdLevel": 2}}, "spoiled": [{"phishThresholdLevel": 1}]},
	"mdo_enablemailboxintelligence": {
		"asked": {"enabled": ["enableMailboxIntelligence"]},
		"spoiled": [{"enableMailboxIntelligence": false}],
	},
	"mdo_mailboxintelligenceprotection": {
		"asked": {"enabled": ["enableMailboxIntelligence", "enableMailboxIntelligenceProtection"]},
		"spoiled": [{"enableMailboxIntelligence": false}, {"enableMailboxIntelligenceProtection": false}],
	},
	"mdo_mailboxintelligenceprotectionaction": {
		"asked": {
			"enabled": ["enableMailboxIntelligence", "enableMailboxIntelligenceProtection"],
			"one_of": {"mailboxIntelligenceProtectionAction": ["MoveToJmf", "Quarantine"]},
		},
		"spoiled": [
			{"enableMailboxIntelligence": false},
			{"enableMailboxIntelligenceProtection": false},
			{"mailboxIntelligenceProtectionAction": "NoAction"},
		],
	},
	"mdo_targetedusersprotection": {
		"asked": {"enabled": ["enableTargetedUserProtection"], "filled": ["targetedUsersToProtect"]},
		"spoiled": [{"enableTargetedUserProtection": false}, {"targetedUsersToProtect": []}],
	},
	"mdo_targeteduserprotectionaction": {
		"asked": {
			"enabled": ["enableTargetedUserProtection"],
			"one_of": {"targetedUserProtectionAction": ["Quarantine"]},
		},
		"spoiled": [{"enableTargetedUserProtection": false}, {"targetedUserProtectionAction": "NoAction"}],
	},
	"mdo_similaruserssafetytips": {
		"asked": {"enabled": ["enableTargetedUserProtection", "enableSimilarUsersSafetyTips"]},
		"spoiled": [{"enableTargetedUserProtection": false}, {"enableSimilarUsersSafetyTips": false}],
	},
	"mdo_unusualcharacterssafetytips": {
		"asked": {"enabled": ["enableTargetedUserProtection", "enableUnusualCharactersSafetyTips"]},
		"spoiled": [{"enableTargetedUserProtection": false}, {"enableUnusualCharactersSafetyTips": false}],
	},
	"mdo_enabledomainstoprotect": {
		"asked": {"enabled": ["enableOrganizationDomainsProtection", "enableTargetedDomainsProtection"]},
		"spoiled": [{"enableOrganizationDomainsProtection": false}, {"enableTargetedDomainsProtection": false}],
	},
	"mdo_targeteddomainprotectionaction": {
		"asked": {
			"enabled": ["enableOrganizationDomainsProtection", "enableTargetedDomainsProtection"],
			"one_of": {"targetedDomainProtectionAction": ["Quarantine"]},
		},
		"spoiled": [
			{"enableOrganizationDomainsProtection": false},
			{"enableTargetedDomainsProtection": false},
			{"targetedDomainProtectionAction": "NoAction"},
		],
	},
	"mdo_similardomainssafetytips": {
		"asked": {
			"enabled": [
				"enableOrganizationDomainsProtection",
				"enableTargetedDomainsProtection",
				"enableSimilarDomainsSafetyTips",
			],
		},
		"spoiled": [
			{"enableOrganizationDomainsProtection": false},
			{"enableTargetedDomainsProtection": false},
			{"enableSimilarDomainsSafetyTips": false},
		],
	},
}

_first := _members.mdo_antiphishingpolicies

# A rule that takes everybody, and names the good policy.
_rule := {
	"name": "Good",
	"state": "Enabled",
	"priority": 0,
	"antiPhishPolicy": "Good",
	"sentTo": [],
	"sentToMemberOf": [],
	"recipientDomainIs": [],
	"exceptIfSentTo": [],
	"exceptIfSentToMemberOf": [],
	"exceptIfRecipientDomainIs": [],
}

_compliant(mailbox, tenant, asked) if {
	anti_phishing.compliant with input as mailbox
		with data.evidence.defender_office as tenant
		with data.evidence.exchange.groups as [{"primarySmtpAddress": "execs@contoso.example"}]
		with data.parameters as asked
}

_reasons(mailbox, tenant, asked) := reasons if {
	reasons := anti_phishing.reasons with input as mailbox
		with data.evidence.defender_office as tenant
		with data.evidence.exchange.groups as [{"primarySmtpAddress": "execs@contoso.example"}]
		with data.parameters as asked
}

_tenant(rules, policies) := {"eop_preset_rules": [], "anti_phish_rules": rules, "anti_phish_policies": policies}

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

test_each_member_refuses_a_policy_that_is_not_known_to_be_on if {
	every member in _members {
		every enabled in [false, null, "true"] {
			not _compliant(_ada, _alone(object.union(_good, {"enabled": enabled})), member.asked)
		}
		not _compliant(_ada, _alone(object.remove(_good, ["enabled"])), member.asked)
		off := _alone(object.union(_good, {"enabled": false}))
		_reasons(_ada, off, member.asked) == {`policy "Good": enabled is not on`}
	}
}

test_asking_for_nothing_is_not_met if {
	not _compliant(_ada, _alone(_good), {"enabled": []})
	_reasons(_ada, _alone(_good), {"enabled": []}) == {`policy "Good": the control asks for nothing`}
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
	rule := object.union(_rule, {"antiPhishPolicy": "Gone"})
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

test_an_evaluation_may_apply if {
	evaluation := object.union(_good, {"identity": "Evaluation Policy", "recommendedPolicyType": "Evaluation"})
	policies := array.concat(_alone(_good).anti_phish_policies, [evaluation])
	tenant := object.union(_alone(_good), {"anti_phish_policies": policies})
	not _compliant(_ada, tenant, _first.asked)
	_reasons(_ada, tenant, _first.asked) == {"an evaluation policy may apply: whom it takes is not in the evidence"}
}

test_presets_come_first if {
	bad := object.remove(object.union(_good, {"identity": "Bad", "isDefault": true}), object.keys(_first.spoiled[0]))
	preset := object.union(_rule, {"identity": "strict preset security policy"})
	tenant := _tenant([], [_good, bad])
	asked := _first.asked

	_compliant(_ada, object.union(tenant, {"eop_preset_rules": [preset]}), asked)
	not _compliant(_ada, object.union(tenant, {"eop_preset_rules": [object.union(preset, {"state": "Disabled"})]}), asked)

	# A preset rule that names no policy of the family leaves open which one is in force.
	odd := object.remove(preset, ["antiPhishPolicy"])
	not _compliant(_ada, object.union(_alone(_good), {"eop_preset_rules": [odd]}), asked)
}

test_people_are_in_scope if {
	anti_phishing.in_scope with input as _ada
	anti_phishing.in_scope with input as object.remove(_ada, ["recipientTypeDetails"])
	anti_phishing.in_scope with input as object.union(_ada, {"recipientTypeDetails": null})
	not anti_phishing.in_scope with input as object.union(_ada, {"recipientTypeDetails": "SharedMailbox"})
	not anti_phishing.in_scope with input as object.union(_ada, {"recipientTypeDetails": "RoomMailbox"})
}

# Verdicts for everyone: by documents alone, and only with those that matter.
_default := object.union(_good, {"identity": "Office365 AntiPhish Default", "isDefault": true})

_standard := {
	"identity": "Standard Preset Security Policy",
	"state": "Enabled",
	"priority": 0,
	"antiPhishPolicy": "Good",
	"sentTo": [],
	"sentToMemberOf": [],
	"recipientDomainIs": [],
	"exceptIfSentTo": [],
	"exceptIfSentToMemberOf": [],
	"exceptIfRecipientDomainIs": [],
}

_whole := {"anti_phish_policies": [_default], "anti_phish_rules": [], "eop_preset_rules": []}

_asked := {"at_least": {"phishThresholdLevel": 2}}

test_everyone if {
	every case in [
		{"note": "the default decides", "office": _whole, "everyone": true},
		{"note": "the default is off", "office": object.union(_whole, {"anti_phish_policies": [object.union(_default, {"enabled": false})]}), "everyone": false},
		{"note": "without rules", "office": object.remove(_whole, ["anti_phish_rules"]), "everyone": false},
		{"note": "without presets", "office": object.remove(_whole, ["eop_preset_rules"]), "everyone": false},
		{"note": "without policies", "office": object.remove(_whole, ["anti_phish_policies"]), "everyone": false},
		{"note": "nothing", "office": {}, "everyone": false},
		{"note": "a preset for all", "office": {"eop_preset_rules": [_standard], "anti_phish_policies": [_good]}, "everyone": true},
	] {
		decided := count([1 | anti_phishing.everyone with data.evidence as {"defender_office": case.office} with data.parameters as _asked]) > 0
		case.everyone == decided
	}
}

test_whoever_is_known_complies_with_everyone if {
	anti_phishing.compliant with input as {"primarySmtpAddress": "no address at all", "groups": []}
		with data.evidence as {"defender_office": _whole, "exchange": {"groups": []}}
		with data.parameters as _asked
}
