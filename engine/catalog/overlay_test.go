package catalog

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/must"
)

const ownControl = `control "Ours" {
  title       = "Guests can't invite guests"
  category    = "identity"
  product     = "entra_id"
  points      = 4
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  complexity  = "low"
  setting {}
  context = ["entra.authorization_policy"]
  prerequisite {
    control = "AdminMFAV2"
  }
  prerequisite {
    license = "exchange"
  }
}
`

const ownRule = "package policies.ours.guests\n\ndefault compliant := false\n\ncompliant if data.evidence.entra.authorization_policy.allowInvitesFrom == \"none\"\n"

// overlays are catalogs that are loaded on top of the built-in one, by what they use of it.
func overlays() map[string]map[string]string {
	return map[string]map[string]string{
		"nothing": {"ours/guests.hcl": ownControl, "ours/guests.rego": ownRule},
		"a library": {"ours/guests.hcl": ownControl, "ours/guests.rego": strings.Replace(ownRule, "\n\n", "\n\nimport data.policies.lib.mailbox\n\n", 1) +
			"\nreasons contains \"impersonal\" if mailbox.impersonal(data.evidence.entra.authorization_policy.allowInvitesFrom)\n"},
		"a template and its shared rule": {"ours/apps.hcl": "catalog {\n  version = \"7\"\n}\n\ncontrol \"OurZoom\" {\n  use         = \"connected_app\"\n" +
			"  title       = \"Ours\"\n  product     = \"zoom\"\n  points      = 3\n  match       = { app = \"Zoom\" }\n  difficulty  = \"low\"\n  user_impact = \"low\"\n" +
			"  complexity  = \"low\"\n  threats     = [\"account_breach\"]\n  parameters  = { enabled = [\"waitingRoom\"] }\n}\n"},
		"a product and a dataset of its own": {
			"catalog.hcl":              "product \"rooms\" {\n  title = \"Rooms\"\n}\n",
			"schemas/rooms/locks.json": `{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Locks","description":"Locks.","type":"object","properties":{"id":{"type":"string"},"shut":{"type":"boolean"}},"required":["id"],"x-posture":{"kind":"list","key":"id"}}`,
			"rooms/locks.hcl":          strings.NewReplacer("entra_id", "rooms", "setting {}", "coverage \"rooms.locks\" {\n    when_empty = \"full\"\n  }", "  context = [\"entra.authorization_policy\"]\n", "", "Ours", "OurLocks").Replace(ownControl),
			"rooms/locks.rego":         "package policies.rooms.locks\n\ndefault compliant := false\n\ncompliant if input.shut == true\n",
			"rooms/locks_test.rego":    "package policies.rooms.locks_test\n\ntest_shut if data.policies.rooms.locks.compliant with input as {\"shut\": true}\n",
		},
	}
}

// TestOverlay holds that an overlaid catalog is the one that is loaded in full.
func TestOverlay(t *testing.T) {
	t.Parallel()
	registry, source := inputs(t)
	snapshot := fresh(t)
	for name, files := range overlays() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sources := []Source{source, sourceOf("ours", files)}
			base := restore(t.Context(), snapshot, registry, sources[:1])
			overlaid := overlay(t.Context(), base, registry, sources)
			if overlaid == nil {
				t.Fatal("the catalog was not overlaid")
			}
			full := must.Get(load(t.Context(), registry, sources))(t)
			same(t, full, overlaid)
		})
	}
}

// TestOverlayInFull holds that a catalog is loaded in full where its rules may mean more than their own
// texts say, and where there are mistakes.
func TestOverlayInFull(t *testing.T) {
	t.Parallel()
	registry, source := inputs(t)
	snapshot := fresh(t)
	for name, change := range map[string]map[string]string{
		"a rule of the base":         {"ours/guests.rego": ownRule + "\nreasons contains \"r\" if data.policies.entra.admin_mfa.compliant\n"},
		"a rule by a variable":       {"ours/guests.rego": ownRule + "\nreasons contains \"r\" if data.policies[_].x\n"},
		"a package above the base's": {"entra.hcl": strings.Replace(ownControl, "Ours", "Above", 1), "entra.rego": strings.Replace(ownRule, "ours.guests", "entra", 1)},
		"a control of the base":      {"ours/guests.hcl": strings.Replace(ownControl, "Ours", "AdminMFAV2", 1)},
		"a misspelled product":       {"ours/guests.hcl": strings.Replace(ownControl, "entra_id", "entra_ib", 1)},
		"a misspelled field":         {"ours/guests.rego": strings.Replace(ownRule, "allowInvitesFrom", "allowInvitesForm", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := maps.Clone(overlays()["nothing"])
			maps.Copy(files, change)
			sources := []Source{source, sourceOf("ours", files)}
			base := restore(t.Context(), snapshot, registry, sources[:1])
			if overlay(t.Context(), base, registry, sources) != nil {
				t.Error("the catalog was overlaid")
			}
		})
	}
}

func modulesOf(c *Catalog) map[string]check.Module {
	modules := map[string]check.Module{}
	for _, m := range c.modules {
		modules[m.Package] = m
	}
	return modules
}

// same compares two catalogs by everything that can be seen of them.
func same(t *testing.T, want, got *Catalog) {
	t.Helper()
	for _, part := range []struct {
		name       string
		want, have any
	}{
		{"controls", want.Controls(), got.Controls()},
		{"products", want.Products(), got.Products()},
		{"licenses", want.Licenses(), got.Licenses()},
		{"packages", want.packages, got.packages},
		{"modules", modulesOf(want), modulesOf(got)},
		{"origins", want.origins, got.origins},
		{"version", want.Version(), got.Version()},
		{"digest", want.Digest(), got.Digest()},
		{"datasets", want.Datasets().Names(), got.Datasets().Names()},
	} {
		if diff := cmp.Diff(part.want, part.have, seen(), cmp.AllowUnexported(License{})); diff != "" {
			t.Errorf("%s (-full +overlaid):\n%.2000s", part.name, diff)
		}
	}
}
