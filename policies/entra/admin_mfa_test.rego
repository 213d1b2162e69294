package policies.entra.admin_mfa_test

import data.policies.entra.admin_mfa
import data.policies.lib.directory_roles

_now := "2026-03-01T00:00:00Z"

_helpdesk := "729827e3-9c14-49f7-bb1b-9608f156bbb8"

_assignment := {"id": "a1", "principalId": "ada", "roleDefinitionId": _helpdesk, "directoryScopeId": "/", "endDateTime": null, "principal": {"@odata.type": "#microsoft.graph.user"}}

_admin := {
	"id": "ada", "accountEnabled": true, "userType": "Member", "userPrincipalName": "ada@contoso.example",
	"registration": {"id": "ada", "isMfaRegistered": true},
	"roles": [_assignment], "groups": [{"groupId": "staff", "memberId": "ada"}],
}

_policy := {
	"id": "p1", "state": "enabled",
	"conditions": {
		"users": {
			"includeUsers": [], "excludeUsers": ["break-glass"], "includeGroups": [], "excludeGroups": [],
			"includeRoles": [_helpdesk], "excludeRoles": [],
		},
		"applications": {"includeApplications": ["All"], "excludeApplications": []},
		"clientAppTypes": ["all"], "signInRiskLevels": [], "userRiskLevels": [],
	},
	"grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
}

_evidence := {"entra": {
	"conditional_access_policies": [_policy],
	"group_member_lists": [],
	"role_assignments": [_assignment],
	"security_defaults": {"isEnabled": false},
}}

_with_policy(changes) := object.union(_evidence, {"entra": {"conditional_access_policies": [object.union(_policy, changes)]}})

test_registered_and_covered_by_a_policy if {
	admin_mfa.compliant with input as _admin with data.evidence as _evidence with data.now as _now
	admin_mfa.in_scope with input as _admin with data.evidence as _evidence with data.now as _now
	admin_mfa.reasons == set() with input as _admin with data.evidence as _evidence with data.now as _now
}

test_not_covered_when_security_defaults_are_unknown if {
	every defaults in [{}, {"isEnabled": null}, {"isEnabled": "true"}] {
		evidence := {"entra": {"conditional_access_policies": [], "role_assignments": [], "security_defaults": defaults}}
		not admin_mfa.compliant with input as _admin with data.evidence as evidence with data.now as _now
	}
}

test_registered_and_covered_by_security_defaults if {
	evidence := {"entra": {"conditional_access_policies": [], "role_assignments": [], "security_defaults": {"isEnabled": true}}}
	admin_mfa.compliant with input as _admin with data.evidence as evidence with data.now as _now
}

test_security_defaults_award_full_points if {
	evidence := {"entra": {"conditional_access_policies": [], "role_assignments": [], "security_defaults": {"isEnabled": true}}}
	admin := object.remove(_admin, {"registration"})
	by_documentation := {"security_defaults_award_full_points": true}
	by_registration := {"security_defaults_award_full_points": false}

	admin_mfa.compliant with input as admin with data.evidence as evidence with data.now as _now with data.parameters as by_documentation
	admin_mfa.reasons == set() with input as admin with data.evidence as evidence with data.now as _now with data.parameters as by_documentation

	not admin_mfa.compliant with input as admin with data.evidence as evidence with data.now as _now with data.parameters as by_registration
	count(admin_mfa.reasons) == 1 with input as admin with data.evidence as evidence with data.now as _now with data.parameters as by_registration

	off := {"entra": {"conditional_access_policies": [], "role_assignments": [], "security_defaults": {"isEnabled": false}}}
	not admin_mfa.compliant with input as admin with data.evidence as off with data.now as _now with data.parameters as by_documentation
}

test_not_registered if {
	every change in [{"isMfaRegistered": false}, {"isMfaRegistered": null}] {
		admin := object.union(_admin, {"registration": change})
		not admin_mfa.compliant with input as admin with data.evidence as _evidence with data.now as _now
		admin_mfa.reasons == {"no method for multifactor authentication is known to be registered"} with input as admin
			with data.evidence as _evidence
			with data.now as _now
	}
}

test_no_registration_in_the_evidence if {
	admin := object.remove(_admin, {"registration"})
	not admin_mfa.compliant with input as admin with data.evidence as _evidence with data.now as _now
	count(admin_mfa.reasons) == 1 with input as admin with data.evidence as _evidence with data.now as _now
}

