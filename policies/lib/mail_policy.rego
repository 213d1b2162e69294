# Which policy of Exchange Online Protection or Defender for Office 365 is in force for a mailbox, and what that policy leaves to
# be desired. Everything here is a function of its arguments.
#
# One policy of each family is in force for a mailbox, and nothing merges: that of the Strict preset, else of the Standard preset,
# else of an evaluation of Defender for Office 365, else of the custom rule with the lowest priority number, else the policy that covers
# everybody else (Microsoft Learn, "Order and precedence of email protection"). What the evidence leaves open is a problem and never a
# guess: such a mailbox doesn't comply.
package policies.lib.mail_policy

# mailbox returns what the conditions of rules are compared with: the addresses of a mailbox, its domain with those that this lies in, and the
# groups that it belongs to. Other addresses have their kind in front, as "smtp:ada@contoso.example", and memberships are a list of {group}. A
# rule that names a domain takes its subdomains, too, unless an exception names them (Microsoft Learn, "Configure anti-phishing policies in
# Microsoft Defender for Office 365": "Subdomains are automatically included unless you specifically exclude them").
mailbox(primary, others, memberships) := {
	"address": {trim_prefix(address, "smtp:") | some list in [[primary], others]; some address in list; is_string(address)},
	"domain": ({domain} | {substring(domain, dot + 1, -1) | some dot in indexof_n(domain, ".")}),
	"group": {membership.group | some membership in memberships},
} if {
	[_, domain] := split(_text(primary), "@")
}

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

# order returns the stages in which the service tries rules, each a list of the rules that are on, or may be: a stage takes mailboxes that
# those before it left. A stage is null if the evidence lacks its document. The family of policies is described by
#   direction  "inbound" if rules name recipients, "outbound" if they name senders
#   names      the field in which a rule names its policy
#   presets    the rules of the preset security policies that apply to the family
#   rules      the rules of custom policies
#   policies   the policies that rules refer to
#   fallback   the policies that need no rule, since they cover everybody else: there should be exactly one
#   groups     the groups whose members are in the evidence: the members of any other that a rule names are unknown
#   built_in   the rules of Built-in protection, if that is the fallback: it leaves out whom its one rule excepts
# Documents that are not in the evidence are null.
order(family) := [
	_stage(family.presets, [_step(rule, known) | some rule in family.presets; _strict(rule)]),
	_stage(family.presets, [_step(rule, known) | some rule in family.presets; not _strict(rule)]),
	_stage(family.policies, [_evaluation(policy) | some policy in family.policies; policy.recommendedPolicyType == "Evaluation"]),
	_stage(family.rules, [_step(rule, known) | some rule in family.rules]),
	_stage(object.get(family, "built_in", []), [_last(known)]),
] if {
	known := object.union(family, {"groups": {group.primarySmtpAddress | some group in family.groups}})
}

_stage(document, steps) := [step | some step in steps; step.state != "off"] if is_array(document)

else := null

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

# of_everyone returns the policies that somebody may be under, if it is clear that everybody is under one of them, whoever they are. Stages
# behind the one that takes everybody that is left don't matter.
of_everyone(order) := {policy | some i in reached; some step in _heard(order[i]); some policy in step.policies} if {
	last := min([i | some i, stage in order; some step in stage; _takes_everybody(step)])
	reached := numbers.range(0, last)
	every i in reached {
		is_array(order[i])
		_clear(order[i])
	}
}

# suit holds if policies lack nothing of what is asked for (a list of what unmet asks).
suit(policies, asked) if {
	every policy in policies {
		every part in asked { unmet(policy, part) == set() }
	}
}

_takes_everybody(step) if {
	step.state == "on"
	step.within == {}
	step.except == {}
}

# All rules of the stage are on, in a clear order, and name one policy each. Those behind one that takes everybody take nobody.
_clear(stage) if {
	_in_clear_order(stage)
	every step in _heard(stage) {
		step.state == "on"
		count(step.policies) == 1
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

# takers returns the rules of the order that take the mailbox, or may do so, each as [stage, index].
takers(order, mailbox) := [[i, j] | some i, stage in order; some j, step in stage; _may_take(step, mailbox)]

# in_force returns the one policy that the mailbox is under, as {"policy": ...}, given its takers. It is {"problem": ...} if there is none, or
# if the evidence leaves it open.
in_force(order, takers) := _settled(_foremost([order[first][j] | some [i, j] in takers; i == first])) if {
	first := takers[0][0]
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
		count(object.get(asked, what, [])) == 0
	}
} else := union({
	{sprintf("%s is not on", [field]) | some field in object.get(asked, "enabled", []); not policy[field] == true},
	{sprintf("%s is not off", [field]) | some field in object.get(asked, "disabled", []); not policy[field] == false},
	{sprintf("%s is not %s", [field, concat(" or ", values)]) |
		some field, values in object.get(asked, "one_of", [])
		not _one_of(policy, field, values)
	},
	{sprintf("%s is not %v or more", [field, bound]) |
		some field, bound in object.get(asked, "at_least", [])
		not _at_least(policy, field, bound)
	},
	{sprintf("%s is not %v or less", [field, bound]) |
		some field, bound in object.get(asked, "at_most", [])
		not _at_most(policy, field, bound)
	},
	{sprintf("%s has no entries", [field]) | some field in object.get(asked, "filled", []); not _filled(policy, field)},
	{sprintf("%s has entries", [field]) | some field in object.get(asked, "empty", []); not policy[field] == []},
})

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

# The conditions of one side, without those that are empty.
_conditions(rule, family, side) := {kind: words |
	some kind, names in _fields[family.direction]
	words := _words(object.get(rule, names[side], null))
	words != set()
}

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
_may_take(step, mailbox) if step.state != "on"

else if {
	every kind, words in step.within { words & mailbox[kind] != set() }
	every kind, words in step.except { words & mailbox[kind] == set() }
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
