package msgraph_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// user makes a record with what the schema requires.
func user(id, kind, more string) string {
	return `{"accountEnabled":true,"id":"` + id + `","userType":"` + kind + `"` + more + `}`
}

// beta makes a response of beta.
func beta(response string) string { return strings.Replace(response, "/v1.0/", "/beta/", 1) }

// linked gives a response the address of its next page.
func linked(response, address string) string {
	return strings.Replace(response, `"value"`, `"@odata.nextLink":"https://graph.microsoft.com/v1.0/`+address+`","value"`, 1)
}

// caseOf is a folder, what its datasets are, and what is told of its files.
type caseOf struct {
	name    string
	files   map[string]string
	want    map[string]string // by dataset: its records, or "failed: " and the reason
	skipped []string          // file and reason
}

func check(t *testing.T, tests []caseOf) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.files["organization.json"] = organization
			bundle, skipped, err := importing(t, test.files)
			if err != nil {
				t.Fatal(err)
			}
			got := contents(t, bundle)
			delete(got, "entra.organization")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("bundle (-want +got):\n%s", diff)
			}
			var told []string
			for _, s := range skipped {
				told = append(told, s.Path+": "+s.Reason)
			}
			if diff := cmp.Diff(test.skipped, told); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}

const domains = `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#domains","value":[{"id":"d"}]}`

// One file that can't be read costs the dataset that it is named after, and no other.
func TestFilesThatAreNoResponse(t *testing.T) {
	rest := map[string]string{"entra.domains": `{"id":"d"}`}
	with := func(name, reason string) map[string]string {
		return map[string]string{"entra.domains": `{"id":"d"}`, name: "failed: " + reason}
	}
	const empty, early = "the response cannot be read: it is empty", "the response cannot be read: the JSON ends too early: the file was cut off"
	const html = "the response cannot be read: not well-formed JSON: invalid character '<' at start of value at byte 0"
	check(t, []caseOf{
		{"an empty file", map[string]string{"d.json": domains, "a.json": ""}, rest, []string{"a.json: " + empty}},
		{"an empty file named after an endpoint", map[string]string{"d.json": domains, "users-1.json": ""}, with("entra.users", empty), []string{"users-1.json: " + empty}},
		{"a page of HTML", map[string]string{"d.json": domains, "a.json": "<html>"}, rest, []string{"a.json: " + html}},
		{"a page of HTML named after a dataset", map[string]string{"d.json": domains, "entra.users.json": "<html>"}, with("entra.users", html), []string{"entra.users.json: " + html}},
		{"a log", map[string]string{"d.json": domains, "log.json": "{\"time\":1}\n{\"time\":2}\n"}, rest, []string{"log.json: the response cannot be read: something follows the end of the response"}},
		{"a file that was cut off", map[string]string{"d.json": domains, "a.json": page("users", "", false)[:70]}, rest, []string{"a.json: " + early}},
		{"two lists in one response", map[string]string{"d.json": domains, "a.json": `{"value":[],"value":[]}`}, rest, []string{"a.json: the response has two lists"}},
		{"an empty file named after another way to a dataset", map[string]string{"d.json": domains, "policies_conditionalAccessPolicies.json": ""}, with("entra.conditional_access_policies", empty), []string{"policies_conditionalAccessPolicies.json: " + empty}},
		{
			"an empty file beside the whole list",
			map[string]string{"d.json": domains, "domains-2.json": ""},
			rest,
			[]string{"domains-2.json: entra.domains is made of d.json instead: " + empty, "domains-2.json: " + empty},
		},
		{
			"an error beside the whole list",
			map[string]string{"d.json": domains, "entra.domains.json": `{"error":{"code":"TooManyRequests"}}`},
			rest,
			[]string{"entra.domains.json: entra.domains is made of d.json instead: Graph answered with an error: TooManyRequests"},
		},
		{
			"a record that is no object",
			map[string]string{"d.json": domains, "a.json": page("users", user("u1", "Member", "")+`,7`, false)},
			with("entra.users", "a.json: the record is no object (record 2)"), nil,
		},
		{
			"a record that is too deep",
			map[string]string{"d.json": domains, "a.json": page("users", strings.Repeat("[", 100)+strings.Repeat("]", 100), false)},
			with("entra.users", "a.json: record 1: 1:65: the JSON is nested more than 64 levels deep (byte 64)"), nil,
		},
		{
			"records of a list that contradict each other",
			map[string]string{"d.json": domains, "a.json": page("policies/authenticationStrengthPolicies", `{"id":"s"},{"id":"S","x":1}`, false)},
			with("entra.authentication_strengths", `a.json: two records with id "s" differ. Pages of one collection agree: save them all again.`), nil,
		},
		{
			"records of a population that contradict each other, which the assessment counts once",
			map[string]string{"d.json": domains, "a.json": page("users", user("u1", "Member", "")+","+user("U1", "Guest", ""), false)},
			map[string]string{"entra.domains": `{"id":"d"}`, "entra.users": user("u1", "Member", "") + "\n" + user("U1", "Guest", "")},
			nil,
		},
		{
			"a record on two pages that was looked at again in between",
			map[string]string{
				"d.json": domains,
				"1.json": page("reports/authenticationMethods/userRegistrationDetails", `{"id":"u1","lastUpdatedDateTime":"2026-10-01T05:00:00Z"},{"id":"u2"}`, true),
				"2.json": page("reports/authenticationMethods/userRegistrationDetails", `{"id":"U1","lastUpdatedDateTime":"2026-10-01T04:00:00Z"},{"id":"u3"}`, false),
			},
			map[string]string{"entra.domains": `{"id":"d"}`, "entra.user_registration": `{"id":"u1","lastUpdatedDateTime":"2026-10-01T05:00:00Z"}` + "\n" + `{"id":"u2"}` + "\n" + `{"id":"u3"}`},
			nil,
		},
	})
}

