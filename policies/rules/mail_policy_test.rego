package policies.rules.mail_policy_test

import data.policies.rules.mail_policy

# One control or two of each family, with a policy that meets them, and changes to it that they must not accept. Constants are those of the
# family's file, with the fields that the policy has here.
_families := {
	"anti_phishing": {
		"constants": _eop("antiPhishPolicy", [{"enabled": ["enabled"]}]),
		"good": {
			"enabled": true,
			"enableMailboxIntelligence": true,
			"phishThresholdLevel": 2,
			"enableTargetedUserProtection": true,
			"targetedUsersToProtect": ["someone@contoso.example"],
			"targetedUserProtectionAction": "Quarantine",
		},
		"members": [
			{
				"asked": {"enabled": ["enableMailboxIntelligence"], "at_least": {"phishThresholdLevel": 2}},
				"spoiled": [{"enableMailboxIntelligence": false}, {"phishThresholdLevel": 1}, {"enabled": false}, {"enabled": "true"}],
			},
			{
				"asked": {"enabled": ["enableTargetedUserProtection"], "filled": ["targetedUsersToProtect"]},
				"spoiled": [{"enableTargetedUserProtection": false}, {"targetedUsersToProtect": []}, {"enabled": null}],
			},
		],
	},
	"inbound_spam": {
		"constants": _eop("hostedContentFilterPolicy", []),
		"good": {
			"spamAction": "Quarantine",
			"markAsSpamBulkMail": "On",
			"bulkThreshold": 6,
			"quarantineRetentionPeriod": 30,
			"allowedSenders": [],
		},
		"members": [
			{"asked": {"one_of": {"spamAction": ["MoveToJmf", "Quarantine"]}}, "spoiled": [{"spamAction": "NoAction"}]},
			{
				"asked": {"one_of": {"markAsSpamBulkMail": ["On"]}, "at_most": {"bulkThreshold": 6}},
				"spoiled": [{"markAsSpamBulkMail": "Off"}, {"bulkThreshold": 7}],
			},
			{
				"asked": {"at_least": {"quarantineRetentionPeriod": 30}, "at_most": {"quarantineRetentionPeriod": 30}},
				"spoiled": [{"quarantineRetentionPeriod": 29}, {"quarantineRetentionPeriod": 31}],
			},
			{"asked": {"empty": ["allowedSenders"]}, "spoiled": [{"allowedSenders": ["partner.example"]}]},
		],
	},
	"malware": {
		"constants": _eop("malwareFilterPolicy", []),
		"good": {"enableFileFilter": true},
		"members": [{"asked": {"enabled": ["enableFileFilter"]}, "spoiled": [{"enableFileFilter": false}]}],
	},
	"outbound_spam": {
		"constants": object.union(_eop("hostedOutboundSpamFilterPolicy", []), {"direction": "outbound"}),
		"good": {"recipientLimitPerDay": 1000, "autoForwardingMode": "Off"},
		"members": [
			{"asked": {"at_most": {"recipientLimitPerDay": 1000}}, "spoiled": [{"recipientLimitPerDay": 1001}]},
			{"asked": {"one_of": {"autoForwardingMode": ["Automatic", "Off"]}}, "spoiled": [{"autoForwardingMode": "On"}]},
		],
	},
	"safe_attachments": {
		"constants": _atp("safeAttachmentPolicy"),
		"good": {"enable": true, "action": "Block", "redirect": false},
		"members": [{
			"asked": {"enabled": ["enable"], "disabled": ["redirect"], "one_of": {"action": ["Block"]}},
			"spoiled": [{"enable": false}, {"redirect": true}, {"action": "Allow"}],
		}],
	},
	"safe_links": {
		"constants": _atp("safeLinksPolicy"),
		"good": {"enableSafeLinksForEmail": true, "allowClickThrough": false},
		"members": [
			{"asked": {"enabled": ["enableSafeLinksForEmail"]}, "spoiled": [{"enableSafeLinksForEmail": false}, {"enableSafeLinksForEmail": null}]},
			{"asked": {"disabled": ["allowClickThrough"]}, "spoiled": [{"allowClickThrough": true}]},
		],
	},
}

