package policies.exchange.calendar_sharing

# Nobody can share a calendar with people outside the organization: no sharing policy is on, default or custom.
default compliant := false

compliant if {
	count(data.evidence.exchange.sharing_policies) > 0
	every policy in data.evidence.exchange.sharing_policies { policy.enabled == false }
}

# The policies that allow it, or why that can't be told.
reasons contains "the evidence has no sharing policy, not even the default one" if {
	count(data.evidence.exchange.sharing_policies) == 0
}

reasons contains sprintf("sharing policy %q is not off", [policy.name]) if {
	some policy in data.evidence.exchange.sharing_policies
	not policy.enabled == false
}
