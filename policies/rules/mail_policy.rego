# Whether the one policy that is in force for a mailbox is as a control asks for, of any family of policies.
package policies.rules.mail_policy

import data.policies.lib.mail_policy
import data.policies.lib.mailbox

# Mailboxes of people count. A mailbox of an unknown kind is taken for a person's.
default in_scope := true

in_scope := false if mailbox.impersonal(input.recipientTypeDetails)

# A mailbox complies when the one policy in force for it lacks nothing that the control asks for.
default compliant := false

compliant if _shortfalls == set()

compliant if {
	everyone
	_addressed
}

# Whoever has a mailbox is under a policy that lacks nothing.
everyone if mail_policy.suit(_of_everyone, _asked)

# The same for all controls of a family.
_of_everyone := mail_policy.of_everyone(_order)

# What that policy lacks, or why it can't be told which policy is in force.
reasons contains shortfall if some shortfall in _shortfalls

_shortfalls := union({lacks | some lacks in known}) if {
	known := [mail_policy.shortfalls(_found, asked) | some asked in _asked]
	count(known) == count(_asked)
}

# Whatever a control asks for by its parameters, some families ask for more. Each of them has to be met.
_asked := array.concat([_own], data.constants.always)

# A recipient limit of 0 leaves it at the limit of the service. That counts as low enough, unless the organization wants a limit of
# its own.
_own := data.parameters if data.parameters.service_limit_counts == true

_own := object.union(data.parameters, {"at_least": {field: 1 | some field, _ in data.parameters.at_most}}) if {
	data.parameters.service_limit_counts == false
}

_found := mail_policy.in_force(_order, _takers)

_addressed if is_string(input.primarySmtpAddress)

# The rules that take the mailbox.
_takers := mail_policy.takers(_order, recipient) if {
	_known
	recipient := mail_policy.mailbox(input.primarySmtpAddress, _other_addresses, input.groups)
}

_other_addresses := [address | some address in input.emailAddresses]

# Every document is in the evidence.
_known if {
	is_array(_groups)
	every stage in _order { is_array(stage) }
}

_order := mail_policy.order(_family)

# The default policy covers whoever no rule takes, or Built-in protection does, and its own rule leaves out.
_family := _policies_and_rules if data.constants.fallback == "isDefault"

_family := object.union(_policies_and_rules, {"built_in": _built_in}) if data.constants.fallback == "isBuiltInProtection"

_policies_and_rules := {
	"direction": data.constants.direction,
	"names": data.constants.names,
	"presets": _presets,
	"rules": _rules,
	"policies": _policies,
	"groups": _groups,
	"fallback": [policy | some policy in _policies; policy[data.constants.fallback] == true],
}

# A document that is not in the evidence is null: a list that is left out is not an empty one.
default _rules := null

_rules := [mail_policy.rule(rule) | some rule in data.context.rules] if is_array(data.context.rules)

default _policies := null

# What decides which policy is in force, and all that parameters may ask for: notes and block lists make no difference, and what is wrong
# with them has no effect.
_policies := [policy |
	some record in data.context.policies
	policy := object.union(
		object.filter(record, ["name", "identity", "isDefault", "isBuiltInProtection", "recommendedPolicyType"]),
		object.filter(record, data.constants.fields),
	)
] if {
	is_array(data.context.policies)
}

default _groups := null

_groups := data.context.groups

default _presets := null

# Presets have no policy for outbound mail.
_presets := [] if data.constants.direction == "outbound"

_presets := [mail_policy.rule(rule) | some rule in data.context.presets] if {
	data.constants.direction == "inbound"
	is_array(data.context.presets)
}

default _built_in := null

_built_in := [mail_policy.rule(rule) | some rule in data.context.built_in] if is_array(data.context.built_in)
