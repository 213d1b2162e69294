package powershell_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/powershell"
	"github.com/posture-score/posture/schemas"
)

const failedSave = ". Save what the cmdlet answers as it is: ConvertTo-Json -InputObject @(Get-...) -Depth 10."

const failedNothing = " holds nothing, as it would if Get-TransportRule had failed: save @(Get-TransportRule -ErrorAction Stop), which is [] if there is none"

func TestExports(t *testing.T) {
	const rule, written = `{"Name":"r","SenderDomainIs":null,"SetSCL":-1,"WhenChanged":"/Date(1723812853000)/"}`,
		`{"name":"r","senderDomainIs":[],"setSCL":-1,"whenChanged":"2024-08-16T12:54:13Z"}`
	rules := func(want string) map[string]string { return map[string]string{"exchange.transport_rules": want} }
	tests := []struct {
		name  string
		files map[string]string
		want  map[string]string // by dataset: its records, or "failed: " and the reason
	}{
		{"one object", map[string]string{"Get-TransportRule.json": rule}, rules(written)},
		{"a list", map[string]string{"get-transportrule (1).json": "[" + rule + "]"}, rules(written)},
		{"a list that was wrapped", map[string]string{"sub/GET-TRANSPORTRULE-2026.JSON": `{"value":[` + rule + `],"Count":1}`}, rules(written)},
		{"UTF-8 with a mark", map[string]string{"Get-TransportRule.json": "\ufeff" + rule}, rules(written)},
		{"UTF-16", map[string]string{"Get-TransportRule.json": utf16(rule)}, rules(written)},
		{"several objects", map[string]string{"Get-TransportRule.json": rule + "\n" + rule}, rules(written + "\n" + written)},
		{"what Exchange's REST interface answered", map[string]string{"Get-TransportRule.json": rest(`"value":[` + rule + `]`)}, rules(written)},
		{"the same with its list before the rest", map[string]string{"Get-TransportRule.json": `{"value":[` + rule + `],` + rest("")[1:]}, rules(written)},
		{"the same with a list that was wrapped", map[string]string{"Get-TransportRule.json": rest(`"value":{"value":[` + rule + `],"Count":1}`)}, rules(written)},
		{"several pages of it", map[string]string{"Get-TransportRule.json": "[" + rest(`"@odata.nextLink":"x","value":[`+rule+`]`) + "," + rest(`"value":[`+rule+`]`) + "]"}, rules(written + "\n" + written)},
		{"none, by the REST interface", map[string]string{"Get-TransportRule.json": rest(`"value":[]`)}, rules("")},
		{"UTF-16 without a mark", map[string]string{"Get-TransportRule.json": utf16(rule)[2:]}, rules(written)},
		{"ANSI", map[string]string{"Get-TransportRule.json": "{\"Name\":\"Z\xfcrich\"}"}, rules(`{"name":"Zürich"}`)},
		{"an empty list", map[string]string{"Get-TransportRule.json": "[]"}, rules("")},
		{"an empty list that was wrapped", map[string]string{"Get-TransportRule.json": `{"value":[],"Count":0}`}, rules("")},
		{"an empty file", map[string]string{"Get-TransportRule.json": " \r\n"}, rules("failed: Get-TransportRule.json" + failedNothing)},
		{"nothing but a mark", map[string]string{"Get-TransportRule.json": "\xff\xfe"}, rules("failed: Get-TransportRule.json" + failedNothing)},
		{"null", map[string]string{"Get-TransportRule.json": "null"}, rules("failed: Get-TransportRule.json" + failedNothing)},
		{"a list of null", map[string]string{"Get-TransportRule.json": "[null]"}, rules("failed: Get-TransportRule.json" + failedNothing)},
		{
			"an error of the REST interface",
			map[string]string{"Get-TransportRule.json": `{"error":{"code":"Forbidden","message":"The role assigned to the user isn't supported."}}`},
			rules("failed: Get-TransportRule.json: the cmdlet failed: The role assigned to the user isn't supported." + failedSave),
		},
		{
			"an ErrorRecord",
			map[string]string{"Get-TransportRule.json": `[{"Exception":{"Message":"Access denied","HResult":-2146233087},"CategoryInfo":{"Category":7},"FullyQualifiedErrorId":"X,Get-TransportRule"}]`},
			rules("failed: Get-TransportRule.json: the cmdlet failed: Access denied (record 1)" + failedSave),
		},
		{"an empty object", map[string]string{"Get-TransportRule.json": "{}"}, rules("failed: Get-TransportRule.json" + failedNothing)},
		{
			"a document",
			map[string]string{"Get-OrganizationConfig.json": `[{"AuditDisabled":false}]`},
			map[string]string{"exchange.organization_config": `{"auditDisabled":false}`},
		},
		{
			"a document that is two",
			map[string]string{"Get-OrganizationConfig.json": `[{"AuditDisabled":false},{"AuditDisabled":true}]`},
			map[string]string{"exchange.organization_config": "failed: Get-OrganizationConfig.json holds 2 objects, not one"},
		},
		{
			"a document that is not there",
			map[string]string{"Get-OrganizationConfig.json": `[]`},
			map[string]string{"exchange.organization_config": "failed: Get-OrganizationConfig.json holds 0 objects, not one"},
		},
		{
			"both halves of the preset rules",
			map[string]string{"Get-EOPProtectionPolicyRule.json": `{"Identity":"Strict","SentTo":"a@contoso.example"}`, "Get-ATPProtectionPolicyRule.json": `[{"Identity":"Strict"}]`},
			map[string]string{"defender_office.eop_preset_rules": `{"identity":"Strict","sentTo":["a@contoso.example"]}`, "defender_office.atp_preset_rules": `{"identity":"Strict"}`},
		},
		{
			"one half of the preset rules",
			map[string]string{"Get-EOPProtectionPolicyRule.json": `[]`},
			map[string]string{"defender_office.eop_preset_rules": ""},
		},
		{
			"SharePoint's own spelling",
			map[string]string{"Get-SPOTenant.json": `{"SharingCapability":1,"PreventExternalUsersFromResharing":true,"StorageQuota":7}`},
			map[string]string{"sharepoint.settings": `{"isResharingByExternalUsersEnabled":false,"sharingCapability":"externalUserSharingOnly"}`},
		},
		{
			"SharePoint's settings by PowerShell 7 through Windows PowerShell",
			map[string]string{"Get-SPOTenant.json": `{"SharingCapability":{"value":1,"Value":"ExternalUserSharingOnly"},"SharingDomainRestrictionMode":{"Value":"AllowList"},` +
				`"PreventExternalUsersFromResharing":"True","SharingAllowedDomainList":{"value":"a.example b.example","Length":19},"LegacyAuthProtocolsEnabled":"False"}`},
			map[string]string{"sharepoint.settings": `{"isLegacyAuthProtocolsEnabled":false,"isResharingByExternalUsersEnabled":false,"sharingAllowedDomainList":["a.example","b.example"],` +
				`"sharingCapability":"externalUserSharingOnly","sharingDomainRestrictionMode":"allowList"}`},
		},
		{
			"SharePoint's settings, of which numbers became texts and booleans numbers",
			map[string]string{"Get-SPOTenant.json": `{"SharingCapability":"0","SharingDomainRestrictionMode":"2","PreventExternalUsersFromResharing":1,"BlockMacSync":0,"LegacyAuthProtocolsEnabled":0}`},
			map[string]string{"sharepoint.settings": `{"isLegacyAuthProtocolsEnabled":false,"isMacSyncAppEnabled":true,"isResharingByExternalUsersEnabled":false,` +
				`"sharingCapability":"disabled","sharingDomainRestrictionMode":"blockList"}`},
		},
		{
			"SharePoint's settings by the community's module",
			map[string]string{"Get-PnPTenant.json": `{"SharingCapability":0}`},
			map[string]string{"sharepoint.settings": `{"sharingCapability":"disabled"}`},
		},
		{
			"senders and domains that are objects",
			map[string]string{"Get-HostedContentFilterPolicy.json": `[{"Identity":"Default",` +
				`"AllowedSenderDomains":[{"Domain":"contoso.example","IncludeSubDomains":false},{"Domain":{"Domain":"fabrikam.example"}},"plain.example"],` +
				`"BlockedSenderDomains":{"Domain":"evil.example"},` +
				`"AllowedSenders":{"value":[{"Sender":{"Address":"a@contoso.example","Local":"a"}}],"Count":1},` +
				`"BlockedSenders":[{"Sender":"b@contoso.example"},"c@contoso.example"]}]`},
			map[string]string{"defender_office.spam_policies": `{"allowedSenderDomains":["contoso.example","fabrikam.example","plain.example"],` +
				`"allowedSenders":["a@contoso.example"],"blockedSenderDomains":["evil.example"],"blockedSenders":["b@contoso.example","c@contoso.example"],"identity":"Default"}`},
		},
		{
			// The schema refuses them; a text would be made up.
			"senders and domains of a form that nobody knows",
			map[string]string{"Get-HostedContentFilterPolicy.json": `{"Identity":"Default","AllowedSenderDomains":[{"Name":"a.example"},{"Domain":7},{"Domain":""},{"Domain":{}}],"AllowedSenders":[{"Address":"a"}]}`},
			map[string]string{"defender_office.spam_policies": `{"allowedSenderDomains":[{"name":"a.example"},{"domain":7},{"domain":""},{"domain":{}}],"allowedSenders":[{"address":"a"}],"identity":"Default"}`},
		},
		{
			"locations that are objects",
			map[string]string{"Get-LabelPolicy.json": `[{"Name":"p","Labels":["l"],"ExchangeLocation":[{"DisplayName":"Everybody","Name":"All"}],"ExchangeLocationException":[{"Name":"a@contoso.example"},{"DisplayName":"b"}]}]`},
			map[string]string{"purview.label_policies": `{"exchangeLocation":["All"],"exchangeLocationException":["a@contoso.example",{"displayName":"b"}],"labels":["l"],"name":"p"}`},
		},
		{
			"mailboxes, and which of them bypass the audit",
			map[string]string{
				"Get-EXOMailbox.json":                    `[{"PrimarySmtpAddress":"a@contoso.example","Guid":"G1","Name":"a"},{"PrimarySmtpAddress":"b@contoso.example","Guid":"G2"},{"PrimarySmtpAddress":"c@contoso.example"}]`,
				"Get-MailboxAuditBypassAssociation.json": `[{"Guid":"g1","Name":"other","AuditBypassEnabled":true},{"Guid":"g9","AuditBypassEnabled":false}]`,
			},
			map[string]string{"exchange.mailboxes": `{"auditBypassEnabled":true,"guid":"G1","name":"a","primarySmtpAddress":"a@contoso.example"}` + "\n" +
				`{"guid":"G2","primarySmtpAddress":"b@contoso.example"}` + "\n" + `{"primarySmtpAddress":"c@contoso.example"}`},
		},
		{
			"mailboxes of the older cmdlet",
			map[string]string{
				"Get-Mailbox.json":                       `[{"PrimarySmtpAddress":"a@contoso.example","Guid":"G1","AuditEnabled":true,"ForwardingSmtpAddress":null}]`,
				"Get-MailboxAuditBypassAssociation.json": `[{"Guid":"g1","AuditBypassEnabled":true}]`,
			},
			map[string]string{"exchange.mailboxes": `{"auditBypassEnabled":true,"auditEnabled":true,"forwardingSmtpAddress":null,"guid":"G1","primarySmtpAddress":"a@contoso.example"}`},
		},
		{
			"mailboxes alone",
			map[string]string{"Get-EXOMailbox.json": `{"PrimarySmtpAddress":"a@contoso.example"}`},
			map[string]string{"exchange.mailboxes": `{"primarySmtpAddress":"a@contoso.example"}`},
		},
		{
			"no mailboxes",
			map[string]string{"Get-MailboxAuditBypassAssociation.json": `[{"Guid":"g1","AuditBypassEnabled":true}]`},
			map[string]string{"exchange.mailboxes": "failed: Get-EXOMailbox was not saved"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			exports, err := read(t, test.files)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, contents(t, exports)); diff != "" {
				t.Errorf("datasets (-want +got):\n%s", diff)
			}
		})
	}
}

