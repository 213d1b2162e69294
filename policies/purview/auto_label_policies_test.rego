package policies.purview.auto_label_policies_test

import data.policies.purview.auto_label_policies

_mailbox := {
	"primarySmtpAddress": "ada@contoso.example",
	"displayName": "Ada Byron",
	"recipientTypeDetails": "UserMailbox",
	"groups": [{"group": "finance@contoso.example", "member": "ada@contoso.example"}],
}

# What a policy without exceptions says of them.
_unexcepted := {"exchangeLocationException": [], "oneDriveLocationException": []}

test_cases if {
	every case in [
		{"note": "everybody", "policies": [{"enabled": true, "mode": "Enable", "exchangeLocation": ["All"]}], "compliant": true},
		{"note": "by a group", "policies": [{"enabled": true, "mode": "Enable", "exchangeLocation": ["finance@contoso.example"]}], "compliant": true},
		{"note": "all of OneDrive", "policies": [{"enabled": true, "mode": "Enable", "oneDriveLocation": ["All"]}], "compliant": true},
		{"note": "OneDrive with exceptions", "policies": [{"enabled": true, "mode": "Enable", "oneDriveLocation": ["All"], "oneDriveLocationException": ["https://x"]}], "compliant": false},
		{"note": "sites alone", "policies": [{"enabled": true, "mode": "Enable", "sharePointLocation": ["All"]}], "compliant": false},
		{"note": "simulated", "policies": [{"enabled": true, "mode": "TestWithoutNotifications", "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "off", "policies": [{"enabled": false, "mode": "Enable", "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "left out", "policies": [{"enabled": true, "mode": "Enable", "exchangeLocation": ["All"], "exchangeLocationException": ["ada@contoso.example"]}], "compliant": false},
	] {
		policies := [object.union(_unexcepted, policy) | some policy in case.policies]
		case.compliant == auto_label_policies.compliant with input as _mailbox with data.evidence.purview.auto_label_policies as policies
		reasons := auto_label_policies.reasons with input as _mailbox with data.evidence.purview.auto_label_policies as policies
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_unknown_exceptions_cover_nobody if {
	policy := {"enabled": true, "mode": "Enable", "exchangeLocation": ["All"], "oneDriveLocation": ["All"]}
	every exceptions in [{}, {"exchangeLocationException": null, "oneDriveLocationException": null}] {
		not auto_label_policies.compliant with input as _mailbox with data.evidence.purview.auto_label_policies as [object.union(policy, exceptions)]
	}
}

test_rooms_are_out_of_scope if {
	auto_label_policies.in_scope with input as _mailbox
	not auto_label_policies.in_scope with input as {"primarySmtpAddress": "room@contoso.example", "recipientTypeDetails": "RoomMailbox"}
}

test_no_evidence_is_not_met if {
	not auto_label_policies.compliant with input as _mailbox with data.evidence as {}
}

test_unknown_mailbox_is_not_covered_by_name if {
	not auto_label_policies.compliant with input as {} with data.evidence.purview.auto_label_policies as [{"enabled": true, "mode": "Enable", "labels": ["A"], "exchangeLocation": ["ada@contoso.example"], "exchangeLocationException": []}]
}
