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
	"group_member_lists": [{"groupId": "legacy-printers", "complete": true}, {"groupId": "staff", "complete": true}],
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

test_by_all_clients if {
	every clients in [["all"], ["all", "other"]] {
		evidence := _evidence({"conditions": {"clientAppTypes": clients}})
		block_legacy_authentication.compliant with input as _user with data.evidence as evidence with data.now as _now
	}
}

test_by_policies_together if {
	sync := object.union(_policy, {"conditions": {"clientAppTypes": ["exchangeActiveSync"]}})
	other := object.union(_policy, {"id": "p2", "conditions": {"clientAppTypes": ["other"], "users": {"excludeUsers": ["bo"]}}})
	evidence := object.union(_evidence({}), {"entra": {"conditional_access_policies": [sync, other]}})
	block_legacy_authentication.compliant with input as _user with data.evidence as evidence with data.now as _now
	not block_legacy_authentication.compliant with input as object.union(_user, {"id": "bo"}) with data.evidence as evidence with data.now as _now
}

test_members_of_an_excluded_group_unknown if {
	every lists in [[], [{"groupId": "legacy-printers", "complete": false}], null] {
		evidence := object.union(_evidence({}), {"entra": {"group_member_lists": lists}})
		not block_legacy_authentication.compliant with input as _user with data.evidence as evidence with data.now as _now
		count(block_legacy_authentication.reasons) == 2 with input as _user with data.evidence as evidence with data.now as _now
	}
	named := _evidence({"conditions": {"users": {"includeUsers": [], "includeGroups": ["staff"]}}})
	block_legacy_authentication.compliant with input as _user with data.evidence as named with data.now as _now
}

test_holders_of_an_excluded_role_unknown if {
	assignments := [{"principalId": "admins", "roleDefinitionId": "helpdesk", "directoryScopeId": "/", "principal": {"@odata.type": "#microsoft.graph.group"}}]
	evidence := object.union(_evidence({"conditions": {"users": {"excludeRoles": ["helpdesk"]}}}), {"entra": {"role_assignments": assignments}})
	not block_legacy_authentication.compliant with input as _user with data.evidence as evidence with data.now as _now
}

# A record that entra.users lacks has nothing but its key and what is joined to it.
_unlisted(id, roles, groups) := {"id": id, "roles": roles, "groups": groups}

test_scope_of_what_the_users_lack if {
	evidence := _evidence({})
	role := {"principalId": "x", "roleDefinitionId": "helpdesk", "directoryScopeId": "/"}
	service := object.union(role, {"principal": {"@odata.type": "#microsoft.graph.servicePrincipal"}})
	every record in [
		_unlisted("app", [service], []),
		_unlisted("pc", [], [{"groupId": "staff", "memberType": "#microsoft.graph.device"}]),
		_unlisted("board", [], [{"groupId": "staff", "memberType": "#microsoft.graph.group"}]),
		_unlisted("staff", [role], []),
	] {
		block_legacy_authentication.in_scope == false with input as record with data.evidence as evidence with data.now as _now
	}
	every record in [
		_unlisted("bo", [role], []),
		_unlisted("bo", [], [{"groupId": "staff"}]),
		_unlisted("bo", [], [{"groupId": "staff", "memberType": "#microsoft.graph.user"}]),
		object.union(_user, {"roles": [service]}),
	] {
		block_legacy_authentication.in_scope with input as record with data.evidence as evidence with data.now as _now
	}
}

test_accounts_that_synchronize_do_not_count if {
	evidence := _evidence({})
	user := object.union(_user, {"roles": [{"principalId": "ada", "roleDefinitionId": "d29b2b05-8046-44ba-8758-1e26182fcf32", "directoryScopeId": "/"}]})
	block_legacy_authentication.in_scope == false with input as user with data.evidence as evidence with data.now as _now
}

test_everyone_by_policy if {
	evidence := {"entra": {"conditional_access_policies": [object.union(_policy, {"conditions": {"users": {"excludeUsers": [], "excludeGroups": []}}})]}}
	block_legacy_authentication.everyone with data.evidence as evidence
	synchronization := object.union(_policy, {"conditions": {"users": {"excludeUsers": [], "excludeGroups": [], "excludeRoles": ["d29b2b05-8046-44ba-8758-1e26182fcf32"]}}})
	block_legacy_authentication.everyone with data.evidence as {"entra": {"conditional_access_policies": [synchronization]}}
	block_legacy_authentication.everyone with data.evidence as {"entra": {"security_defaults": {"isEnabled": true}}}
}

test_nothing_said_of_everyone if {
	not block_legacy_authentication.everyone with data.evidence as _evidence({})
	not block_legacy_authentication.everyone with data.evidence as {"entra": {"conditional_access_policies": []}}
	not block_legacy_authentication.everyone with data.evidence as {"entra": {"security_defaults": {"isEnabled": false}}}
	not block_legacy_authentication.everyone with data.evidence as {"entra": {}}
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

test_not_known_to_be_enabled if {
	evidence := _evidence({})
	everybody := _evidence({"conditions": {"users": {"excludeUsers": [], "excludeGroups": []}}})
	every user in [object.remove(_user, {"accountEnabled"}), object.union(_user, {"accountEnabled": null})] {
		not block_legacy_authentication.compliant with input as user with data.evidence as evidence with data.now as _now
		block_legacy_authentication.compliant with input as user with data.evidence as everybody with data.now as _now
	}
}
