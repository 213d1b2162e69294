package policies.purview.auto_label_policies

import data.policies.lib.mail_location
import data.policies.lib.mailbox

# Mailboxes of people count. A mailbox of an unknown kind is taken for a person's.
default in_scope := true

in_scope := false if mailbox.impersonal(input.recipientTypeDetails)

# A mailbox complies when one policy that is on, acts, and is for the whole organization covers its mail, or all of OneDrive.
default compliant := false

compliant if {
	addresses := mail_location.addresses(input)
	some mail in _mail
	mail_location.covers(mail.mailboxes, addresses, input)
	mail_location.covers(mail.senders, addresses, input)
}

compliant if _onedrive

# Every mailbox complies if one such policy leaves out nobody.
everyone if {
	some mail in _mail
	mail_location.covers_everyone(mail.mailboxes)
	mail_location.covers_everyone(mail.senders)
}

everyone if _onedrive

# Single places of OneDrive are addresses of sites, which don't tell whose they are.
_onedrive if {
	some policy in _acting
	some place in policy.oneDriveLocation
	place == "All"
	every narrowed in [
		policy.oneDriveLocationException,
		policy.oneDriveSharedBy,
		policy.oneDriveSharedByMemberOf,
		policy.exceptIfOneDriveSharedBy,
		policy.exceptIfOneDriveSharedByMemberOf,
	] {
		narrowed == []
	}
}

# Every failing mailbox lacks the same.
reasons contains "no auto-labeling policy that acts is known to cover the mailbox" if not compliant

# Whose mail a policy covers. Beside its location it may name senders and groups of them, or leave some out (Microsoft Learn,
# "New-AutoSensitivityLabelPolicy"); where it doesn't say whether it does, it covers nobody.
_mail contains {
	"mailboxes": mail_location.location(policy.exchangeLocation, policy.exchangeLocationException),
	"senders": mail_location.location(
		_or_everybody(array.concat(policy.exchangeSender, policy.exchangeSenderMemberOf)),
		array.concat(policy.exchangeSenderException, policy.exchangeSenderMemberOfException),
	),
} if {
	some policy in _acting
	is_array(policy.exchangeSender)
	is_array(policy.exchangeSenderMemberOf)
	is_array(policy.exchangeSenderException)
	is_array(policy.exchangeSenderMemberOfException)
}

_or_everybody(named) := named if named != []

else := ["All"]

_acting := [policy | some policy in data.evidence.purview.auto_label_policies; _acts(policy)]

# A policy that takes labels away has a label of zeros.
_acts(policy) if {
	policy.enabled == true
	policy.mode == "Enable"
	mail_location.everywhere(policy)
	is_string(policy.applySensitivityLabel)
	not trim_space(policy.applySensitivityLabel) in {"", "00000000-0000-0000-0000-000000000000"}
}
