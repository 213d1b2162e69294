package importer_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
)

func ExampleOpen() {
	stdin := strings.NewReader(`{
		"baseline_version": "1", "module_version": "1.8.0", "timestamp_zulu": "2026-05-04T17:15:48Z",
		"tenant_details": [{"TenantId": "9a4f3b1c", "DisplayName": "Contoso"}],
		"sharing_policy": [{"Name": "Default Sharing Policy"}]
	}`)
	bundle, err := importer.Options{Importers: builtin.Importers(), Limits: evidence.DefaultLimits()}.Open(context.Background(), importer.Stdin, stdin)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = bundle.Close() }()
	fmt.Println(bundle.Manifest().Collector.Name, bundle.Manifest().Tenant.Name)
	// Output: ScubaGear Contoso
}
