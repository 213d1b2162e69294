package scubagear_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/posture-score/posture/internal/importer/scubagear"
)

func ExampleImport() {
	const export = `{
		"baseline_version": "1", "module_version": "1.8.0", "timestamp_zulu": "2026-05-04T17:15:48Z",
		"tenant_details": [{"TenantId": "9a4f3b1c", "DisplayName": "Contoso"}],
		"sharing_policy": {"Name": "Default Sharing Policy", "Domains": "Anonymous:CalendarSharingFreeBusySimple"},
		"transport_rule": [],
		"exo_successful_commands": ["Get-SharingPolicy"],
		"exo_unsuccessful_commands": ["Get-TransportRule"]
	}`
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	bundle, err := scubagear.Import(context.Background(), strings.NewReader(export), filepath.Join(dir, "bundle"), scubagear.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = bundle.Close() }()
	for _, dataset := range bundle.Manifest().Datasets {
		reason := ""
		if dataset.Reason != "" {
			reason = " (" + dataset.Reason + ")"
		}
		fmt.Printf("%s: %s, %d records%s\n", dataset.Name, dataset.Status, dataset.Records, reason)
	}
	// Output:
	// exchange.sharing_policies: collected, 1 records
	// exchange.transport_rules: failed, 0 records (ScubaGear could not run Get-TransportRule)
}
