package policies.exchange.mailbox_audit_test

import data.policies.exchange.mailbox_audit

_cases := [
	{"note": "a person's, by default", "mailbox": {"recipientTypeDetails": "UserMailbox"}, "compliant": true},
	{
		"note": "a person's, whatever it says itself",
		"mailbox": {"recipientTypeDetails": "UserMailbox", "auditEnabled": false},
		"compliant": true,
	},
	{"note": "shared", "mailbox": {"recipientTypeDetails": "SharedMailbox"}, "compliant": true},
	{"note": "a group's", "mailbox": {"recipientTypeDetails": "GroupMailbox"}, "compliant": true},
	{"note": "a room's, on", "mailbox": {"recipientTypeDetails": "RoomMailbox", "auditEnabled": true}, "compliant": true},
	{"note": "a room's, off", "mailbox": {"recipientTypeDetails": "RoomMailbox", "auditEnabled": false}, "compliant": false},
	{"note": "a room's, null", "mailbox": {"recipientTypeDetails": "RoomMailbox", "auditEnabled": null}, "compliant": false},
	{"note": "a public folder's, missing", "mailbox": {"recipientTypeDetails": "PublicFolderMailbox"}, "compliant": false},
	{
		"note": "for discovery searches, of the wrong type",
		"mailbox": {"recipientTypeDetails": "DiscoveryMailbox", "auditEnabled": "true"},
		"compliant": false,
	},
	{
		"note": "of somebody who bypasses auditing",
		"mailbox": {"recipientTypeDetails": "UserMailbox", "auditBypassEnabled": true},
		"compliant": true,
	},
	{"note": "of no known kind", "mailbox": {}, "compliant": false},
	{"note": "of no known kind, null", "mailbox": {"recipientTypeDetails": null}, "compliant": false},
	{"note": "of no known kind, on", "mailbox": {"recipientTypeDetails": null, "auditEnabled": true}, "compliant": true},
]

_parameters := {"bypass_allowed": true}

test_cases if {
	every case in _cases {
		case.compliant == mailbox_audit.compliant with input as case.mailbox
			with data.evidence.exchange.organization_config as {"auditDisabled": false}
			with data.parameters as _parameters
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := mailbox_audit.reasons with input as case.mailbox
			with data.evidence.exchange.organization_config as {"auditDisabled": false}
			with data.parameters as _parameters
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_mailbox_is_audited_unless_the_organization_has_auditing_on if {
	every settings in [{"auditDisabled": true}, {"auditDisabled": null}, {"auditDisabled": "false"}, {}] {
		every case in _cases {
			not mailbox_audit.compliant with input as case.mailbox
				with data.evidence.exchange.organization_config as settings
				with data.parameters as _parameters
			reasons := mailbox_audit.reasons with input as case.mailbox
				with data.evidence.exchange.organization_config as settings
				with data.parameters as _parameters
			"auditing is not known to be on for the organization" in reasons
		}
	}
}

test_a_bypass_may_count if {
	every case in [
		{"mailbox": {"auditBypassEnabled": false}, "compliant": true},
		{"mailbox": {"auditBypassEnabled": true}, "compliant": false},
		{"mailbox": {"auditBypassEnabled": null}, "compliant": false},
		{"mailbox": {"auditBypassEnabled": "false"}, "compliant": false},
		{"mailbox": {}, "compliant": false},
	] {
		mailbox := object.union({"recipientTypeDetails": "UserMailbox"}, case.mailbox)
		case.compliant == mailbox_audit.compliant with input as mailbox
			with data.evidence.exchange.organization_config as {"auditDisabled": false}
			with data.parameters as {"bypass_allowed": false}
		reasons := mailbox_audit.reasons with input as mailbox
			with data.evidence.exchange.organization_config as {"auditDisabled": false}
			with data.parameters as {"bypass_allowed": false}
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not mailbox_audit.compliant with input as {"recipientTypeDetails": "UserMailbox"}
		with data.evidence as {}
		with data.parameters as _parameters
}

test_nobody_is_audited_where_it_is_off if {
	mailbox_audit.everyone == false with data.evidence.exchange.organization_config as {"auditDisabled": true}
	every config in [{"auditDisabled": false}, {"auditDisabled": null}, {}] {
		count([1 | mailbox_audit.everyone == false with data.evidence.exchange.organization_config as config]) == 0
	}
}
