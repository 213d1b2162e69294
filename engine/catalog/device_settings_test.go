package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine/catalog"
)

// TestDeviceSettings holds that the members of the family differ where they should and nowhere else: the id says which records a
// control is about and which exceptions set its status. The engine's test of the family evaluates each of them.
func TestDeviceSettings(t *testing.T) {
	family := deviceSettings(t)
	if len(family) < 150 {
		t.Errorf("the family has %d members", len(family))
	}
	seen := map[string]bool{}
	for _, c := range family {
		t.Run(c.ID, func(t *testing.T) {
			if !regexp.MustCompile(`^scid_[1-9][0-9]*$`).MatchString(c.ID) || seen[c.ID] {
				t.Errorf("its id is odd, or another's")
			}
			seen[c.ID] = true
			configuration := strings.ReplaceAll(c.ID, "_", "-")
			if want := "sca-_-" + configuration; c.Exception != want {
				t.Errorf("exceptions of %q set its status, want %q", c.Exception, want)
			}
			want := &catalog.Coverage{
				Dataset:   "defender_endpoint.secure_configuration",
				Match:     []catalog.Match{{Field: "configurationId", Value: configuration}},
				WhenEmpty: "not_applicable",
				Fresh:     &catalog.Fresh{Field: "timestamp", Days: "stale_after_days"},
			}
			if diff := cmp.Diff(want, c.Coverage); diff != "" {
				t.Errorf("what it is measured over (-want +got):\n%s", diff)
			}
			if preview := c.Stage == catalog.StagePreview; preview != (c.Points == 0) || c.Points > 1000 {
				t.Errorf("it is worth %d hundredths of a point, and of stage %q", c.Points, c.Stage)
			}
			if c.Category != "device" || c.Product != "defender_endpoint" {
				t.Errorf("it is of category %s and product %s", c.Category, c.Product)
			}
			if c.Title == "" || !strings.HasSuffix(c.Description, ".") {
				t.Errorf("it has no title, or its description %q is not a sentence", c.Description)
			}
		})
	}
}

// TestDeviceSettingsAreInOrder: by number, so that a member is found where one looks for it.
func TestDeviceSettingsAreInOrder(t *testing.T) {
	var written []string
	for _, c := range deviceSettings(t) {
		written = append(written, c.ID)
	}
	sorted := slices.Clone(written)
	slices.SortFunc(sorted, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	if diff := cmp.Diff(sorted, written); diff != "" {
		t.Errorf("(-in order +as written):\n%s", diff)
	}
}

// deviceSettings are the members of the family, as they follow each other in its file.
func deviceSettings(t *testing.T) []*catalog.Control {
	t.Helper()
	var family []*catalog.Control
	for _, c := range builtinCatalog(t).Controls() {
		if c.Package == "policies.defender_endpoint.device_settings" {
			family = append(family, c)
		}
	}
	slices.SortFunc(family, func(a, b *catalog.Control) int { return a.Range.Start.Line - b.Range.Start.Line })
	return family
}
