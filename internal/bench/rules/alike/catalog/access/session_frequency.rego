package policies.access.session_frequency

default compliant := false

# A policy that is enforced limits the sessions of all users.
compliant if count(_limiting) > 0

_limiting contains policy.displayName if {
	some policy in data.evidence.bench.ca_policies
	policy.state == "enabled"
	"All" in policy.conditions.users.includeUsers
	policy.sessionControls.signInFrequency.isEnabled == true
	policy.sessionControls.signInFrequency.value <= data.parameters.hours
}
