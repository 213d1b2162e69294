package policies.access.exclusions

default compliant := false

# Every policy excludes few users, and is named as ours are.
compliant if {
	count(data.evidence.bench.ca_policies) > 0
	every policy in data.evidence.bench.ca_policies {
		count(policy.conditions.users.excludeUsers) <= data.parameters.most
		startswith(policy.displayName, "CA")
	}
}
