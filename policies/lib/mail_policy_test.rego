package policies.lib.mail_policy_test

import data.policies.lib.mail_policy

# Ada, of contoso.example, is a member of the group of executives, and gets mail at an older address, too.
_ada := mail_policy.mailbox(
	"ada@contoso.example",
	["smtp:ada@contoso.example", "smtp:countess@fabrikam.example", "sip:ada.phone@contoso.example", "X500:/o=Contoso/cn=ada", null],
	[{"group": "execs@contoso.example"}, {"group": "oslo@contoso.example"}, {"group": null}, {}],
)

_found(family) := mail_policy.in_force(order, mail_policy.takers(order, _ada)) if order := mail_policy.order(family)

_default := {"identity": "Default", "isDefault": true}

_policies := [
	_default,
	{"identity": "A"},
	{"identity": "B"},
	{"identity": "contoso.example/C", "name": "C"},
	{"identity": "Strict1681329955447"},
	{"identity": "Standard1659535429826"},
]

_family(presets, rules) := {
	"direction": "inbound",
	"names": "policy",
	"presets": presets,
	"rules": rules,
	"policies": _policies,
	"fallback": [_default],
	"groups": [{"primarySmtpAddress": "execs@contoso.example"}, {"primarySmtpAddress": "staff@contoso.example"}, {}],
}

# Rules take everybody unless a case says otherwise.
_everybody := {
	"state": "Enabled",
	"sentTo": [],
	"sentToMemberOf": [],
	"recipientDomainIs": [],
	"exceptIfSentTo": [],
	"exceptIfSentToMemberOf": [],
	"exceptIfRecipientDomainIs": [],
}

_strict(conditions) := object.union_n([
	_everybody,
	{"identity": "strict preset security policy", "priority": 0, "policy": "Strict1681329955447"},
	conditions,
])

_standard(conditions) := object.union_n([
	_everybody,
	{"identity": "Standard Preset Security Policy", "priority": 1, "policy": "Standard1659535429826"},
	conditions,
])

_rule(policy, priority, conditions) := object.union_n([_everybody, {"name": policy, "priority": priority, "policy": policy}, conditions])

# The same for rules that name senders.
_from_everybody := {
	"from": [],
	"fromMemberOf": [],
	"senderDomainIs": [],
	"exceptIfFrom": [],
	"exceptIfFromMemberOf": [],
	"exceptIfSenderDomainIs": [],
}

_sender_rule(policy, priority, conditions) := object.union_n([
	_from_everybody,
	{"name": policy, "state": "Enabled", "priority": priority, "policy": policy},
	conditions,
])

_in_force(presets, rules) := _found(_family(presets, rules))

test_a_mailbox_is_known_by_addresses_domains_and_groups if {
	_ada == {
		"address": {"ada@contoso.example", "countess@fabrikam.example", "sip:ada.phone@contoso.example", "X500:/o=Contoso/cn=ada"},
		"domain": {"contoso.example", "example"},
		"group": {"execs@contoso.example", "oslo@contoso.example", null},
	}
	mail_policy.mailbox("bo@oslo.contoso.example", [], []) == {
		"address": {"bo@oslo.contoso.example"},
		"domain": {"oslo.contoso.example", "contoso.example", "example"},
		"group": set(),
	}
}

test_a_mailbox_needs_an_address if {
	every address in ["", "ada", "ada@contoso@example", null, 7] {
		not mail_policy.mailbox(address, ["smtp:ada@contoso.example"], [])
	}
}

test_takers_are_rules_that_are_on if {
	presets := [_standard({}), _strict({"sentTo": ["bo@contoso.example"]})]
	rules := [_rule("A", 0, {"state": "Disabled"}), _rule("B", 1, {"sentTo": ["bo@contoso.example"]}), _rule("C", 2, {})]
	mail_policy.takers(mail_policy.order(_family(presets, rules)), _ada) == [[1, 0], [3, 1], [4, 0]]
}

