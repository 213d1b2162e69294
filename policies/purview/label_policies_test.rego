package policies.purview.label_policies_test

import data.policies.purview.label_policies

_mailbox := {
	"primarySmtpAddress": "ada@contoso.example",
	"userPrincipalName": "ada.byron@contoso.example",
	"emailAddresses": ["smtp:ada@contoso.example"],
	"displayName": "Ada Byron",
	"recipientTypeDetails": "UserMailbox",
	"groups": [{"group": "finance@contoso.example", "member": "ada@contoso.example"}],
}

# What a policy without exceptions says of them.
_unexcepted := {"exchangeLocationException": [], "modernGroupLocationException": []}

test_cases if {
	every case in [
		{"note": "everybody", "policies": [{"enabled": true, "labels": ["A"], "exchangeLocation": ["All"]}], "compliant": true},
		{"note": "by address", "policies": [{"enabled": true, "labels": ["A"], "exchangeLocation": ["ada@contoso.example"]}], "compliant": true},
		{"note": "by a group", "policies": [{"enabled": true, "labels": ["A"], "modernGroupLocation": ["finance@contoso.example"]}], "compliant": true},
		{"note": "all groups", "policies": [{"enabled": true, "labels": ["A"], "modernGroupLocation": ["All"]}], "compliant": false},
		{"note": "all groups, spaced", "policies": [{"enabled": true, "labels": ["A"], "modernGroupLocation": [" All "]}], "compliant": false},
		{"note": "off", "policies": [{"enabled": false, "labels": ["A"], "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "state unknown", "policies": [{"enabled": null, "labels": ["A"], "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "no labels", "policies": [{"enabled": true, "labels": [], "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "left out", "policies": [{"enabled": true, "labels": ["A"], "exchangeLocation": ["All"], "exchangeLocationException": ["ada@contoso.example"]}], "compliant": false},
		{"note": "left out of one of two", "policies": [{"enabled": true, "labels": ["A"], "exchangeLocation": ["All"], "exchangeLocationException": ["Ada Byron"]}, {"enabled": true, "labels": ["B"], "exchangeLocation": ["finance@contoso.example"]}], "compliant": true},
		{"note": "enforced", "policies": [{"enabled": true, "mode": "Enforce", "labels": ["A"], "exchangeLocation": ["All"]}], "compliant": true},
		{"note": "mode null", "policies": [{"enabled": true, "mode": null, "labels": ["A"], "exchangeLocation": ["All"]}], "compliant": true},
		{"note": "about to go", "policies": [{"enabled": true, "mode": "PendingDeletion", "labels": ["A"], "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "mode off", "policies": [{"enabled": true, "mode": "Disable", "labels": ["A"], "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "tested", "policies": [{"enabled": true, "mode": "TestWithoutNotifications", "labels": ["A"], "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "mode unknown", "policies": [{"enabled": true, "mode": 7, "labels": ["A"], "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "blank labels", "policies": [{"enabled": true, "labels": ["", " ", null, {}], "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "labels no list", "policies": [{"enabled": true, "labels": "A", "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "labels missing", "policies": [{"enabled": true, "exchangeLocation": ["All"]}], "compliant": false},
		{"note": "a label among blanks", "policies": [{"enabled": true, "labels": ["", "A"], "exchangeLocation": ["All"]}], "compliant": true},
		{"note": "the whole organization", "policies": [{"enabled": true, "labels": ["A"], "exchangeLocation": ["All"], "policyRBACScopes": []}], "compliant": true},
		{"note": "an administrative unit", "policies": [{"enabled": true, "labels": ["A"], "exchangeLocation": ["All"], "policyRBACScopes": ["44444444-4444-4444-4444-444444444444"]}], "compliant": false},
		{"note": "left out by sign-in name", "policies": [{"enabled": true, "labels": ["A"], "exchangeLocation": ["All"], "exchangeLocationException": ["ada.byron@contoso.example"]}], "compliant": false},
		{"note": "perhaps left out", "policies": [{"enabled": true, "labels": ["A"], "exchangeLocation": ["All"], "exchangeLocationException": ["countess"]}], "compliant": false},
		{"note": "somebody else left out", "policies": [{"enabled": true, "labels": ["A"], "exchangeLocation": ["All"], "exchangeLocationException": ["bo@contoso.example"]}], "compliant": true},
		{"note": "somebody else", "policies": [{"enabled": true, "labels": ["A"], "exchangeLocation": ["bo@contoso.example"]}], "compliant": false},
	] {
		policies := [object.union(_unexcepted, policy) | some policy in case.policies]
		case.compliant == label_policies.compliant with input as _mailbox with data.evidence.purview.label_policies as policies
		reasons := label_policies.reasons with input as _mailbox with data.evidence.purview.label_policies as policies
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_unknown_exceptions_cover_nobody if {
	policy := {"enabled": true, "labels": ["A"], "exchangeLocation": ["All"], "modernGroupLocation": ["finance@contoso.example"]}
	every exceptions in [{}, {"exchangeLocationException": null, "modernGroupLocationException": null}] {
		not label_policies.compliant with input as _mailbox with data.evidence.purview.label_policies as [object.union(policy, exceptions)]
	}
}

test_rooms_are_out_of_scope if {
	label_policies.in_scope with input as _mailbox
	not label_policies.in_scope with input as {"primarySmtpAddress": "room@contoso.example", "recipientTypeDetails": "RoomMailbox"}
}

test_no_evidence_is_not_met if not label_policies.compliant with input as _mailbox with data.evidence as {}

test_unknown_mailbox_is_not_covered_by_name if {
	not label_policies.compliant with input as {} with data.evidence.purview.label_policies as [{"enabled": true, "mode": "Enable", "labels": ["A"], "exchangeLocation": ["ada@contoso.example"]}]
}

test_everyone if {
	every case in [
		{"note": "everybody", "policy": {"enabled": true, "labels": ["A"], "exchangeLocation": ["All"], "exchangeLocationException": []}, "everyone": true},
		{"note": "somebody", "policy": {"enabled": true, "labels": ["A"], "exchangeLocation": ["ada@contoso.example"], "exchangeLocationException": []}, "everyone": false},
		{"note": "but one", "policy": {"enabled": true, "labels": ["A"], "exchangeLocation": ["All"], "exchangeLocationException": ["ada@contoso.example"]}, "everyone": false},
		{"note": "exceptions unknown", "policy": {"enabled": true, "labels": ["A"], "exchangeLocation": ["All"]}, "everyone": false},
		{"note": "off", "policy": {"enabled": false, "labels": ["A"], "exchangeLocation": ["All"], "exchangeLocationException": []}, "everyone": false},
	] {
		decided := count([1 | label_policies.everyone with data.evidence.purview.label_policies as [case.policy]]) > 0
		case.everyone == decided
	}
	count([1 | label_policies.everyone with data.evidence as {}]) == 0
}
