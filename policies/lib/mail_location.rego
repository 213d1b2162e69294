# Whom the locations of a policy of Microsoft Purview reach. Everything here is a function of its arguments.
package policies.lib.mail_location

# covers holds if the places name the mailbox, and no exception does: by "All", by an address of it or of a group that it belongs to, in
# any case. An exception may also call it by its name; a place may not, since two mailboxes can share one. Where the
# exceptions are not known, or may be of a mailbox whose name is not known, nothing is covered.
covers(places, exceptions, mailbox) if {
	some place in places
	_names(place, mailbox.addresses | {"all"})
	_comparable(exceptions, mailbox)
	not _left_out(exceptions, ((mailbox.addresses | mailbox.names) | {"all"}))
}

# mailbox is what locations tell one mailbox from another by: its addresses, those of its groups (memberships are a list of {group}), and
# its name, each as far as the words have it. What no policy names makes no difference, so that most mailboxes look alike here.
mailbox(address, memberships, name, words) := {
	"addresses": (own | {lower(membership.group) | some membership in memberships; _names(membership.group, words)}),
	"names": {lower(name) | _names(name, words)},
	"named": _is_name(name),
} if {
	own := {lower(address) | _names(address, words)}
}

# words are all that policies name in these fields.
words(policies, fields) := {lower(word) |
	some policy in policies
	some field in fields
	some word in policy[field]
	is_string(word)
}

default _is_name(_) := false

_is_name(name) if {
	is_string(name)
	name != ""
}

_comparable(exceptions, _) if exceptions == []

_comparable(exceptions, mailbox) if {
	is_array(exceptions)
	mailbox.named
}

_names(place, known) if {
	is_string(place)
	lower(place) in known
}

_left_out(exceptions, known) if {
	some exception in exceptions
	_names(exception, known)
}
