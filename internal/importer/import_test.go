package importer_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
	"github.com/posture-score/posture/internal/must"
)

const (
	organization = `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#organization","value":[{"id":"t1","displayName":"Contoso"}]}`
	users        = `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[{"id":"u1","accountEnabled":true,"userType":"Member"}]}`
)

// imported imports files.
func imported(t *testing.T, options importer.Options, files map[string]string) string {
	t.Helper()
	c := testCase{files: files, options: options}
	c.options.Importers = builtin.Importers()
	return c.run(t)
}

// TestEncodings reads files as PowerShell saves them.
func TestEncodings(t *testing.T) {
	files := map[string]string{
		"o.json": organization, "Get-SharingPolicy.json": `[{"Name":"Zürich"}]`,
		"x.json": `{"module_version":"1","timestamp_zulu":"2026-05-04T06:00:00Z","tenant_details":[{"TenantId":"t1"}],"domain_settings":{"Id":"d"}}`,
	}
	want := imported(t, importer.Options{CollectedAt: noon}, files)
	encodings := map[string]func(text string) (string, error){
		"UTF-8 with a mark":     func(text string) (string, error) { return "\ufeff" + text, nil },
		"UTF-16":                unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String,
		"UTF-16 without a mark": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String,
		"UTF-16, big-endian":    unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String,
		"Windows-1252":          charmap.Windows1252.NewEncoder().String,
	}
	for name, encode := range encodings {
		encoded := map[string]string{}
		for file, text := range files {
			saved := must.Get(encode(text))(t)
			encoded[file] = saved
		}
		expect.Equalf(t, want, imported(t, importer.Options{CollectedAt: noon}, encoded), "%s", name)
	}
}

// TestBounds imports files beyond a bound.
func TestBounds(t *testing.T) {
	const rules = "= exchange.transport_rules failed: Get-TransportRule.json: the export cannot be read: "
	hunted := strings.Repeat(`{"DeviceId":"d1","ConfigurationId":"scid-25","IsCompliant":1},`, 10_000)
	damaged := zipOf(t, map[string]string{"o.json": organization})[:60]
	bomb := zipOf(t, map[string]string{"Get-TransportRule.json": "[" + strings.Repeat(" ", 8<<20) + "]"})
	short := evidence.DefaultLimits()
	short.RecordBytes = 60
	tests := []struct {
		name   string
		limits evidence.Limits
		files  map[string]string
		want   string
	}{
		{"a value", evidence.Limits{}, map[string]string{"Get-TransportRule.json": `[{"Name":"` + strings.Repeat("a", 17<<20) + `"}]`}, rules + "not well-formed JSON: jsontext: read error: the file is too large: a value is longer than 16 MiB at byte 16781312 (record 1)"},
		{
			"an object",
			evidence.Limits{},
			map[string]string{"Get-TransportRule.json": `{"Name":"a"` + strings.Repeat(`,"Comments":"`+strings.Repeat("a", 1<<20)+`"`, 17) + "}"},
			"= exchange.transport_rules failed: Get-TransportRule.json: the object is longer than 16777216 bytes",
		},
		{
			"an object, by a limit", short,
			map[string]string{"Get-TransportRule.json": `{"Name":"` + strings.Repeat("a", 30) + `","Comments":"` + strings.Repeat("b", 30) + `"}`},
			"= exchange.transport_rules failed: Get-TransportRule.json: the object is longer than 60 bytes",
		},
		{"several objects within a limit", short, map[string]string{"Get-SharingPolicy.json": strings.Repeat(`{"Name":"a","Enabled":true}`+"\n", 3)}, "= exchange.sharing_policies\n"},
		{
			"as many rows as an answer has at most",
			evidence.Limits{},
			map[string]string{"a.json": `{"schema":[],"results":[` + strings.TrimSuffix(hunted, ",") + `]}`},
			"= defender_endpoint.secure_configuration failed: a.json has 10000 rows, as an answer of advanced hunting has at most: ask for the settings in parts, or use the export API",
		},
		{"an archive that is a bomb", evidence.Limits{}, map[string]string{"o.json": organization, "y.ZIP": bomb}, "= skipped y.ZIP: it cannot be unpacked: unpacks to more than 500 times its size. "},
		{"a damaged archive", evidence.Limits{}, map[string]string{"o.json": organization, "x.zip": damaged}, "= skipped x.zip: it cannot be unpacked: the archive is damaged: zip: not a valid zip file"},
		{"an empty file with a mark", evidence.Limits{}, map[string]string{"Get-SharingPolicy.json": "\ufeff"}, "= exchange.sharing_policies failed: Get-SharingPolicy.json holds nothing"},
		{"no file", evidence.Limits{}, nil, "= error importing saved exports: the folder has no .json file."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := imported(t, importer.Options{CollectedAt: noon, Limits: test.limits}, test.files); !strings.Contains(got, test.want) {
				t.Errorf("%.1000s\nlacks %s", got, test.want)
			}
		})
	}
}

