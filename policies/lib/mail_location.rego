# Whom the locations of a policy of Microsoft Purview reach. Everything here is a function of its arguments.
package policies.lib.mail_location

# covers holds if the places name the mailbox, and every exception is known to be about somebody else. A place names it by "All", or by an
# address of it or of a group that it belongs to; not by its name, since two mailboxes can share one.
covers(places, exceptions, mailbox) if {
	some place in places
	_word(place) in (mailbox.addresses | {"All"})
	is_array(exceptions)
	every exception in exceptions { _about_another(exception, mailbox) }
}

# covers_everyone holds if the places name everybody, and nobody is left out.
covers_everyone(places, exceptions) if {
	some place in places
	_word(place) == "All"
	exceptions == []
}

# everywhere holds for a policy that is not confined to administrative units. Evidence that doesn't know of such units comes from a cmdlet
# that has none.
everywhere(policy) if object.get(policy, "policyRBACScopes", null) in [null, []]

# mailbox is what locations tell one mailbox from another by: its addresses, those of its groups (record.groups is a list of {group}), and
# whatever else it is called, each as far as policies name it, and of which manners of calling it nothing is missing, as far as exceptions
# use them. What no policy names makes no difference, so that most mailboxes look alike here.
mailbox(record, named) := {
	"addresses": (_addresses(record, named.words) | {word | some membership in record.groups; word := _word(membership.group); word in named.words}),
	"names": _names(record, named.excepted),
	"known": {manner | some manner in named.manners; _knows(record, manner)},
} if {
	named.words != set()
} else := {"addresses": set(), "names": set(), "known": set()}

# named is what policies name in fields of places and in fields of exceptions, beside everybody: all words, those of exceptions, and the
# manners in which these call a mailbox.
named(policies, places, exceptions) := {
	"words": (_words(policies, places) | excepted),
	"excepted": excepted,
	"manners": {_manner(word) | some word in excepted},
} if {
	excepted := _words(policies, exceptions)
}

_words(policies, fields) := {_word(text) |
	some policy in policies
	some field in fields
	some text in policy[field]
} - {"All"}

# The empty text calls nobody.
_word(text) := word if {
	is_string(text)
	word := trim_space(text)
	word != ""
}

_addresses(record, words) := {word |
	some address in [object.get(record, "primarySmtpAddress", null), object.get(record, "userPrincipalName", null)]
	word := _word(address)
	word in words
} | {word |
	some entry in record.emailAddresses
	address := _word(entry)
	startswith(address, "smtp:")
	word := substring(address, 5, -1)
	word in words
}

# What Get-EXOMailbox has of what identifies a mailbox (Microsoft Learn, "New-LabelPolicy": name, distinguished name, address, GUID).
_names(record, excepted) := {word |
	excepted != set()
	some name in [
		object.get(record, "alias", null),
		object.get(record, "name", null),
		object.get(record, "displayName", null),
		object.get(record, "distinguishedName", null),
		object.get(record, "guid", null),
		object.get(record, "exchangeGuid", null),
		object.get(record, "externalDirectoryObjectId", null),
	]
	word := _word(name)
	word in excepted
}

# An exception is about somebody else if the mailbox is called otherwise in the manner of the exception. Canonical names and those with a
# domain in front have a slash, and the evidence has nothing to compare them with.
_about_another(exception, mailbox) if {
	word := _word(exception)
	not word in (mailbox.addresses | mailbox.names)
	word != "All"
	not regex.match(`[/\\]`, word)
	_manner(word) in mailbox.known
}

_manner(word) := "distinguished name" if {
	contains(word, "=")
} else := "address" if {
	regex.match(`^[^@\s]+@[^@\s]+$`, word)
} else := "guid" if {
	regex.match(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, word)
} else := "name"

_knows(record, "address") if {
	_word(record.primarySmtpAddress)
	_word(record.userPrincipalName)
	is_array(record.emailAddresses)
}

# Groups are known by their addresses alone: what is called otherwise may be one of the mailbox's own.
_knows(record, "distinguished name") if {
	record.groups == []
	_word(record.distinguishedName)
}

_knows(record, "guid") if {
	record.groups == []
	_word(record.guid)
	_word(record.exchangeGuid)
	_word(record.externalDirectoryObjectId)
}

_knows(record, "name") if {
	record.groups == []
	_word(record.alias)
	_word(record.name)
	_word(record.displayName)
}
