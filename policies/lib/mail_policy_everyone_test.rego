package policies.lib.mail_policy_everyone_test

import data.policies.lib.mail_policy

# Nothing but the policy that covers everybody else.
_family := {
	"direction": "inbound",
	"names": "spamPolicy",
	"presets": [],
	"rules": [],
	"policies": [_good],
	"groups": [],
	"fallback": [_good],
}

_good := {"identity": "Default", "isDefault": true, "zapEnabled": true}

_bad := {"identity": "Default", "isDefault": true, "zapEnabled": false}

_asked := [{"enabled": ["zapEnabled"]}]

_nobody := {
	"sentTo": [],
	"sentToMemberOf": [],
	"recipientDomainIs": [],
	"exceptIfSentTo": [],
	"exceptIfSentToMemberOf": [],
	"exceptIfRecipientDomainIs": [],
}

_rule(fields) := object.union(object.union({"name": "R", "state": "Enabled", "priority": 0, "spamPolicy": "Custom"}, _nobody), fields)

_custom(enabled) := {"identity": "Custom", "isDefault": false, "zapEnabled": enabled}

_strict(fields) := object.union(_rule({"identity": "Strict Preset Security Policy", "spamPolicy": "Strict"}), fields)

_standard(fields) := object.union(_rule({"identity": "Standard Preset Security Policy", "spamPolicy": "Standard"}), fields)

_preset_policies(strict, standard) := [
	{"identity": "Strict", "isDefault": false, "zapEnabled": strict},
	{"identity": "Standard", "isDefault": false, "zapEnabled": standard},
]

