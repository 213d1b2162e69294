package powershell_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/powershell"
	"github.com/posture-score/posture/schemas"
)

func ExampleRead() {
	files := fstest.MapFS{
		"Get-SafeLinksPolicy.json":       {Data: []byte(`[{"Identity": "Everyone", "ScanUrls": true}]`)},
		"Get-ConnectionInformation.json": {Data: []byte(`{"TenantID": "9a4f3b1c"}`)},
	}
	registry, err := schemas.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	names := []string{"Get-ConnectionInformation.json", "Get-SafeLinksPolicy.json"}
	exports, err := powershell.Read(context.Background(), files, names, powershell.NewTable(registry), evidence.DefaultLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	tenant, told := exports.Tenant()
	fmt.Println(tenant.ID, "by", told)
	fmt.Println(exports.Datasets())
	// Output:
	// 9a4f3b1c by Get-ConnectionInformation.json
	// map[defender_office.safe_links_policies:Get-SafeLinksPolicy.json]
}
