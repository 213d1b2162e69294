package msgraph_test

import (
	"fmt"
	"strings"
	"testing"
)

// objects makes members of a kind: "user:u1".
func objects(members ...string) string {
	var list []string
	for _, m := range members {
		kind, id, typed := strings.Cut(m, ":")
		if !typed {
			list = append(list, fmt.Sprintf(`{"id":%q}`, kind))
			continue
		}
		list = append(list, fmt.Sprintf(`{"@odata.type":"#microsoft.graph.%s","id":%q}`, kind, id))
	}
	return strings.Join(list, ",")
}

// pairs gives the records of entra.group_members: "g1 user:u1".
func pairs(members ...string) string {
	var list []string
	for _, m := range members {
		group, one, _ := strings.Cut(m, " ")
		kind, id, typed := strings.Cut(one, ":")
		if !typed {
			list = append(list, fmt.Sprintf(`{"groupId":%q,"memberId":%q}`, group, kind))
			continue
		}
		list = append(list, fmt.Sprintf(`{"groupId":%q,"memberId":%q,"memberType":"#microsoft.graph.%s"}`, group, id, kind))
	}
	return strings.Join(list, "\n")
}

// known gives the records of entra.group_member_lists; a group with "?" is one of which not all members are known.
func known(groups ...string) string {
	var list []string
	for _, g := range groups {
		id, doubt := strings.CutSuffix(g, "?")
		list = append(list, fmt.Sprintf(`{"complete":%v,"groupId":%q}`, !doubt, id))
	}
	return strings.Join(list, "\n")
}