_eop(names, always) := {"direction": "inbound", "fallback": "isDefault", "names": names, "always": always}

_atp(names) := {"direction": "inbound", "fallback": "isBuiltInProtection", "names": names, "always": []}

_ada := {
	"primarySmtpAddress": "ada@contoso.example",
	"recipientTypeDetails": "UserMailbox",
	"groups": [{"group": "execs@contoso.example", "member": "ada@contoso.example"}],
}

_bo := object.union(_ada, {"primarySmtpAddress": "bo@contoso.example", "groups": []})

_good(family) := object.union(family.good, {"identity": "Good"})

# A policy that the first control of the family does not accept.
_bad(family) := object.union(object.remove(family.good, object.keys(family.members[0].spoiled[0])), {"identity": "Bad"})

_fallback(family, policy) := object.union(policy, {family.constants.fallback: true})

# A rule that takes everybody, and names the good policy.
_rule(family) := {
	"name": "Good",
	"state": "Enabled",
	"priority": 0,
	family.constants.names: "Good",
	_field(family, "sentTo"): [],
	_field(family, "sentToMemberOf"): [],
	_field(family, "recipientDomainIs"): [],
	_field(family, "exceptIfSentTo"): [],
	_field(family, "exceptIfSentToMemberOf"): [],
	_field(family, "exceptIfRecipientDomainIs"): [],
}

# The field of a rule, by what it is called where rules name recipients.
_field(family, name) := name if family.constants.direction == "inbound"

_field(family, name) := {
	"sentTo": "from",
	"sentToMemberOf": "fromMemberOf",
	"recipientDomainIs": "senderDomainIs",
	"exceptIfSentTo": "exceptIfFrom",
	"exceptIfSentToMemberOf": "exceptIfFromMemberOf",
	"exceptIfRecipientDomainIs": "exceptIfSenderDomainIs",
}[name] if {
	family.constants.direction == "outbound"
}

# Built-in protection leaves nobody out, unless a case says otherwise.
_built_in := {
	"identity": "ATP Built-In Protection Rule",
	"state": "Enabled",
	"exceptIfSentTo": [],
	"exceptIfSentToMemberOf": [],
	"exceptIfRecipientDomainIs": [],
}

_documents(rules, policies) := {
	"presets": [],
	"built_in": [_built_in],
	"rules": rules,
	"policies": policies,
	"groups": [{"primarySmtpAddress": "execs@contoso.example"}],
}

_alone(family, policy) := _documents([], [_fallback(family, policy)])

_parameters(asked) := object.union({"service_limit_counts": true}, asked)

_constants(family) := object.union(family.constants, {"fields": [field | some field, _ in family.good]})

_compliant(family, mailbox, documents, asked) if {
	mail_policy.compliant with input as mailbox
		with data.context as documents
		with data.constants as _constants(family)
		with data.parameters as _parameters(asked)
}

_reasons(family, mailbox, documents, asked) := reasons if {
	reasons := mail_policy.reasons with input as mailbox
		with data.context as documents
		with data.constants as _constants(family)
		with data.parameters as _parameters(asked)
}

_everyone(family, documents, asked) if {
	mail_policy.everyone with data.context as documents
		with data.constants as _constants(family)
		with data.parameters as _parameters(asked)
}

test_each_member_accepts_the_good_policy if {
	every family in _families {
		every member in family.members {
			_compliant(family, _ada, _alone(family, _good(family)), member.asked)
			_everyone(family, _alone(family, _good(family)), member.asked)
		}
	}
}

test_each_member_refuses_a_spoiled_policy_and_one_without_the_field if {
	every family in _families {
		every member in family.members {
			every change in member.spoiled {
				every policy in [object.union(_good(family), change), object.remove(_good(family), object.keys(change))] {
					documents := _alone(family, policy)
					not _compliant(family, _ada, documents, member.asked)
					not _everyone(family, documents, member.asked)
					count(_reasons(family, _ada, documents, member.asked)) > 0
				}
			}
		}
	}
}

