package msgraph_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"github.com/posture-score/posture/evidence"
	saved "github.com/posture-score/posture/internal/importer/folder"
	"github.com/posture-score/posture/internal/importer/msgraph"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// organization is in most folders: it says whose they are.
const organization = `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#organization","value":[{"id":"t1","displayName":"Contoso"}]}`

// page makes a response with a list. A next page is named if next is true.
func page(fragment, records string, next bool) string {
	link := ""
	if next {
		link = `"@odata.nextLink":"https://graph.microsoft.com/v1.0/x?$skiptoken=1",`
	}
	return `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#` + fragment + `",` + link + `"value":[` + records + `]}`
}

// single makes a response that is one object.
func single(fragment, members string) string {
	return `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#` + fragment + `",` + members + `}`
}

func TestImport(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  map[string]string // by dataset: its records, or "failed: " and the reason
	}{
		{
			"a list in one page",
			map[string]string{"a.json": page("groups(id,displayName)", `{"id":"u1","@odata.id":"x"},{"id":"u2"}`, false)},
			map[string]string{"entra.groups": `{"id":"u1"}` + "\n" + `{"id":"u2"}`},
		},
		{
			"pages in files and folders",
			map[string]string{
				"all/1.json": page("groups", `{"id":"u1"}`, true),
				"all/2.json": page("groups", `{"id":"u2"}`, true),
				"more.json":  page("groups", `{"id":"u3"}`, false),
			},
			map[string]string{"entra.groups": `{"id":"u1"}` + "\n" + `{"id":"u2"}` + "\n" + `{"id":"u3"}`},
		},
		{
			"several responses in one file",
			map[string]string{
				"all.json": "[" + page("groups", `{"id":"u1"}`, true) + "," + page("groups", `{"id":"u2"}`, false) + "," + page("domains", `{"id":"d","supportedServices":null}`, false) + "]",
			},
			map[string]string{"entra.groups": `{"id":"u1"}` + "\n" + `{"id":"u2"}`, "entra.domains": `{"id":"d","supportedServices":[]}`},
		},
		{
			"the list before the context",
			map[string]string{"a.json": `{"value":[{"id":"d"}],"@odata.context":"https://graph.microsoft.com/beta/$metadata#domains"}`},
			map[string]string{"entra.domains": `{"id":"d"}`},
		},
		{
			"an empty list",
			map[string]string{"a.json": page("identity/conditionalAccess/policies", "", false)},
			map[string]string{"entra.conditional_access_policies": "", "entra.group_members": "", "entra.group_member_lists": ""},
		},
		{
			"a list that breaks off with an error",
			map[string]string{"a.json": strings.TrimSuffix(strings.TrimSpace(page("users", `{"id":"u1"}`, false)), "}") + `,"error":{"code":"Throttled"}}`},
			map[string]string{"entra.users": "failed: the list in a.json breaks off with an error of Graph: Throttled"},
		},
		{
			"a last page that is missing",
			map[string]string{"1.json": page("users", `{"id":"u1"}`, true), "2.json": page("users", `{"id":"u2"}`, true)},
			map[string]string{"entra.users": "failed: the last page is missing: 2.json names a next one"},
		},
		{
			"a page in the middle that is missing",
			map[string]string{
				"1.json": strings.Replace(page("users", `{"id":"u1"}`, true), `"value"`, `"@odata.count":3,"value"`, 1),
				"3.json": page("users", `{"id":"u3"}`, false),
			},
			map[string]string{"entra.users": "failed: pages are missing: 2 records were saved of 3"},
		},
		{
			"the answer to a delta query",
			map[string]string{"a.json": strings.Replace(page("users", `{"id":"u1"}`, false), `"value"`, `"@odata.deltaLink":"x","value"`, 1)},
			map[string]string{"entra.users": "failed: the answer to a delta query lists changes, not everything"},
		},
		{
			"a record in two pages",
			map[string]string{"1.json": page("groups", `{"id":"u1"},{"id":"u2"}`, true), "2.json": page("groups", `{"id": "u2"}`, false)},
			map[string]string{"entra.groups": `{"id":"u1"}` + "\n" + `{"id":"u2"}`},
		},
		{
			"an array without a context, under the name of the dataset that it is for",
			map[string]string{"purview.activity_subscriptions.json": `[{"contentType":"Audit.Exchange","status":"enabled","webhook":null},{"contentType":"DLP.All","status":"disabled"}]`},
			map[string]string{"purview.activity_subscriptions": `{"contentType":"Audit.Exchange","status":"enabled","webhook":null}` + "\n" + `{"contentType":"DLP.All","status":"disabled"}`},
		},
		{
			"an empty array under the name of the endpoint",
			map[string]string{"activity_feed_subscriptions_list-1.json": `[]`},
			map[string]string{"purview.activity_subscriptions": ""},
		},
		{
			"an error under the name of a dataset whose answers have no context",
			map[string]string{"purview.activity_subscriptions.json": `{"error":{"code":"AF20023","message":"No."}}`},
			map[string]string{"purview.activity_subscriptions": "failed: the service answered with an error: AF20023"},
		},
		{
			"an error under the name of a dataset that Graph does not give",
			map[string]string{
				"Exchange.Mailboxes-1.json": `{"error":{"code":"InvalidAuthenticationToken","message":"No."}}`,
				"exchange.mailboxes-2.json": `{"error":{"code":"Later"}}`, "teams.meeting_policies.json": `{"error":{}}`,
			},
			map[string]string{
				"exchange.mailboxes":     "failed: the service answered with an error: InvalidAuthenticationToken",
				"teams.meeting_policies": "failed: the service answered with an error: an error without a code",
			},
		},
		{
			"an error under the name of a dataset",
			map[string]string{"entra.user_registration.json": `{"error":{"code":"Authentication_RequestFromNonPremiumTenant","message":"No."}}`},
			map[string]string{"entra.user_registration": "failed: Graph answered with an error: Authentication_RequestFromNonPremiumTenant"},
		},
		{
			"an error under the name of an endpoint, after a page",
			map[string]string{
				"users_1.json": page("users", `{"id":"u1"}`, true), "users_2.json": `{"error":{"code":"TooManyRequests"}}`,
			},
			map[string]string{"entra.users": "failed: Graph answered with an error: TooManyRequests"},
		},
		{
			"documents",
			map[string]string{
				"a.json": single("policies/identitySecurityDefaultsEnforcementPolicy/$entity", `"id":"x","isEnabled":true`),
				"b.json": page("directory/onPremisesSynchronization", `{"id":"t1","features":{"passwordSyncEnabled":true}}`, false),
				"c.json": single("admin/sharepoint/settings", `"sharingCapability":"disabled","sharingAllowedDomainList":null`),
				"d.json": single("admin/forms/$entity", `"settings":{"isInOrgFormsPhishingScanEnabled":true}`),
				"e.json": single("admin/appsAndServices/settings", `"isOfficeStoreEnabled":false`),
			},
			map[string]string{
				"entra.security_defaults": `{"id":"x","isEnabled":true}`,
				"entra.on_premises_sync":  `{"features":{"passwordSyncEnabled":true},"id":"t1"}`,
				"sharepoint.settings":     `{"sharingAllowedDomainList":[],"sharingCapability":"disabled"}`,
				"forms.settings":          `{"isInOrgFormsPhishingScanEnabled":true}`,
				"admin_center.settings":   `{"isOfficeStoreEnabled":false}`,
			},
		},
		{
			"the authorization policy of beta",
			map[string]string{
				"a.json": page("policies/authorizationPolicy", `{"permissionGrantPolicyIdsAssignedToDefaultUserRole":["a.b"],"defaultUserRolePermissions":{"allowedToCreateApps":false}}`, false),
			},
			map[string]string{"entra.authorization_policy": `{"defaultUserRolePermissions":{"allowedToCreateApps":false,"permissionGrantPoliciesAssigned":["a.b"]},"permissionGrantPolicyIdsAssignedToDefaultUserRole":["a.b"]}`},
		},
		{
			"the authorization policy of v1.0",
			map[string]string{
				"a.json": single("policies/authorizationPolicy/$entity", `"defaultUserRolePermissions":{"permissionGrantPoliciesAssigned":[]}`),
			},
			map[string]string{"entra.authorization_policy": `{"defaultUserRolePermissions":{"permissionGrantPoliciesAssigned":[]}}`},
		},
		{
			"a document of which there are two",
			map[string]string{"a.json": page("directory/onPremisesSynchronization", `{},{}`, false)},
			map[string]string{"entra.on_premises_sync": "failed: the response holds 2 objects, not one"},
		},
		{
			"members of every group",
			map[string]string{
				"g.json":                             page("groups", `{"id":"g1"},{"id":"g2"}`, false),
				"a.json":                             page("groups('g1')/transitiveMembers(id)", `{"@odata.type":"#microsoft.graph.user","id":"u1"},{"id":"u2"}`, false),
				"groups_G2_transitiveMembers_1.json": page("directoryObjects", `{"id":"u1"}`, true),
				"groups_G2_transitiveMembers_2.json": page("directoryObjects", `{"id":"u1"}`, false),
			},
			map[string]string{
				"entra.groups": `{"id":"g1"}` + "\n" + `{"id":"g2"}`,
				"entra.group_members": `{"groupId":"g1","memberId":"u1","memberType":"#microsoft.graph.user"}` + "\n" + `{"groupId":"g1","memberId":"u2"}` + "\n" +
					`{"groupId":"g2","memberId":"u1"}`,
				"entra.group_member_lists": `{"complete":true,"groupId":"g1"}` + "\n" + `{"complete":true,"groupId":"g2"}`,
			},
		},
		{
			"members of some groups",
			map[string]string{
				"g.json": page("groups", `{"id":"g1"},{"id":"g2"}`, false),
				"a.json": page("groups('g1')/transitiveMembers", `{"id":"u1"}`, false),
			},
			map[string]string{
				"entra.groups":        `{"id":"g1"}` + "\n" + `{"id":"g2"}`,
				"entra.group_members": `{"groupId":"g1","memberId":"u1"}`, "entra.group_member_lists": `{"complete":true,"groupId":"g1"}`,
			},
		},
		{
			"members of groups, and no list of groups",
			map[string]string{"a.json": page("groups('g1')/transitiveMembers", `{"id":"u1"}`, false)},
			map[string]string{"entra.group_members": `{"groupId":"g1","memberId":"u1"}`, "entra.group_member_lists": `{"complete":true,"groupId":"g1"}`},
		},
		{
			"devices have many records",
			map[string]string{
				"a.json": `{"@odata.context":"api.securitycenter.microsoft.com/api/$metadata#Collection(microsoft.windowsDefenderATP.api.AssetConfiguration)","value":[{"deviceId":"d","configurationId":"scid-1"},{"deviceId":"d","configurationId":"SCID-2"}]}`,
			},
			map[string]string{"defender_endpoint.secure_configuration": `{"configurationId":"scid-1","deviceId":"d"}` + "\n" + `{"configurationId":"scid-2","deviceId":"d"}`},
		},
		{
			"saved by Windows PowerShell",
			map[string]string{"a.json": encode(page("groups", `{"id":"Zürich"}`, false))},
			map[string]string{"entra.groups": `{"id":"Zürich"}`},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.files["organization.json"] = organization
			test.want["entra.organization"] = `{"displayName":"Contoso","id":"t1"}`
			bundle, _, err := importing(t, test.files)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, contents(t, bundle)); diff != "" {
				t.Errorf("bundle (-want +got):\n%s", diff)
			}
			manifest := bundle.Manifest()
			if manifest.Tenant != (evidence.Tenant{ID: "t1", Name: "Contoso"}) || !manifest.CollectedAt.Equal(noon) {
				t.Errorf("manifest: %+v", manifest)
			}
		})
	}
}

