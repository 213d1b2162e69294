# Whom the locations of a policy of Microsoft Purview reach. Everything here is a function of its arguments.
package policies.lib.mail_location

# covers holds if the places name the mailbox, and every exception is known to be about somebody else. A place names it by "All", or by an
# address of it or of a group that it belongs to, in any case; not by its name, since two mailboxes can share one.
covers(places, exceptions, mailbox) if {
	some place in places
	_word(place) in (mailbox.addresses | {"all"})
	is_array(exceptions)
	every exception in exceptions { _about_another(exception, mailbox) }
}

# everywhere holds for a policy that is not confined to administrative units. Evidence that doesn't know of such units comes from a cmdlet
# that has none.
everywhere(policy) if object.get(policy, "policyRBACScopes", null) in [null, []]

# mailbox is what locations tell one mailbox from another by: its addresses, those of its groups (record.groups is a list of {group}), and
# whatever else it is called, each as far as the words have it, and in which manners of calling it nothing is missing. What no policy names
# makes no difference, so that most mailboxes look alike here.
mailbox(record, words) := {
	"addresses": words & (_addresses(record) | {_word(group) | some group in groups}),
	"names": words & _names(record),
	"known": {manner | some manner in ["address", "distinguished name", "guid", "name"]; _knows(record, groups, manner)},
} if {
	words - {"all"} != set()
	groups := {membership.group | some membership in record.groups}
} else := {"addresses": set(), "names": set(), "known": set()}

# words are all that policies name in these fields.
words(policies, fields) := {_word(word) |
	some policy in policies
	some field in fields
	some word in policy[field]
}

# The empty text calls nobody.
_word(text) := word if {
	is_string(text)
	word := lower(trim_space(text))
	word != ""
}

_addresses(record) := union({
	{address | address := _word(record.primarySmtpAddress)},
	{address | address := _word(record.userPrincipalName)},
	{address |
		some entry in record.emailAddresses
		startswith(_word(entry), "smtp:")
		address := substring(_word(entry), 5, -1)
	},
})

# What Get-EXOMailbox has of what identifies a mailbox (Microsoft Learn, "New-LabelPolicy": name, distinguished name, address, GUID).
_names(record) := union({
	{name | name := _word(record.alias)},
	{name | name := _word(record.name)},
	{name | name := _word(record.displayName)},
	{name | name := _word(record.distinguishedName)},
	{name | name := _word(record.guid)},
	{name | name := _word(record.exchangeGuid)},
	{name | name := _word(record.externalDirectoryObjectId)},
})

# An exception is about somebody else if the mailbox is called otherwise in the manner of the exception. Canonical names and those with a
# domain in front have a slash, and the evidence has nothing to compare them with.
_about_another(exception, mailbox) if {
	word := _word(exception)
	not word in (mailbox.addresses | mailbox.names)
	word != "all"
	not regex.match(`[/\\]`, word)
	_manner(word) in mailbox.known
}

_manner(word) := "distinguished name" if {
	contains(word, "=")
} else := "address" if {
	contains(word, "@")
} else := "guid" if {
	regex.match(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, word)
} else := "name"

_knows(record, _, "address") if {
	_word(record.primarySmtpAddress)
	_word(record.userPrincipalName)
	is_array(record.emailAddresses)
}

# Groups are known by their addresses alone: what is called otherwise may be one of the mailbox's own.
_knows(record, groups, "distinguished name") if {
	groups == set()
	_word(record.distinguishedName)
}

_knows(record, groups, "guid") if {
	groups == set()
	_word(record.guid)
	_word(record.exchangeGuid)
	_word(record.externalDirectoryObjectId)
}

_knows(record, groups, "name") if {
	groups == set()
	_word(record.alias)
	_word(record.name)
	_word(record.displayName)
}
