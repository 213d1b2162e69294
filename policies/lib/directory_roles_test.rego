package policies.lib.directory_roles_test

import data.policies.lib.directory_roles

_now := "2026-03-01T00:00:00Z"

test_administrative_roles_are_the_fifteen_named if {
	count(directory_roles.administrative_roles) == 15
	directory_roles.global_administrator in directory_roles.administrative_roles
	directory_roles.administrative_role_names[directory_roles.global_administrator] == "Global Administrator"
}

test_administrative if {
	directory_roles.administrative({"roleDefinitionId": directory_roles.global_administrator})
	not directory_roles.administrative({"roleDefinitionId": "another"})
	not directory_roles.administrative({})
}

test_kind if {
	directory_roles.kind({"principal": {"@odata.type": "#microsoft.graph.user"}}) == "user"
	every assignment in [{}, {"principal": null}, {"principal": {}}, {"principal": {"@odata.type": null}}] {
		not directory_roles.kind(assignment)
	}
}

test_synchronizes if {
	directory_roles.synchronizes({"roleDefinitionId": "d29b2b05-8046-44ba-8758-1e26182fcf32"})
	not directory_roles.synchronizes({"roleDefinitionId": directory_roles.global_administrator})
}

test_disabled if {
	directory_roles.disabled({"principal": {"accountEnabled": false}})
	every principal in [{"accountEnabled": true}, {"accountEnabled": null}, {}, null] {
		not directory_roles.disabled({"principal": principal})
	}
}

_of(type) := {"principal": {"@odata.type": concat("", ["#microsoft.graph.", type])}}

_in(type) := {"groupId": "staff", "memberType": concat("", ["#microsoft.graph.", type])}

test_no_user if {
	every type in ["servicePrincipal", "device", "orgContact", "group"] {
		directory_roles.no_user([_of(type)], [])
		directory_roles.no_user([], [_in(type), {"groupId": "board"}])
		not directory_roles.no_user([_of(type)], [_in("user")])
	}
	not directory_roles.no_user([], [])
	not directory_roles.no_user([{"principalId": "ada"}], [{"groupId": "staff"}])
	not directory_roles.no_user([_of("personOfTomorrow")], [])
}

test_stands_for_no_user if {
	directory_roles.stands_for_no_user("app", [_of("servicePrincipal")], [], set())
	directory_roles.stands_for_no_user("pc", [], [_in("device")], set())
	directory_roles.stands_for_no_user("admins", [_of("group")], [], {"admins"})
	directory_roles.stands_for_no_user("admins", [{}], [], {"admins"})
	directory_roles.stands_for_no_user("nested", [], [_in("group")], set())
	not directory_roles.stands_for_no_user("admins", [_of("group")], [], {"staff"})
	not directory_roles.stands_for_no_user("nested", [_of("group")], [_in("group")], {"staff"})
	not directory_roles.stands_for_no_user("ada", [_of("user")], [], {"staff"})
	not directory_roles.stands_for_no_user("ada", [{}], [{}], {"staff"})
}

test_ended_only_when_known_to_be_over if {
	every end in ["2026-02-28T23:59:59Z", "2026-02-28T23:59:59.9999999Z", "2026-03-01T00:00:00Z"] {
		directory_roles.ended({"endDateTime": end}, _now)
	}
	every end in [null, "", "2026-03-01T00:00:01Z", "9999-12-31T23:59:59Z", "2026-02-28", "2026-02-28T23:59:59+01:00", 0] {
		not directory_roles.ended({"endDateTime": end}, _now)
	}
	not directory_roles.ended({}, _now)
}

test_in_force_only_when_known_to_be if {
	every end in [null, "2026-03-01T00:00:01Z", "9999-12-31T23:59:59Z"] {
		directory_roles.in_force({"endDateTime": end}, _now)
	}
	directory_roles.in_force({}, _now)
	every end in ["", "2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "soon", "2027-01-01", 1] {
		not directory_roles.in_force({"endDateTime": end}, _now)
	}
}

test_in_force_only_when_known_to_have_begun if {
	every start in [null, "2026-02-28T23:59:59Z", "2026-03-01T00:00:00.5Z"] {
		directory_roles.in_force({"startDateTime": start, "endDateTime": null}, _now)
	}
	every start in ["", "2026-03-01T00:00:01Z", "soon", "2026-01-01", 1] {
		not directory_roles.in_force({"startDateTime": start, "endDateTime": null}, _now)
	}
}

test_held_not_before_it_begins if {
	own := [{"id": "a1", "startDateTime": "2026-04-01T00:00:00Z"}, {"id": "a2", "startDateTime": "unreadable"}, {"id": "a3", "startDateTime": "2026-02-01T00:00:00Z"}]
	held := directory_roles.held(own, [], {}, _now)
	{assignment.id | some assignment in held} == {"a2", "a3"}
}

test_held_in_person_and_through_groups if {
	own := [{"id": "a1", "principalId": "ada"}]
	all := {"ada": {{"id": "a1"}}, "admins": {{"id": "a2"}}, "others": {{"id": "a3"}}}
	held := directory_roles.held(own, [{"groupId": "staff"}, {"groupId": "admins"}, {"groupId": "admins"}], all, _now)
	{assignment.id | some assignment in held} == {"a1", "a2"}
}

test_held_not_when_over if {
	own := [{"id": "a1", "endDateTime": "2020-01-01T00:00:00Z"}, {"id": "a2", "endDateTime": "unreadable"}, {"id": "a3", "endDateTime": null}]
	held := directory_roles.held(own, [], {}, _now)
	{assignment.id | some assignment in held} == {"a2", "a3"}
}

test_held_nothing if directory_roles.held([], [], {}, _now) == []
