package msgraph_test

import "testing"

func TestHoldersAreDescribedByTheUsers(t *testing.T) {
	user := func(id, enabled string) string {
		return `{"accountEnabled":` + enabled + `,"assignedLicenses":[],"id":"` + id + `","onPremisesSyncEnabled":null,"userPrincipalName":"` + id + `@contoso.example","userType":"Member"}`
	}
	all := user("u1", "true") + "," + user("u2", "false") + "," + user("u3", "null")
	assignment := func(holder, more string) string {
		return `{"id":"a-` + holder + `",` + more + `"principalId":"` + holder + `","roleDefinitionId":"r"}`
	}
	lines := user("u1", "true") + "\n" + user("u2", "false") + "\n" + user("u3", "null")
	tests := []caseOf{}
	for name, holder := range map[string]struct{ id, before, after string }{
		"enabled":                 {"u1", "", `"principal":{"@odata.type":"#microsoft.graph.user","accountEnabled":true,"id":"u1"},`},
		"disabled":                {"u2", `"principal":{"@odata.type":"#microsoft.graph.user","id":"u2"},`, `"principal":{"@odata.type":"#microsoft.graph.user","accountEnabled":false,"id":"u2"},`},
		"disabled says the role":  {"u1", `"principal":{"accountEnabled":false,"id":"u1"},`, `"principal":{"@odata.type":"#microsoft.graph.user","accountEnabled":false,"id":"u1"},`},
		"disabled say the users":  {"u2", `"principal":{"accountEnabled":true,"id":"u2"},`, `"principal":{"@odata.type":"#microsoft.graph.user","accountEnabled":false,"id":"u2"},`},
		"nobody knows":            {"u3", `"principal":null,`, `"principal":{"@odata.type":"#microsoft.graph.user","id":"u3"},`},
		"not among the users":     {"u4", "", ""},
		"principal of a bad type": {"u1", `"principal":7,`, `"principal":7,`},
	} {
		tests = append(tests, caseOf{
			name: name,
			files: map[string]string{
				"roles.json": page("roleManagement/directory/roleAssignments", assignment(holder.id, holder.before), false),
				"users.json": page("users", all, false),
			},
			want: map[string]string{
				"entra.role_assignments": assignment(holder.id, holder.after), "entra.users": lines,
				"entra.group_members": "", "entra.group_member_lists": "",
			},
		})
	}
	check(t, tests)
}