func TestMembers(t *testing.T) {
	const g1, g2 = "cccccccc-0000-4000-8000-000000000001", "cccccccc-0000-4000-8000-000000000002"
	members := func(list, records string) map[string]string {
		return map[string]string{"entra.group_members": records, "entra.group_member_lists": list}
	}
	check(t, []caseOf{
		{"an empty list of groups", map[string]string{"g.json": page("groups", "", false)}, map[string]string{"entra.groups": "", "entra.group_members": "", "entra.group_member_lists": ""}, nil},
		{"groups of which nobody saved the members, and nothing that names one", map[string]string{"g.json": page("groups", `{"id":"g1"}`, false)}, map[string]string{"entra.groups": `{"id":"g1"}`}, nil},
		{
			"groups of which nobody saved the members, and roles",
			map[string]string{"r.json": page("roleManagement/directory/roleAssignments", `{"id":"a","principalId":"p","roleDefinitionId":"r"}`, false)},
			map[string]string{"entra.role_assignments": `{"id":"a","principalId":"p","roleDefinitionId":"r"}`, "entra.group_members": "", "entra.group_member_lists": ""},
			nil,
		},
		{"a cast, by the name of the file", map[string]string{"groups_G1_transitiveMembers.json": page("users(id)", objects("u1"), false)}, members(known("g1"), pairs("g1 user:u1")), nil},
		{"a cast in the name of the file", map[string]string{"groups_g1_transitiveMembers_microsoft.graph.user-1.json": page("directoryObjects", objects("u1"), false)}, members(known("g1"), pairs("g1 user:u1")), nil},
		{"a cast in the context", map[string]string{"a.json": page("groups('g1')/transitiveMembers/microsoft.graph.user(id)", objects("u1"), false)}, members(known("g1"), pairs("g1 user:u1")), nil},
		{"groups alone", map[string]string{"groups_g1_transitiveMembers_microsoft.graph.group.json": page("groups", objects("g2"), false)}, members(known("g1?"), pairs("g1 group:g2")), nil},
		{
			"a cast in the address of the next page",
			map[string]string{"a.json": linked(page("users", objects("u1"), false), "groups/g1/transitiveMembers/microsoft.graph.user?$skiptoken=1")},
			members(known("g1?"), pairs("g1 user:u1")),
			[]string{"a.json: the members of group g1 are not all known: the last page is missing: a.json names a next one"},
		},
		{"folders", map[string]string{"groups/g1/members.json": page("directoryObjects", objects("user:u1"), false)}, members(known("g1"), pairs("g1 user:u1")), nil},
		{"an id in a name of another form", map[string]string{"transitive-members-of-" + g1 + ".json": page("users", objects("u1"), false)}, members(known(g1), pairs(g1+" user:u1")), nil},
		{"a page without a response around it", map[string]string{"groups_g1_members.json": "[" + objects("user:u1", "device:d1") + "]"}, members(known("g1"), pairs("g1 user:u1", "g1 device:d1")), nil},
		{
			"a name and a context of different groups",
			map[string]string{"groups_g1_members.json": page("groups('g2')/members", objects("u1"), false), "d.json": domains},
			map[string]string{"entra.domains": `{"id":"d"}`},
			[]string{"groups_g1_members.json: its name says that it is about group g1, and its context that it is about g2"},
		},
		{
			"an error in the place of the members",
			map[string]string{"groups_g1_transitiveMembers-1.json": `{"error":{"code":"Forbidden"}}`, "groups_g2_transitiveMembers.json": page("directoryObjects", objects("user:u1"), false)},
			members(known("g1?", "g2"), pairs("g2 user:u1")),
			[]string{"groups_g1_transitiveMembers-1.json: the members of group g1 are not known: Graph answered with an error: Forbidden"},
		},
		{
			"an empty file in the place of the members",
			map[string]string{"groups_g1_members.json": "", "groups_g2_members.json": page("directoryObjects", "", false)},
			members(known("g1?", "g2"), ""),
			[]string{"groups_g1_members.json: the members of group g1 are not known: the response cannot be read: it is empty"},
		},
		{
			"an error in the place of all members",
			map[string]string{"entra.group_members.json": `{"error":{"code":"Forbidden"}}`},
			map[string]string{"entra.group_members": "failed: Graph answered with an error: Forbidden", "entra.group_member_lists": "failed: Graph answered with an error: Forbidden"},
			nil,
		},
		{
			"direct members, nested",
			map[string]string{
				"groups_g1_members.json": page("directoryObjects", objects("user:u1", "group:g2"), false),
				"groups_g2_members.json": page("directoryObjects", objects("user:u2", "group:g1"), false),
				"groups_g3_members.json": page("directoryObjects", objects("user:u3", "group:g9"), false),
			},
			members(known("g1", "g2", "g3?"), pairs("g1 user:u1", "g1 group:g2", "g1 user:u2", "g1 group:g1", "g2 user:u2", "g2 group:g1", "g2 user:u1", "g2 group:g2", "g3 user:u3", "g3 group:g9")), nil,
		},
		{
			"direct members, and all members of a nested group",
			map[string]string{
				"groups_g1_members.json":           page("directoryObjects", objects("group:g2"), false),
				"groups_g2_transitiveMembers.json": page("directoryObjects", objects("user:u2", "group:g3"), false),
			},
			members(known("g1", "g2"), pairs("g1 group:g2", "g1 user:u2", "g1 group:g3", "g2 user:u2", "g2 group:g3")), nil,
		},
		{
			"direct members of which nothing says the kind",
			map[string]string{"groups_g1_members.json": page("directoryObjects", objects("u1"), false)},
			members(known("g1?"), pairs("g1 u1")), nil,
		},
		{
			"direct members of which the list of groups says that they are none",
			map[string]string{"groups_g1_members.json": page("directoryObjects", objects("u1"), false), "g.json": page("groups", `{"id":"g1"}`, false)},
			map[string]string{"entra.groups": `{"id":"g1"}`, "entra.group_members": pairs("g1 u1"), "entra.group_member_lists": known("g1")},
			nil,
		},
		{"direct users alone", map[string]string{"groups_g1_members_microsoft.graph.user.json": page("users", objects("u1"), false)}, members(known("g1?"), pairs("g1 user:u1")), nil},
		{
			"direct users and direct groups",
			map[string]string{"groups_g1_members_microsoft.graph.user.json": page("users", objects("u1"), false), "groups_g1_members_microsoft.graph.group.json": page("groups", "", false)},
			members(known("g1"), pairs("g1 user:u1")), nil,
		},
		{
			"members that a filter left",
			map[string]string{"a.json": `{"requests":[{"id":"1","url":"/groups/g1/transitiveMembers?$filter=x"}],"responses":[{"id":"1","status":200,"body":` + page("directoryObjects", objects("user:u1"), false) + `}]}`},
			members(known("g1?"), pairs("g1 user:u1")), nil,
		},
		{
			"members who were deleted",
			map[string]string{"groups_g1_members.json": page("directoryObjects", `{"@odata.type":"#microsoft.graph.user","id":"u1","deletedDateTime":"2026-01-01T00:00:00Z"},`+objects("user:u2"), false)},
			members(known("g1"), pairs("g1 user:u2")), nil,
		},
		{
			"members within the groups",
			map[string]string{"g.json": page("groups(id,members())", `{"id":"g1","members":[`+objects("user:u1")+`]},{"id":"g2","members":[`+objects(strings.Split(strings.Repeat("user:u1 ", 19)+"user:u2", " ")...)+`]}`, false)},
			map[string]string{
				"entra.groups":             `{"id":"g1","members":[{"@odata.type":"#microsoft.graph.user","id":"u1"}]}` + "\n" + `{"id":"g2","members":[` + strings.Repeat(`{"@odata.type":"#microsoft.graph.user","id":"u1"},`, 19) + `{"@odata.type":"#microsoft.graph.user","id":"u2"}]}`,
				"entra.group_members":      pairs("g1 user:u1", "g2 user:u1", "g2 user:u2"),
				"entra.group_member_lists": known("g1", "g2?"),
			},
			nil,
		},
		{
			"cmdlets of Microsoft Graph PowerShell",
			map[string]string{
				"Get-MgGroupTransitiveMember_" + g1 + ".json":   `[{"Id":"u1","DeletedDateTime":null,"AdditionalProperties":{"@odata.type":"#microsoft.graph.user"}}]`,
				"Get-MgBetaGroupMemberAsUser " + g2 + ".json":   `{"Id":"u2","AdditionalProperties":{}}`,
				"Get-MgGroupMember.json":                        `[{"Id":"u3"}]`,
				"Get-MgGroupMember " + g2 + " empty value.json": `[]`,
			},
			members(known(g1, g2), pairs(g1+" user:u1")),
			[]string{"Get-MgGroupMember.json: nothing says whose members it lists: name the file groups_ID_transitiveMembers.json"},
		},
	})
}

