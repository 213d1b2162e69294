# Which policy of Exchange Online Protection or Defender for Office 365 is in force for a mailbox, and what that policy leaves to
# be desired. Everything here is a function of its arguments.
#
# One policy of each family is in force for a mailbox, and nothing merges: that of the Strict preset, else of the Standard preset,
# else of an evaluation of Defender for Office 365, else of the custom rule with the lowest priority number, else the policy that covers
# everybody else (Microsoft Learn, "Order and precedence of email protection"). What the evidence leaves open is a problem and never a
# guess: such a mailbox doesn't comply.
package policies.lib.mail_policy

# mailbox is what rules tell one mailbox from another by: its addresses, the domains that the primary one lies in, and the groups it belongs
# to, each as far as the order names it. Other addresses have their kind in front, as "smtp:ada@contoso.example", and memberships are a list
# of {group}. What no rule names makes no difference, so that most mailboxes look alike here. Whoever asks reads the other addresses only
# if the order names any: it mostly doesn't, and a million mailboxes have many.
mailbox(primary, others, memberships, order) := {
	"address": {named |
		order.named.address != set()
		some address in array.concat([primary], others)
		named := trim_prefix(_text(address), "smtp:")
		named in order.named.address
	},
	"domain": {named | some named in order.named.domain; _lies_in(domain, named)},
	"group": {group |
		order.named.group != set()
		some membership in memberships
		group := _text(membership.group)
		group in order.named.group
	},
} if {
	[_, domain] := split(_text(primary), "@")
}

# A rule that names a domain takes its subdomains, too, unless an exception names them (Microsoft Learn, "Configure anti-phishing policies
# in Microsoft Defender for Office 365": "Subdomains are automatically included unless you specifically exclude them").
_lies_in(domain, named) if domain == named

_lies_in(domain, named) if endswith(domain, concat("", [".", named]))

# rule keeps of a rule what says whom it takes, and under which policy: notes and descriptions make no difference, and what is wrong with
# them has no effect.
rule(record) := {
	"identity": object.get(record, "identity", null),
	"state": object.get(record, "state", null),
	"priority": object.get(record, "priority", null),
	"antiPhishPolicy": object.get(record, "antiPhishPolicy", null),
	"hostedContentFilterPolicy": object.get(record, "hostedContentFilterPolicy", null),
	"hostedOutboundSpamFilterPolicy": object.get(record, "hostedOutboundSpamFilterPolicy", null),
	"malwareFilterPolicy": object.get(record, "malwareFilterPolicy", null),
	"safeAttachmentPolicy": object.get(record, "safeAttachmentPolicy", null),
	"safeLinksPolicy": object.get(record, "safeLinksPolicy", null),
	"sentTo": object.get(record, "sentTo", null),
	"exceptIfSentTo": object.get(record, "exceptIfSentTo", null),
	"sentToMemberOf": object.get(record, "sentToMemberOf", null),
	"exceptIfSentToMemberOf": object.get(record, "exceptIfSentToMemberOf", null),
	"recipientDomainIs": object.get(record, "recipientDomainIs", null),
	"exceptIfRecipientDomainIs": object.get(record, "exceptIfRecipientDomainIs", null),
	"from": object.get(record, "from", null),
	"exceptIfFrom": object.get(record, "exceptIfFrom", null),
	"fromMemberOf": object.get(record, "fromMemberOf", null),
	"exceptIfFromMemberOf": object.get(record, "exceptIfFromMemberOf", null),
	"senderDomainIs": object.get(record, "senderDomainIs", null),
	"exceptIfSenderDomainIs": object.get(record, "exceptIfSenderDomainIs", null),
}