// What is wrong with a file costs its dataset, and says why.
func TestExportsFaults(t *testing.T) {
	const name = "Get-TransportRule.json"
	tests := []struct{ name, text, want string }{
		{"cut off", `[{"Name":"a"},{"Na`, name + ": the export cannot be read: the JSON ends too early: the file was cut off (record 2)"},
		{"cut off, in UTF-16", utf16(`{"Name":"a"`), name + ": the export cannot be read: the JSON ends too early: the file was cut off"},
		{"a table", "Name  State\n----  -----", name + ": the export cannot be read: not well-formed JSON: invalid character 'N' at start of value at byte 0"},
		{"a bare value", `"r"`, name + ": the file holds one bare value and no object. Save what the cmdlet answers"},
		{"a list of texts", `[{"Name":"a"},"b"]`, name + ": the record is no object (record 2). Save what the cmdlet answers"},
		{"null among records", `[{"Name":"a"},null]`, name + ": 1 of its records are null"},
		{"two values", "[]\n[]", name + ": something follows the end of the export"},
		{"a list and an object", `[]{"Name":"a"}`, name + ": something follows the end of the export"},
		{"an answer of Graph", `{"@odata.context":"x","Name":"a"}`, name + ": the file holds an answer of Graph, and is named after a cmdlet. Give the file another name"},
		{"a page of Graph", `{"value":[],"@odata.context":"x"}`, name + ": the file holds an answer of Graph, and is named after a cmdlet"},
		{"a list and a property", `{"value":[],"Name":"x"}`, name + `: a list is followed by "Name"`},
		{"records below the depth", `["@{Name=a}"]`, name + ": ConvertTo-Json cut off the record, which lies below its depth (record 1). Save it again with -Depth 10."},
		{"CSV", "\"Name\",\"State\"\n\"a\",\"Enabled\"", name + ": it is CSV, as Export-Csv writes it, and no JSON. Save what the cmdlet answers"},
		{"CliXml", "<Objs Version=\"1.1.0.1\">", name + ": it is CliXml, as Export-Clixml writes it, and no JSON. Save what the cmdlet answers"},
		{"HTML", "<!DOCTYPE html>", name + ": it is a page of HTML"},
		{"a page that names a next one", `{"@odata.context":"https://outlook.office365.com/adminapi/beta/t/$metadata#x","value":[{"Name":"a"}],"@odata.nextLink":"y"}`, name + " lacks a page"},
		{"a list that was wrapped in a page with a bare value", `{"@odata.context":"https://outlook.office365.com/adminapi/beta/t/$metadata#x","value":{"value":["a"],"Count":1}}`, name + ": the page holds what is no record"},
		{"too deep", `[{"Name":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}]`, "more than 64 levels deep"},
		{"too long in all", `{"Name":"a"` + strings.Repeat(`,"Comments":"`+strings.Repeat("a", 1<<20)+`"`, 17) + "}", "the object is longer than 16777216 bytes"},
		{"too long", `[{"Name":"` + strings.Repeat("a", 17<<20) + `"}]`, "a value is longer than 16 MiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			exports, err := read(t, map[string]string{name: test.text, "Get-SharingPolicy.json": "[]"})
			if err != nil {
				t.Fatal(err)
			}
			got := contents(t, exports)
			if reason, ok := strings.CutPrefix(got["exchange.transport_rules"], "failed: "); !ok || !strings.Contains(reason, test.want) {
				t.Errorf("transport rules: %s\nwant %s", got["exchange.transport_rules"], test.want)
			}
			if other, ok := got["exchange.sharing_policies"]; !ok || other != "" {
				t.Errorf("sharing policies: %q, want none", other)
			}
		})
	}
}

