package policies.entra.cloud_only_admins_test

import data.policies.entra.cloud_only_admins
import data.policies.lib.directory_roles

_now := "2026-03-01T00:00:00Z"

_parameters := {"permitted_service_plans": ["AAD_PREMIUM", "EXCHANGE_S_FOUNDATION"]}

_assignment := {"id": "a1", "principalId": "ada", "roleDefinitionId": directory_roles.global_administrator, "directoryScopeId": "/", "endDateTime": null}

_evidence := {"entra": {
	"group_member_lists": [],
	"role_assignments": [_assignment],
	"subscribed_skus": [
		{"skuId": "p1", "servicePlans": [
			{"servicePlanId": "plan-aad", "servicePlanName": "AAD_PREMIUM"},
			{"servicePlanId": "plan-stub", "servicePlanName": "EXCHANGE_S_FOUNDATION"},
		]},
		{"skuId": "e5", "servicePlans": [
			{"servicePlanId": "plan-aad", "servicePlanName": "AAD_PREMIUM"},
			{"servicePlanId": "plan-mail", "servicePlanName": "EXCHANGE_S_ENTERPRISE"},
			{"servicePlanId": "plan-teams", "servicePlanName": "TEAMS1"},
		]},
		{"skuId": "hollow", "servicePlans": []},
		{"skuId": "bare"},
	],
}}

_admin := {
	"id": "ada", "accountEnabled": true, "onPremisesSyncEnabled": null,
	"assignedLicenses": [{"skuId": "p1", "disabledPlans": []}],
	"roles": [_assignment], "groups": [],
}

_licensed(licenses) := object.union(_admin, {"assignedLicenses": licenses})

test_separate if {
	every admin in [
		_admin,
		object.union(_admin, {"onPremisesSyncEnabled": false}),
		_licensed([]),
		_licensed([{"skuId": "e5", "disabledPlans": ["plan-mail", "plan-teams"]}]),
	] {
		cloud_only_admins.compliant with input as admin with data.evidence as _evidence with data.parameters as _parameters with data.now as _now
		cloud_only_admins.in_scope with input as admin with data.evidence as _evidence with data.now as _now
		cloud_only_admins.reasons == set() with input as admin with data.evidence as _evidence with data.parameters as _parameters with data.now as _now
	}
}

test_synchronized_or_unknown if {
	every admin in [
		object.union(_admin, {"onPremisesSyncEnabled": true}),
		object.union(_admin, {"onPremisesSyncEnabled": "false"}),
		object.remove(_admin, {"onPremisesSyncEnabled"}),
	] {
		not cloud_only_admins.compliant with input as admin with data.evidence as _evidence with data.parameters as _parameters with data.now as _now
		cloud_only_admins.reasons == {"the account is synchronized from Active Directory, or is not known not to be"} with input as admin
			with data.evidence as _evidence
			with data.parameters as _parameters
			with data.now as _now
	}
}

test_licensed_for_apps_or_unknown if {
	every admin in [
		_licensed([{"skuId": "e5", "disabledPlans": []}]),
		_licensed([{"skuId": "e5", "disabledPlans": ["plan-mail"]}]),
		_licensed([{"skuId": "e5"}]),
		_licensed([{"skuId": "p1", "disabledPlans": []}, {"skuId": "e5", "disabledPlans": []}]),
		_licensed([{"skuId": "not-the-tenants", "disabledPlans": []}]),
		_licensed([{"skuId": "hollow", "disabledPlans": []}]),
		_licensed([{"skuId": "bare", "disabledPlans": []}]),
		_licensed([{"skuId": null, "disabledPlans": []}]),
		_licensed([{}]),
		_licensed(null),
		object.remove(_admin, {"assignedLicenses"}),
	] {
		not cloud_only_admins.compliant with input as admin with data.evidence as _evidence with data.parameters as _parameters with data.now as _now
		cloud_only_admins.reasons == {"the account is not known to be free of licenses for apps"} with input as admin
			with data.evidence as _evidence
			with data.parameters as _parameters
			with data.now as _now
	}
}

test_scope if {
	group := object.union(_evidence, {"entra": {"role_assignments": [object.union(_assignment, {"principalId": "admins"})]}})
	member := object.union(_admin, {"roles": [], "groups": [{"groupId": "admins"}]})
	cloud_only_admins.in_scope with input as member with data.evidence as group with data.now as _now
	every admin in [object.union(_admin, {"accountEnabled": null}), object.remove(_admin, {"accountEnabled"})] {
		cloud_only_admins.in_scope with input as admin with data.evidence as _evidence with data.now as _now
	}
}

test_disabled_holders_do_not_count if {
	disabled := object.union(_admin, {"accountEnabled": false})
	not cloud_only_admins.in_scope with input as disabled with data.evidence as _evidence with data.now as _now
}

test_scope_of_what_the_users_lack if {
	cloud_only_admins.in_scope with input as {"id": "bo", "roles": [_assignment], "groups": []} with data.evidence as _evidence with data.now as _now
	of_group := object.union(_assignment, {"principalId": "admins", "principal": {"@odata.type": "#microsoft.graph.group"}})
	group := {"id": "admins", "roles": [of_group], "groups": []}
	unknown := object.union(_evidence, {"entra": {"role_assignments": [of_group]}})
	known := object.union(unknown, {"entra": {"group_member_lists": [{"groupId": "admins", "complete": true}]}})
	cloud_only_admins.in_scope with input as group with data.evidence as unknown with data.now as _now
	not cloud_only_admins.in_scope with input as group with data.evidence as known with data.now as _now
	not cloud_only_admins.compliant with input as group with data.evidence as unknown with data.parameters as _parameters with data.now as _now
	service := {"id": "app", "roles": [object.union(_assignment, {"principal": {"@odata.type": "#microsoft.graph.servicePrincipal"}})], "groups": []}
	not cloud_only_admins.in_scope with input as service with data.evidence as _evidence with data.now as _now
}

test_out_of_scope if {
	every roles in [
		[],
		[object.union(_assignment, {"roleDefinitionId": "another-role"})],
		[object.union(_assignment, {"endDateTime": "2026-01-01T00:00:00Z"})],
	] {
		user := object.union(_admin, {"roles": roles})
		not cloud_only_admins.in_scope with input as user with data.evidence as _evidence with data.now as _now
	}
}