_order := [
	{"note": "the default policy covers whoever no rule takes", "presets": [], "rules": [], "want": "Default"},
	{
		"note": "Strict comes before Standard, wherever it stands in the list and whatever its priority",
		"presets": [_standard({"priority": 0}), _strict({"priority": 1})],
		"rules": [],
		"want": "Strict1681329955447",
	},
	{
		"note": "Standard comes before custom rules",
		"presets": [_standard({})],
		"rules": [_rule("A", 0, {})],
		"want": "Standard1659535429826",
	},
	{
		"note": "a preset that is off takes nobody",
		"presets": [_strict({"state": "Disabled"}), _standard({})],
		"rules": [],
		"want": "Standard1659535429826",
	},
	{
		"note": "the custom rule with the lowest number comes first",
		"presets": [],
		"rules": [_rule("A", 10, {}), _rule("B", 9, {})],
		"want": "B",
	},
	{
		"note": "a custom rule that is off takes nobody",
		"presets": [],
		"rules": [_rule("A", 0, {"state": "Disabled"}), _rule("B", 1, {})],
		"want": "B",
	},
	{
		"note": "rules of one priority may agree",
		"presets": [],
		"rules": [_rule("A", 0, {"sentTo": ["ada@contoso.example"]}), _rule("A", 0, {})],
		"want": "A",
	},
	{"note": "a single rule needs no priority", "presets": [], "rules": [_rule("A", null, {})], "want": "A"},
	{"note": "a policy is found by its name too", "presets": [], "rules": [_rule("C", 0, {})], "want": "contoso.example/C"},
	{
		"note": "a rule that comes later need not be readable",
		"presets": [_strict({})],
		"rules": [_rule("A", 0, {"sentTo": 7})],
		"want": "Strict1681329955447",
	},
]

test_order if {
	every case in _order {
		_in_force(case.presets, case.rules).policy.identity == case.want
	}
}

# Conditions of the one custom rule, and whether it takes Ada: if not, the default policy does.
_conditions := [
	{"note": "empty conditions", "rule": {}, "takes": true},
	{"note": "address", "rule": {"sentTo": ["bo@contoso.example", "ada@contoso.example"]}, "takes": true},
	{"note": "other address", "rule": {"sentTo": ["bo@contoso.example"]}, "takes": false},
	{"note": "another address of the mailbox", "rule": {"sentTo": ["countess@fabrikam.example"]}, "takes": true},
	{"note": "an address that isn't one of mail", "rule": {"sentTo": ["ada.phone@contoso.example"]}, "takes": false},
	{"note": "group", "rule": {"sentToMemberOf": ["execs@contoso.example"]}, "takes": true},
	{"note": "other group", "rule": {"sentToMemberOf": ["staff@contoso.example"]}, "takes": false},
	{"note": "domain", "rule": {"recipientDomainIs": ["contoso.example"]}, "takes": true},
	{"note": "a domain above takes its subdomains", "rule": {"recipientDomainIs": ["example"]}, "takes": true},
	{"note": "subdomain", "rule": {"recipientDomainIs": ["oslo.contoso.example"]}, "takes": false},
	{"note": "a domain that only ends alike", "rule": {"recipientDomainIs": ["toso.example"]}, "takes": false},
	{
		"note": "all kinds must hold",
		"rule": {"sentTo": ["ada@contoso.example"], "sentToMemberOf": ["staff@contoso.example"]},
		"takes": false,
	},
	{"note": "all kinds hold", "rule": {"sentTo": ["ada@contoso.example"], "sentToMemberOf": ["execs@contoso.example"]}, "takes": true},
	{
		"note": "exception by address",
		"rule": {"recipientDomainIs": ["contoso.example"], "exceptIfSentTo": ["ada@contoso.example"]},
		"takes": false,
	},
	{"note": "exception by another address", "rule": {"exceptIfSentTo": ["countess@fabrikam.example"]}, "takes": false},
	{"note": "the domain of another address", "rule": {"recipientDomainIs": ["fabrikam.example"]}, "takes": false},
	{
		"note": "exception by group",
		"rule": {"recipientDomainIs": ["contoso.example"], "exceptIfSentToMemberOf": ["execs@contoso.example"]},
		"takes": false,
	},
	{"note": "exception by domain", "rule": {"exceptIfRecipientDomainIs": ["contoso.example"]}, "takes": false},
	{"note": "exception by a domain above", "rule": {"exceptIfRecipientDomainIs": ["example"]}, "takes": false},
	{"note": "exception by a subdomain", "rule": {"exceptIfRecipientDomainIs": ["oslo.contoso.example"]}, "takes": true},
	{"note": "exception by a domain that only ends alike", "rule": {"exceptIfRecipientDomainIs": ["toso.example"]}, "takes": true},
	{"note": "exceptions for others", "rule": {"exceptIfSentTo": ["bo@contoso.example"]}, "takes": true},
	{"note": "conditions on senders don't count", "rule": {"from": ["bo@contoso.example"]}, "takes": true},
]

