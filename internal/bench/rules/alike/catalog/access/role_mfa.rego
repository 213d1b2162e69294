package policies.access.role_mfa

default compliant := false

# A policy that is enforced asks the holders of the role for multifactor authentication.
compliant if {
	some policy in data.evidence.bench.ca_policies
	policy.state == "enabled"
	data.parameters.role in policy.conditions.users.includeRoles
	"mfa" in policy.grantControls.builtInControls
}
