package scubagear_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/scubagear"
	"github.com/posture-score/posture/schemas"
)

func ExampleImporter() {
	const export = `{
		"baseline_version": "1", "module_version": "1.8.0", "timestamp_zulu": "2026-05-04T17:15:48Z",
		"tenant_details": [{"TenantId": "9a4f3b1c", "DisplayName": "Contoso"}],
		"sharing_policy": {"Name": "Default Sharing Policy", "Domains": "Anonymous:CalendarSharingFreeBusySimple"}
	}`
	registry, err := schemas.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	files := fstest.MapFS{"export.json": {Data: []byte(export)}}
	report, err := scubagear.Importer{}.Import(context.Background(), importer.Input{Files: files, Names: []string{"export.json"}, Registry: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Collector.Name, report.Collector.Version, report.Tenant.Name, report.CollectedAt)
	fmt.Println(report.Files)
	// Output:
	// ScubaGear 1.8.0 Contoso 2026-05-04 17:15:48 +0000 UTC
	// map[exchange.sharing_policies:export.json]
}
