package importer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
)

// scuba is an export of ScubaGear that was made at an hour.
func scuba(tenant string, hour int, members string) string {
	return fmt.Sprintf(`{"baseline_version":"1","module_version":"1.8.0","timestamp_zulu":"2026-05-04T%02d:00:00Z",
		"tenant_details":[{"TenantId":%q}]%s}`, hour, tenant, members)
}

const (
	policy  = `,"sharing_policy":[{"Name":"a"}]`
	rules   = `,"transport_rule":[],"exo_successful_commands":["Get-TransportRule"],"exo_unsuccessful_commands":[]`
	norules = `,"transport_rule":[],"exo_successful_commands":[],"exo_unsuccessful_commands":["Get-TransportRule"]`
)

func TestCombine(t *testing.T) {
	tests := []struct {
		name    string
		files   map[string]string
		options importer.Options
		at      int      // hour of the bundle
		want    []string // "dataset, hour" or "dataset: why it failed"
		skipped []string
	}{
		{
			"ScubaGear alone",
			map[string]string{"x.json": scuba("t1", 6, policy)},
			importer.Options{},
			6,
			[]string{"exchange.sharing_policies, 6"},
			nil,
		},
		{
			"the time of ScubaGear is that of the others",
			map[string]string{"x.json": scuba("t1", 6, policy), "o.json": organization},
			importer.Options{Now: noon},
			6,
			[]string{"entra.organization, 6", "exchange.sharing_policies, 6"},
			nil,
		},
		{
			"a time that is given is that of the others alone",
			map[string]string{"x.json": scuba("t1", 6, policy), "o.json": organization},
			importer.Options{CollectedAt: noon},
			12,
			[]string{"entra.organization, 12", "exchange.sharing_policies, 6"},
			nil,
		},
		{
			"a cmdlet comes before ScubaGear",
			map[string]string{"x.json": scuba("t1", 6, policy), "Get-SharingPolicy.json": "[]"},
			importer.Options{CollectedAt: noon},
			12,
			[]string{"exchange.sharing_policies, 12"},
			[]string{"x.json: other files make exchange.sharing_policies"},
		},
		{
			"ScubaGear comes before a cmdlet that failed",
			map[string]string{"x.json": scuba("t1", 6, policy), "Get-SharingPolicy.json": ""},
			importer.Options{CollectedAt: noon},
			12,
			[]string{"exchange.sharing_policies, 6"},
			[]string{"Get-SharingPolicy.json: exchange.sharing_policies is made of x.json instead: Get-SharingPolicy.json holds nothing, as it would if Get-SharingPolicy had failed: save @(Get-SharingPolicy -ErrorAction Stop), which is [] if there is none"},
		},
		{
			"a cmdlet comes before ScubaGear that failed",
			map[string]string{"x.json": scuba("t1", 6, policy+norules), "Get-TransportRule.json": "[]"},
			importer.Options{CollectedAt: noon},
			12,
			[]string{"exchange.sharing_policies, 6", "exchange.transport_rules, 12"},
			[]string{"x.json: other files make exchange.transport_rules"},
		},
		{
			"the newest export of ScubaGear",
			map[string]string{"a.json": scuba("t1", 8, policy), "b.json": scuba("T1", 9, policy)},
			importer.Options{},
			9,
			[]string{"exchange.sharing_policies, 9"},
			[]string{"a.json: other files make exchange.sharing_policies"},
		},
		{
			"the newest, even where it failed: what an older one has is past",
			map[string]string{
				"a.json": scuba("t1", 8, rules), "b.json": scuba("t1", 9, policy+norules),
			},
			importer.Options{},
			9,
			[]string{"exchange.sharing_policies, 9", "exchange.transport_rules: ScubaGear could not run Get-TransportRule"},
			[]string{"a.json: other files make exchange.transport_rules"},
		},
		{
			"an export that was cut off",
			map[string]string{"x.json": scuba("t1", 6, policy)[:140], "o.json": organization},
			importer.Options{CollectedAt: noon},
			12,
			[]string{"entra.organization, 12"},
			[]string{"x.json: importing a ScubaGear export: the export cannot be read: the JSON ends too early: the file was cut off"},
		},
		{
			"the files of ScubaGear's report",
			map[string]string{
				"ProviderSettingsExport.json": scuba("t1", 6, policy), "TestResults.json": "[]", "IndividualReports/EXOReport.json": "{}",
				"IndividualReports/AADReport.json": "{}", "IndividualReports/a/b.html": "<html>", "Get-TransportRule.json": "[]",
			},
			importer.Options{CollectedAt: noon},
			12,
			[]string{"exchange.sharing_policies, 6", "exchange.transport_rules, 12"},
			[]string{
				"IndividualReports/AADReport.json: it is a part of ScubaGear's report",
				"IndividualReports/EXOReport.json: it is a part of ScubaGear's report",
				"TestResults.json: it is a part of ScubaGear's report",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bundle, skipped, err := importing(t, test.files, test.options)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = bundle.Close() }()
			var got []string
			for _, d := range bundle.Manifest().Datasets {
				if d.Status == evidence.Failed {
					got = append(got, d.Name+": "+d.Reason)
				} else {
					got = append(got, fmt.Sprintf("%s, %d", d.Name, d.CollectedAt.UTC().Hour()))
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("datasets (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.skipped, texts(skipped)); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
			if at := bundle.Manifest().CollectedAt; !at.Equal(time.Date(2026, 5, 4, test.at, 0, 0, 0, time.UTC)) {
				t.Errorf("collected at %s, want %d", at, test.at)
			}
			if err := bundle.Verify(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestRefuse names folders that were meant for something else.
func TestRefuse(t *testing.T) {
	const manifest = `{"schema_version":"1","datasets":[]}`
	strangers := func(n int, files map[string]string) map[string]string {
		for i := range n {
			files[fmt.Sprintf("s%d.json", i)] = fmt.Sprintf(`{"name":"s%d"}`, i)
		}
		return files
	}
	several := map[string]string{}
	for i := range 5 {
		several[fmt.Sprintf("b%d/manifest.json", i)] = manifest
	}
	sources := map[string]string{"o.json": organization}
	for i := range 60 {
		sources[fmt.Sprintf("f%d.go", i)] = "package f"
	}
	tests := []struct {
		name  string
		files map[string]string
		want  string // how the error ends; empty if there is none
	}{
		{"a few stray files", strangers(4, map[string]string{"o.json": organization}), ""},
		{"stray files beside as many exports", strangers(6, map[string]string{
			"o.json": organization, "s.json": sharepoint, "Get-SharingPolicy.json": "[]", "Get-TransportRule.json": "[]",
		}), ""},
		{"mostly stray files", strangers(5, map[string]string{"o.json": organization}), "it holds mostly other files than evidence: 5 of 6. Name the folder that the exports are in."},
		{"stray files alone", strangers(9, map[string]string{}), "it holds mostly other files than evidence: 9 of 9. Name the folder that the exports are in."},
		{"one stray file alone", strangers(1, map[string]string{}), `s0.json was skipped because it has no "@odata.context", which tells what was asked for.`},
		{"source code", sources, "it holds mostly other files than evidence: 60 of 61. Name the folder that the exports are in."},
		{"a bundle below", map[string]string{"a/b/manifest.json": manifest, "a/b/x.json": "[]"}, "it holds no exports. F/a/b is a bundle; name it."},
		{"bundles below", several, "it holds no exports. F/b0, F/b1, F/b2 and 2 more are bundles; name one of them."},
		{"a bundle below and stray files", strangers(5, map[string]string{"b/manifest.json": manifest}), "F/b is a bundle; name it."},
		{"a bundle and exports", map[string]string{"b/manifest.json": manifest, "o.json": organization}, ""},
		{"a manifest of something else", map[string]string{"manifest.json": `{"name":"app"}`, "o.json": organization}, ""},
		{"a bundle itself", map[string]string{"manifest.json": manifest}, "it is a bundle already. Assess it as it is."},
		{"a bundle in an archive", map[string]string{"x.zip": zipOf(t, map[string]string{"a/manifest.json": manifest})}, "F/x.zip/a is a bundle; unpack and name it."},
		{"two tenants and a bundle", map[string]string{
			"b/manifest.json": manifest, "o.json": organization, "Get-CsTenant.json": `{"TenantId":"t2"}`,
		}, "One folder is for one tenant. F/b is a bundle; name it."},
		{"two tenants of ScubaGear", map[string]string{"a.json": scuba("t1", 6, policy), "b.json": scuba("t2", 6, policy)}, "b.json: the export is of tenant t2, and a.json of t1. One folder is for one tenant."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bundle, _, err := importing(t, test.files, importer.Options{CollectedAt: noon})
			if err == nil {
				_ = bundle.Close()
			}
			if err == nil != (test.want == "") || err != nil && !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("error %v\nwant  %s", err, test.want)
			}
		})
	}
}