_cases := [
	{"note": "the default decides", "family": {}, "suits": true},
	{"note": "the default falls short", "family": {"policies": [_bad], "fallback": [_bad]}, "suits": false},
	{"note": "no default", "family": {"fallback": []}, "suits": false},
	{"note": "two defaults", "family": {"fallback": [_good, object.union(_good, {"identity": "Other"})]}, "suits": false},
	{"note": "no policies at all", "family": {"policies": null, "fallback": []}, "suits": false},
	{"note": "rules unknown", "family": {"rules": null}, "suits": false},
	{"note": "presets unknown", "family": {"presets": null}, "suits": false},
	{"note": "groups unknown, and none named", "family": {"groups": null}, "suits": true},
	{
		"note": "all rules suit",
		"family": {"rules": [_rule({"sentTo": ["ada@contoso.example"]})], "policies": [_good, _custom(true)]},
		"suits": true,
	},
	{
		"note": "a rule falls short for somebody",
		"family": {"rules": [_rule({"sentTo": ["ada@contoso.example"]})], "policies": [_good, _custom(false)]},
		"suits": false,
	},
	{
		"note": "a rule falls short, and is off",
		"family": {"rules": [_rule({"state": "Disabled"})], "policies": [_good, _custom(false)]},
		"suits": true,
	},
	{
		"note": "a rule with a state that can't be read",
		"family": {"rules": [_rule({"state": null})], "policies": [_good, _custom(true)]},
		"suits": false,
	},
	{
		"note": "a rule with conditions that are missing",
		"family": {"rules": [object.remove(_rule({}), ["sentTo"])], "policies": [_good, _custom(true)]},
		"suits": false,
	},
	{
		"note": "a rule for a group whose members nobody knows",
		"family": {"rules": [_rule({"sentToMemberOf": ["sales@contoso.example"]})], "policies": [_good, _custom(true)]},
		"suits": false,
	},
	{
		"note": "a rule for a group whose members are known",
		"family": {"rules": [_rule({"sentToMemberOf": ["sales@contoso.example"]})], "policies": [_good, _custom(true)], "groups": [{"primarySmtpAddress": "sales@contoso.example"}]},
		"suits": true,
	},
	{"note": "a rule whose policy is missing", "family": {"rules": [_rule({})]}, "suits": false},
	{
		"note": "a rule takes everybody, and the default doesn't matter",
		"family": {"rules": [_rule({})], "policies": [_bad, _custom(true)], "fallback": [_bad]},
		"suits": true,
	},
	{
		"note": "a rule takes everybody but some",
		"family": {"rules": [_rule({"exceptIfSentTo": ["ada@contoso.example"]})], "policies": [_bad, _custom(true)], "fallback": [_bad]},
		"suits": false,
	},
	{
		"note": "a rule behind one that takes everybody",
		"family": {
			"rules": [_rule({}), _rule({"name": "S", "priority": 1, "spamPolicy": "Default"})],
			"policies": [_bad, _custom(true)], "fallback": [_bad],
		},
		"suits": true,
	},
	{
		"note": "a rule before one that takes everybody",
		"family": {
			"rules": [_rule({"priority": 1}), _rule({"name": "S", "sentTo": ["ada@contoso.example"], "spamPolicy": "Default"})],
			"policies": [_bad, _custom(true)], "fallback": [_bad],
		},
		"suits": false,
	},
	{
		"note": "two rules of one priority",
		"family": {"rules": [_rule({}), _rule({"name": "S", "spamPolicy": "Default"})], "policies": [_good, _custom(true)]},
		"suits": false,
	},
	{
		"note": "two rules, one without a priority",
		"family": {"rules": [_rule({}), _rule({"name": "S", "priority": null, "spamPolicy": "Default"})], "policies": [_good, _custom(true)]},
		"suits": false,
	},
	{
		"note": "a preset takes everybody: nothing else has to be known",
		"family": {"presets": [_strict({})], "rules": null, "groups": null, "policies": array.concat([_bad], _preset_policies(true, true)), "fallback": [_bad]},
		"suits": true,
	},
	{
		"note": "the Standard preset takes whom the Strict one leaves",
		"family": {
			"presets": [_strict({"recipientDomainIs": ["contoso.example"]}), _standard({"priority": 1})],
			"rules": null, "groups": null, "policies": array.concat([_bad], _preset_policies(true, true)), "fallback": [_bad],
		},
		"suits": true,
	},
	{
		"note": "the Standard preset falls short",
		"family": {
			"presets": [_strict({"recipientDomainIs": ["contoso.example"]}), _standard({"priority": 1})],
			"rules": null, "policies": array.concat([_bad], _preset_policies(true, false)), "fallback": [_bad],
		},
		"suits": false,
	},
	{
		"note": "the Strict preset takes everybody, and the Standard one doesn't matter",
		"family": {
			"presets": [_strict({}), _standard({"priority": 1})],
			"rules": null, "policies": array.concat([_bad], _preset_policies(true, false)), "fallback": [_bad],
		},
		"suits": true,
	},
	{
		"note": "the presets leave somebody to rules that are not known",
		"family": {"presets": [_strict({"recipientDomainIs": ["contoso.example"]})], "rules": null, "policies": array.concat([_good], _preset_policies(true, true))},
		"suits": false,
	},
	{
		"note": "an evaluation may take somebody",
		"family": {"policies": [_good, {"identity": "Evaluation Policy", "recommendedPolicyType": "Evaluation", "zapEnabled": true}]},
		"suits": false,
	},
	{
		"note": "an evaluation behind a preset that takes everybody",
		"family": {"presets": [_strict({})], "policies": array.concat([{"identity": "Evaluation Policy", "recommendedPolicyType": "Evaluation"}], _preset_policies(true, true))},
		"suits": true,
	},
	{"note": "built-in protection", "family": {"built_in": [_rule({})]}, "suits": true},
	{"note": "built-in protection with an exception", "family": {"built_in": [_rule({"exceptIfSentTo": ["ada@contoso.example"]})]}, "suits": false},
	{"note": "no rule of built-in protection", "family": {"built_in": []}, "suits": false},
	{"note": "the rule of built-in protection is not known", "family": {"built_in": null}, "suits": false},
	{
		"note": "built-in protection is not known, and doesn't matter",
		"family": {"built_in": null, "rules": [_rule({})], "policies": [_good, _custom(true)]},
		"suits": true,
	},
]

test_cases if {
	every case in _cases {
		case.suits == _holds(object.union(_family, case.family))
	}
}

_holds(family) := count([1 | mail_policy.suit(mail_policy.of_everyone(mail_policy.order(family)), _asked)]) > 0

# Whatever suits everyone suits each mailbox.
test_nobody_contradicts if {
	every case in _cases {
		every mailbox in ["ada@contoso.example", "bo@sub.contoso.example", "cleo@fabrikam.example"] {
			_agrees(case, object.union(_family, case.family), mailbox)
		}
	}
}

_agrees(case, _, _) if case.suits == false

_agrees(_, family, _) if {
	some part in ["presets", "rules", "policies", "groups", "built_in"]
	family[part] == null
}

_agrees(_, family, address) if {
	order := mail_policy.order(family)
	takers := mail_policy.takers(order, mail_policy.mailbox(address, [], [{"group": "sales@contoso.example"}]))
	mail_policy.shortfalls(mail_policy.in_force(order, takers), _asked[0]) == set()
}
