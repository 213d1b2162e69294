package policies.defender_office.safe_links_test

import data.policies.defender_office.safe_links

_ada := {
	"primarySmtpAddress": "ada@contoso.example",
	"recipientTypeDetails": "UserMailbox",
	"groups": [{"group": "execs@contoso.example", "member": "ada@contoso.example"}],
}

# A policy that meets every control of the family.
_good := {
	"identity": "Good",
	"enableSafeLinksForEmail": true,
	"enableSafeLinksForTeams": true,
	"enableSafeLinksForOffice": true,
	"trackClicks": true,
	"scanUrls": true,
	"enableForInternalSenders": true,
	"deliverMessageAfterScan": true,
	"allowClickThrough": false,
	"disableUrlRewrite": false,
}

# What each control asks for, and changes to the good policy that it must not accept.
_members := {
	"mdo_safelinksforemail": {
		"asked": {"enabled": ["enableSafeLinksForEmail"]},
		"spoiled": [{"enableSafeLinksForEmail": false}, {"enableSafeLinksForEmail": null}],
	},
	"mdo_safelinksforOfficeApps": {
		"asked": {
			"enabled": [
				"enableSafeLinksForEmail",
				"enableSafeLinksForTeams",
				"enableSafeLinksForOffice",
				"trackClicks",
				"scanUrls",
				"enableForInternalSenders",
				"deliverMessageAfterScan",
			],
			"disabled": ["allowClickThrough", "disableUrlRewrite"],
		},
		"spoiled": [
			{"enableSafeLinksForEmail": false},
			{"enableSafeLinksForTeams": false},
			{"enableSafeLinksForOffice": false},
			{"trackClicks": false},
			{"scanUrls": false},
			{"enableForInternalSenders": false},
			{"deliverMessageAfterScan": false},
			{"allowClickThrough": true},
			{"disableUrlRewrite": true},
		],
	},
}

_first := _members.mdo_safelinksforemail

# A rule that takes everybody, and names the good policy.
_rule := {
	"name": "Good",
	"state": "Enabled",
	"priority": 0,
	"safeLinksPolicy": "Good",
	"sentTo": [],
	"sentToMemberOf": [],
	"recipientDomainIs": [],
	"exceptIfSentTo": [],
	"exceptIfSentToMemberOf": [],
	"exceptIfRecipientDomainIs": [],
}

_compliant(mailbox, tenant, asked) if {
	safe_links.compliant with input as mailbox
		with data.evidence.defender_office as tenant
		with data.evidence.exchange.groups as [{"primarySmtpAddress": "execs@contoso.example"}]
		with data.parameters as asked
}

_reasons(mailbox, tenant, asked) := reasons if {
	reasons := safe_links.reasons with input as mailbox
		with data.evidence.defender_office as tenant
		with data.evidence.exchange.groups as [{"primarySmtpAddress": "execs@contoso.example"}]
		with data.parameters as asked
}

# Built-in protection leaves nobody out, unless a case says otherwise.
_built_in := {
	"identity": "ATP Built-In Protection Rule",
	"state": "Enabled",
	"exceptIfSentTo": [],
	"exceptIfSentToMemberOf": [],
	"exceptIfRecipientDomainIs": [],
}

_tenant(rules, policies) := {
	"built_in_rules": [_built_in],
	"atp_preset_rules": [],
	"safe_links_rules": rules,
	"safe_links_policies": policies,
}

_alone(policy) := _tenant([], [object.union(policy, {"isBuiltInProtection": true})])

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

# As the service makes it.
test_built_in_protection_counts_for_mail if {
	built_in := _alone(object.union(_good, {"enableForInternalSenders": false, "disableUrlRewrite": true, "allowClickThrough": true}))
	_compliant(_ada, built_in, _first.asked)
	not _compliant(_ada, built_in, {"enabled": ["enableSafeLinksForEmail", "enableForInternalSenders"]})
}