test_not_demanded if {
	every change in [
		{"state": "enabledForReportingButNotEnforced"},
		{"state": "disabled"},
		{"grantControls": {"builtInControls": ["mfa", "compliantDevice"]}},
		{"grantControls": null},
		{"conditions": {"applications": {"includeApplications": ["Office365"]}}},
		{"conditions": {"applications": {"excludeApplications": ["app-1"]}}},
		{"conditions": {"clientAppTypes": ["browser"]}},
		{"conditions": {"signInRiskLevels": ["high"]}},
		{"conditions": {"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}}},
		{"conditions": {"users": {"excludeUsers": ["ada"]}}},
		{"conditions": {"users": {"excludeRoles": [_helpdesk]}}},
		{"conditions": {"users": {"includeRoles": [directory_roles.global_administrator]}}},
	] {
		evidence := _with_policy(change)
		not admin_mfa.compliant with input as _admin with data.evidence as evidence with data.now as _now
		admin_mfa.reasons == {"neither security defaults nor enabled Conditional Access policies demand multifactor authentication at every sign-in"} with input as _admin
			with data.evidence as evidence
			with data.now as _now
	}
}

test_demanded_by_policies_together if {
	modern := object.union(_policy, {"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}})
	legacy := object.union(_policy, {
		"id": "p2", "grantControls": {"builtInControls": ["block"]},
		"conditions": {"clientAppTypes": ["exchangeActiveSync", "other"], "users": {"includeUsers": ["All"]}},
	})
	both := object.union(_evidence, {"entra": {"conditional_access_policies": [modern, legacy]}})
	admin_mfa.compliant with input as _admin with data.evidence as both with data.now as _now
	every policies in [[modern], [legacy], [modern, object.union(legacy, {"grantControls": {"builtInControls": ["compliantDevice"]}})]] {
		evidence := object.union(_evidence, {"entra": {"conditional_access_policies": policies}})
		not admin_mfa.compliant with input as _admin with data.evidence as evidence with data.now as _now
	}
}

test_members_of_an_excluded_group_unknown if {
	evidence := _with_policy({"conditions": {"users": {"excludeGroups": ["vault"]}}})
	known := object.union(evidence, {"entra": {"group_member_lists": [{"groupId": "vault", "complete": true}]}})
	not admin_mfa.compliant with input as _admin with data.evidence as evidence with data.now as _now
	admin_mfa.compliant with input as _admin with data.evidence as known with data.now as _now
}

_group_assignment := object.union(_assignment, {"principalId": "admins", "principal": {"@odata.type": "#microsoft.graph.group"}})

_unlisted(id, roles, groups) := {"id": id, "roles": roles, "groups": groups}

test_role_of_a_group_whose_members_are_unknown if {
	group := _unlisted("admins", [_group_assignment], [])
	unknown := object.union(_evidence, {"entra": {"role_assignments": [_group_assignment]}})
	known := object.union(unknown, {"entra": {"group_member_lists": [{"groupId": "admins", "complete": true}]}})
	admin_mfa.in_scope with input as group with data.evidence as unknown with data.now as _now
	not admin_mfa.in_scope with input as group with data.evidence as known with data.now as _now
	not admin_mfa.compliant with input as group with data.evidence as unknown with data.now as _now
}

test_scope_of_what_the_users_lack if {
	admin_mfa.in_scope with input as _unlisted("bo", [_assignment], []) with data.evidence as _evidence with data.now as _now
	by_group := object.union(_evidence, {"entra": {"role_assignments": [_group_assignment]}})
	every member in [{"groupId": "admins"}, {"groupId": "admins", "memberType": "#microsoft.graph.user"}] {
		admin_mfa.in_scope with input as _unlisted("bo", [], [member]) with data.evidence as by_group with data.now as _now
	}
	every type in ["device", "servicePrincipal", "group"] {
		member := {"groupId": "admins", "memberType": concat("", ["#microsoft.graph.", type])}
		not admin_mfa.in_scope with input as _unlisted("x", [], [member]) with data.evidence as by_group with data.now as _now
	}
	service := object.union(_assignment, {"principal": {"@odata.type": "#microsoft.graph.servicePrincipal"}})
	not admin_mfa.in_scope with input as _unlisted("app", [service], []) with data.evidence as _evidence with data.now as _now
	registered := object.union(_unlisted("bo", [], []), {"registration": {"id": "bo", "isMfaRegistered": false}})
	not admin_mfa.in_scope with input as registered with data.evidence as _evidence with data.now as _now
}

test_everyone_by_security_defaults if {
	on := {"entra": {"security_defaults": {"isEnabled": true}}}
	admin_mfa.everyone with data.evidence as on with data.parameters as {"security_defaults_award_full_points": true}
	not admin_mfa.everyone with data.evidence as on with data.parameters as {"security_defaults_award_full_points": false}
	not admin_mfa.everyone with data.evidence as _evidence with data.parameters as {"security_defaults_award_full_points": true}
	not admin_mfa.everyone with data.evidence as {"entra": {}} with data.parameters as {"security_defaults_award_full_points": true}
}

test_role_through_a_group if {
	admin := object.union(_admin, {"roles": []})
	evidence := object.union(_evidence, {"entra": {"role_assignments": [object.union(_assignment, {"principalId": "staff"})]}})
	admin_mfa.in_scope with input as admin with data.evidence as evidence with data.now as _now
	admin_mfa.compliant with input as admin with data.evidence as evidence with data.now as _now
}

test_out_of_scope if {
	every change in [
		{"accountEnabled": false},
		{"roles": []},
		{"roles": [object.union(_assignment, {"roleDefinitionId": "another-role"})]},
		{"roles": [object.union(_assignment, {"endDateTime": "2026-01-01T00:00:00Z"})]},
	] {
		user := object.union(_admin, change)
		not admin_mfa.in_scope with input as user with data.evidence as _evidence with data.now as _now
	}
}

test_in_scope_on_doubt if {
	every user in [
		object.remove(_admin, {"accountEnabled"}),
		object.union(_admin, {"accountEnabled": null}),
		object.union(_admin, {"roles": [object.union(_assignment, {"endDateTime": "someday"})]}),
		object.union(_admin, {"roles": [object.remove(_assignment, {"endDateTime"})]}),
	] {
		admin_mfa.in_scope with input as user with data.evidence as _evidence with data.now as _now
	}
}

test_user_type_missing_is_no_member if {
	user := object.remove(_admin, {"userType"})
	evidence := _with_policy({"conditions": {"users": {"excludeUsers": ["GuestsOrExternalUsers"]}}})
	admin_mfa.compliant with input as user with data.evidence as _evidence with data.now as _now
	admin_mfa.compliant with input as _admin with data.evidence as evidence with data.now as _now
	not admin_mfa.compliant with input as user with data.evidence as evidence with data.now as _now
}