# order is the rules in the order in which the service tries them, and what they name. Each stage only takes mailboxes that those before it
# left. It says nothing of a mailbox, nor of what a control asks for, so that it is worked out once for all of them. The family of policies
# is described by
#   direction  "inbound" if rules name recipients, "outbound" if they name senders
#   names      the field in which a rule names its policy
#   presets    the rules of the preset security policies that apply to the family
#   rules      the rules of custom policies
#   policies   the policies that rules refer to
#   fallback   the policies that need no rule, since they cover everybody else: there should be exactly one
#   groups     the groups whose members are in the evidence: of any other that a rule names, nobody can tell who belongs to it
#   built_in   the rules of Built-in protection, if that is the fallback: it leaves out whom its one rule excepts
order(family) := {"stages": stages, "named": _named_in(stages)} if {
	known := object.union(family, {"groups": _known_groups(family)})
	stages := [
		[_step(rule, known) | some rule in family.presets; _strict(rule)],
		[_step(rule, known) | some rule in family.presets; not _strict(rule)],
		[_evaluation(policy) | some policy in family.policies; _text(object.get(policy, "recommendedPolicyType", null)) == "Evaluation"],
		[_step(rule, known) | some rule in family.rules],
		[_last(known)],
	]
}

# An evaluation has policies for anti-phishing, Safe Links and Safe Attachments, which are told by their type (Microsoft Learn, "Try
# Microsoft Defender for Office 365"). Whom they take, and whether they are on, is up to a rule that is not in the evidence.
_evaluation(policy) := {"state": "evaluation", "priority": null, "within": {}, "except": {}, "policies": {policy}}

# A default policy covers everybody else. Built-in protection has one rule, made by the service, of which nothing but exceptions can be
# changed (Microsoft Learn, Set-ATPBuiltInProtectionRule): without it, or with several, nobody can tell whom it leaves out.
_last(family) := _fallback(family, _state(rule, family, [except]), except) if {
	[rule] := family.built_in
	except := _conditions(rule, family, "except")
} else := _fallback(family, "unclear", {}) if {
	family.built_in
} else := _fallback(family, "on", {})

_fallback(family, state, except) := {
	"state": state,
	"priority": null,
	"within": {},
	"except": except,
	"policies": {policy | some policy in family.fallback},
}

# Of the groups whose members are in the evidence, those that rules name: there may be many others.
_known_groups(family) := {word |
	some group in family.groups
	word := _text(group.primarySmtpAddress)
	word in named
} if {
	named := {word |
		some rule in array.concat(array.concat(family.presets, family.rules), object.get(family, "built_in", []))
		some field in _fields[family.direction].group
		some word in _words(object.get(rule, field, null))
	}
}

# Conditions that can't be read name nobody: a rule with such takes nobody in particular.
_named_in(stages) := {kind: {word |
	some stage in stages
	some step in stage
	some side in [step.within, step.except]
	is_set(side[kind])
	some word in side[kind]
} |
	some kind in ["address", "domain", "group"]
}

# known holds for a family of which every document is in the evidence; null stands for one that is not.
known(family) if {
	every part in ["presets", "rules", "policies", "groups"] { is_array(family[part]) }
	is_array(object.get(family, "built_in", []))
}

# suits_everyone holds if everybody is under a policy that lacks nothing of what is asked for (a list of what unmet asks), whoever they are.
# Documents may be missing (null): those behind the stage that takes everybody that is left don't matter.
suits_everyone(family, asked) if {
	is_array(family.policies)
	stages := _stages(family)
	last := min([i | some i, stage in stages; some step in stage; _takes_everybody(step)])
	every i in numbers.range(0, last) {
		is_array(stages[i])
		_suits(stages[i], asked)
	}
}

# The stages of order, as far as the evidence has them: null for the others.
_stages(family) := [
	_if_known(family.presets, [_step(rule, told) | some rule in told.presets; _strict(rule)]),
	_if_known(family.presets, [_step(rule, told) | some rule in told.presets; not _strict(rule)]),
	[_evaluation(policy) | some policy in family.policies; _text(object.get(policy, "recommendedPolicyType", null)) == "Evaluation"],
	_if_known(family.rules, [_step(rule, told) | some rule in told.rules]),
	_if_known(object.get(family, "built_in", []), [_last(told)]),
] if {
	lists := object.union(family, {part: _list(family[part]) | some part in ["presets", "rules", "groups", "built_in"]; family[part]})
	told := object.union(lists, {"groups": _known_groups(lists)})
}

_list(value) := value if is_array(value)

else := []

_if_known(document, stage) := stage if is_array(document)

else := null

