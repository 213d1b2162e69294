package policies.exchange.mailbox_audit

# Every mailbox counts, and needs auditing to be on for the organization. That is enough for mailboxes of people, shared mailboxes and
# those of groups, which are audited by default (Microsoft Learn, "Manage mailbox auditing"). Every other mailbox, be it a room's, a
# public folder's, one for discovery searches or of an unknown kind, has to have auditing switched on besides. Unless the organization puts
# up with it, the owner doesn't bypass auditing.
default compliant := false

compliant if {
	_kept_on
	_audited
	_recorded
}

# Where auditing is off for the organization, nothing is recorded of anybody.
everyone := false if data.evidence.exchange.organization_config.auditDisabled == true

# What is not known to hold.
reasons contains "auditing is not known to be on for the organization" if not _kept_on

reasons contains "auditing is not on for a mailbox that doesn't have it by default" if not _audited

reasons contains "the owner of the mailbox is not known to be without a bypass of auditing" if not _recorded

_kept_on if data.evidence.exchange.organization_config.auditDisabled == false

_audited if {
	is_string(input.recipientTypeDetails)
	input.recipientTypeDetails in {"GroupMailbox", "SharedMailbox", "UserMailbox"}
}

_audited if input.auditEnabled == true

# An association lets an account bypass auditing in all mailboxes (Microsoft Learn, "Set-MailboxAuditBypassAssociation").
_recorded if data.parameters.bypass_allowed == true

_recorded if input.auditBypassEnabled == false
