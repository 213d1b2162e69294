package policies.teams.meeting_policies

import data.policies.lib.meeting_policy

# Every meeting policy that counts gives the setting an accepted value.
default compliant := false

compliant if {
	meeting_policy.has_global(_judged)
	every policy in _judged { _restricts(policy) }
}

# The policies that don't, or why that can't be told.
reasons contains "the evidence doesn't have the global meeting policy" if not meeting_policy.has_global(_judged)

reasons contains sprintf("policy %q doesn't restrict %s", [policy.identity, data.parameters.setting]) if {
	some policy in _judged
	not _restricts(policy)
}

_judged := meeting_policy.judged(data.evidence.teams.meeting_policies, data.parameters.left_out)

_restricts(policy) if policy[data.parameters.setting] in {value | some value in data.parameters.accepted}
