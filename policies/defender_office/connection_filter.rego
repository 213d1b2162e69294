package policies.defender_office.connection_filter

# The default connection filter lets no sending server past the other filters.
default compliant := false

compliant if {
	count(_defaults) > 0
	every filter in _defaults { filter.ipAllowList == [] }
}

# Why it does, or why that can't be told.
reasons contains "the evidence has no default connection filter" if count(_defaults) == 0

reasons contains "the default connection filter has an allow list that is not empty" if {
	some filter in _defaults
	not filter.ipAllowList == []
}

_defaults contains filter if {
	some filter in data.evidence.defender_office.connection_filters
	filter.isDefault == true
}
