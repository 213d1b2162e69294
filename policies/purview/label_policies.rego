package policies.purview.label_policies

import data.policies.lib.mail_location
import data.policies.lib.mailbox

# Mailboxes of people count. A mailbox of an unknown kind is taken for a person's.
default in_scope := true

in_scope := false if mailbox.impersonal(input.recipientTypeDetails)

# A mailbox complies when one policy that is on, for the whole organization, offers it labels.
default compliant := false

compliant if {
	addresses := mail_location.addresses(input)
	some location in _locations
	mail_location.covers(location, addresses, input)
}

# Every mailbox complies if one such policy leaves out nobody.
everyone if {
	some location in _locations
	mail_location.covers_everyone(location)
}

# Every failing mailbox lacks the same.
reasons contains "no label policy that is on is known to reach the mailbox" if not compliant

# Where the policies that publish labels do so.
_locations contains mail_location.location(policy.exchangeLocation, policy.exchangeLocationException) if some policy in _publishing

# Groups are named one by one here: whether somebody is in any group at all, "All" doesn't tell.
_locations contains mail_location.location(named, policy.modernGroupLocationException) if {
	some policy in _publishing
	named := {place | some place in policy.modernGroupLocation; is_string(place); trim_space(place) != "All"}
}

_publishing := [policy | some policy in data.evidence.purview.label_policies; _publishes(policy)]

# Evidence that doesn't speak of a mode comes from a cmdlet that has none. In any other mode the policy tests, is off, or about to go.
_publishes(policy) if {
	policy.enabled == true
	object.get(policy, "mode", null) in [null, "Enable", "Enforce"]
	mail_location.everywhere(policy)
	some label in policy.labels
	is_string(label)
	trim_space(label) != ""
}
