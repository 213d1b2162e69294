package catalog_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestStages says what stands of controls that don't count: a preview takes no points from its
// family, and a deprecated control needs neither points, nor a rule, nor steps.
func TestStages(t *testing.T) {
	cat := mustLoad(t, source(t, "ours", map[string]string{"entra/a.hcl": `
defaults {
  title    = "Do it"
  category = "identity"
  product  = "entra_id"
  points   = 5
  tier     = "core"
  threats  = []
  source   = "a test"
  attested {}
  implementation {
    steps = ["do it"]
  }
}

control "Current" {
  stage = "current"
}

control "Unknown" {
  stage = "preview"
}

control "Known" {
  stage  = "preview"
  points = 3
}
`, "entra/b.hcl": `
control "Old" {
  title       = "Do it"
  category    = "identity"
  product     = "entra_id"
  tier        = "core"
  threats     = []
  stage       = "deprecated"
  replaced_by = "Current"
  reason      = "another way was found"
  source      = "a test"
}
`}))
	type standing struct {
		Stage              catalog.Stage
		Points             int64
		ReplacedBy, Reason string
		Kind               catalog.Kind
	}
	got := map[string]standing{}
	for _, c := range cat.Controls() {
		got[c.ID] = standing{c.Stage, c.Points, c.ReplacedBy, c.Reason, c.Kind}
	}
	expect.Equal(t, map[string]standing{
		"Current": {Points: 500, Kind: catalog.KindAttested},
		"Unknown": {Stage: catalog.StagePreview, Kind: catalog.KindAttested},
		"Known":   {Stage: catalog.StagePreview, Points: 300, Kind: catalog.KindAttested},
		"Old":     {Stage: catalog.StageDeprecated, ReplacedBy: "Current", Reason: "another way was found"},
	}, got)
	if problems := must.Get(catalog.Check(t.Context(), cat))(t); problems != nil {
		t.Errorf("the catalog does not pass the check:\n%s", printed(t, problems))
	}
	var inForce []string
	for _, c := range cat.InForce() {
		inForce = append(inForce, c.ID)
	}
	if got := strings.Join(inForce, " "); got != "Current Known Unknown" {
		t.Errorf("in force are %s", got)
	}
}