_takes_everybody(step) if {
	step.state == "on"
	every side in [step.within, step.except] {
		every _, words in side { words == set() }
	}
}

# All steps of the stage that may take somebody are on, in a clear order, and suit. Those behind one that takes everybody take nobody.
_suits(stage, asked) if {
	steps := [step | some step in stage; step.state != "off"]
	_in_clear_order(steps)
	every step in _heard(steps) {
		step.state == "on"
		[policy] := [candidate | some candidate in step.policies]
		every part in asked { unmet(policy, part) == set() }
	}
}

_in_clear_order(steps) if count(steps) < 2

_in_clear_order(steps) if {
	every step in steps { is_number(step.priority) }
	count({step.priority | some step in steps}) == count(steps)
}

_heard(steps) := [step | some step in steps; step.priority <= first] if {
	count(steps) > 1
	first := min([step.priority | some step in steps; _takes_everybody(step)])
} else := steps

# in_force is the one policy that the mailbox is under, as {"policy": ...}. It is {"problem": ...} if there is none, or if the evidence
# doesn't tell.
in_force(mailbox, order) := _settled(_foremost(reached[0])) if {
	reached := [steps |
		some stage in order.stages
		steps := [step | some step in stage; _may_take(step, mailbox)]
		count(steps) > 0
	]
} else := {"problem": "it is left out of the policy that covers everybody else"}

# shortfalls says why a mailbox, given what is in force for it, is not protected as the control asks for (see unmet): the empty set if it is.
shortfalls(found, _) := {found.problem}

shortfalls(found, asked) := {sprintf("policy %q: %s", [label, lack]) | some lack in unmet(found.policy, asked)} if {
	label := _label(found.policy)
}

_label(policy) := object.get(policy, "identity", "without a name")

# unmet says what a policy lacks of what is asked for. A field that is missing or of the wrong type lacks everything.
#   enabled, disabled  switches that have to be on, or off
#   one_of             values that a field may have
#   at_least, at_most  bounds of a number
#   filled, empty      lists that have to have entries, or none
unmet(policy, asked) := {"the control asks for nothing"} if {
	every what in ["enabled", "disabled", "one_of", "at_least", "at_most", "filled", "empty"] {
		count(_asked(asked, what)) == 0
	}
} else := union({
	{sprintf("%s is not on", [field]) | some field in _asked(asked, "enabled"); not policy[field] == true},
	{sprintf("%s is not off", [field]) | some field in _asked(asked, "disabled"); not policy[field] == false},
	{sprintf("%s is not %s", [field, concat(" or ", values)]) |
		some field, values in _asked(asked, "one_of")
		not _one_of(policy, field, values)
	},
	{sprintf("%s is not %v or more", [field, bound]) |
		some field, bound in _asked(asked, "at_least")
		not _at_least(policy, field, bound)
	},
	{sprintf("%s is not %v or less", [field, bound]) |
		some field, bound in _asked(asked, "at_most")
		not _at_most(policy, field, bound)
	},
	{sprintf("%s has no entries", [field]) | some field in _asked(asked, "filled"); not _filled(policy, field)},
	{sprintf("%s has entries", [field]) | some field in _asked(asked, "empty"); not policy[field] == []},
})

_asked(asked, what) := object.get(asked, what, [])

# These take the policy and the name of the field, and not its value: OPA evaluates an argument before the "not", so that a missing
# field would pass for one that is met.
_one_of(policy, field, values) if {
	is_string(policy[field])
	policy[field] in values
}

_at_least(policy, field, bound) if {
	is_number(policy[field])
	policy[field] >= bound
}

# A number below 0 is no bound.
_at_most(policy, field, bound) if {
	is_number(policy[field])
	policy[field] >= 0
	policy[field] <= bound
}

# A blank entry is none.
_filled(policy, field) if {
	is_array(policy[field])
	some entry in policy[field]
	trim_space(_text(entry)) != ""
}

