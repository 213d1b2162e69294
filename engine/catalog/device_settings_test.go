package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine/catalog"
)

// TestDeviceSettings holds that the ids of the family are those of configurations, which its
// defaults take the rest from.
func TestDeviceSettings(t *testing.T) {
	family := deviceSettings(t)
	if len(family) < 150 {
		t.Errorf("the family has %d members", len(family))
	}
	for _, c := range family {
		if !regexp.MustCompile(`^scid_[1-9][0-9]*$`).MatchString(c.ID) {
			t.Errorf("the id %s is odd", c.ID)
		}
		if c.Title == "" || !strings.HasSuffix(c.Description, ".") {
			t.Errorf("%s has no title, or its description %q is not a sentence", c.ID, c.Description)
		}
	}
	first := family[0]
	want := &catalog.Coverage{
		Dataset:   "defender_endpoint.secure_configuration",
		Match:     []catalog.Match{{Field: "configurationId", Value: "scid-9"}},
		WhenEmpty: "not_applicable",
		Fresh:     &catalog.Fresh{Field: "timestamp", Days: "stale_after_days"},
	}
	if diff := cmp.Diff(want, first.Coverage); diff != "" || first.Exception != "sca-_-scid-9" {
		t.Errorf("exceptions of %q set the status of %s; it is measured over (-want +got):\n%s", first.Exception, first.ID, diff)
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
	slices.SortFunc(family, func(a, b *catalog.Control) int { return a.Position().Line - b.Position().Line })
	return family
}