func TestExportsSavedTwice(t *testing.T) {
	exports, err := read(t, map[string]string{"Get-TransportRule.json": "[]", "get-transportrule-old.json": "[]", "Get-SharingPolicy.json": "[]"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"exchange.sharing_policies": "",
		"exchange.transport_rules":  "failed: Get-TransportRule.json and get-transportrule-old.json are two answers of Get-TransportRule: keep one of them",
	}
	if diff := cmp.Diff(want, contents(t, exports)); diff != "" {
		t.Errorf("datasets (-want +got):\n%s", diff)
	}
}

// What was cut off is told with the dataset, for those who know whether it is read.
func TestExportsTruncated(t *testing.T) {
	exports, err := read(t, map[string]string{
		"Get-TransportRule.json":                 `[{"Name":"a","From":"a b"},{"Name":"b","SentTo":"System.Object[]","Conditions":"Microsoft.Exchange.MessagingPolicies.Rules.Tasks.FromPredicate"}]`,
		"Get-HostedContentFilterPolicy.json":     `[{"Identity":"a","AllowedSenders":[{"Sender":"@{Address=a@contoso.example}"}],"BlockedSenders":"a@contoso.example"}]`,
		"Get-LabelPolicy.json":                   `{"Name":"P","Labels":"All Employees","ExchangeLocation":"All"}`,
		"Get-EXOMailbox.json":                    `[{"PrimarySmtpAddress":"a@contoso.example","Guid":"g1","EmailAddresses":[]}]`,
		"Get-MailboxAuditBypassAssociation.json": `[{"Guid":"g1","AuditBypassEnabled":"@{a=1}"}]`,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]evidence.Truncated{
		"exchange.transport_rules":      {{Field: "from", File: "Get-TransportRule.json"}, {Field: "sentTo", File: "Get-TransportRule.json"}},
		"defender_office.spam_policies": {{Field: "allowedSenders", File: "Get-HostedContentFilterPolicy.json"}},
		"exchange.mailboxes":            {{Field: "auditBypassEnabled", File: "Get-MailboxAuditBypassAssociation.json"}},
	}
	bundle := written(t, exports)
	got := map[string][]evidence.Truncated{}
	for _, dataset := range bundle.Manifest().Datasets {
		if len(dataset.Truncated) > 0 {
			got[dataset.Name] = dataset.Truncated
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("truncated (-want +got):\n%s", diff)
	}
}

func TestExportsSkipped(t *testing.T) {
	exports, err := read(t, map[string]string{"Get-ConnectionInformation.json": "<html>", "Get-CsTenant.json": `{"TenantId":"t1"}`, "Get-SharingPolicy.json": "[]"})
	if err != nil {
		t.Fatal(err)
	}
	if tenant, _ := exports.Tenant(); tenant.ID != "t1" {
		t.Errorf("tenant %q, want t1", tenant.ID)
	}
	got := exports.Skipped()
	if len(got) != 1 || got[0].Path != "Get-ConnectionInformation.json" || !strings.HasPrefix(got[0].Reason, "it is a page of HTML") {
		t.Errorf("skipped %v", got)
	}
}

func TestExportsTenant(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  evidence.Tenant
		told  string
		err   string
	}{
		{"none says it", map[string]string{"Get-TransportRule.json": "[]"}, evidence.Tenant{}, "", ""},
		{
			"connections",
			map[string]string{"Get-ConnectionInformation.json": `[{"TenantID":"t1"},{"TenantID":"T1"}]`},
			evidence.Tenant{ID: "t1"},
			"Get-ConnectionInformation.json", "",
		},
		{
			"a name from elsewhere",
			map[string]string{"Get-ConnectionInformation.json": `{"TenantID":"t1"}`, "Get-CsTenant.json": `{"TenantId":"t1","DisplayName":"Contoso"}`},
			evidence.Tenant{ID: "t1", Name: "Contoso"},
			"Get-ConnectionInformation.json", "",
		},
		{"a context that is not connected", map[string]string{"Get-MgContext.json": "null"}, evidence.Tenant{}, "", ""},
		{
			"two tenants",
			map[string]string{"Get-ConnectionInformation.json": `{"TenantID":"t1"}`, "Get-MgContext.json": `{"TenantId":"t2"}`},
			evidence.Tenant{},
			"",
			"Get-MgContext.json: the export is of tenant t2, and Get-ConnectionInformation.json of t1. One folder is for one tenant.",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			exports, err := read(t, test.files)
			if err != nil || test.err != "" {
				if err == nil || err.Error() != test.err {
					t.Errorf("Read: %v, want %s", err, test.err)
				}
				return
			}
			tenant, told := exports.Tenant()
			if tenant != test.want || told != test.told {
				t.Errorf("Tenant: %v of %q, want %v of %q", tenant, told, test.want, test.told)
			}
		})
	}
}

func TestReadStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	files := fstest.MapFS{"Get-TransportRule.json": {Data: []byte("[]")}}
	_, err := powershell.Read(ctx, files, []string{"Get-TransportRule.json"}, table(t), evidence.DefaultLimits())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Read: %v, want context.Canceled", err)
	}
}