# The fields in which rules name whom they take, and whom they leave out all the same.
_fields := {
	"inbound": {
		"address": {"within": "sentTo", "except": "exceptIfSentTo"},
		"group": {"within": "sentToMemberOf", "except": "exceptIfSentToMemberOf"},
		"domain": {"within": "recipientDomainIs", "except": "exceptIfRecipientDomainIs"},
	},
	"outbound": {
		"address": {"within": "from", "except": "exceptIfFrom"},
		"group": {"within": "fromMemberOf", "except": "exceptIfFromMemberOf"},
		"domain": {"within": "senderDomainIs", "except": "exceptIfSenderDomainIs"},
	},
}

# The names of both presets are given by the service.
_strict(rule) if _text(object.get(rule, "identity", null)) == "strict preset security policy"

_step(rule, family) := {
	"state": _state(rule, family, [within, except]),
	"priority": object.get(rule, "priority", null),
	"within": within,
	"except": except,
	"policies": _named(family.policies, _text(object.get(rule, family.names, null))),
} if {
	within := _conditions(rule, family, "within")
	except := _conditions(rule, family, "except")
}

_conditions(rule, family, side) := {kind: _words(object.get(rule, names[side], null)) | some kind, names in _fields[family.direction]}

# The policies that a rule may mean: those of the name that it gives.
_named(policies, name) := {policy |
	name != ""
	some policy in policies
	some field in ["identity", "name"]
	_text(object.get(policy, field, null)) == name
}

# Whether a rule is on, if all of it can be read. Rules may also name people and groups by display name, which tells nothing about
# whom they take, and groups that nobody has asked for their members.
_state(rule, family, sides) := "off" if {
	_text(object.get(rule, "state", null)) == "Disabled"
} else := "on" if {
	_text(object.get(rule, "state", null)) == "Enabled"
	every side in sides {
		every kind, words in side {
			is_set(words)
			every word in words { _names_someone(kind, word, family) }
		}
	}
} else := "unclear"

_names_someone("domain", word, _) if _is_domain(word)

_names_someone("address", word, _) if _is_address(word)

_names_someone("group", word, family) if {
	_is_address(word)
	word in family.groups
}

# What looks like neither ("ada@contoso.example, bo@contoso.example", "SMTP:ada@contoso.example", "@contoso.example", "contoso.example ")
# would be compared with every mailbox and take none of them.
_is_domain(word) if regex.match(`^[^\s@:,;.*]+(\.[^\s@:,;.*]+)*$`, word)

_is_address(word) if {
	[local, domain] := split(word, "@")
	regex.match(`^[^\s:,;]+$`, local)
	_is_domain(domain)
}

_text(value) := value if is_string(value)

else := ""

# A condition that isn't a list, or is left out, can't be read: it is null here. The empty list names nobody.
_words(value) := {_text(word) | some word in value} if is_array(value)

else := null

# Whether a rule takes the mailbox, or may do so: kinds of conditions must all hold, any value of one kind is enough, and one exception
# takes the mailbox out. A rule whose conditions are all empty takes everybody: that is how a preset for all recipients is written.
_may_take(step, _) if step.state in {"unclear", "evaluation"}

_may_take(step, mailbox) if {
	step.state == "on"
	not _left_out(step, mailbox)
}

_left_out(step, mailbox) if {
	some kind, words in step.except
	words & mailbox[kind] != set()
}

_left_out(step, mailbox) if {
	some kind, words in step.within
	words != set()
	words & mailbox[kind] == set()
}

# The steps that come first: those of the lowest priority number, or all of them if one has no number.
_foremost(steps) := [step | some step in steps; step.priority == lowest] if {
	every step in steps { is_number(step.priority) }
	lowest := min([step.priority | some step in steps])
} else := steps

_settled(steps) := {"problem": "a rule that comes first has a state or conditions that can't be read"} if {
	some step in steps
	step.state == "unclear"
} else := {"problem": "an evaluation policy may apply: whom it takes is not in the evidence"} if {
	some step in steps
	step.state == "evaluation"
} else := {"problem": "the policy of the rule that applies is not in the evidence"} if {
	some step in steps
	step.policies == set()
} else := {"problem": "it is open which of several policies applies"} if {
	count(_candidates(steps)) > 1
} else := {"policy": policy} if {
	some policy in _candidates(steps)
}

_candidates(steps) := union({step.policies | some step in steps})
