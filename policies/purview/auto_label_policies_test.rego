package policies.purview.auto_label_policies_test

import data.policies.purview.auto_label_policies

_mailbox := {
	"primarySmtpAddress": "ada@contoso.example",
	"userPrincipalName": "ada.byron@contoso.example",
	"emailAddresses": ["smtp:ada@contoso.example"],
	"displayName": "Ada Byron",
	"recipientTypeDetails": "UserMailbox",
	"groups": [{"group": "finance@contoso.example", "member": "ada@contoso.example"}],
}

# A policy that labels, and is narrowed to nobody.
_labeling := {
	"enabled": true,
	"mode": "Enable",
	"applySensitivityLabel": "Confidential",
	"exchangeLocationException": [],
	"exchangeSender": [],
	"exchangeSenderException": [],
	"exchangeSenderMemberOf": [],
	"exchangeSenderMemberOfException": [],
	"oneDriveLocationException": [],
	"oneDriveSharedBy": [],
	"oneDriveSharedByMemberOf": [],
	"exceptIfOneDriveSharedBy": [],
	"exceptIfOneDriveSharedByMemberOf": [],
	"policyRBACScopes": [],
}

_mail := object.union(_labeling, {"exchangeLocation": ["All"]})

_drive := object.union(_labeling, {"oneDriveLocation": ["All"]})

_compliant(policy) := result if {
	result := auto_label_policies.compliant with input as _mailbox with data.evidence.purview.auto_label_policies as [policy]
}

test_cases if {
	every case in [
		{"note": "everybody", "policies": [{"exchangeLocation": ["All"]}], "compliant": true},
		{"note": "by a group", "policies": [{"exchangeLocation": ["finance@contoso.example"]}], "compliant": true},
		{"note": "all of OneDrive", "policies": [{"oneDriveLocation": ["All"]}], "compliant": true},
		{"note": "OneDrive with exceptions", "policies": [{"oneDriveLocation": ["All"], "oneDriveLocationException": ["https://x"]}], "compliant": false},
		{"note": "sites alone", "policies": [{"sharePointLocation": ["All"]}], "compliant": false},
		{"note": "simulated", "policies": [{"enabled": true, "mode": "TestWithoutNotifications", "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "off", "policies": [{"enabled": false, "mode": "Enable", "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "left out", "policies": [{"exchangeLocation": ["All"], "exchangeLocationException": ["ada@contoso.example"]}], "compliant": false},
	] {
		policies := [object.union(_labeling, policy) | some policy in case.policies]
		case.compliant == auto_label_policies.compliant with input as _mailbox with data.evidence.purview.auto_label_policies as policies
		reasons := auto_label_policies.reasons with input as _mailbox with data.evidence.purview.auto_label_policies as policies
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_unknown_exceptions_cover_nobody if {
	every field in ["exchangeLocationException", "exchangeSender", "exchangeSenderException", "exchangeSenderMemberOf", "exchangeSenderMemberOfException"] {
		not _compliant(object.remove(_mail, [field]))
		not _compliant(object.union(_mail, {field: null}))
	}
	every field in ["oneDriveLocationException", "oneDriveSharedBy", "oneDriveSharedByMemberOf", "exceptIfOneDriveSharedBy", "exceptIfOneDriveSharedByMemberOf"] {
		not _compliant(object.remove(_drive, [field]))
		not _compliant(object.union(_drive, {field: null}))
	}
}

test_mail_may_be_narrowed_to_senders if {
	every case in [
		{"narrowed": {}, "compliant": true},
		{"narrowed": {"exchangeSender": ["ada@contoso.example"]}, "compliant": true},
		{"narrowed": {"exchangeSender": ["bo@contoso.example"]}, "compliant": false},
		{"narrowed": {"exchangeSenderMemberOf": ["finance@contoso.example"]}, "compliant": true},
		{"narrowed": {"exchangeSenderMemberOf": ["sales@contoso.example"]}, "compliant": false},
		{"narrowed": {"exchangeSender": ["bo@contoso.example"], "exchangeSenderMemberOf": ["finance@contoso.example"]}, "compliant": true},
		{"narrowed": {"exchangeSenderException": ["bo@contoso.example"]}, "compliant": true},
		{"narrowed": {"exchangeSenderException": ["ada.byron@contoso.example"]}, "compliant": false},
		{"narrowed": {"exchangeSenderMemberOfException": ["sales@contoso.example"]}, "compliant": true},
		{"narrowed": {"exchangeSenderMemberOfException": ["finance@contoso.example"]}, "compliant": false},
		{"narrowed": {"exchangeSender": ["ada@contoso.example"], "exchangeSenderMemberOfException": ["finance@contoso.example"]}, "compliant": false},
	] {
		case.compliant == _compliant(object.union(_mail, case.narrowed))
	}
}

test_a_narrowed_onedrive_tells_nothing_of_a_mailbox if {
	_compliant(_drive)
	every field in ["oneDriveSharedBy", "oneDriveSharedByMemberOf", "exceptIfOneDriveSharedBy", "exceptIfOneDriveSharedByMemberOf"] {
		not _compliant(object.union(_drive, {field: ["bo@contoso.example"]}))
	}
}

test_administrative_units_cover_nobody if {
	_compliant(object.remove(_mail, ["policyRBACScopes"]))
	every policy in [_mail, _drive] {
		not _compliant(object.union(policy, {"policyRBACScopes": ["44444444-4444-4444-4444-444444444444"]}))
	}
}

test_a_policy_without_a_label_covers_nobody if {
	not _compliant(object.remove(_mail, ["applySensitivityLabel"]))
	every label in [null, "", " ", 7, "00000000-0000-0000-0000-000000000000", " 00000000-0000-0000-0000-000000000000"] {
		not _compliant(object.union(_mail, {"applySensitivityLabel": label}))
		not _compliant(object.union(_drive, {"applySensitivityLabel": label}))
	}
}

test_rooms_are_out_of_scope if {
	auto_label_policies.in_scope with input as _mailbox
	not auto_label_policies.in_scope with input as {"primarySmtpAddress": "room@contoso.example", "recipientTypeDetails": "RoomMailbox"}
}

test_no_evidence_is_not_met if not auto_label_policies.compliant with input as _mailbox with data.evidence as {}

test_unknown_mailbox_is_not_covered_by_name if {
	not auto_label_policies.compliant with input as {} with data.evidence.purview.auto_label_policies as [object.union(_mail, {"exchangeLocation": ["ada@contoso.example"]})]
}

test_everyone if {
	every case in [
		{"note": "all mail", "policy": _mail, "everyone": true},
		{"note": "all of OneDrive", "policy": _drive, "everyone": true},
		{"note": "but one", "policy": object.union(_mail, {"exchangeLocationException": ["ada@contoso.example"]}), "everyone": false},
		{"note": "of some senders", "policy": object.union(_mail, {"exchangeSender": ["ada@contoso.example"]}), "everyone": false},
		{"note": "not of some senders", "policy": object.union(_mail, {"exchangeSenderException": ["ada@contoso.example"]}), "everyone": false},
		{"note": "tested", "policy": object.union(_mail, {"mode": "TestWithNotifications"}), "everyone": false},
	] {
		decided := count([1 | auto_label_policies.everyone with data.evidence.purview.auto_label_policies as [case.policy]]) > 0
		case.everyone == decided
	}
	count([1 | auto_label_policies.everyone with data.evidence as {}]) == 0
}