test_asking_for_nothing_is_not_met if {
	every family in _families {
		not _compliant(family, _ada, _alone(family, _good(family)), {"enabled": []})
		_reasons(family, _ada, _alone(family, _good(family)), {"enabled": []}) == {`policy "Good": the control asks for nothing`}
	}
}

test_what_a_family_always_asks_for if {
	family := _families.anti_phishing
	off := _alone(family, object.union(_good(family), {"enabled": false}))
	_reasons(family, _ada, off, family.members[0].asked) == {`policy "Good": enabled is not on`}
}

test_the_policy_in_force_decides if {
	every family in _families {
		policies := [_good(family), _fallback(family, _bad(family))]
		within := _field(family, "sentTo")
		except := _field(family, "exceptIfSentToMemberOf")
		rule := object.union(_rule(family), {within: ["ada@contoso.example"]})
		asked := family.members[0].asked

		_compliant(family, _ada, _documents([rule], policies), asked)
		not _compliant(family, _ada, _documents([object.union(rule, {"state": "Disabled"})], policies), asked)
		not _compliant(family, _ada, _documents([object.union(rule, {except: ["execs@contoso.example"]})], policies), asked)
		not _compliant(family, _bo, _documents([rule], policies), asked)

		# A rule may name any address of a mailbox.
		named := object.union(_bo, {"emailAddresses": ["smtp:bo@contoso.example", "smtp:ada@contoso.example"]})
		_compliant(family, named, _documents([rule], policies), asked)
		not _compliant(family, object.union(named, {"emailAddresses": ["sip:ada@contoso.example"]}), _documents([rule], policies), asked)
	}
}

test_what_the_evidence_leaves_open_is_not_met if {
	every family in _families {
		policies := [_fallback(family, _good(family))]
		evaluation := object.union(_good(family), {"identity": "Evaluation Policy", "recommendedPolicyType": "Evaluation"})
		group := _field(family, "sentToMemberOf")
		every case in [
			{
				"documents": _documents([object.union(_rule(family), {group: ["board@contoso.example"]})], policies),
				"reason": "a rule that comes first has a state or conditions that can't be read",
			},
			{
				"documents": _documents([object.union(_rule(family), {family.constants.names: "Gone"})], policies),
				"reason": "the policy of the rule that applies is not in the evidence",
			},
			{
				"documents": _documents([], array.concat(policies, [evaluation])),
				"reason": "an evaluation policy may apply: whom it takes is not in the evidence",
			},
		] {
			not _compliant(family, _ada, case.documents, family.members[0].asked)
			_reasons(family, _ada, case.documents, family.members[0].asked) == {case.reason}
		}
	}
}

test_a_sole_policy_covers_nobody_unless_it_is_for_everybody_else if {
	every family in _families {
		asked := family.members[0].asked
		every value in [false, null] {
			not _compliant(family, _ada, _documents([], [object.union(_good(family), {family.constants.fallback: value})]), asked)
		}
		not _compliant(family, _ada, _documents([], [_good(family)]), asked)
		not _compliant(family, _ada, _documents([], []), asked)
	}
}

# Documents that matter have to be there, for each mailbox and for everyone.
test_missing_documents_are_not_met if {
	every family in _families {
		documents := _alone(family, _good(family))
		asked := family.members[0].asked
		every missing in array.concat(["rules", "policies"], _presets_and_built_in(family)) {
			not _everyone(family, object.remove(documents, [missing]), asked)
			not _compliant(family, _ada, object.remove(documents, [missing]), asked)
		}
		not _compliant(family, _ada, {}, asked)
		not _everyone(family, {}, asked)
	}
}

_presets_and_built_in(family) := [] if family.constants.direction == "outbound"

_presets_and_built_in(family) := ["presets"] if {
	family.constants.direction == "inbound"
	family.constants.fallback == "isDefault"
}

_presets_and_built_in(family) := ["presets", "built_in"] if family.constants.fallback == "isBuiltInProtection"

test_a_mailbox_without_address_is_not_met if {
	every family in _families {
		not _compliant(family, object.remove(_ada, ["primarySmtpAddress"]), _alone(family, _good(family)), family.members[0].asked)
	}
}