func TestImportSkips(t *testing.T) {
	bundle, skipped, err := importing(t, map[string]string{
		"organization.json": organization,
		"apps.json":         page("applications", `{"id":"a"}`, false),
		"batch.json":        `[{"error":{"code":"Forbidden"}},` + page("groups", `{"id":"g"}`, false) + `]`,
		"beta_me.json":      `{"error":{"code":"Forbidden","message":"No."}}`,
		"bare.json":         `[{"id":"u1"},{"id":"u2"},7]`,
		"guests.json":       page("users/microsoft.graph.user", `{"id":"u1"}`, false),
		"notes.txt":         "not read",
		"one.json":          single("users/$entity", `"id":"u1"`),
		"roles.json":        page("roleManagement/directory/roleAssignments", `{"id":"a"}`, false),
		"roles2.json":       page("roleManagement/directory/roleAssignmentScheduleInstances", `{"id":"b"}`, false),
		"sub/broken.json":   single("users(id", `"id":"u1"`),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []msgraph.Skipped{
		{"apps.json", "no dataset is made of what its context names: https://graph.microsoft.com/v1.0/$metadata#applications"},
		{"bare.json", `it has no "@odata.context", which tells what was asked for`},
		{"batch.json", "it holds an error (Forbidden), and its name does not say what of: a file named after a dataset, such as entra.users.json, would"},
		{"beta_me.json", "it holds an error (Forbidden), and its name does not say what of: a file named after a dataset, such as entra.users.json, would"},
		{"guests.json", "no dataset is made of what its context names: https://graph.microsoft.com/v1.0/$metadata#users/microsoft.graph.user"},
		{"one.json", "it holds one record, and nothing says whether there are others"},
		{"sub/broken.json", "no dataset is made of what its context names: https://graph.microsoft.com/v1.0/$metadata#users(id"},
	}
	if diff := cmp.Diff(want, skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	if got := len(bundle.Manifest().Datasets); got != 5 {
		t.Errorf("%d datasets, want 5", got)
	}
}

func TestImportErrors(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"an empty folder", map[string]string{}, "the folder has no .json file"},
		{"nothing known", map[string]string{"a.json": "{}"}, `a.json was skipped because it has no "@odata.context"`},
		{
			"an error that nobody asked for, and nothing else",
			map[string]string{"a.json": `{"error":{"code":"Forbidden"}}`},
			"no file holds what a dataset is made of. Responses of Graph are told by their \"@odata.context\", exports of PowerShell by the name of the cmdlet; " +
				"a.json was skipped because it holds an error (Forbidden)",
		},
		{
			"two tenants",
			map[string]string{"a.json": organization, "b.json": strings.ReplaceAll(organization, `"t1"`, `"t2"`)},
			"b.json: the export is of tenant t2, and a.json of t1. One folder is for one tenant.",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bundle, _, err := importing(t, test.files)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("Import: %v, %v\nwant %s", bundle, err, test.want)
			}
		})
	}
}

