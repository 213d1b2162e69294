package importer_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
)

const (
	organization = `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#organization","value":[{"id":"t1","displayName":"Contoso"}]}`
	connection   = `{"TenantID":"T1"}`
	sharepoint   = `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#admin/sharepoint/settings","sharingCapability":"disabled"}`
)

func TestImport(t *testing.T) {
	tests := []struct {
		name      string
		files     map[string]string
		collector string
		want      []string // "dataset" or "dataset: why it failed"
		skipped   []string
	}{
		{
			"exports alone",
			map[string]string{"Get-ConnectionInformation.json": connection, "Get-SharingPolicy.json": `[{"Name":"a"}]`},
			"PowerShell",
			[]string{"exchange.sharing_policies"},
			nil,
		},
		{
			"responses alone",
			map[string]string{"a.json": organization},
			"Microsoft Graph",
			[]string{"entra.organization"},
			nil,
		},
		{
			"both",
			map[string]string{"graph/o.json": organization, "exchange/Get-SharingPolicy.json": `[]`, "exchange/Get-TransportRule.json": ``, "Get-ConnectionInformation.json": connection},
			"Microsoft Graph and PowerShell",
			[]string{"entra.organization", "exchange.sharing_policies", "exchange.transport_rules: exchange/Get-TransportRule.json holds nothing, as it would if Get-TransportRule had failed: save @(Get-TransportRule -ErrorAction Stop), which is [] if there is none"},
			nil,
		},
		{
			"errors of Graph, and exports that make the same",
			map[string]string{
				"o.json": organization, "sharepoint.settings-1.json": `{"error":{"code":"Forbidden"}}`, "Get-SPOTenant.json": `{"SharingCapability":0}`,
				"exchange.mailboxes.json": `{"error":{"code":"BadRequest"}}`, "Get-Mailbox.json": ``,
			},
			"Microsoft Graph and PowerShell",
			[]string{
				"entra.organization",
				"exchange.mailboxes: the service answered with an error: BadRequest; Get-Mailbox.json holds nothing, as it would if Get-EXOMailbox had failed: save @(Get-EXOMailbox -ErrorAction Stop), which is [] if there is none",
				"sharepoint.settings",
			},
			[]string{
				"sharepoint.settings-1.json: sharepoint.settings is made of Get-SPOTenant.json instead: Graph answered with an error: Forbidden",
			},
		},
		{
			"one dataset from two places",
			map[string]string{"o.json": organization, "s.json": sharepoint, "Get-SPOTenant.json": `{"SharingCapability":0}`},
			"Microsoft Graph and PowerShell",
			[]string{"entra.organization", "sharepoint.settings"},
			[]string{"Get-SPOTenant.json: sharepoint.settings is made of s.json instead"},
		},
		{
			"a response that is named like a cmdlet",
			map[string]string{"get-organization.json": organization},
			"Microsoft Graph",
			[]string{"entra.organization"},
			nil,
		},
		{
			"what nothing knows",
			map[string]string{
				"o.json": organization, "Get-Frobnication.json": "[{}", "Get-SharingPolicy.csv": "Name\na", "Get-MgUser.csv": "Id\na", "Get-Frobnication.csv": "", "notes.txt": "", "z.json": "{}",
			},
			"Microsoft Graph",
			[]string{"entra.organization"},
			[]string{
				"Get-Frobnication.json: no dataset is made of what Get-Frobnication answers",
				"Get-MgUser.csv: it is CSV, which keeps neither lists nor types: save what Get-MgUser | ConvertTo-Json -Depth 10 makes",
				"Get-SharingPolicy.csv: it is CSV, which keeps neither lists nor types: save what Get-SharingPolicy | ConvertTo-Json -Depth 10 makes",
				`z.json: it has no "@odata.context", which tells what was asked for`,
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bundle, skipped, err := importing(t, test.files, importer.Options{CollectedAt: noon})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = bundle.Close() }()
			var got, told []string
			for _, dataset := range bundle.Manifest().Datasets {
				name := dataset.Name
				if dataset.Status == evidence.Failed {
					name += ": " + dataset.Reason
				}
				got = append(got, name)
			}
			for _, s := range skipped {
				told = append(told, s.Path+": "+s.Reason)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("datasets (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.skipped, told); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
			if got := bundle.Manifest().Collector.Name; got != test.collector {
				t.Errorf("collector %s, want %s", got, test.collector)
			}
		})
	}
}

func TestImportErrors(t *testing.T) {
	given := importer.Options{CollectedAt: noon, Tenant: evidence.Tenant{ID: "t9"}}
	tests := []struct {
		name    string
		files   map[string]string
		options importer.Options
		want    string
	}{
		{"an empty folder", map[string]string{"notes.txt": ""}, given, "importing saved exports: the folder has no .json file. Save the answers of Graph there"},
		{"unknown cmdlets alone", map[string]string{"Get-Frobnication.json": "[]"}, given, "no file holds what a dataset is made of. Responses of Graph are told by"},
		{"a tenant alone", map[string]string{"Get-ConnectionInformation.json": connection}, given, "no file holds what a dataset is made of"},
		{"no time", map[string]string{"Get-SharingPolicy.json": "[]"}, importer.Options{}, "the files do not say when they were saved. Give the time with --collected-at TIME."},
		{"another tenant than was given", map[string]string{"o.json": organization}, given, "o.json: the export is of tenant t1, not of t9"},
		{
			"two tenants",
			map[string]string{"o.json": organization, "Get-CsTenant.json": `{"TenantId":"t2"}`, "Get-SharingPolicy.json": "[]"},
			importer.Options{CollectedAt: noon},
			"Get-CsTenant.json: the export is of tenant t2, and o.json of t1. One folder is for one tenant.",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bundle, _, err := importing(t, test.files, test.options)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Import: %v, %v\nwant %s", bundle, err, test.want)
			}
		})
	}
}

// importing imports files. The folder is called F in errors.
func importing(t *testing.T, files map[string]string, options importer.Options) (*evidence.Bundle, []importer.Skipped, error) {
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
	options.Importers = builtin.Importers()
	bundle, skipped, err := options.Import(t.Context(), dir, filepath.Join(t.TempDir(), "bundle"))
	if err != nil {
		err = errors.New(strings.ReplaceAll(err.Error(), dir, "F"))
	}
	return bundle, skipped, err
}
