package policies.entra.block_legacy_authentication_test

import data.policies.entra.block_legacy_authentication

_now := "2026-03-01T00:00:00Z"

_user := {
	"id": "ada", "accountEnabled": true, "userType": "Member", "userPrincipalName": "ada@contoso.example",
	"roles": [], "groups": [{"groupId": "staff", "memberId": "ada"}],
}

_policy := {
	"id": "p1", "state": "enabled",
	"conditions": {
		"users": {
			"includeUsers": ["All"], "excludeUsers": ["scanner"], "includeGroups": [], "excludeGroups": ["legacy-printers"],
			"includeRoles": [], "excludeRoles": [],
		},
		"applications": {"includeApplications": ["All"], "excludeApplications": []},
		"clientAppTypes": ["exchangeActiveSync", "other"], "signInRiskLevels": [], "userRiskLevels": [],
	},
	"grantControls": {"operator": "OR", "builtInControls": ["block"]},
}

_evidence(changes) := {"entra": {
	"conditional_access_policies": [object.union(_policy, changes)],
	"role_assignments": [],
	"security_defaults": {"isEnabled": false},
}}

test_blocked_by_a_policy if {
	evidence := _evidence({})
	block_legacy_authentication.compliant with input as _user with data.evidence as evidence with data.now as _now
	block_legacy_authentication.in_scope with input as _user
	block_legacy_authentication.reasons == set() with input as _user with data.evidence as evidence with data.now as _now
}

test_blocked_by_security_defaults if {
	evidence := {"entra": {"conditional_access_policies": [], "role_assignments": [], "security_defaults": {"isEnabled": true}}}
	block_legacy_authentication.compliant with input as _user with data.evidence as evidence with data.now as _now
}

test_not_blocked_when_security_defaults_are_unknown if {
	every defaults in [{}, {"isEnabled": null}, {"isEnabled": "true"}] {
		evidence := {"entra": {"conditional_access_policies": [], "role_assignments": [], "security_defaults": defaults}}
		not block_legacy_authentication.compliant with input as _user with data.evidence as evidence with data.now as _now
	}
}

test_not_blocked if {
	every changes in [
		{"state": "enabledForReportingButNotEnforced"},
		{"conditions": {"clientAppTypes": ["other"]}},
		{"conditions": {"applications": {"includeApplications": ["Office365"]}}},
		{"conditions": {"applications": {"excludeApplications": ["app-1"]}}},
		{"conditions": {"platforms": {"includePlatforms": ["windows"]}}},
		{"conditions": {"signInRiskLevels": ["high"]}},
		{"conditions": {"users": {"excludeGroups": ["staff"]}}},
		{"grantControls": {"builtInControls": ["mfa"]}},
		{"grantControls": null},
	] {
		evidence := _evidence(changes)
		not block_legacy_authentication.compliant with input as _user with data.evidence as evidence with data.now as _now
		count(block_legacy_authentication.reasons) == 1 with input as _user with data.evidence as evidence with data.now as _now
	}
}

test_partly_blocked if {
	evidence := _evidence({})
	printer := object.union(_user, {"id": "printer", "groups": [{"groupId": "legacy-printers"}]})
	scanner := object.union(_user, {"id": "scanner"})
	every excluded in [printer, scanner] {
		not block_legacy_authentication.compliant with input as excluded with data.evidence as evidence with data.now as _now
	}
}

test_role_that_is_excluded if {
	evidence := _evidence({"conditions": {"users": {"excludeRoles": ["helpdesk"]}}})
	helpdesk := object.union(_user, {"roles": [{"roleDefinitionId": "helpdesk", "directoryScopeId": "/"}]})
	block_legacy_authentication.compliant with input as _user with data.evidence as evidence with data.now as _now
	not block_legacy_authentication.compliant with input as helpdesk with data.evidence as evidence with data.now as _now
}

test_role_of_a_group_that_is_excluded if {
	evidence := object.union(
		_evidence({"conditions": {"users": {"excludeRoles": ["helpdesk"]}}}),
		{"entra": {"role_assignments": [{"principalId": "staff", "roleDefinitionId": "helpdesk", "directoryScopeId": "/"}]}},
	)
	not block_legacy_authentication.compliant with input as _user with data.evidence as evidence with data.now as _now
}

test_missing_fields if {
	evidence := _evidence({})
	every field in ["groups", "roles"] {
		user := object.remove(_user, {field})
		not block_legacy_authentication.compliant with input as user with data.evidence as evidence with data.now as _now
	}
	block_legacy_authentication.in_scope with input as object.remove(_user, {"accountEnabled"})
	block_legacy_authentication.in_scope with input as object.union(_user, {"accountEnabled": null})
}

test_out_of_scope if {
	user := object.union(_user, {"accountEnabled": false})
	block_legacy_authentication.in_scope == false with input as user
}

test_user_type_missing_is_no_member if {
	user := object.remove(_user, {"userType"})
	everybody := _evidence({})
	no_guests := _evidence({"conditions": {"users": {"excludeUsers": ["GuestsOrExternalUsers"]}}})
	block_legacy_authentication.compliant with input as user with data.evidence as everybody with data.now as _now
	block_legacy_authentication.compliant with input as _user with data.evidence as no_guests with data.now as _now
	not block_legacy_authentication.compliant with input as user with data.evidence as no_guests with data.now as _now
}