test_whoever_is_known_complies_with_everyone if {
	every family in _families {
		odd := {"primarySmtpAddress": "no address at all", "groups": []}
		_compliant(family, odd, _alone(family, _good(family)), family.members[0].asked)
	}
}

test_presets_come_first if {
	every name, family in _families {
		preset := object.union(_rule(family), {"identity": "strict preset security policy"})
		documents := _documents([], [_good(family), _fallback(family, _bad(family))])
		asked := family.members[0].asked
		outbound := name == "outbound_spam"
		first := [1 | _compliant(family, _ada, object.union(documents, {"presets": [preset]}), asked)]
		has_no_presets := count(first) == 0
		has_no_presets == outbound
		not _compliant(family, _ada, object.union(documents, {"presets": [object.union(preset, {"state": "Disabled"})]}), asked)

		# One for everybody makes rules, groups and Built-in protection of no account.
		everybody := object.union(object.remove(documents, ["rules", "groups", "built_in"]), {"presets": [preset]})
		decided := [1 | _everyone(family, everybody, asked)]
		count(decided) == count(first)
	}
}

# A preset rule that names no policy of the family leaves open which one is in force.
test_a_preset_without_a_policy_is_not_met if {
	every name in ["anti_phishing", "inbound_spam", "malware", "safe_attachments", "safe_links"] {
		family := _families[name]
		odd := object.remove(object.union(_rule(family), {"identity": "strict preset security policy"}), [family.constants.names])
		not _compliant(family, _ada, object.union(_alone(family, _good(family)), {"presets": [odd]}), family.members[0].asked)
	}
}

test_built_in_protection_protects_nobody_whom_it_leaves_out if {
	every name in ["safe_attachments", "safe_links"] {
		family := _families[name]
		excepted := {"built_in": [object.union(_built_in, {"exceptIfSentToMemberOf": ["execs@contoso.example"]})]}
		covered := object.union(_alone(family, _good(family)), excepted)
		asked := family.members[0].asked

		not _compliant(family, _ada, covered, asked)
		not _everyone(family, covered, asked)
		_reasons(family, _ada, covered, asked) == {"it is left out of the policy that covers everybody else"}
		_compliant(family, _bo, covered, asked)
		_compliant(family, _ada, object.union(_documents([_rule(family)], [_good(family)]), excepted), asked)
	}
}

test_built_in_protection_needs_its_rule if {
	every name in ["safe_attachments", "safe_links"] {
		family := _families[name]
		asked := family.members[0].asked
		every rules in [[], [_built_in, _built_in], [object.remove(_built_in, ["state"])], [object.union(_built_in, {"exceptIfSentTo": null})]] {
			documents := object.union(_alone(family, _good(family)), {"built_in": rules})
			not _compliant(family, _ada, documents, asked)
			_reasons(family, _ada, documents, asked) == {"a rule that comes first has a state or conditions that can't be read"}
		}
		off := object.union(_alone(family, _good(family)), {"built_in": [object.union(_built_in, {"state": "Disabled"})]})
		not _compliant(family, _ada, off, asked)
	}
}

test_a_service_limit_counts_unless_refused if {
	family := _families.outbound_spam
	asked := family.members[0].asked
	unlimited := _alone(family, object.union(_good(family), {"recipientLimitPerDay": 0}))
	_compliant(family, _ada, unlimited, asked)
	not _compliant(family, _ada, unlimited, object.union(asked, {"service_limit_counts": false}))
	not _compliant(family, _ada, unlimited, object.union(asked, {"service_limit_counts": null}))
	_compliant(family, _ada, _alone(family, _good(family)), object.union(asked, {"service_limit_counts": false}))
}

test_people_are_in_scope if {
	every kind in ["UserMailbox", "MailboxOfSomeNewKind", null] {
		mail_policy.in_scope with input as object.union(_ada, {"recipientTypeDetails": kind})
	}
	mail_policy.in_scope with input as object.remove(_ada, ["recipientTypeDetails"])
	every kind in ["SharedMailbox", "RoomMailbox"] {
		not mail_policy.in_scope with input as object.union(_ada, {"recipientTypeDetails": kind})
	}
}
