package policies.entra.role_holders_test

import data.policies.entra.role_holders
import data.policies.lib.directory_roles

_now := "2026-03-01T00:00:00Z"

_helpdesk := "729827e3-9c14-49f7-bb1b-9608f156bbb8"

# Each control: its parameters, how many holders it takes, and a role that counts beside one that does not.
_members := {
	"OneAdmin": {"parameters": {"roles": "global_administrator", "minimum": 2, "holders": ["users"]}, "role": directory_roles.global_administrator, "other_role": _helpdesk},
	"RoleOverlap": {"parameters": {"roles": "other_administrators", "minimum": 2, "holders": ["users", "service principals"]}, "role": _helpdesk, "other_role": directory_roles.global_administrator},
}

_evidence(assignments) := {"entra": {"role_assignments": assignments}}

_held(role, principals) := [assignment |
	some principal in principals
	assignment := {"id": concat(" ", [principal, role]), "principalId": principal, "roleDefinitionId": role, "directoryScopeId": "/", "endDateTime": null, "principal": {"@odata.type": "#microsoft.graph.user"}}
]

test_enough if {
	every member in _members {
		evidence := _evidence(_held(member.role, ["ada", "bo"]))
		role_holders.compliant with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		role_holders.reasons == set() with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
	}
}

test_none if {
	every member in _members {
		every assignments in [[], _held(member.other_role, ["ada", "bo"]), _held("unknown-role", ["ada", "bo"])] {
			evidence := _evidence(assignments)
			not role_holders.compliant with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
			count(role_holders.reasons) == 1 with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		}
	}
}

test_one_global_administrator_is_too_few if {
	member := _members.OneAdmin
	evidence := _evidence(_held(member.role, ["ada"]))
	not role_holders.compliant with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
	role_holders.reasons == {"users known to hold such a role now: 1. At least 2 should"} with data.evidence as evidence
		with data.parameters as member.parameters
		with data.now as _now
}

test_one_user_twice_is_one if {
	member := _members.OneAdmin
	twice := array.concat(_held(member.role, ["ada"]), [object.union(_held(member.role, ["ada"])[0], {"id": "again"})])
	evidence := _evidence(twice)
	not role_holders.compliant with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
}

test_assignments_that_do_not_count if {
	every member in _members {
		every changes in [
			{"endDateTime": "2026-02-01T00:00:00Z"},
			{"endDateTime": "someday"},
			{"startDateTime": "2026-03-02T00:00:00Z"},
			{"startDateTime": "someday"},
			{"principal": {"@odata.type": "#microsoft.graph.group"}},
			{"principal": {"@odata.type": "#microsoft.graph.user", "accountEnabled": false}},
			{"principal": null},
			{"principal": {"@odata.type": null}},
		] {
			evidence := _evidence([changed |
				some assignment in _held(member.role, ["ada", "bo"])
				changed := object.union(assignment, changes)
			])
			not role_holders.compliant with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		}
	}
}

test_assignments_that_count if {
	every member in _members {
		every changes in [
			{"endDateTime": "2026-04-01T00:00:00Z", "assignmentType": "Activated"},
			{"principal": {"@odata.type": "#microsoft.graph.user", "displayName": "Ada"}},
			{"startDateTime": "2026-02-01T00:00:00Z"},
		] {
			evidence := _evidence([changed |
				some assignment in _held(member.role, ["ada", "bo"])
				changed := object.union(assignment, changes)
			])
			role_holders.compliant with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		}
	}
}

test_service_principals_count_for_one_of_them if {
	every id, counted in {"OneAdmin": false, "RoleOverlap": true} {
		member := _members[id]
		services := [object.union(assignment, {"principal": {"@odata.type": "#microsoft.graph.servicePrincipal"}}) | some assignment in _held(member.role, ["app-1", "app-2"])]
		counted == role_holders.compliant with data.evidence as _evidence(services) with data.parameters as member.parameters with data.now as _now
	}
}

test_disabled_by_one_assignment_is_disabled if {
	member := _members.RoleOverlap
	held := _held(member.role, ["ada"])
	disabled := object.union(held[0], {"id": "a3", "roleDefinitionId": "another", "principal": {"accountEnabled": false}})
	evidence := _evidence(array.concat(held, [disabled]))
	only := object.union(member.parameters, {"minimum": 1})
	role_holders.compliant with data.evidence as _evidence(held) with data.parameters as only with data.now as _now
	not role_holders.compliant with data.evidence as evidence with data.parameters as only with data.now as _now
	not role_holders.compliant with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
}

test_compliance_administrator_counts if {
	evidence := _evidence(_held("17315797-102d-40b4-93e0-432062caca18", ["ada", "bo"]))
	role_holders.compliant with data.evidence as evidence with data.parameters as _members.RoleOverlap.parameters with data.now as _now
	not role_holders.compliant with data.evidence as evidence with data.parameters as _members.OneAdmin.parameters with data.now as _now
}

test_who_holds_it_has_to_be_known if {
	every member in _members {
		evidence := _evidence([object.remove(assignment, {"principal"}) | some assignment in _held(member.role, ["ada", "bo"])])
		not role_holders.compliant with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		reasons := role_holders.reasons with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		count(reasons) == 2
	}
}

test_a_holder_counts_once if {
	member := _members.OneAdmin
	one := _evidence(_held(member.role, ["ada", "ada"]))
	not role_holders.compliant with data.evidence as one with data.parameters as member.parameters with data.now as _now
}

test_missing_fields if {
	every member in _members {
		every field in ["principalId", "roleDefinitionId"] {
			evidence := _evidence([object.remove(assignment, {field}) | some assignment in _held(member.role, ["ada", "bo"])])
			not role_holders.compliant with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		}
	}
}

test_unknown_roles_parameter if {
	parameters := {"roles": "everybody", "minimum": 1, "holders": ["users"]}
	evidence := _evidence(_held(_helpdesk, ["ada"]))
	not role_holders.compliant with data.evidence as evidence with data.parameters as parameters with data.now as _now
}

test_by_privileged_assignments_where_the_others_are_missing if {
	every member in _members {
		held := _held(member.role, ["ada", "bo"])
		role_holders.compliant with data.evidence as {"entra": {"privileged_role_assignments": held}} with data.parameters as member.parameters with data.now as _now
		both := {"entra": {"privileged_role_assignments": held, "role_assignments": []}}
		not role_holders.compliant with data.evidence as both with data.parameters as member.parameters with data.now as _now
	}
}