test_the_policy_in_force_decides if {
	bad := object.remove(object.union(_good, {"identity": "Bad", "isBuiltInProtection": true}), object.keys(_first.spoiled[0]))
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

test_built_in_protection_protects_nobody_whom_it_leaves_out if {
	excepted := {"built_in_rules": [object.union(_built_in, {"exceptIfSentToMemberOf": ["execs@contoso.example"]})]}
	covered := object.union(_alone(_good), excepted)
	bo := {"primarySmtpAddress": "bo@contoso.example", "groups": []}
	custom := object.union(_tenant([_rule], [_good]), excepted)

	not _compliant(_ada, covered, _first.asked)
	_reasons(_ada, covered, _first.asked) == {"it is left out of the policy that covers everybody else"}
	_compliant(bo, covered, _first.asked)
	_compliant(_ada, custom, _first.asked)
}

test_built_in_protection_needs_its_rule if {
	every rules in [[], [_built_in, _built_in], [object.remove(_built_in, ["state"])], [object.union(_built_in, {"exceptIfSentTo": null})]] {
		tenant := object.union(_alone(_good), {"built_in_rules": rules})
		not _compliant(_ada, tenant, _first.asked)
		_reasons(_ada, tenant, _first.asked) == {"a rule that comes first has a state or conditions that can't be read"}
	}
	not _compliant(_ada, object.remove(_alone(_good), ["built_in_rules"]), _first.asked)
	not _compliant(_ada, object.union(_alone(_good), {"built_in_rules": [object.union(_built_in, {"state": "Disabled"})]}), _first.asked)
}

test_a_rule_for_a_group_that_is_not_in_the_evidence_is_not_met if {
	rule := object.union(_rule, {"sentToMemberOf": ["board@contoso.example"]})
	policies := [object.union(_good, {"isBuiltInProtection": true})]
	not _compliant(_ada, _tenant([rule], policies), _first.asked)
	_reasons(_ada, _tenant([rule], policies), _first.asked) == {"a rule that comes first has a state or conditions that can't be read"}
}

test_a_policy_that_is_not_in_the_evidence_is_not_met if {
	rule := object.union(_rule, {"safeLinksPolicy": "Gone"})
	tenant := _tenant([rule], [object.union(_good, {"isBuiltInProtection": true})])
	not _compliant(_ada, tenant, _first.asked)
	_reasons(_ada, tenant, _first.asked) == {"the policy of the rule that applies is not in the evidence"}
}

test_a_sole_policy_covers_nobody_unless_it_is_the_default if {
	_compliant(_ada, _tenant([], [object.union(_good, {"isBuiltInProtection": true})]), _first.asked)
	not _compliant(_ada, _tenant([], [_good]), _first.asked)
	every value in [false, null] {
		not _compliant(_ada, _tenant([], [object.union(_good, {"isBuiltInProtection": value})]), _first.asked)
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
	policies := array.concat(_alone(_good).safe_links_policies, [evaluation])
	tenant := object.union(_alone(_good), {"safe_links_policies": policies})
	not _compliant(_ada, tenant, _first.asked)
	_reasons(_ada, tenant, _first.asked) == {"an evaluation policy may apply: whom it takes is not in the evidence"}
}

test_presets_come_first if {
	bad := object.remove(object.union(_good, {"identity": "Bad", "isBuiltInProtection": true}), object.keys(_first.spoiled[0]))
	preset := object.union(_rule, {"identity": "strict preset security policy"})
	tenant := _tenant([], [_good, bad])
	asked := _first.asked

	_compliant(_ada, object.union(tenant, {"atp_preset_rules": [preset]}), asked)
	not _compliant(_ada, object.union(tenant, {"atp_preset_rules": [object.union(preset, {"state": "Disabled"})]}), asked)

	# A preset rule that names no policy of the family leaves open which one is in force.
	odd := object.remove(preset, ["safeLinksPolicy"])
	not _compliant(_ada, object.union(_alone(_good), {"atp_preset_rules": [odd]}), asked)
}

test_people_are_in_scope if {
	safe_links.in_scope with input as _ada
	safe_links.in_scope with input as object.remove(_ada, ["recipientTypeDetails"])
	safe_links.in_scope with input as object.union(_ada, {"recipientTypeDetails": null})
	not safe_links.in_scope with input as object.union(_ada, {"recipientTypeDetails": "SharedMailbox"})
	not safe_links.in_scope with input as object.union(_ada, {"recipientTypeDetails": "RoomMailbox"})
}

# Verdicts for everyone: by documents alone, and only with those that matter.
_catch_all := {
	"state": "Enabled",
	"priority": 0,
	"sentTo": [],
	"sentToMemberOf": [],
	"recipientDomainIs": [],
	"exceptIfSentTo": [],
	"exceptIfSentToMemberOf": [],
	"exceptIfRecipientDomainIs": [],
}

_all_of_it := {
	"safe_links_policies": [object.union(_good, {"isBuiltInProtection": true})],
	"safe_links_rules": [],
	"atp_preset_rules": [],
	"built_in_rules": [_catch_all],
}

test_everyone if {
	every case in [
		{"note": "built-in protection", "office": _all_of_it, "everyone": true},
		{"note": "with an exception", "office": object.union(_all_of_it, {"built_in_rules": [object.union(_catch_all, {"exceptIfSentTo": ["ada@contoso.example"]})]}), "everyone": false},
		{"note": "without its rule", "office": object.remove(_all_of_it, ["built_in_rules"]), "everyone": false},
		{"note": "without rules", "office": object.remove(_all_of_it, ["safe_links_rules"]), "everyone": false},
		{
			"note": "a custom policy for all",
			"office": object.union(object.remove(_all_of_it, ["built_in_rules"]), {"safe_links_rules": [object.union(_catch_all, {"safeLinksPolicy": "Good"})]}),
			"everyone": true,
		},
	] {
		decided := count([1 | safe_links.everyone with data.evidence as {"defender_office": case.office} with data.parameters as {"enabled": ["enableSafeLinksForEmail"]}]) > 0
		case.everyone == decided
	}
}
