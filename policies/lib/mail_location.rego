# Whom the locations of a policy of Microsoft Purview reach. Everything here is a function of its arguments.
package policies.lib.mail_location

# location returns what a policy's places and exceptions are compared with mailboxes by: their words, and the manners in which exceptions call
# a mailbox. It is undefined if an exception can be about anybody.
location(places, exceptions) := {
	"places": {_word(place) | some place in places},
	"exceptions": {_word(exception) | some exception in exceptions},
	"manners": {_manner(_word(exception)) | some exception in exceptions},
} if {
	is_array(exceptions)
	every exception in exceptions { _comparable(_word(exception)) }
}

# Canonical names and those with a domain in front have a slash, and the evidence has nothing to compare them with.
_comparable(word) if {
	word != "All"
	not regex.match(`[/\\]`, word)
}

# covers holds if the places of the location name the mailbox, and every exception is known to be about somebody else: the mailbox is called
# otherwise in the manner of the exception. A place names it by "All", or by an address of it or of a group that it belongs to; not by its
# name, since two mailboxes can share one.
covers(location, addresses, record) if {
	location.places & addresses != set()
	_about_others(location, addresses, record)
}

_about_others(location, addresses, record) if location.exceptions == set()

else if {
	location.exceptions & (addresses | _names(record)) == set()
	every manner in location.manners { _knows(record, manner) }
}

# covers_everyone holds if the places of the location name everybody, and nobody is left out.
covers_everyone(location) if {
	"All" in location.places
	location.exceptions == set()
}

# everywhere holds for a policy that is not confined to administrative units. Evidence that doesn't know of such units comes from a cmdlet
# that has none.
everywhere(policy) if object.get(policy, "policyRBACScopes", null) in [null, []]

# addresses returns what places call a mailbox: "All", and the addresses of it and of its groups (record.groups is a list of {group}).
addresses(record) := ({"All"} | _addresses(record)) | {_word(membership.group) | some membership in record.groups}

# The empty text calls nobody.
_word(text) := word if {
	is_string(text)
	word := trim_space(text)
	word != ""
}

_addresses(record) := {_word(address) |
	some address in [object.get(record, "primarySmtpAddress", null), object.get(record, "userPrincipalName", null)]
} | {substring(address, 5, -1) |
	some entry in record.emailAddresses
	address := _word(entry)
	startswith(address, "smtp:")
}

# What Get-EXOMailbox has of what identifies a mailbox (Microsoft Learn, "New-LabelPolicy": name, distinguished name, address, GUID).
_names(record) := {_word(name) |
	some name in [
		object.get(record, "alias", null),
		object.get(record, "name", null),
		object.get(record, "displayName", null),
		object.get(record, "distinguishedName", null),
		object.get(record, "guid", null),
		object.get(record, "exchangeGuid", null),
		object.get(record, "externalDirectoryObjectId", null),
	]
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