test_conditions if {
	every case in _conditions {
		want := {true: "A", false: "Default"}[case.takes]
		_in_force([], [_rule("A", 0, case.rule)]).policy.identity == want
	}
}

test_rules_for_senders if {
	family := object.union(
		_family([], [
			_sender_rule("A", 0, {"from": ["bo@contoso.example"]}),
			_sender_rule("B", 1, {"senderDomainIs": ["contoso.example"], "fromMemberOf": ["execs@contoso.example"]}),
		]),
		{"direction": "outbound"},
	)
	_found(family).policy.identity == "B"

	excepted := object.union(family, {"rules": [_sender_rule("A", 0, {"exceptIfFromMemberOf": ["execs@contoso.example"]})]})
	_found(excepted).policy.identity == "Default"
}

_open := [
	{"note": "a policy that is not in the evidence", "rules": [_rule("Z", 0, {})], "want": "not in the evidence"},
	{"note": "a rule without a policy", "rules": [_rule(null, 0, {})], "want": "not in the evidence"},
	{"note": "a tie", "rules": [_rule("A", 0, {}), _rule("B", 0, {})], "want": "which of several"},
	{"note": "no priority", "rules": [_rule("A", null, {}), _rule("B", 0, {})], "want": "which of several"},
	{"note": "no state", "rules": [_rule("A", 0, {"state": null})], "want": "can't be read"},
	{"note": "unknown state", "rules": [_rule("A", 0, {"state": "Paused"})], "want": "can't be read"},
	{"note": "a null list", "rules": [_rule("A", 0, {"sentTo": null})], "want": "can't be read"},
	{"note": "a null list of exceptions", "rules": [_rule("A", 0, {"exceptIfSentToMemberOf": null})], "want": "can't be read"},
	{"note": "no list", "rules": [object.remove(_rule("A", 0, {}), ["exceptIfSentTo"])], "want": "can't be read"},
	{"note": "a bare string", "rules": [_rule("A", 0, {"sentTo": "bo@contoso.example"})], "want": "can't be read"},
	{"note": "a display name", "rules": [_rule("A", 0, {"sentToMemberOf": ["Executives"]})], "want": "can't be read"},
	{"note": "an odd domain", "rules": [_rule("A", 0, {"exceptIfRecipientDomainIs": [7]})], "want": "can't be read"},
]

# Words that name nobody by the look of them.
_odd := {
	"sentTo": [
		"",
		" ",
		"ada",
		"@contoso.example",
		"ada@",
		"ada@contoso.example bo@contoso.example",
		"ada@contoso.example,bo@contoso.example",
		"ada@contoso.example;bo@contoso.example",
		"ada@contoso.example ",
		"smtp:ada@contoso.example",
		"ada@contoso@example",
		"ada@contoso..example",
	],
	"exceptIfSentToMemberOf": ["", "Executives", "@contoso.example", "execs@contoso.example\n", "smtp:execs@contoso.example"],
	"recipientDomainIs": ["", " ", "@contoso.example", "contoso.example ", ".contoso.example", "*.contoso.example", "a.example b.example", "a.example,b.example"],
}

