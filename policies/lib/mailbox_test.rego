package policies.lib.mailbox_test

import data.policies.lib.mailbox

test_kinds_of_mailboxes if {
	mailbox.impersonal("SharedMailbox")
	mailbox.impersonal("RoomMailbox")
	not mailbox.impersonal("UserMailbox")
	not mailbox.impersonal("MailboxOfSomeNewKind")
	not mailbox.impersonal(null)
}
