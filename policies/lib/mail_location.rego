# Whom the locations of a policy of Microsoft Purview reach. Everything here is a function of its arguments.
package policies.lib.mail_location

# covers holds if the places name the mailbox, and no exception does: by "All", by an address of it or of a group that it belongs to, in
# any case. An exception may also call it by its name; a place may not, since two mailboxes can share one. Where the
# exceptions are not known, or may be of a mailbox whose name is not known, nothing is covered.
covers(places, exceptions, addresses, name) if {
	some place in places
	_names(place, addresses | {"all"})
	_comparable(exceptions, name)
	not _left_out(exceptions, addresses | {"all", lower(name)})
}

# addresses are those of the mailbox and of its groups.
addresses(address, groups) := {lower(text) |
	some text in ({address} | groups)
	is_string(text)
}

_comparable(exceptions, _) if exceptions == []

_comparable(exceptions, name) if {
	is_array(exceptions)
	name != ""
}

_names(place, known) if {
	is_string(place)
	lower(place) in known
}

_left_out(exceptions, known) if {
	some exception in exceptions
	_names(exception, known)
}
