package msgraph_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// Contexts that Microsoft's own pages show, and others that lead to the same.
func TestContexts(t *testing.T) {
	policy := map[string]string{"entra.conditional_access_policies": `{"conditions":{},"id":"c","state":"enabled"}`, "entra.group_members": "", "entra.group_member_lists": ""}
	strength := map[string]string{"entra.authentication_strengths": `{"id":"s"}`}
	settings := map[string]string{"entra.directory_settings": `{"id":"x","values":[]}`}
	authorization := map[string]string{"entra.authorization_policy": `{"id":"a"}`}
	tests := map[string]map[string]string{
		"identity/conditionalAccess/policies":                        policy,
		"conditionalAccess/policies":                                 policy,
		"policies/conditionalAccessPolicies":                         policy,
		"identity/conditionalAccessPolicies":                         policy,
		"conditionalAccessPolicies":                                  policy,
		"policies/authenticationStrengthPolicies":                    strength,
		"identity/conditionalAccess/authenticationStrength/policies": strength,
		"conditionalAccess/authenticationStrength/policies":          strength,
		"authenticationStrengthPolicies":                             strength,
		"groupSettings":                                              settings,
		"settings":                                                   settings,
		"directorySettings":                                          settings,
		"policies/authorizationPolicy":                               authorization,
		"authorizationPolicy":                                        authorization,
		"policies/authorizationPolicy/authorizationPolicy":           authorization,
	}
	for context, want := range tests {
		for name, record := range want {
			if record == "" {
				continue
			}
			t.Run(name, func(t *testing.T) {
				check(t, []caseOf{
					{context, map[string]string{"a.json": page(context, record, false)}, want, nil},
					{strings.ToLower(context), map[string]string{"a.json": beta(page(strings.ToLower(context), record, false))}, want, nil},
				})
			})
		}
	}
}

func TestBatches(t *testing.T) {
	answer := func(id string, status int, body string) string {
		return fmt.Sprintf(`{"id":%q,"status":%d,"headers":{"Content-Type":"application/json"},"body":%s}`, id, status, body)
	}
	users := page("users", user("u1", "Member", ""), false)
	const refused = `{"error":{"code":"Forbidden","message":"No."}}`
	check(t, []caseOf{
		{
			"answers and an error",
			map[string]string{"b.json": `{"responses":[` + answer("1", 200, users) + "," + answer("2", 403, refused) + "," + answer("3", 200, domains) + `]}`},
			map[string]string{"entra.users": user("u1", "Member", ""), "entra.domains": `{"id":"d"}`},
			[]string{"b.json: it holds an error (Forbidden), and its name does not say what of: a file named after a dataset, such as entra.users.json, would"},
		},
		{
			"an error of which the request tells what was asked for",
			map[string]string{"b.json": `{"requests":[{"id":1,"method":"GET","url":"/users?$select=id"},{"id":"2","url":"/domains"}],"responses":[` + answer("2", 200, domains) + "," + answer("1", 429, refused) + `]}`},
			map[string]string{"entra.users": "failed: Graph answered with an error: Forbidden", "entra.domains": `{"id":"d"}`},
			nil,
		},
		{
			"a status without a body",
			map[string]string{"b.json": `{"responses":[{"status":"504","id":"1"}],"requests":[{"id":"1","url":"users"},{"id":"1","url":"/v1.0/users"}]}`, "d.json": domains},
			map[string]string{"entra.users": "failed: Graph answered with an error: HTTP status 504", "entra.domains": `{"id":"d"}`},
			nil,
		},
		{
			"a filter in the request",
			map[string]string{"b.json": `{"requests":[{"id":"1","url":"/users?$filter=accountEnabled eq true"}],"responses":[` + answer("1", 200, users) + `]}`},
			map[string]string{"entra.users": "failed: b.json holds a part of the list ($filter=accountEnabled eq true), not all of it: save the answer to GET /v1.0/users, in a file of another name"},
			nil,
		},
		{
			"as many records as the request asked for at most",
			map[string]string{"b.json": `{"requests":[{"id":"1","url":"/users?$top=1"}],"responses":[` + answer("1", 200, users) + `]}`},
			map[string]string{"entra.users": "failed: b.json holds a part of the list ($top=1), not all of it: save the answer to GET /v1.0/users, in a file of another name"},
			nil,
		},
		{
			"a larger page than there are records",
			map[string]string{"b.json": `{"requests":[{"id":"1","url":"/users?$top=999"}],"responses":[` + answer("1", 200, users) + `]}`},
			map[string]string{"entra.users": user("u1", "Member", "")},
			nil,
		},
		{
			"two batches, with a list and with a document",
			map[string]string{"b.json": `[{"responses":[` + answer("1", 200, users) + `]},{"responses":[` + answer("1", 200, single("policies/identitySecurityDefaultsEnforcementPolicy/$entity", `"isEnabled":true`)) + `]}]`},
			map[string]string{"entra.users": user("u1", "Member", ""), "entra.security_defaults": `{"isEnabled":true}`},
			nil,
		},
	})
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	if err := errors.Join(err, w.Close()); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.String()
}

