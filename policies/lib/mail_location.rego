# Whom the locations of a policy of Microsoft Purview reach. Everything here is a function of its arguments.
package policies.lib.mail_location

# covers holds if the places name the mailbox and the exceptions don't: "All", or the address of the mailbox or of a group that it
# belongs to, in any case. The mailbox is its address and its groups; whoever is left out by another name, name says.
covers(places, exceptions, addresses, name) if {
	some place in places
	_names(place, addresses | {"all"})
	not _left_out(exceptions, addresses | {"all", lower(name)})
}

# addresses are those of the mailbox and of its groups.
addresses(address, groups) := {lower(text) |
	some text in ({address} | groups)
	is_string(text)
}

_names(place, known) if {
	is_string(place)
	lower(place) in known
}

_left_out(exceptions, known) if {
	some exception in exceptions
	_names(exception, known)
}