test_odd_words_are_a_problem if {
	every field, words in _odd {
		every word in words {
			_in_force([], [_rule("A", 0, {field: [word]})]) == {"problem": _unreadable}
			_in_force([_strict({field: [word]})], []) == {"problem": _unreadable}
		}
	}
}

test_words_of_many_forms if {
	every word in ["ada@contoso.example", "ada.o'hara+mail@oslo-1.contoso.example", "åsa@contøso.example", "ada@localhost"] {
		not _in_force([], [_rule("A", 0, {"sentTo": [word]})]).problem
	}
	every word in ["contoso.example", "localhost", "contøso.example", "oslo-1.contoso.example"] {
		not _in_force([], [_rule("A", 0, {"recipientDomainIs": [word]})]).problem
	}
}

test_a_group_whose_members_nobody_knows_is_a_problem if {
	every field in ["sentToMemberOf", "exceptIfSentToMemberOf"] {
		rules := [_rule("A", 0, {field: ["board@contoso.example"]})]
		_in_force([], rules) == {"problem": _unreadable}
		_found(object.union(_family([], rules), {"groups": []})) == {"problem": _unreadable}
		_found(object.union(_family([], rules), {"groups": [{"primarySmtpAddress": "board@contoso.example"}]})).policy
	}
	built_in := [_built_in_rule({"exceptIfSentToMemberOf": ["board@contoso.example"]})]
	_found(object.union(_family([], []), {"built_in": built_in})) == {"problem": _unreadable}
}

test_what_the_evidence_leaves_open_is_a_problem if {
	every case in _open {
		contains(_in_force([], case.rules).problem, case.want)
	}
}

test_a_policy_for_everybody_else_is_needed if {
	every fallback in [[], [_default, {"identity": "A"}]] {
		_found(object.union(_family([], []), {"fallback": fallback})).problem
	}
}

# Exceptions of the one rule of Built-in protection, and whether it covers Ada.
_built_in := [
	{"note": "nobody", "rules": [_built_in_rule({})], "want": {"policy": _default}},
	{"note": "others", "rules": [_built_in_rule({"exceptIfSentTo": ["bo@contoso.example"]})], "want": {"policy": _default}},
	{"note": "address", "rules": [_built_in_rule({"exceptIfSentTo": ["ada@contoso.example"]})], "want": {"problem": _left_out}},
	{"note": "group", "rules": [_built_in_rule({"exceptIfSentToMemberOf": ["execs@contoso.example"]})], "want": {"problem": _left_out}},
	{"note": "domain", "rules": [_built_in_rule({"exceptIfRecipientDomainIs": ["contoso.example"]})], "want": {"problem": _left_out}},
	{"note": "off", "rules": [_built_in_rule({"state": "Disabled"})], "want": {"problem": _left_out}},
	{"note": "no rule", "rules": [], "want": {"problem": _unreadable}},
	{"note": "two rules", "rules": [_built_in_rule({}), _built_in_rule({})], "want": {"problem": _unreadable}},
	{"note": "no state", "rules": [object.remove(_built_in_rule({}), ["state"])], "want": {"problem": _unreadable}},
	{"note": "a null list", "rules": [_built_in_rule({"exceptIfSentTo": null})], "want": {"problem": _unreadable}},
	{"note": "a display name", "rules": [_built_in_rule({"exceptIfSentToMemberOf": ["Executives"]})], "want": {"problem": _unreadable}},
]

_built_in_rule(exceptions) := object.union(
	{"state": "Enabled", "exceptIfSentTo": [], "exceptIfSentToMemberOf": [], "exceptIfRecipientDomainIs": []},
	exceptions,
)

_left_out := "it is left out of the policy that covers everybody else"

_unreadable := "a rule that comes first has a state or conditions that can't be read"

