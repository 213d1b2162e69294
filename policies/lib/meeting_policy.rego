# Which meeting policies of Teams count. The evidence doesn't say whom a policy is assigned to, so each one does, save those that are
# named as left out.
package policies.lib.meeting_policy

# judged is the set of policies that count. The global policy always does: it reaches everybody without a policy of their own.
judged(policies, left_out) := {policy |
	some policy in policies
	not _left_out(policy, left_out)
}

# has_global holds if the global policy is among the policies: there is one in every organization.
has_global(policies) if {
	some policy in policies
	_global(policy)
}

_left_out(policy, names) if {
	not _global(policy)
	policy.identity in names
}

_global(policy) if policy.identity == "Global"