// What is no full list is never taken for one.
func TestPartsOfLists(t *testing.T) {
	member, guest := user("u1", "Member", ""), user("g1", "Guest", "")
	const belongs = "it is named after what belongs to one object, or after a kind of object; its context is that of all users"
	both := map[string]string{"entra.users": member + "\n" + guest}
	failed := func(reason string) map[string]string { return map[string]string{"entra.users": "failed: " + reason} }
	check(t, []caseOf{
		{"users who were deleted", map[string]string{"a.json": page("users", user("u1", "Member", `,"deletedDateTime":"2026-01-01T00:00:00Z"`), false)}, map[string]string{}, []string{"a.json: it lists what was deleted"}},
		{"users who were deleted, by the name of the file", map[string]string{"deleted-users.json": page("users", member, false)}, map[string]string{}, []string{"deleted-users.json: it lists what was deleted"}},
		{"a user who was deleted among others", map[string]string{"a.json": page("users", member+","+user("u2", "Member", `,"deletedDateTime":"2026-01-01T00:00:00Z"`), false)}, map[string]string{"entra.users": member}, nil},
		{"the context of deleted objects", map[string]string{"a.json": page("directory/deletedItems/microsoft.graph.user", member, false)}, map[string]string{}, []string{"a.json: it lists what was deleted"}},
		{
			"a next page of deleted objects",
			map[string]string{"a.json": linked(page("users", member, false), "directory/deletedItems/microsoft.graph.user?$skiptoken=1")},
			map[string]string{},
			[]string{"a.json: it lists what was deleted"},
		},
		{
			"a next page of the members of an administrative unit",
			map[string]string{"a.json": linked(page("users", member, false), "directory/administrativeUnits/x/members/microsoft.graph.user?$skiptoken=1")},
			map[string]string{},
			[]string{"a.json: no dataset is made of what was asked for: directory/administrativeUnits/x/members"},
		},
		{"a cast", map[string]string{"a.json": page("users/microsoft.graph.group", member, false)}, map[string]string{}, []string{"a.json: no dataset is made of what its context names: https://graph.microsoft.com/v1.0/$metadata#users/microsoft.graph.group"}},
		{"the owners of a group", map[string]string{"groups/bbbbbbbb-0000-4000-8000-000000000001/owners/all.json": page("users", member, false)}, map[string]string{}, []string{"groups/bbbbbbbb-0000-4000-8000-000000000001/owners/all.json: " + belongs}},
		{"the members of a role", map[string]string{"directoryRoles_bbbbbbbb-0000-4000-8000-000000000001_members.json": page("users", member, false)}, map[string]string{}, []string{"directoryRoles_bbbbbbbb-0000-4000-8000-000000000001_members.json: " + belongs}},
		{"direct reports", map[string]string{"ada-directReports.json": page("users", member, false)}, map[string]string{}, []string{"ada-directReports.json: " + belongs}},
		{"a name that says nothing of the kind", map[string]string{"users_and_roles/bbbbbbbb-0000-4000-8000-000000000001/users-2026.json": page("users", member, false)}, map[string]string{"entra.users": member}, nil},
		{
			"a filter in the address of the next page",
			map[string]string{"1.json": linked(page("users", member, false), "users?$filter=department%20eq%20'IT'&$skiptoken=1"), "2.json": page("users", user("u2", "Member", ""), false)},
			failed("1.json holds a part of the list ($filter=department eq 'IT'), not all of it: save the answer to GET /v1.0/users, in a file of another name"), nil,
		},
		{
			"a search in the address of the next page, without a dollar",
			map[string]string{"1.json": linked(page("users", member, false), "users?search=x"), "2.json": page("users", user("u2", "Member", ""), false)},
			failed("1.json holds a part of the list ($search=x), not all of it: save the answer to GET /v1.0/users, in a file of another name"), nil,
		},
		{"guests and nobody else", map[string]string{"a.json": page("users", guest, false)}, failed("all 1 users are guests. Save the members of the organization as well."), nil},
		{
			"guests, by the name of the file",
			map[string]string{"users_guests.json": page("users", guest, false)},
			failed("users_guests.json holds a part of the list (userType eq 'Guest'), not all of it: save the answer to GET /v1.0/users, in a file of another name"), nil,
		},
		{"members and guests", map[string]string{"users/members.json": page("users", member, false), "users/guests.json": page("users", guest, false)}, map[string]string{"entra.users": guest + "\n" + member}, nil},
		{"members and guests in folders", map[string]string{"Members/users.json": page("users", member, false), "guests/users.json": page("users", guest, false)}, map[string]string{"entra.users": member + "\n" + guest}, nil},
		{"a folder with such a word in its name", map[string]string{"all members and guests/x/users.json": page("users", member, false)}, map[string]string{"entra.users": member}, nil},
		{
			"members and guests, with a page more",
			map[string]string{
				"users_members_1.json": linked(page("users", member, false), "users?$filter=userType%20eq%20'Member'&$skiptoken=1"), "users_members_2.json": page("users", user("u2", "Member", ""), false),
				"users_guests_1.json": page("users", guest, false),
			},
			map[string]string{"entra.users": guest + "\n" + member + "\n" + user("u2", "Member", "")},
			nil,
		},
		{
			"users who are enabled and those who aren't",
			map[string]string{"users-enabled.json": page("users", member, false), "users-disabled.json": page("users", strings.Replace(guest, "true", "false", 1), false)},
			map[string]string{"entra.users": strings.Replace(guest, "true", "false", 1) + "\n" + member},
			nil,
		},
		{
			"guests among those who should be members",
			map[string]string{"members.json": page("users", member+","+guest, false), "guests.json": page("users", guest, false)},
			failed("members.json should hold a part of the list (userType eq 'Member'), and has a record with userType Guest"), nil,
		},
		{
			"guests beside the whole list",
			map[string]string{"users.json": page("users", member+","+guest, false), "guests.json": page("users", guest, false)},
			both,
			[]string{"guests.json: it holds a part of the list (userType eq 'Guest'): entra.users is made of users.json"},
		},
		{
			"users without what rules read",
			map[string]string{"a.json": page("users", `{"id":"u1"},{"id":"u2"}`, false)},
			failed("none of the 2 records has the required accountEnabled, userType. Save the answer to GET /v1.0/users?$select=accountEnabled,assignedLicenses,createdDateTime,displayName,id,mail,onPremisesSyncEnabled,userPrincipalName,userType."), nil,
		},
		{
			"the users of something, counted, beside a list that lacks its last page",
			map[string]string{
				"a.json": strings.Replace(page("users", member, false), `"value"`, `"@odata.count":1,"value"`, 1),
				"b.json": page("users", user("u2", "Member", ""), true),
			},
			failed("the last page is missing: b.json names a next one"), nil,
		},
		{
			"more records counted than saved",
			map[string]string{"a.json": strings.Replace(page("users", member, false), `"value"`, `"@odata.count":5,"value"`, 1)},
			failed("pages are missing: 1 records were saved of 5"), nil,
		},
	})
}