test_built_in_protection if {
	every case in _built_in {
		_found(object.union(_family([], []), {"built_in": case.rules})) == case.want
	}
}

test_whom_built_in_protection_leaves_out_may_be_covered_before if {
	family := object.union(_family([], [_rule("A", 0, {})]), {"built_in": []})
	_found(family).policy.identity == "A"
}

_evaluated(presets, rules, kind) := _found(object.union(
	_family(presets, rules),
	{"policies": array.concat(_policies, [{"identity": "Evaluation Policy", "recommendedPolicyType": kind}])},
))

test_an_evaluation_may_take_whom_presets_leave if {
	problem := {"problem": "an evaluation policy may apply: whom it takes is not in the evidence"}
	_evaluated([], [], "Evaluation") == problem
	_evaluated([], [_rule("A", 0, {})], "Evaluation") == problem
	_evaluated([_strict({"state": "Disabled"}), _standard({"sentTo": ["bo@contoso.example"]})], [], "Evaluation") == problem
	_evaluated([_standard({})], [], "Evaluation").policy.identity == "Standard1659535429826"
	_evaluated([_strict({"sentTo": 7})], [], "Evaluation") == {"problem": _unreadable}
	every kind in ["Custom", "Standard", "Strict", null] {
		_evaluated([], [], kind).policy.identity == "Default"
	}
}

_unmet := [
	{"note": "on", "asked": {"enabled": ["x"]}, "good": [true], "bad": [false, null, "true", 1]},
	{"note": "off", "asked": {"disabled": ["x"]}, "good": [false], "bad": [true, null, "false", 0]},
	{
		"note": "one of",
		"asked": {"one_of": {"x": ["MoveToJmf", "Quarantine"]}},
		"good": ["Quarantine", "MoveToJmf"],
		"bad": ["NoAction", "", null, true, ["Quarantine"]],
	},
	{"note": "at least", "asked": {"at_least": {"x": 2}}, "good": [2, 4], "bad": [1, null, "4", true]},
	{"note": "at most", "asked": {"at_most": {"x": 6}}, "good": [6, 0], "bad": [7, -1, null, "6", false]},
	{"note": "filled", "asked": {"filled": ["x"]}, "good": [["a"]], "bad": [[], [""], [" ", null], null, "a", {"a": 1}]},
	{"note": "empty", "asked": {"empty": ["x"]}, "good": [[]], "bad": [["a"], null, "", {}]},
]

test_unmet if {
	every case in _unmet {
		every value in case.good { mail_policy.unmet({"x": value}, case.asked) == set() }
		every value in case.bad { count(mail_policy.unmet({"x": value}, case.asked)) == 1 }
		count(mail_policy.unmet({}, case.asked)) == 1
	}
}

test_unmet_says_what_is_lacking if {
	asked := {
		"enabled": ["a"],
		"disabled": ["b"],
		"one_of": {"c": ["On", "Test"]},
		"at_least": {"d": 2},
		"at_most": {"e": 6},
		"filled": ["f"],
		"empty": ["g"],
	}
	mail_policy.unmet({}, asked) == {
		"a is not on",
		"b is not off",
		"c is not On or Test",
		"d is not 2 or more",
		"e is not 6 or less",
		"f has no entries",
		"g has entries",
	}
}

test_asking_for_nothing_is_not_met if {
	every asked in [{}, {"enabled": [], "at_most": {}}, {"service_limit_counts": true}] {
		mail_policy.unmet({"x": true}, asked) == {"the control asks for nothing"}
	}
}

test_shortfalls_name_the_policy if {
	found := _in_force([], [])
	mail_policy.shortfalls(found, {"enabled": ["isDefault"]}) == set()
	mail_policy.shortfalls(found, {"enabled": ["x"]}) == {`policy "Default": x is not on`}
}

test_shortfalls_hold_the_problem if {
	found := _in_force([], [_rule("Z", 0, {})])
	mail_policy.shortfalls(found, {"enabled": ["x"]}) == {"the policy of the rule that applies is not in the evidence"}
}
