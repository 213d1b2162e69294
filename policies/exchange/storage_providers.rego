package policies.exchange.storage_providers

# Outlook on the web offers no third-party storage under the default policy, or under any policy if the organization wants that.
default compliant := false

compliant if {
	count(_defaults) > 0
	every policy in _judged { policy.additionalStorageProvidersAvailable == false }
}

# Which policies offer it, or why that can't be told.
reasons contains "the evidence has no default policy of Outlook on the web" if count(_defaults) == 0

reasons contains sprintf("policy %q doesn't rule out other storage providers", [policy.identity]) if {
	some policy in _judged
	not policy.additionalStorageProvidersAvailable == false
}

_judged := [policy | some policy in data.evidence.exchange.owa_mailbox_policies; _counts(policy)]

_counts(_) if data.parameters.every_policy == true

_counts(policy) if {
	data.parameters.every_policy == false
	_default(policy)
}

_defaults := [policy | some policy in data.evidence.exchange.owa_mailbox_policies; _default(policy)]

# The default policy is the one that is marked so, whatever its name. As long as none is, each that may be it counts.
_default(policy) if policy.isDefault == true

_default(policy) if {
	not _marked
	not policy.isDefault == false
}

_marked if {
	some policy in data.evidence.exchange.owa_mailbox_policies
	policy.isDefault == true
}
