package scubagear_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/scubagear"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/validate"
	"github.com/posture-score/posture/schemas"
)

// TestSample imports the export that ScubaGear ships as a sample, if it is there: its records satisfy the schemas.
func TestSample(t *testing.T) {
	const path = "../../../../shared/samples/scubagear-ProviderSettingsExport.json"
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the sample export is not at %s", path)
	}
	registry, err := schemas.Builtin()
	must.Do(t, err)
	bundle, _, err := importer.Options{Importers: []importer.Importer{scubagear.Importer{}}}.Import(t.Context(), path, filepath.Join(t.TempDir(), "bundle"))
	must.Do(t, err)
	defer func() { _ = bundle.Close() }()
	report := must.Get(validate.Bundle(t.Context(), bundle, registry, 10))(t)
	for _, v := range report.Violations {
		t.Errorf("%s, record %d%s: %s", v.Dataset, v.Record, v.Pointer, v.Message)
	}
	got := map[string]int64{}
	for _, dataset := range bundle.Manifest().Datasets {
		if got[dataset.Name] = dataset.Records; dataset.Status == evidence.Failed {
			got[dataset.Name] = -1
		}
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
	expect.Equalf(t, want, got, "records")
}
