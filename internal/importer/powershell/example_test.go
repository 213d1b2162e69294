package powershell_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/powershell"
	"github.com/posture-score/posture/schemas"
)

func ExampleImporter() {
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
	report, err := powershell.New().Import(context.Background(), importer.Input{Files: files, Names: names, Registry: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Tenant.ID, "by", report.TenantFile)
	fmt.Println(report.Files)
	// Output:
	// 9a4f3b1c by Get-ConnectionInformation.json
	// map[defender_office.safe_links_policies:Get-SafeLinksPolicy.json]
}