func TestImportNeedsTime(t *testing.T) {
	source := folder(t, map[string]string{"o.json": organization})
	target := filepath.Join(t.TempDir(), "bundle")
	_, _, err := saved.Import(t.Context(), source, target, saved.Options{})
	if err == nil || !strings.Contains(err.Error(), "the files do not say when they were saved. Give the time with --collected-at TIME.") {
		t.Errorf("Import: %v", err)
	}
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the target was made: %v", err)
	}
}

func TestImportFile(t *testing.T) {
	source := folder(t, map[string]string{"d.json": page("domains", `{"id":"d"}`, false), "u.json": page("users", "", false)})
	bundle, _, err := saved.Import(t.Context(), filepath.Join(source, "d.json"), filepath.Join(t.TempDir(), "bundle"),
		saved.Options{CollectedAt: noon, Tenant: evidence.Tenant{ID: "t9"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bundle.Close() }()
	if diff := cmp.Diff(map[string]string{"entra.domains": `{"id":"d"}`}, contents(t, bundle)); diff != "" {
		t.Errorf("bundle (-want +got):\n%s", diff)
	}
}

func TestImportStaysInFolder(t *testing.T) {
	outside := folder(t, map[string]string{"u.json": page("users", `{"id":"secret"}`, false)})
	source := folder(t, map[string]string{"o.json": organization})
	if err := os.Symlink(filepath.Join(outside, "u.json"), filepath.Join(source, "u.json")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	bundle, _, err := saved.Import(t.Context(), source, filepath.Join(t.TempDir(), "bundle"), saved.Options{CollectedAt: noon})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bundle.Close() }()
	if _, ok := bundle.Dataset("entra.users"); ok {
		t.Error("a link out of the folder was followed")
	}
}

// Every endpoint leads to a dataset that has a schema, and every record of the
// sample here satisfies it.
func TestImportValidates(t *testing.T) {
	registry, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	bundle, _, err := importing(t, map[string]string{
		"o.json": organization,
		"u.json": page("users", `{"id":"u1","userPrincipalName":"ada@contoso.example","accountEnabled":true,"userType":"Member","onPremisesSyncEnabled":null,"assignedLicenses":[{"skuId":"s","disabledPlans":[]}]}`, false),
		"r.json": page("reports/authenticationMethods/userRegistrationDetails", `{"id":"u1","isAdmin":true,"isMfaRegistered":true,"methodsRegistered":["fido2"],"userType":"member"}`, false),
		"c.json": page("identity/conditionalAccess/policies", `{"id":"c","state":"enabled","conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["All"],"excludeGuestsOrExternalUsers":null},"signInRiskLevels":[],"platforms":null},"grantControls":{"operator":"OR","builtInControls":["block"],"authenticationStrength":null},"sessionControls":null}`, false),
		"s.json": page("subscribedSkus", `{"id":"t_s","skuId":"s","skuPartNumber":"SPE_E5","capabilityStatus":"Enabled","servicePlans":[{"servicePlanName":"AAD_PREMIUM","provisioningStatus":"Success"}]}`, false),
		"g.json": page("groupSettings", `{"id":"x","templateId":"y","displayName":"Password Rule Settings","values":[{"name":"EnableBannedPasswordCheck","value":"True"}]}`, false),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, listed := range bundle.Manifest().Datasets {
		dataset, ok := registry.Dataset(listed.Name)
		if !ok {
			t.Fatalf("no schema for %s", listed.Name)
		}
		for record, err := range bundle.Records(t.Context(), listed.Name) {
			if err != nil {
				t.Fatal(err)
			}
			value, err := records.Decode(record.JSON, records.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			for _, violation := range dataset.Validate(value) {
				t.Errorf("%s%s: %s", listed.Name, violation.Pointer, violation.Message)
			}
		}
	}
}

// Whatever is in the files, what is written is a bundle.
func FuzzImport(f *testing.F) {
	f.Add(page("users(id)", `{"id":"u1"}`, false), page("users(id)", `{"id":"u2"}`, true))
	f.Add("["+organization+"]", single("policies/authorizationPolicy/$entity", `"defaultUserRolePermissions":{}`))
	f.Add(`{"value":[{}],"value":3,"@odata.context":"$metadata#organization"}`, `{"error":{"code":1}}`)
	f.Add(page("groups('g')/transitiveMembers", `{"id":"u"}`, false), page("groups", `{"id":"g"}`, false))
	f.Add(`{"requests":[{"id":"1","url":"/groups/x/members"}],"responses":[{"id":"1","status":200,"body":{"value":[]}},{}]}`, `[{"Id":"g","AdditionalProperties":{"a":[]}}]`)
	f.Add(`{"value":{"value":[{"@odata.context":"$metadata#domains","value":[{}]}],"Count":1}}`, page("directoryObjects", `{"id":"g","@odata.type":"#microsoft.graph.group"}`, false))
	f.Add(page("directoryRoles(members())", `{"roleTemplateId":"r","members":[{"id":"u"},7,null]}`, false), page("roleManagement/directory/roleAssignments", `{"principalId":"u","roleDefinitionId":"r"}`, false))
	f.Fuzz(func(t *testing.T, one, two string) {
		files := map[string]string{"a.json": one, "b.json": two, "entra.users.json": one, "groups_g_members.json": two, "groups_h_transitiveMembers.json": one, "Get-MgGroup.json": two}
		bundle, _, err := importing(t, files)
		if err != nil {
			return
		}
		contents(t, bundle)
	})
}

func encode(text string) string {
	encoded, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		panic(err) // only for a test that is wrong itself
	}
	return encoded
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func importing(t *testing.T, files map[string]string) (*evidence.Bundle, []msgraph.Skipped, error) {
	t.Helper()
	bundle, skipped, err := saved.Import(t.Context(), folder(t, files), filepath.Join(t.TempDir(), "bundle"), saved.Options{CollectedAt: noon})
	if err == nil {
		t.Cleanup(func() { _ = bundle.Close() })
	}
	return bundle, skipped, err
}

// contents gives each dataset's records as they are written, or why it failed.
func contents(t *testing.T, bundle *evidence.Bundle) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, dataset := range bundle.Manifest().Datasets {
		if dataset.Status == evidence.Failed {
			all[dataset.Name] = "failed: " + dataset.Reason
			continue
		}
		var records [][]byte
		for record, err := range bundle.Records(t.Context(), dataset.Name) {
			if err != nil {
				t.Fatal(err)
			}
			records = append(records, bytes.Clone(record.JSON))
		}
		all[dataset.Name] = string(bytes.Join(records, []byte("\n")))
	}
	return all
}
