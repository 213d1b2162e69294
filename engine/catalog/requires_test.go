package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSourceSettings says what a file of parameters may say of the sources that controls require.
func TestSourceSettings(t *testing.T) {
	required := func(source string) map[string]string {
		return map[string]string{
			"entra/defaults.hcl":  strings.Replace(settingHCL, "setting {}", "setting {}\n  requires_source = \""+source+"\"", 1),
			"entra/defaults.rego": settingRego,
		}
	}
	const connector = "defender_cloud_apps.office_365_connector"
	catalog := mustLoad(t, source(t, "ours", required(connector)))
	for name, test := range map[string]struct{ text, want string }{
		"not connected": {`source "` + connector + `" { connected = false }`, ""},
		"unknown":       {`source "defender_cloud_apps.office_connector" { connected = false }`, `p.hcl:1,8-46: Unknown source; No control of the catalog requires the source "defender_cloud_apps.office_connector". Did you mean "` + connector + `"?`},
		"nothing said":  {`source "` + connector + `" {}`, "p.hcl:1,1-50: Nothing said of a source; No evidence tells whether the Office 365 connector of Microsoft Defender for Cloud Apps is connected: write connected = true or connected = false."},
		"twice":         {`source "` + connector + `" { connected = false }` + "\n" + `source "` + connector + `" { connected = true }`, "p.hcl:2,8-50: Duplicate source; The file speaks of " + connector + " twice: put it in one block."},
	} {
		t.Run(name, func(t *testing.T) {
			changed, err := catalog.WithParameters("p.hcl", []byte(test.text))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			if err == nil && changed.Digest() == catalog.Digest() {
				t.Error("the digest of the catalog is the same, though the total may be another")
			}
		})
	}
	for name, want := range map[string]string{
		"entra.conditional_access_polices": "Unknown source",
		"entra.security_defaults":          "Not a source",
	} {
		if _, err := load(t, source(t, "ours", required(name))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}
