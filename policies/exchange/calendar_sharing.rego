package policies.exchange.calendar_sharing

# Nobody can share a calendar with people outside the organization: no sharing policy that is on shares any, be it default or custom.
default compliant := false

compliant if {
	_has_default
	every policy in data.evidence.exchange.sharing_policies { _harmless(policy) }
}

# The policies that allow it, or why that can't be told.
reasons contains "the evidence doesn't have the default sharing policy" if not _has_default

reasons contains sprintf("sharing policy %q is not off, and not known to share no calendar", [policy.name]) if {
	some policy in data.evidence.exchange.sharing_policies
	not _harmless(policy)
}

# There is one in every organization. A policy that doesn't say whether it is the default may be.
_has_default if {
	some policy in data.evidence.exchange.sharing_policies
	not policy.default == false
}

_harmless(policy) if policy.enabled == false

# Each entry says with whom what is shared, as "fabrikam.example:CalendarSharingFreeBusyDetail, ContactsSharing".
_harmless(policy) if {
	is_array(policy.domains)
	every entry in policy.domains { _contacts_alone(entry) }
}

_contacts_alone(entry) if {
	is_string(entry)
	regex.match(`(?i)^[^:,]+:\s*ContactsSharing\s*$`, entry)
}
