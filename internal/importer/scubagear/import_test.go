package scubagear_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/scubagear"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// head is what every export begins with.
const head = `"baseline_version":"1","module_version":"1.8.0","timestamp_zulu":"2026-05-04T17:15:48.307Z",
	"tenant_details":[{"TenantId":"t1","DisplayName":"Contoso"}]`

func TestImport(t *testing.T) {
	tests := []struct {
		name, export string
		want         map[string]string // by dataset: the file, or "failed: " and the reason
	}{
		{
			"a list of one that collapsed", `"domain_settings":{"Id":"contoso.example","SupportedServices":"Email","PasswordValidityPeriodInDays":2147483647}`,
			map[string]string{"entra.domains": `{"id":"contoso.example","passwordValidityPeriodInDays":2147483647,"supportedServices":["Email"]}`},
		},
		{
			"dates and null lists", `"transport_rule":[{"Name":"r","SenderDomainIs":null,"SetSCL":-1,"WhenChanged":"/Date(1723812853000)/"}]`,
			map[string]string{"exchange.transport_rules": `{"name":"r","senderDomainIs":[],"setSCL":-1,"whenChanged":"2024-08-16T12:54:13Z"}`},
		},
		{
			"senders and domains that are objects",
			`"hosted_content_filter_policies":[{"Identity":"Default","AllowedSenderDomains":[{"Domain":"contoso.example"}],"AllowedSenders":{"Sender":{"Address":"a@contoso.example"}}}]`,
			map[string]string{"defender_office.spam_policies": `{"allowedSenderDomains":["contoso.example"],"allowedSenders":["a@contoso.example"],"identity":"Default"}`},
		},
		{
			"malware policies under the key of older versions", `"malware_filter_policies":[{"Identity":"Default"}]`,
			map[string]string{"defender_office.malware_policies": `{"identity":"Default"}`},
		},
		{
			"malware policies and rules of newer versions",
			`"anti_malware_policies":[{"Identity":"Default","FileTypes":["exe"]}],"anti_malware_rules":[{"Identity":"Mine","SentTo":"a@contoso.example"}]`,
			map[string]string{
				"defender_office.malware_policies": `{"fileTypes":["exe"],"identity":"Default"}`,
				"defender_office.malware_rules":    `{"identity":"Mine","sentTo":["a@contoso.example"]}`,
			},
		},
		{
			"malware policies under both keys, which are of one cmdlet", `"malware_filter_policies":[{"Identity":"A"}],"anti_malware_policies":[{"Identity":"A"}]`,
			map[string]string{"defender_office.malware_policies": `{"identity":"A"}`},
		},
		{
			"malware policies that contradict each other", `"malware_filter_policies":[{"Identity":"A"}],"anti_malware_policies":[{"Identity":"B"}]`,
			map[string]string{"defender_office.malware_policies": `failed: anti_malware_policies and malware_filter_policies are of one cmdlet, and differ`},
		},
		{
			"malware rules that nothing vouches for", `"anti_malware_rules":[],"malware_filter_policies":[],"securitysuite_unsuccessful_commands":["Get-MalwareFilterPolicy"]`,
			map[string]string{
				"defender_office.malware_policies": `failed: ScubaGear could not run Get-MalwareFilterPolicy`,
				"defender_office.malware_rules":    `failed: anti_malware_rules is empty and the export does not say that Get-MalwareFilterRule succeeded`,
			},
		},
		{
			"a list of null is empty", `"transport_rule":[null],"exo_successful_commands":["Get-TransportRule"]`,
			map[string]string{"exchange.transport_rules": ``},
		},
		{
			"an empty list that nothing vouches for", `"transport_rule":[],"exo_successful_commands":["Get-SharingPolicy"]`,
			map[string]string{"exchange.transport_rules": `failed: transport_rule is empty and the export does not say that Get-TransportRule succeeded`},
		},
		{
			"a cmdlet that did not succeed", `"transport_rule":[],"exo_successful_commands":[],"exo_unsuccessful_commands":"Get-TransportRule"`,
			map[string]string{"exchange.transport_rules": `failed: ScubaGear could not run Get-TransportRule`},
		},
		{
			"a cmdlet in both lists did not succeed",
			`"atp_policy_for_o365":[],"defender_successful_commands":["Get-AtpPolicyForO365"],"defender_unsuccessful_commands":["Get-AtpPolicyForO365"]`,
			map[string]string{"defender_office.atp_policy": `failed: ScubaGear could not run Get-AtpPolicyForO365`},
		},
		{
			"a document that is not there", `"org_config":[],"exo_successful_commands":["Get-OrganizationConfig"]`,
			map[string]string{"exchange.organization_config": `failed: org_config holds 0 objects, not one`},
		},
		{
			"an element that is no object", `"sharing_policy":["System.Object[]"]`,
			map[string]string{"exchange.sharing_policies": `failed: sharing_policy: ConvertTo-Json cut off the record, which lies below its depth (record 1). Save it again with -Depth 10.`},
		},
		{
			"consent policies of beta",
			`"authorization_policies":[{"Id":"p","PermissionGrantPolicyIdsAssignedToDefaultUserRole":"a.b","DefaultUserRolePermissions":{"AllowedToCreateApps":true,"PermissionGrantPoliciesAssigned":null}}]`,
			map[string]string{"entra.authorization_policy": `{"defaultUserRolePermissions":{"allowedToCreateApps":true,"permissionGrantPoliciesAssigned":["a.b"]},"id":"p","permissionGrantPolicyIdsAssignedToDefaultUserRole":"a.b"}`},
		},
		{
			"consent policies that were not sent are not none",
			`"authorization_policies":[{"DefaultUserRolePermissions":{"AllowedToCreateApps":true,"PermissionGrantPoliciesAssigned":null}}]`,
			map[string]string{"entra.authorization_policy": `{"defaultUserRolePermissions":{"allowedToCreateApps":true}}`},
		},
		{
			"consent policies below the depth of the export",
			`"authorization_policies":[{"DefaultUserRolePermissions":{"PermissionGrantPoliciesAssigned":"a.b c.d"}}]`,
			map[string]string{"entra.authorization_policy": `{"defaultUserRolePermissions":{"permissionGrantPoliciesAssigned":["a.b","c.d"]}}`},
		},
		{
			"parts of a policy that are not set", `"conditional_access_policies":[{"Id":"c","State":"enabled","Conditions":{"Users":{"IncludeUsers":["All"],"ExcludeGuestsOrExternalUsers":{"ExternalTenants":{"MembershipKind":null},"GuestOrExternalUserTypes":null}}},"GrantControls":{"Operator":"OR","BuiltInControls":"mfa","BuiltInControls@odata.type":"x"}}]`,
			map[string]string{"entra.conditional_access_policies": `{"conditions":{"users":{"excludeGuestsOrExternalUsers":null,"includeUsers":["All"]}},"grantControls":{"builtInControls":["mfa"],"operator":"OR"},"id":"c","state":"enabled"}`},
		},
		{
			"both halves of the preset rules", `"protection_policy_rules":[{"Identity":"Strict","SentTo":null}],"atp_policy_rules":{"Identity":"Strict"}`,
			map[string]string{"defender_office.eop_preset_rules": `{"identity":"Strict","sentTo":[]}`, "defender_office.atp_preset_rules": `{"identity":"Strict"}`},
		},
		{
			"one half of the preset rules", `"protection_policy_rules":[{"Identity":"Strict"}]`,
			map[string]string{"defender_office.eop_preset_rules": `{"identity":"Strict"}`},
		},
		{
			"Safe Attachments, Safe Links and malware policies, which not all versions ask for",
			`"malware_filter_policies":[{"Identity":"Default","ZapEnabled":true}],"safe_attachment_policies":{"Identity":"a","Enable":true},"safe_attachment_rules":[],` +
				`"safe_links_policies":[],"safe_links_rules":[{"Name":"l","SentTo":"a@contoso.example"}],"defender_successful_commands":["Get-SafeAttachmentRule","Get-SafeLinksPolicy"],` +
				`"defender_unsuccessful_commands":["Get-SafeLinksPolicy"]`,
			map[string]string{
				"defender_office.malware_policies":         `{"identity":"Default","zapEnabled":true}`,
				"defender_office.safe_attachment_policies": `{"enable":true,"identity":"a"}`,
				"defender_office.safe_attachment_rules":    ``,
				"defender_office.safe_links_policies":      `failed: ScubaGear could not run Get-SafeLinksPolicy`,
				"defender_office.safe_links_rules":         `{"name":"l","sentTo":["a@contoso.example"]}`,
			},
		},
		{
			"SPF records", `"accepted_domains":[{"DomainName":"Contoso.example"}],"spf_records":[{"domain":"contoso.example","compliant":true,"rdata":"v=spf1 -all","log":[]}]`,
			map[string]string{
				"exchange.accepted_domains": `{"domainName":"Contoso.example"}`,
				"exchange.spf_records":      `{"domain":"contoso.example","records":["v=spf1 -all"]}`,
			},
		},
		{
			"a domain that was not looked up", `"accepted_domains":[{"DomainName":"a.example"},{"DomainName":"b.example"}],"spf_records":[{"domain":"a.example","rdata":[]}]`,
			map[string]string{
				"exchange.accepted_domains": `{"domainName":"a.example"}` + "\n" + `{"domainName":"b.example"}`,
				"exchange.spf_records":      `failed: the export has no lookup for 1 of the accepted domains, such as b.example`,
			},
		},
		{
			"a domain that was not looked up, in older versions", `"all_domains":[{"DomainName":"a.example"},{"DomainName":"b.example"}],"spf_records":[{"domain":"a.example","rdata":[]}]`,
			map[string]string{
				"exchange.accepted_domains": `{"domainName":"a.example"}` + "\n" + `{"domainName":"b.example"}`,
				"exchange.spf_records":      `failed: the export has no lookup for 1 of the accepted domains, such as b.example`,
			},
		},
		{
			"a lookup that nothing answered",
			`"spf_records":[{"domain":"a.example","rdata":[],"log":[{"query_method":"traditional","query_result":"Query resulted in exception, DNS_ERROR"},{"query_method":"DoH","query_result":"Query returned response code 2"}]},` +
				`{"domain":"b.example","rdata":[],"log":[{"query_result":"Query returned NXDomain"},{"query_result":"Query resulted in exception, x"}]},{"domain":"c.example","rdata":null,"log":{"query_result":"Query returned 0 txt records"}}]`,
			map[string]string{
				"exchange.spf_records": `{"domain":"a.example"}` + "\n" + `{"domain":"b.example","records":[]}` + "\n" + `{"domain":"c.example","records":[]}`,
			},
		},
		{
			"a license that became a text", `"dlp_compliance_policies":[],"defender_dlp_license":"False","securitysuite_successful_commands":["Get-DlpCompliancePolicy"]`,
			map[string]string{"purview.dlp_policies": `failed: ScubaGear ran no Get-DlpCompliancePolicy: defender_dlp_license is false`},
		},
		{
			"SharePoint's own spelling", `"SPO_tenant":[{"SharingCapability":1,"SharingDomainRestrictionMode":2,"SharingAllowedDomainList":null,"SharingBlockedDomainList":"a.example b.example","PreventExternalUsersFromResharing":true,"LegacyAuthProtocolsEnabled":false,"AllowedDomainListForSyncClient":{"__metadata":{},"results":["d1"]},"ExcludedFileExtensionsForSyncClient":[""],"BlockMacSync":"maybe","StorageQuota":7}]`,
			map[string]string{"sharepoint.settings": `{"allowedDomainGuidsForSyncApp":["d1"],"excludedFileExtensionsForSyncApp":[],"isLegacyAuthProtocolsEnabled":false,"isResharingByExternalUsersEnabled":false,"sharingAllowedDomainList":[],"sharingBlockedDomainList":["a.example","b.example"],"sharingCapability":"externalUserSharingOnly","sharingDomainRestrictionMode":"blockList"}`},
		},
		{
			"SharePoint's names and numbers out of range", `"SPO_tenant":{"SharingCapability":"ExistingExternalUserSharingOnly","SharingDomainRestrictionMode":9}`,
			map[string]string{"sharepoint.settings": `{"sharingCapability":"existingExternalUserSharingOnly"}`},
		},
		{
			"roles are in the export in part only", `"privileged_roles":[{"RoleTemplateId":"r","Assignments":[]}]`,
			map[string]string{
				"entra.privileged_role_assignments": "failed: the export has no privileged_users",
				"entra.role_assignments":            `failed: the export lists the holders of a few highly privileged roles only, and none at all without Entra ID P2`,
			},
		},
		{
			"holders of privileged roles, and what they are",
			`"privileged_roles":[{"RoleTemplateId":"r","Assignments":[{"Id":"1","PrincipalId":"U1","RoleDefinitionId":"r","EndDateTime":"/Date(1778702258453)/"},` +
				`{"Id":"2","PrincipalId":"s1","RoleDefinitionId":"r"},{"Id":"3","PrincipalId":"g1","RoleDefinitionId":"r"}]},{"RoleTemplateId":"other","Assignments":{"Id":"4","PrincipalId":"u1","RoleDefinitionId":"other"}}],` +
				`"privileged_users":{"u1":{"roles":["R"]}},"privileged_service_principals":{"S1":{"roles":["R"]}}`,
			map[string]string{
				"entra.privileged_role_assignments": `{"endDateTime":"2026-05-13T19:57:38.453Z","id":"1","principal":{"@odata.type":"#microsoft.graph.user","id":"U1"},"principalId":"U1","roleDefinitionId":"r"}` + "\n" +
					`{"id":"2","principal":{"@odata.type":"#microsoft.graph.servicePrincipal","id":"s1"},"principalId":"s1","roleDefinitionId":"r"}` + "\n" +
					`{"id":"3","principalId":"g1","roleDefinitionId":"r"}` + "\n" +
					`{"id":"4","principal":{"@odata.type":"#microsoft.graph.user","id":"u1"},"principalId":"u1","roleDefinitionId":"other"}`,
				"entra.role_assignments": `failed: the export lists the holders of a few highly privileged roles only, and none at all without Entra ID P2`,
			},
		},
		{
			"roles without holders, as without Entra ID P2", `"privileged_roles":[{"RoleTemplateId":"r"}],"privileged_users":[],"aad_successful_commands":["Get-PrivilegedUser"]`,
			map[string]string{
				"entra.privileged_role_assignments": "failed: the export does not list who holds the privileged roles, as ScubaGear can't without Entra ID P2",
				"entra.role_assignments":            `failed: the export lists the holders of a few highly privileged roles only, and none at all without Entra ID P2`,
			},
		},
		{
			"service plans", `"service_plans":[{"ServicePlanName":"EXCHANGE_S_STANDARD_GOV","ServicePlanId":"e9","ProvisioningStatus":"Success"}]`,
			map[string]string{"entra.subscribed_skus": `{"capabilityStatus":"Enabled","servicePlans":[{"provisioningStatus":"Success","servicePlanId":"e9","servicePlanName":"EXCHANGE_S_STANDARD_GOV"}],` +
				`"skuId":"service_plans","skuPartNumber":"all service plans of the export"}`},
		},
		{
			"no service plans", `"service_plans":[],"aad_successful_commands":["Get-MgBetaSubscribedSku"]`,
			map[string]string{"entra.subscribed_skus": "failed: service_plans is empty, and every tenant has some"},
		},
		{
			"lists that ScubaGear emptied itself",
			`"dlp_compliance_policies":[],"defender_dlp_license":false,"atp_policy_for_o365":[],"defender_license":false,"safe_links_policies":[{"Identity":"a"}],` +
				`"securitysuite_successful_commands":["Get-DlpCompliancePolicy","Get-AtpPolicyForO365"]`,
			map[string]string{
				"defender_office.atp_policy":          "failed: ScubaGear ran no Get-AtpPolicyForO365: defender_license is false",
				"defender_office.safe_links_policies": `{"identity":"a"}`,
				"purview.dlp_policies":                "failed: ScubaGear ran no Get-DlpCompliancePolicy: defender_dlp_license is false",
			},
		},
		{
			"what the organization told ScubaGear to leave out",
			`"sharing_policy":[{"Name":"a"}],"scuba_config":{"ProductNames":["aad"],"Aad":{"MS.AAD.3.6v1":{"CapExclusions":{"Users":["u1","u2"],"Groups":"g1"}},"MS.AAD.7.4v1":{"RoleExclusions":{"Users":["u3"]}},"Notes":{}},` +
				`"OmitPolicy":{"MS.AAD.2.1v1":{"Rationale":"another product","Expiration":"2026-12-31"},"MS.EXO.2.2v3":"no mail","nonsense":{}}}`,
			map[string]string{"exchange.sharing_policies": `{"name":"a"}`, "attestation.baseline_exceptions": `{"expiration":"2026-12-31","omitted":true,"policyId":"MS.AAD.2.1v1","rationale":"another product"}` + "\n" +
				`{"excluded":["u1","u2","g1"],"policyId":"MS.AAD.3.6v1"}` + "\n" + `{"omitted":true,"policyId":"MS.EXO.2.2v3","rationale":"no mail"}`},
		},
		{
			"keys of old versions", `"all_domains":[{"DomainName":"a.example"}],"SPO_tenant_info":{"LegacyAuthProtocolsEnabled":false}`,
			map[string]string{
				"exchange.accepted_domains": `{"domainName":"a.example"}`,
				"sharepoint.settings":       `{"isLegacyAuthProtocolsEnabled":false}`,
			},
		},
		{
			"values that evidence can't have cost their datasets",
			`"sharing_policy":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `,"accepted_domains":[{"DomainName":"a.example"},{"DomainName":1e999}],"meeting_policies":[{"Identity":"Global"}]`,
			map[string]string{
				"exchange.accepted_domains": "failed: the export cannot be read: accepted_domains: element 2: 1:15: the number 1e999 is out of range (byte 14). Numbers must fit a float64.",
				"exchange.sharing_policies": "failed: the export cannot be read: sharing_policy: element 1: 1:65: the JSON is nested more than 64 levels deep (byte 64)",
				"teams.meeting_policies":    `{"identity":"Global"}`,
			},
		},
		{
			"the later of two values counts", `"sharing_policy":[{"Name":"a"}],"sharing_policy":[{"Name":"b"}]`,
			map[string]string{"exchange.sharing_policies": `{"name":"b"}`},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bundle := importing(t, "{"+head+","+test.export+"}")
			if diff := cmp.Diff(test.want, contents(t, bundle)); diff != "" {
				t.Errorf("bundle (-want +got):\n%s", diff)
			}
		})
	}
}

// TestImportBuiltIn holds for as long as the dataset may have no schema, and after.
func TestImportBuiltIn(t *testing.T) {
	registry, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"exchange.sharing_policies": `{"name":"a"}`}
	if _, ok := registry.Dataset("defender_office.built_in_rules"); ok {
		want["defender_office.built_in_rules"] = `{"exceptIfSentTo":["a@contoso.example"],"identity":"Built-In"}`
	}
	bundle := importing(t, "{"+head+`,"sharing_policy":[{"Name":"a"}],"built_in_protection_rules":[{"Identity":"Built-In","ExceptIfSentTo":["a@contoso.example"]}]}`)
	if diff := cmp.Diff(want, contents(t, bundle)); diff != "" {
		t.Errorf("bundle (-want +got):\n%s", diff)
	}
}

func TestImportManifest(t *testing.T) {
	const policy = `"sharing_policy":[{"Name":"a"}]`
	tests := []struct{ name, export, id, at string }{
		{"of itself", head + "," + policy, "t1", "2026-05-04T17:15:48.307Z"},
		{
			"older versions", `"baseline_version":"1","date":"05/04/2026 17:15:48 Coordinated Universal Time","tenant_details":{"TenantId":"t2"},` + policy,
			"t2", "2026-05-04T17:15:48Z",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			manifest := importing(t, "{"+test.export+"}").Manifest()
			if got := manifest.CollectedAt.Format("2006-01-02T15:04:05.999Z07:00"); manifest.Tenant.ID != test.id || got != test.at {
				t.Errorf("tenant %s at %s, want %s at %s", manifest.Tenant.ID, got, test.id, test.at)
			}
			if manifest.Collector.Name != "ScubaGear" {
				t.Errorf("collector is %q", manifest.Collector.Name)
			}
		})
	}
}

func TestImportOrganization(t *testing.T) {
	const start = `{"baseline_version":"1","timestamp_zulu":"2026-05-04T17:15:48Z","sharing_policy":{"Name":"a"},`
	tests := map[string]string{
		`"tenant_details":[{"TenantId":"t","AADAdditionalData":[{"Id":"o","OnPremisesSyncEnabled":null}]}]}`: `{"id":"o","onPremisesSyncEnabled":null}`,
		`"tenant_details":{"TenantId":"t","AADAdditionalData":{"Id":"o"}}}`:                                  `{"id":"o"}`,
		`"tenant_details":{"TenantId":"t","EXOAdditionalData":"x"}}`:                                         ``,
		`"tenant_details":{"TenantId":"t","AADAdditionalData":"Error retrieving additional data"}}`:          `failed: AADAdditionalData is empty and the export does not say that Get-MgBetaOrganization or Get-MgOrganization succeeded`,
	}
	for details, want := range tests {
		if got := contents(t, importing(t, start+details))["entra.organization"]; got != want {
			t.Errorf("%s:\n got %s\nwant %s", details, got, want)
		}
	}
}

func TestImportEncodings(t *testing.T) {
	text := "{" + head + `,"sharing_policy":[{"Name":"Zürich"}]}`
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	want := contents(t, importing(t, text))
	for name, saved := range map[string]string{"UTF-8 with a mark": "\ufeff" + text, "UTF-16": utf16} {
		if diff := cmp.Diff(want, contents(t, importing(t, saved))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestImportOtherProducts makes a bundle without evidence of an export of Power Platform alone.
func TestImportOtherProducts(t *testing.T) {
	got := contents(t, importing(t, "{"+head+`,"environment_creation":[],"powerplatform_successful_commands":[]}`))
	for name, content := range got {
		if !strings.HasPrefix(content, "failed: the export is of other products: it has no ") {
			t.Errorf("%s: %s", name, content)
		}
	}
	if len(got) == 0 {
		t.Error("no dataset says why it is not there")
	}
}

// TestImportResults takes the export out of ScubaGear's results.
func TestImportResults(t *testing.T) {
	const policy = `,"sharing_policy":[{"Name":"a"}]`
	want := contents(t, importing(t, "{"+head+policy+"}"))
	for name, results := range map[string]string{
		"behind the results": `{"MetaData":{"TenantId":"t1"},"Summary":{"EXO":{}},"Results":{"EXO":[{"Raw":1}]},"Raw":{` + head + policy + `}}`,
		"before them":        `{"Raw":{` + head + policy + `,"Raw":{"sharing_policy":[]}},"MetaData":{},"Results":{}}`,
	} {
		if diff := cmp.Diff(want, contents(t, importing(t, results))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestImportErrors(t *testing.T) {
	tests := []struct{ name, export, want string }{
		{"nothing", "", "the export cannot be read: it is empty"},
		{"cut off", "{" + head + `,"sharing_policy":[{"Name":"a"`, "the export cannot be read: the JSON ends too early: the file was cut off"},
		{"cut off between keys", "{" + head + ",", "the export cannot be read: the JSON ends too early: the file was cut off"},
		{"no JSON", "<html>", "the export cannot be read: not well-formed JSON: invalid character '<' at start of value at byte 0"},
		{"a list", "[]", "not an export of ScubaGear: it is not a JSON object"},
		{"another tool's", `{"value":[]}`, "not an export of ScubaGear: it lacks module_version, tenant_details and the like"},
		{"two exports", "{" + head + "}{}", "the export cannot be read: something follows the end of the export"},
		{"no time", `{"baseline_version":"1","module_version":"1","date":"05/04/2026 17:15:48 Eastern Standard Time","tenant_details":[{"TenantId":"t"}]}`, "the export does not say when it was made: it has no timestamp_zulu"},
		{"results without an export", `{"MetaData":{"TenantId":"t"},"Summary":{},"Results":{}}`, "the results hold no export: they have no member Raw"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "bundle")
			_, err := scubagear.Import(t.Context(), strings.NewReader(test.export), dir, scubagear.Options{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("Import: %v\nwant %s", err, test.want)
			}
			if _, err := os.Stat(filepath.Join(dir, "manifest.json")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a manifest was left behind: %v", err)
			}
		})
	}
}

// The export that ScubaGear ships as a sample, if it is at hand.
func TestImportRealExport(t *testing.T) {
	const path = "../../../../shared/samples/scubagear-ProviderSettingsExport.json"
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the sample export is not at %s", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	bundle := importing(t, string(data))
	registry, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, dataset := range bundle.Manifest().Datasets {
		got[dataset.Name] = dataset.Records
		if dataset.Status == evidence.Failed {
			got[dataset.Name] = -1
			continue
		}
		validate(t, bundle, registry, dataset.Name)
	}
	want := map[string]int64{
		"defender_office.anti_phish_policies": 3,
		"defender_office.atp_policy":          1,
		"defender_office.atp_preset_rules":    2,
		"defender_office.connection_filters":  1,
		"defender_office.eop_preset_rules":    2,
		"entra.authorization_policy":          1,
		"entra.conditional_access_policies":   7,
		"entra.directory_settings":            2,
		"entra.domains":                       1,
		"entra.organization":                  1,
		"entra.privileged_role_assignments":   26,
		"entra.role_assignments":              -1,
		"entra.subscribed_skus":               1,
		"exchange.accepted_domains":           7,
		"exchange.admin_audit_log_config":     1,
		"exchange.organization_config":        1,
		"exchange.sharing_policies":           1,
		"exchange.spf_records":                -1, // the sample holds 2 of 7
		"exchange.transport_rules":            1,
		"purview.dlp_policies":                11,
		"sharepoint.settings":                 1,
		"teams.meeting_policies":              11,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	again := importing(t, string(data))
	if diff := cmp.Diff(contents(t, bundle), contents(t, again)); diff != "" || bundle.Digest() != again.Digest() {
		t.Errorf("a second import differs:\n%s", diff)
	}
}

func validate(t *testing.T, bundle *evidence.Bundle, registry *schemas.Registry, name string) {
	t.Helper()
	dataset, ok := registry.Dataset(name)
	if !ok {
		t.Fatalf("no schema for %s", name)
	}
	for record, err := range bundle.Records(t.Context(), name) {
		if err != nil {
			t.Fatal(err)
		}
		value, err := records.Decode(record.JSON, records.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, violation := range dataset.Validate(value) {
			t.Errorf("%s, record %d%s: %s (structural: %t)", name, record.Index+1, violation.Pointer, violation.Message, violation.Structural())
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add("{" + head + `,"sharing_policy":[{"Name":"a","WhenChanged":"/Date(1)/"}]}`)
	f.Add("{" + head + `,"SPO_tenant":{"SharingCapability":1},"exo_unsuccessful_commands":["Get-X"]}`)
	f.Add("{" + head + `,"spf_records":[{"domain":"a","rdata":{"value":[],"Count":0}}],"transport_rule":[null]}`)
	f.Add("\xff\xfe{\x00}\x00")
	f.Fuzz(func(t *testing.T, export string) {
		dir := filepath.Join(t.TempDir(), "bundle")
		bundle, err := scubagear.Import(t.Context(), strings.NewReader(export), dir, scubagear.Options{})
		if err != nil {
			return
		}
		defer func() { _ = bundle.Close() }()
		if err := bundle.Verify(t.Context()); err != nil {
			t.Error(err)
		}
		for _, dataset := range bundle.Manifest().Datasets {
			if dataset.Status != evidence.Collected {
				continue
			}
			for _, err := range bundle.Records(t.Context(), dataset.Name) {
				if err != nil {
					t.Error(err)
				}
			}
		}
	})
}

func importing(t *testing.T, export string) *evidence.Bundle {
	t.Helper()
	bundle, err := scubagear.Import(t.Context(), strings.NewReader(export), filepath.Join(t.TempDir(), "bundle"), scubagear.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bundle.Close() })
	return bundle
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
