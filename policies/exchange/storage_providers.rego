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

_judged := _defaults if data.parameters.every_policy == false

_judged := {policy | some policy in data.evidence.exchange.owa_mailbox_policies} if data.parameters.every_policy == true

# The default policy is the one that is marked so, whatever its name. As long as none is, each that may be it counts.
_defaults := _marked if count(_marked) > 0

else := {policy | some policy in data.evidence.exchange.owa_mailbox_policies; not policy.isDefault == false}

_marked := {policy | some policy in data.evidence.exchange.owa_mailbox_policies; policy.isDefault == true}