func TestRoleAssignments(t *testing.T) {
	const instances, plain = "roleManagement/directory/roleAssignmentScheduleInstances", "roleManagement/directory/roleAssignments"
	roles := func(want string) map[string]string {
		return map[string]string{"entra.role_assignments": want, "entra.group_members": "", "entra.group_member_lists": ""}
	}
	failed := func(why string) map[string]string {
		return map[string]string{"entra.role_assignments": "failed: " + why}
	}
	check(t, []caseOf{
		{
			"instances and assignments",
			map[string]string{
				"a.json": page(plain+"(principal())", `{"id":"a1","principalId":"P1","roleDefinitionId":"R","directoryScopeId":"/","principal":{"@odata.type":"#microsoft.graph.user","id":"p1"}},{"id":"a2","principalId":"p2","roleDefinitionId":"r","directoryScopeId":"/"}`, false),
				"b.json": page(instances, `{"id":"b1","principalId":"p1","roleDefinitionId":"r","directoryScopeId":"/","endDateTime":null},{"id":"b2","principalId":"p1","roleDefinitionId":"r","directoryScopeId":"/x"}`, false),
			},
			roles(`{"directoryScopeId":"/","endDateTime":null,"id":"b1","principal":{"@odata.type":"#microsoft.graph.user","id":"p1"},"principalId":"p1","roleDefinitionId":"r"}` + "\n" +
				`{"directoryScopeId":"/x","id":"b2","principalId":"p1","roleDefinitionId":"r"}` + "\n" + `{"directoryScopeId":"/","id":"a2","principalId":"p2","roleDefinitionId":"r"}`), nil,
		},
		{
			"a role that somebody has twice",
			map[string]string{
				"a.json": page(plain, `{"id":"a1","principalId":"p1","roleDefinitionId":"r","directoryScopeId":"/"}`, false),
				"b.json": page(instances, `{"id":"b1","principalId":"p1","roleDefinitionId":"r","directoryScopeId":"/","endDateTime":"2026-01-01T00:00:00Z"},{"id":"b2","principalId":"p1","roleDefinitionId":"r","directoryScopeId":"/"}`, false),
			},
			roles(`{"directoryScopeId":"/","endDateTime":"2026-01-01T00:00:00Z","id":"b1","principalId":"p1","roleDefinitionId":"r"}` + "\n" + `{"directoryScopeId":"/","id":"b2","principalId":"p1","roleDefinitionId":"r"}`), nil,
		},
		{
			"the other endpoint if one failed",
			map[string]string{
				"a.json": page(plain, `{"id":"a","principalId":"p","roleDefinitionId":"r"}`, false),
				"roleManagement_directory_roleAssignmentScheduleInstances.json": `{"error":{"code":"Forbidden"}}`,
			},
			roles(`{"id":"a","principalId":"p","roleDefinitionId":"r"}`), nil,
		},
		{
			"the other endpoint if one lacks its last page",
			map[string]string{"a.json": page(plain, `{"id":"a","principalId":"p","roleDefinitionId":"r"}`, false), "b.json": page(instances, `{"id":"b"}`, true)},
			roles(`{"id":"a","principalId":"p","roleDefinitionId":"r"}`),
			[]string{"b.json: entra.role_assignments is made of a.json instead: the last page is missing: b.json names a next one"},
		},
		{
			"roles with their members",
			map[string]string{"a.json": page("directoryRoles(members())", `{"id":"x","roleTemplateId":"R","members":[{"@odata.type":"#microsoft.graph.user","id":"U","userPrincipalName":"u@contoso.example"}]},{"id":"y","roleTemplateId":"s","members":[]}`, false)},
			roles(`{"directoryScopeId":"/","id":"r/u","principal":{"@odata.type":"#microsoft.graph.user","id":"U","userPrincipalName":"u@contoso.example"},"principalId":"U","roleDefinitionId":"R"}`), nil,
		},
		{
			"roles without their members",
			map[string]string{"a.json": page("directoryRoles", `{"id":"x","roleTemplateId":"r"}`, false)},
			failed("a.json lists roles without their members: ask for directoryRoles?$expand=members"),
			[]string{"a.json: a.json lists roles without their members: ask for directoryRoles?$expand=members"},
		},
		{
			"a role with as many members as are given at most",
			map[string]string{"a.json": page("directoryRoles(members())", `{"id":"x","roleTemplateId":"r","members":[`+strings.TrimSuffix(strings.Repeat(`{"id":"u"},`, 20), ",")+`]}`, false)},
			failed("a.json has a role with 20 members, and Graph gives no more than that where they are expanded: save roleManagement/directory/roleAssignments"),
			[]string{"a.json: a.json has a role with 20 members, and Graph gives no more than that where they are expanded: save roleManagement/directory/roleAssignments"},
		},
		{
			"eligible roles",
			map[string]string{"a.json": page("roleManagement/directory/roleEligibilityScheduleInstances", `{"id":"a","principalId":"p","roleDefinitionId":"r"}`, false), "d.json": domains},
			map[string]string{"entra.domains": `{"id":"d"}`},
			[]string{"a.json: it says who may activate a role, not who holds one"},
		},
		{
			"eligible roles by a cmdlet",
			map[string]string{"Get-MgRoleManagementDirectoryRoleEligibilityScheduleInstance.json": `[{"Id":"a","PrincipalId":"p","RoleDefinitionId":"r"}]`, "d.json": domains},
			map[string]string{"entra.domains": `{"id":"d"}`},
			[]string{"Get-MgRoleManagementDirectoryRoleEligibilityScheduleInstance.json: it says who may activate a role, not who holds one"},
		},
		{
			"a part of the assignments",
			map[string]string{"1.json": linked(page(plain, `{"id":"a","principalId":"p","roleDefinitionId":"r"}`, false), plain+"?$filter=x&$skiptoken=y"), "2.json": page(plain, "", false)},
			failed("1.json holds a part of the list ($filter=x), not all of it"),
			[]string{"1.json: it holds a part of the list ($filter=x)"},
		},
	})
}
