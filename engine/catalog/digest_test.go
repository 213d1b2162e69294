package catalog_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

// TestDigest says which digests a change of a file changes.
func TestDigest(t *testing.T) {
	files := map[string]string{
		"catalog.hcl":           "catalog {\n  version = \"1\"\n}\n",
		"entra/shared.hcl":      strings.Replace(settingHCL, `"Defaults"`, `"Shared"`, 1),
		"entra/shared.rego":     "package policies.entra.shared\n\nimport data.policies.lib.first\n\ndefault compliant := false\n\ncompliant if first.yes(data.evidence.entra.security_defaults.isEnabled)\n",
		"entra/own.hcl":         strings.Replace(settingHCL, `"Defaults"`, `"Own"`, 1),
		"entra/own.rego":        strings.Replace(settingRego, "defaults", "own", 1),
		"entra/own_test.rego":   "package policies.entra.own_test\n\ntest_nothing := true\n",
		"entra/attested.hcl":    attestedHCL("Attested"),
		"lib/first.rego":        "package policies.lib.first\n\nimport data.policies.lib.second\n\nyes(x) if second.yes(x)\n",
		"lib/second.rego":       "package policies.lib.second\n\nyes(true)\n",
		"lib/second_test.rego":  "package policies.lib.second_test\n\ntest_nothing := true\n",
		"lib/unused.rego":       "package policies.lib.unused\n\nno := false\n",
		"CHANGELOG.md":          "not a policy",
		"entra/README.md":       "not a policy",
		"entra/.hidden.rego":    "not a policy",
		".git/config.hcl":       "not a policy",
		"entra/shared.rego.bak": "not a policy",
	}
	digests := func(files map[string]string) map[string]string {
		catalog := mustLoad(t, source(t, "ours", files))
		found := map[string]string{"catalog": catalog.Digest()}
		for _, c := range catalog.Controls() {
			found[c.ID] = c.Digest
		}
		return found
	}
	before := digests(files)
	for what, digest := range before {
		if !regexp.MustCompile(`^sha256:[0-9a-f]{64}$`).MatchString(digest) {
			t.Errorf("the digest of %s is %q", what, digest)
		}
	}
	tests := map[string][]string{
		"":                      nil, // loaded again
		"catalog.hcl":           {"catalog"},
		"entra/shared.hcl":      {"Shared", "catalog"},
		"entra/shared.rego":     {"Shared", "catalog"},
		"entra/own.hcl":         {"Own", "catalog"},
		"entra/own.rego":        {"Own", "catalog"},
		"entra/own_test.rego":   nil,
		"entra/attested.hcl":    {"Attested", "catalog"},
		"lib/first.rego":        {"Shared", "catalog"},
		"lib/second.rego":       {"Shared", "catalog"},
		"lib/second_test.rego":  nil,
		"lib/unused.rego":       nil,
		"CHANGELOG.md":          nil,
		"entra/README.md":       nil,
		"entra/.hidden.rego":    nil,
		".git/config.hcl":       nil,
		"entra/shared.rego.bak": nil,
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			changed := maps.Clone(files)
			switch {
			case name == "catalog.hcl":
				changed[name] = "catalog {\n  version = \"2\"\n}\n"
			case strings.HasSuffix(name, ".hcl"):
				changed[name] = strings.Replace(files[name], "points   = 5", "points   = 6", 1)
			case name != "":
				changed[name] += "\n# A comment.\n"
			}
			var differ []string
			for what, digest := range digests(changed) {
				if digest != before[what] {
					differ = append(differ, what)
				}
			}
			slices.Sort(differ)
			expect.Equalf(t, want, differ, "digests that change")
		})
	}
}