// TestImportFile imports one file of a folder, and an archive whose name does not say that it is one.
func TestImportFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, map[string]string{"o.json": organization, "u.json": users, "exports": zipOf(t, map[string]string{"o.json": organization})})
	for _, name := range []string{"o.json", "exports"} {
		options := importer.Options{Importers: builtin.Importers(), CollectedAt: noon, Tenant: evidence.Tenant{ID: "T1"}}
		bundle, _, err := options.Import(t.Context(), filepath.Join(dir, name), filepath.Join(t.TempDir(), "bundle"))
		must.Do(t, err)
		want := `= tenant "t1" "Contoso" by Microsoft Graph at 2026-05-04T12:00:00Z` + "\n" + `= entra.organization {"displayName":"Contoso","id":"t1"}` + "\n"
		expect.Equalf(t, want, contents(t, bundle), "%s", name)
		if err := bundle.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestImportStaysInFolder(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	write(t, outside, map[string]string{"u.json": users})
	write(t, dir, map[string]string{"o.json": organization})
	if err := os.Symlink(filepath.Join(outside, "u.json"), filepath.Join(dir, "u.json")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	bundle, _, err := importer.Options{Importers: builtin.Importers(), CollectedAt: noon}.Import(t.Context(), dir, filepath.Join(t.TempDir(), "bundle"))
	must.Do(t, err)
	defer func() { _ = bundle.Close() }()
	if _, ok := bundle.Dataset("entra.users"); ok {
		t.Error("a link out of the folder was followed")
	}
}

func TestImportStopsWithItsContext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, map[string]string{"o.json": organization, "Get-TransportRule.json": "[]"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	options := importer.Options{Importers: builtin.Importers(), CollectedAt: noon}
	if _, _, err := options.Import(ctx, dir, filepath.Join(t.TempDir(), "bundle")); !errors.Is(err, context.Canceled) {
		t.Errorf("Import: %v, want context.Canceled", err)
	}
}

func TestCmdlet(t *testing.T) {
	tests := map[string]string{
		"Get-SafeLinksPolicy.json":           "Get-SafeLinksPolicy",
		"a/b/get-safelinkspolicy.JSON":       "get-safelinkspolicy",
		"Get-SafeLinksPolicy_2026-01-31.txt": "Get-SafeLinksPolicy",
		"Get-SafeLinksPolicy (1).json":       "Get-SafeLinksPolicy",
		"Get-SafeLinksPolicy.contoso.json":   "Get-SafeLinksPolicy",
		"Get-SafeLinksPolicyOld.json":        "Get-SafeLinksPolicyOld",
		"SafeLinksPolicy.json":               "",
		"get-.json":                          "",
		"groups_get-x.json":                  "",
		"Get-SafeLinksPolicy/users.json":     "",
	}
	for file, want := range tests {
		if got, ok := importer.Cmdlet(file); got != want || ok != (want != "") {
			t.Errorf("Cmdlet(%q) = %q, %t; want %q", file, got, ok, want)
		}
	}
}

// FuzzImport looks at any two texts under the names that importers know: what is written is a bundle that can be read.
func FuzzImport(f *testing.F) {
	graph := func(fragment, members string) string {
		return `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#` + fragment + `",` + members + `}`
	}
	scuba := func(members string) string {
		return `{"baseline_version":"1","module_version":"1","timestamp_zulu":"2026-05-04T06:00:00Z","tenant_details":[{"TenantId":"t1"}],` + members + `}`
	}
	for _, seed := range [][2]string{
		{graph("users(id)", `"value":[{"id":"u1"}]`), graph("users(id)", `"@odata.nextLink":"https://x/y","value":[{"id":"u2"}]`)},
		{"[" + organization + "]", graph("policies/authorizationPolicy/$entity", `"defaultUserRolePermissions":{}`)},
		{`{"value":[{}],"value":3,"@odata.context":"$metadata#organization"}`, `{"error":{"code":1}}`},
		{graph("groups('g')/transitiveMembers", `"value":[{"id":"u"}]`), graph("groups", `"value":[{"id":"g"}]`)},
		{`{"requests":[{"id":"1","url":"/groups/x/members"}],"responses":[{"id":"1","status":200,"body":{"value":[]}},{}]}`, `[{"Id":"g","AdditionalProperties":{"a":[]}}]`},
		{`{"value":{"value":[{"@odata.context":"$metadata#domains","value":[{}]}],"Count":1}}`, graph("directoryObjects", `"value":[{"id":"g","@odata.type":"#microsoft.graph.group"}]`)},
		{graph("directoryRoles(members())", `"value":[{"roleTemplateId":"r","members":[{"id":"u"},7,null]}]`), graph("roleManagement/directory/roleAssignments", `"value":[{"principalId":"u","roleDefinitionId":"r"}]`)},
		{`[{"Name":"a","SentTo":["b"]}]`, `{"PrimarySmtpAddress":"a","Guid":"g"}`},
		{`{"value":[null],"Count":1}`, "\xff\xfe[\x00]\x00"},
		{`{"Name":"@{a=1}"}`, `null`},
		{scuba(`"sharing_policy":[{"Name":"a","WhenChanged":"/Date(1)/"}]`), scuba(`"SPO_tenant":{"SharingCapability":1},"exo_unsuccessful_commands":["Get-X"]`)},
		{scuba(`"spf_records":[{"domain":"a","rdata":{"value":[],"Count":0}}],"transport_rule":[null]`), "\xff\xfe{\x00}\x00"},
		{`{"deviceId":"d","configurationId":"c","isCompliant":true}`, `{"schema":[],"results":[{"DeviceId":"d","ConfigurationId":"c","IsCompliant":1}]}`},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		imported(t, importer.Options{CollectedAt: noon}, map[string]string{
			"a.json": one, "b.json": two, "entra.users.json": one, "groups_g_members.json": two, "groups_h_transitiveMembers.json": one, "Get-MgGroup.json": two,
			"Get-TransportRule.json": one, "Get-EXOMailbox.json": two, "Get-MailboxAuditBypassAssociation.json": two,
		})
	})
}

// FuzzFolder looks at any texts that lie together as exports of different kinds: some compressed, one in an archive, one beside a
// bundle. Whatever of them can be read makes a bundle whose bytes are verified and whose records are read; the rest is skipped.
func FuzzFolder(f *testing.F) {
	const scuba = `{"baseline_version":"1","module_version":"1","timestamp_zulu":"2026-05-04T06:00:00Z","tenant_details":[{"TenantId":"t1"}],"sharing_policy":[{"Name":"a"}]}`
	const hunted = `{"schema":[],"results":[{"DeviceId":"d","ConfigurationId":"c","IsCompliant":1}]}`
	const cmdlet = `[{"Name":"a","Identity":"i"}]`
	const manifest = `{"schema_version":"1","tenant":{"id":"t1"},"collected_at":"2026-03-01T06:00:00Z","datasets":[{"name":"entra.users","status":"failed","reason":"denied"}]}`
	deep := strings.Repeat("[", 20_000)
	for _, seed := range [][4]string{
		{organization, users, scuba, cmdlet},
		{scuba, strings.Replace(scuba, "t1", "t2", 1), users, cmdlet},
		{scuba, strings.Replace(scuba, "06:00:00Z", "07:00:00Z", 1), organization, hunted},
		{manifest, users, scuba, cmdlet},
		{hunted, hunted, hunted, hunted},
		{"", "[]", "{}", "null"},
		{deep, `{"a":` + deep, `{"@odata.context":"$metadata#users","value":` + deep, `{"baseline_version":` + deep},
		{"[" + strings.Repeat(`{"Name":"a"},`, 5_000) + `{}]`, users[:60], "\xff\xfe[\x00]\x00", "PK\x03\x04"},
		{"[" + organization + "," + users + "]", `{"responses":[{"id":"1","status":200,"body":` + users + `}]}`, "\xef\xbb\xbf" + scuba, `"@{a=1}"`},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], uint8(0))
		f.Add(seed[0], seed[1], seed[2], seed[3], uint8(1))
	}
	f.Fuzz(func(t *testing.T, one, two, three, four string, form uint8) {
		files := map[string]string{
			"a.json": one, "entra/b.json": two, "ProviderSettingsExport.json": three, "Get-SharingPolicy.json": four,
			"entra.users.ndjson": two, "Get-TransportRule.csv": three, "scid/export.json": four, "skipped.txt": one,
		}
		switch form % 4 {
		case 1:
			files["Get-MgUser.json.gz"] = gzipOf(t, one)
			files["more.zip"] = zipOf(t, map[string]string{"c.json": two, "Get-AntiPhishPolicy.json": four})
		case 2:
			files["broken.json.gz"] = one + two
			files["broken.zip"] = "PK\x03\x04" + three
		case 3:
			files["manifest.json"] = one
		}
		imported(t, importer.Options{CollectedAt: noon}, files)
	})
}