func TestReadBoundsALoneObject(t *testing.T) {
	limits := evidence.DefaultLimits()
	limits.RecordBytes = 60
	long := `{"Name":"` + strings.Repeat("a", 30) + `","Comments":"` + strings.Repeat("b", 30) + `"}`
	for text, want := range map[string]string{
		`{"Name":"a","State":"Enabled"}`:                                           `{"name":"a","state":"Enabled"}`,
		`{"Name":"a","State":"Enabled"}` + "\n" + `{"Name":"b","State":"Enabled"}`: `{"name":"a","state":"Enabled"}` + "\n" + `{"name":"b","state":"Enabled"}`,
		long: "failed: Get-TransportRule.json: the object is longer than 60 bytes",
	} {
		files := fstest.MapFS{"Get-TransportRule.json": {Data: []byte(text)}}
		exports, err := powershell.Read(t.Context(), files, []string{"Get-TransportRule.json"}, table(t), limits)
		if err != nil {
			t.Fatal(err)
		}
		if got := contents(t, exports)["exchange.transport_rules"]; got != want {
			t.Errorf("%s: %s, want %q", text, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`[{"Name":"a","SentTo":["b"]}]`, `{"PrimarySmtpAddress":"a","Guid":"g"}`)
	f.Add(`{"value":[null],"Count":1}`, "\xff\xfe[\x00]\x00")
	f.Add(`{"Name":"@{a=1}"}`, `null`)
	f.Fuzz(func(t *testing.T, one, two string) {
		exports, err := read(t, map[string]string{"Get-TransportRule.json": one, "Get-EXOMailbox.json": two, "Get-MailboxAuditBypassAssociation.json": two})
		if err != nil {
			return
		}
		contents(t, exports)
	})
}

func utf16(text string) string {
	encoded, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		panic(err) // only for a test that is wrong itself
	}
	return encoded
}

// rest is an answer of Exchange's REST interface with more members.
func rest(members string) string {
	text := `{"@odata.context":"https://outlook.office365.com/adminapi/beta/t/$metadata#Collection(Exchange.GenericHashTable)","@adminapi.warnings":[]`
	if members != "" {
		text += "," + members
	}
	return text + "}"
}

func table(t *testing.T) *powershell.Table {
	t.Helper()
	registry, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return powershell.NewTable(registry)
}

func read(t *testing.T, files map[string]string) (*powershell.Exports, error) {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return powershell.Read(t.Context(), folder, slices.Sorted(maps.Keys(files)), table(t), evidence.DefaultLimits())
}

// written writes a bundle.
func written(t *testing.T, exports *powershell.Exports) *evidence.Bundle {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "bundle")
	manifest := evidence.Manifest{Tenant: evidence.Tenant{ID: "t"}, CollectedAt: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
	w, err := evidence.Create(dir, manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(exports.Write(t.Context(), w), w.Close()); err != nil {
		t.Fatal(err)
	}
	bundle, err := evidence.Open(t.Context(), dir, evidence.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bundle.Close() })
	return bundle
}

// contents writes a bundle and gives each dataset's records, or why it failed.
func contents(t *testing.T, exports *powershell.Exports) map[string]string {
	t.Helper()
	bundle := written(t, exports)
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
