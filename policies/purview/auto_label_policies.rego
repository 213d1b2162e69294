package policies.purview.auto_label_policies

import data.policies.lib.mail_location
import data.policies.lib.mail_policy

# Mailboxes of people count. A mailbox of an unknown kind is taken for a person's.
default in_scope := true

in_scope := false if mail_policy.impersonal(input.recipientTypeDetails)

# A mailbox complies when one policy that is on and acts covers it, or all of OneDrive.
default compliant := false

compliant if {
	some policy in _acting
	mail_location.covers(policy.exchangeLocation, policy.exchangeLocationException, _mailbox)
}

# Single places of OneDrive are addresses of sites, which don't tell whose they are.
compliant if {
	some policy in _acting
	some place in policy.oneDriveLocation
	lower(place) == "all"
	policy.oneDriveLocationException == []
}

# Every failing mailbox lacks the same.
reasons contains "no auto-labeling policy that acts covers the mailbox" if not compliant

_mailbox := mail_location.mailbox(
	input.primarySmtpAddress,
	input.groups,
	_name,
	_words,
)

_words := mail_location.words(_acting, ["exchangeLocation", "exchangeLocationException"])

# A mailbox without a name is one all the same.
default _name := null

_name := input.displayName

_acting := [policy |
	some policy in data.evidence.purview.auto_label_policies
	policy.enabled == true
	policy.mode == "Enable"
]