// What PowerShell makes of answers.
func TestPowerShell(t *testing.T) {
	member := user("u1", "Member", "")
	hundred := "[" + strings.TrimSuffix(strings.Repeat(member+",", 100), ",") + "]"
	const settings = "policies/identitySecurityDefaultsEnforcementPolicy/$entity"
	check(t, []caseOf{
		{
			"a list in value and Count within an answer",
			map[string]string{"a.json": strings.Replace(page("users", member, false), `"value":[`+member+`]`, `"value":{"value":[`+member+`],"Count":1}`, 1)},
			map[string]string{"entra.users": member},
			nil,
		},
		{
			"answers in value and Count",
			map[string]string{"a.json": `{"value":[` + page("users", member, false) + "," + single(settings, `"isEnabled":true`) + "," + domains + `],"Count":3}`},
			map[string]string{"entra.users": member, "entra.security_defaults": `{"isEnabled":true}`, "entra.domains": `{"id":"d"}`},
			nil,
		},
		{"a list of one that became its record", map[string]string{"a.json": `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":` + member + `}`}, map[string]string{"entra.users": member}, nil},
		{"a compressed file under the name of a group's members", map[string]string{"groups_g1_members.json.gz": gzipped(page("directoryObjects", objects("user:u1"), false))}, map[string]string{"entra.group_members": pairs("g1 user:u1"), "entra.group_member_lists": known("g1")}, nil},
		{"a compressed file under the name of a dataset", map[string]string{"entra.users.json.gz": gzipped("[" + member + "]")}, map[string]string{"entra.users": member}, nil},
		{"a list under the name of its dataset", map[string]string{"entra.users.json": "[" + member + "]"}, map[string]string{"entra.users": member}, nil},
		{"a list under the name of its endpoint", map[string]string{"users.json": `{"value":[` + member + `],"Count":1}`}, map[string]string{"entra.users": member}, nil},
		{"a document under the name of its endpoint", map[string]string{"policies_identitySecurityDefaultsEnforcementPolicy.json": `{"isEnabled":true}`}, map[string]string{"entra.security_defaults": `{"isEnabled":true}`}, nil},
		{
			"what is named like an endpoint and holds something else",
			map[string]string{"d.json": domains, "settings.json": `{"editor.fontSize":12}`, "users.json": `[{"id":"u","name":"a"}]`, "groups.json": `["a"]`, "domains.json": `[{"id":"other.example"}]`},
			map[string]string{"entra.domains": `{"id":"d"}`},
			[]string{
				`domains.json: it has no "@odata.context", which tells what was asked for`, `groups.json: it has no "@odata.context", which tells what was asked for`,
				`settings.json: it has no "@odata.context", which tells what was asked for`, `users.json: it has no "@odata.context", which tells what was asked for`,
			},
		},
		{
			"answers and an error under the name of an endpoint",
			map[string]string{"users.json": "[" + page("users", member, true) + `,{"error":{"code":"TooManyRequests"}}]`},
			map[string]string{"entra.users": "failed: Graph answered with an error: TooManyRequests"},
			nil,
		},
		{"a list in value and Count under the name of its dataset", map[string]string{"Entra.Users-1.json": `{"value":[` + member + `],"Count":1}`}, map[string]string{"entra.users": member}, nil},
		{"a document under the name of its dataset", map[string]string{"entra.security_defaults.json": `{"isEnabled":true}`}, map[string]string{"entra.security_defaults": `{"isEnabled":true}`}, nil},
		{
			"a list that may be a page",
			map[string]string{"entra.users.json": hundred},
			map[string]string{"entra.users": "failed: entra.users.json holds exactly 100 records, as many as one page, and does not say whether there is a next one"},
			nil,
		},
		{
			"a list of a cmdlet that may be a page",
			map[string]string{"Get-MgBetaUser.json": hundred},
			map[string]string{"entra.users": "failed: Get-MgBetaUser.json holds exactly 100 records, as many as Get-MgUser gives without -All"},
			nil,
		},
		{
			"users of a cmdlet",
			map[string]string{"Get-MgUser 2026.json": `[{"Id":"u1","AccountEnabled":true,"UserType":"Member","OnPremisesSyncEnabled":null,"AssignedLicenses":null,"Mail":null,"DeletedDateTime":null,"AdditionalProperties":{}},{"Id":"u2","AccountEnabled":false,"UserType":null,"OnPremisesSyncEnabled":null,"AssignedLicenses":[{"SkuId":"s","DisabledPlans":[],"AdditionalProperties":{}}],"Mail":null,"AdditionalProperties":{"more":1}}]`},
			map[string]string{"entra.users": `{"accountEnabled":true,"assignedLicenses":[],"id":"u1","userType":"Member"}` + "\n" + `{"accountEnabled":false,"assignedLicenses":[{"disabledPlans":[],"skuId":"s"}],"id":"u2","more":1,"userType":null}`},
			nil,
		},
		{
			"users of a cmdlet that was not asked for what rules read",
			map[string]string{"Get-MgUser.json": `{"Id":"u1","AccountEnabled":null,"UserType":null,"Mail":"a@contoso.example"}`},
			map[string]string{"entra.users": "failed: the one record does not have the required accountEnabled, userType. Save what Get-MgUser gives with -All -Property accountEnabled,assignedLicenses,createdDateTime,displayName,id,mail,onPremisesSyncEnabled,userPrincipalName,userType."},
			nil,
		},
		{
			"users of a cmdlet in an organization that is not synchronized",
			map[string]string{"Get-MgOrganization.json": `{"Id":"t1","DisplayName":"Contoso","OnPremisesSyncEnabled":null}`, "Get-MgUser.json": `[{"Id":"u1","AccountEnabled":true,"UserType":"Member","OnPremisesSyncEnabled":null,"Mail":null}]`},
			map[string]string{"entra.users": `{"accountEnabled":true,"id":"u1","onPremisesSyncEnabled":null,"userType":"Member"}`},
			[]string{"organization.json: it answers the same as Get-MgOrganization.json and agrees with it: entra.organization is made of both"},
		},
		{
			"other cmdlets",
			map[string]string{
				"Get-MgIdentityConditionalAccessPolicy.json":                `{"value":[{"Id":"c","State":"enabled","Conditions":{"Users":{"IncludeUsers":["All"]},"AdditionalProperties":{"extra":true}},"GrantControls":{"BuiltInControls":["mfa"],"AuthenticationStrength":{"Id":null,"AllowedCombinations":null}}}],"Count":1}`,
				"Get-MgPolicyIdentitySecurityDefaultEnforcementPolicy.json": `{"Id":"x","IsEnabled":false,"AdditionalProperties":{}}`,
				"Get-MgDomain.json":                                           `{"Id":"d","SupportedServices":null}`,
				"Get-MgPolicyAuthorizationPolicy.json":                        `[{"Id":"p","DefaultUserRolePermissions":{"PermissionGrantPoliciesAssigned":null},"AdditionalProperties":{"permissionGrantPolicyIdsAssignedToDefaultUserRole":["a"]}}]`,
				"Get-MgReportAuthenticationMethodUserRegistrationDetail.json": `[{"Id":"u1","IsMfaRegistered":true}]`,
				"Get-MgSubscribedSku.json":                                    `[]`,
			},
			map[string]string{
				"entra.conditional_access_policies": `{"conditions":{"extra":true,"users":{"includeUsers":["All"]}},"grantControls":{"authenticationStrength":null,"builtInControls":["mfa"]},"id":"c","state":"enabled"}`,
				"entra.group_members":               "", "entra.group_member_lists": "",
				"entra.security_defaults":    `{"id":"x","isEnabled":false}`,
				"entra.domains":              `{"id":"d","supportedServices":[]}`,
				"entra.authorization_policy": `{"defaultUserRolePermissions":{"permissionGrantPoliciesAssigned":["a"]},"id":"p","permissionGrantPolicyIdsAssignedToDefaultUserRole":["a"]}`,
				"entra.user_registration":    `{"id":"u1","isMfaRegistered":true}`,
				"entra.subscribed_skus":      "",
			},
			nil,
		},
		{"a response under the name of a cmdlet", map[string]string{"Get-MgUser.json": page("domains", `{"id":"d"}`, false)}, map[string]string{"entra.domains": `{"id":"d"}`}, nil},
		{
			"what is recognised and no evidence",
			map[string]string{
				"d.json": domains, "m.json": single("users('u1')/authentication/requirements", `"perUserMfaState":"enforced"`),
				"s.json": page("security/identities/sensors", `{"id":"s"}`, false), "Get-MgUserTransitiveMemberOf.json": `[{"Id":"g"}]`,
			},
			map[string]string{
				"entra.domains":             `{"id":"d"}`,
				"defender_identity.sensors": "failed: a list of sensors names the servers that have one, and none that lacks one: write defender_identity.sensors by hand from all servers",
			},
			[]string{
				"Get-MgUserTransitiveMemberOf.json: it lists the groups of one user; save groups/{id}/transitiveMembers, the members of each group",
				"m.json: no control reads the per-user state of multifactor authentication: where it is asked for depends on settings that no interface gives",
				"s.json: a list of sensors names the servers that have one, and none that lacks one: write defender_identity.sensors by hand from all servers",
			},
		},
	})
}
