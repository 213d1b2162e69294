package policies.exchange.customer_lockbox

# Microsoft's support needs an approval before it touches content.
default compliant := false

compliant if data.evidence.exchange.organization_config.customerLockboxEnabled == true

# The switch that is not known to be on.
reasons contains "Customer Lockbox is not on" if not compliant