// Several answers to one request make one dataset if they agree.
func TestSecondAnswers(t *testing.T) {
	const settings = "policies/identitySecurityDefaultsEnforcementPolicy/$entity"
	on, off := single(settings, `"id":"x","isEnabled":true`), single(settings, `"id":"x","isEnabled":false`)
	agrees := func(second, first, name string) []string {
		return []string{second + ": it answers the same as " + first + " and agrees with it: " + name + " is made of both"}
	}
	check(t, []caseOf{
		{"a document twice", map[string]string{"a.json": on, "b.json": on}, map[string]string{"entra.security_defaults": `{"id":"x","isEnabled":true}`}, agrees("b.json", "a.json", "entra.security_defaults")},
		{
			"a document of v1.0 and of beta, which has more",
			map[string]string{"a.json": on, "b.json": beta(single(settings, `"id":"X","isEnabled":true,"more":1`))},
			map[string]string{"entra.security_defaults": `{"id":"X","isEnabled":true,"more":1}`},
			agrees("a.json", "b.json", "entra.security_defaults"),
		},
		{
			"documents that differ",
			map[string]string{"a.json": on, "b.json": off, "d.json": domains},
			map[string]string{"entra.security_defaults": "failed: a.json and b.json answer the same request and differ: isEnabled; keep one of them", "entra.domains": `{"id":"d"}`},
			nil,
		},
		{"a list twice", map[string]string{"a.json": page("users", user("u1", "Member", ""), false), "b.json": page("users", user("u1", "Member", ""), false)}, map[string]string{"entra.users": user("u1", "Member", "")}, agrees("b.json", "a.json", "entra.users")},
		{
			"a list of v1.0 and of beta, in another order",
			map[string]string{
				"a.json": page("groups", `{"id":"g1"},{"id":"g2","groupTypes":["a","b"]}`, false),
				"b.json": beta(page("groups", `{"id":"G2","groupTypes":["b","a"],"visibility":"Public"},{"id":"g1","more":{}}`, false)),
			},
			map[string]string{"entra.groups": `{"groupTypes":["b","a"],"id":"G2","visibility":"Public"}` + "\n" + `{"id":"g1","more":{}}`},
			agrees("a.json", "b.json", "entra.groups"),
		},
		{
			"lists of other records",
			map[string]string{"a.json": page("groups", `{"id":"g1"}`, false), "b.json": page("groups", `{"id":"g1"},{"id":"g2"}`, false)},
			map[string]string{"entra.groups": "failed: a.json and b.json answer the same request and differ: g2 is in the second alone; keep one of them"},
			nil,
		},
		{
			"lists that differ in a field",
			map[string]string{"a.json": page("groups", `{"id":"g1","mailEnabled":true}`, false), "b.json": page("groups(id)", `{"id":"g1","mailEnabled":null}`, false)},
			map[string]string{"entra.groups": "failed: a.json and b.json answer the same request and differ: mailEnabled of g1; keep one of them"},
			nil,
		},
		{
			"lists with other fields, of which one lacks its last page",
			map[string]string{"a.json": page("groups(id)", "", true), "b.json": page("groups(id,mail)", "", false)},
			map[string]string{"entra.groups": "failed: the last page is missing: a.json names a next one"},
			nil,
		},
		{
			"a list in pages of v1.0 beside one of beta that lacks its last page",
			map[string]string{"a.json": page("groups", `{"id":"g1"}`, false), "b.json": beta(page("groups", `{"id":"g1"}`, true))},
			map[string]string{"entra.groups": `{"id":"g1"}`},
			[]string{"b.json: entra.groups is made of a.json instead: the last page is missing: b.json names a next one"},
		},
		{
			"policies by two paths",
			map[string]string{"a.json": page("conditionalAccess/policies", `{"conditions":{},"id":"c","state":"enabled"}`, false), "b.json": page("policies/conditionalAccessPolicies", `{"conditions":{},"id":"c","state":"enabled"}`, false)},
			map[string]string{"entra.conditional_access_policies": `{"conditions":{},"id":"c","state":"enabled"}`, "entra.group_members": "", "entra.group_member_lists": ""},
			agrees("b.json", "a.json", "entra.conditional_access_policies"),
		},
	})
}
