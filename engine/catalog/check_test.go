package catalog_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestCheck says what a control needs beyond being loadable.
func TestCheck(t *testing.T) {
	without := func(line string) string { return strings.Replace(settingHCL, line, "", 1) }
	tests := map[string]struct {
		change map[string]string
		want   []string
	}{
		"nothing": {nil, nil},
		"source":  {map[string]string{"entra/defaults.hcl": without(`source = "Invented for tests"`)}, []string{"ours/entra/defaults.hcl:1,1-19: No source"}},
		"blank source": {
			map[string]string{"entra/defaults.hcl": strings.Replace(settingHCL, "Invented for tests", " ", 1)},
			[]string{"ours/entra/defaults.hcl:13,12-15: No source"},
		},
		"threats":    {map[string]string{"entra/defaults.hcl": without("threats  = []")}, []string{"ours/entra/defaults.hcl:1,1-19: No threats"}},
		"no steps":   {map[string]string{"entra/defaults.hcl": without(`steps = ["Turn them on."]`)}, []string{"ours/entra/defaults.hcl:10,3-17: No implementation"}},
		"empty step": {map[string]string{"entra/defaults.hcl": strings.Replace(settingHCL, "Turn them on.", "", 1)}, []string{"ours/entra/defaults.hcl:11,13-17: No implementation"}},
		"full stop": {
			map[string]string{"entra/defaults.hcl": strings.Replace(settingHCL, "security defaults", "security defaults.", 1)},
			[]string{"ours/entra/defaults.hcl:2,14-42: Unfit title"},
		},
		"long title": {
			map[string]string{"entra/defaults.hcl": strings.Replace(settingHCL, "Turn on", strings.Repeat("é", 150), 1)},
			[]string{"ours/entra/defaults.hcl:2,14-184: Unfit title"},
		},
		"two lines": {
			map[string]string{"entra/defaults.hcl": strings.Replace(settingHCL, "Turn on", `Turn\non`, 1)},
			[]string{"ours/entra/defaults.hcl:2,14-42: Unfit title"},
		},
		"framework": {
			map[string]string{"entra/defaults.hcl": strings.Replace(settingHCL, "threats  = []", `threats  = []
  frameworks = { mitre_attack = ["T1078.004", "T1078.4"], nist_csf = ["PR.AC-7"], scuba = ["MS.AAD.3.2"], scuba_related = ["MS.EXO.1.1v2", "EXO.1.1"], ours = ["anything"] }`, 1)},
			[]string{
				"ours/entra/defaults.hcl:8,16-173: Unknown entry of a framework", "ours/entra/defaults.hcl:8,16-173: Unknown entry of a framework",
				"ours/entra/defaults.hcl:8,16-173: Unknown entry of a framework", "ours/entra/defaults.hcl:8,16-173: Unknown entry of a framework",
			},
		},
		"tests": {map[string]string{"entra/defaults_test.rego": ""}, []string{"ours/entra/defaults.hcl:1,1-19: No tests"}},
		"default": {
			map[string]string{"entra/defaults.rego": strings.Replace(settingRego, "default compliant := false\n", "applicable if true\n", 1)},
			[]string{"ours/entra/defaults.rego:3,1-11: Decision without a default", "ours/entra/defaults.rego:3,1-11: No reason why it does not apply", "ours/entra/defaults.rego:5,1-10: Decision without a default"},
		},
		"default that earns points": {
			map[string]string{"entra/defaults.rego": strings.Replace(settingRego, "default compliant := false", "default compliant := true", 1)},
			[]string{"ours/entra/defaults.rego:3,22-26: Unfit default"},
		},
		"default of another type": {
			map[string]string{"entra/defaults.rego": settingRego + "\ndefault applicable := \"no\"\n\nnot_applicable contains \"why\"\n"},
			[]string{"ours/entra/defaults.rego:7,23-27: Unfit default"},
		},
		"default that leaves out": {map[string]string{"entra/defaults.rego": settingRego + "\ndefault applicable := false\n\nnot_applicable contains \"why\"\n"}, nil},
		"direction of writing": {
			map[string]string{
				"entra/defaults.hcl":  "# a\u202eb\n" + settingHCL,
				"entra/defaults.rego": strings.Replace(settingRego, "\n\n", "\n\n# é\u2066 or \u2069\n", 1),
				"catalog.hcl":         "# a\tb\r\n# א\n# a\rb\n",
			},
			[]string{"ours/catalog.hcl:3,4-5: Control character", "ours/entra/defaults.hcl:1,4-5: Control character", "ours/entra/defaults.rego:3,4-5: Control character"},
		},
		"reasons as sentences": {
			map[string]string{"entra/defaults.rego": settingRego + "\nreasons contains \"Security defaults are off.\" if not compliant\n\nreasons contains `they\u00e9 are \"off\".` if not compliant\n\nreasons contains \"and so on...\" if not compliant\n\nreasons contains sprintf(\"%d.\", [1]) if not compliant\n"},
			[]string{"ours/entra/defaults.rego:7,18-46: Unfit reason", "ours/entra/defaults.rego:9,18-36: Unfit reason"},
		},
		"unknown plan": {
			map[string]string{"entra/defaults.hcl": strings.Replace(settingHCL, "threats  = []", "threats  = []\n  prerequisite {\n    service_plans = [\"AAD_PREMIUM\", \"aad_premum_p2\"]\n  }", 1)},
			[]string{"ours/entra/defaults.hcl:8,3-15: Unknown service plan"},
		},
		"plans of licenses": {
			map[string]string{"catalog.hcl": `
license "of_plans" {
  title = "Of plans"
  plans = ["exchange_s_standard", "EXCHANGE_S_STANDARDS"]
}
license "of_ids" {
  title = "Of ids"
  plans = { EXCHANGE_S_STANDARD = "9aaf7827-d63c-4b61-89c3-182f06f82e5d" }
}
product "of_plans" {
  title   = "Of plans"
  license = "of_plans"
}
product "listed" {
  title         = "Listed"
  service_plans = ["9aaf7827-d63c-4b61-89c3-182f06f82e5c", "EXCHANGE_S_STANDART"]
}
`},
			[]string{
				"ours/catalog.hcl:2,1-19: Unknown service plan", "ours/catalog.hcl:6,1-17: Another id of a service plan",
				"ours/catalog.hcl:14,1-17: Unknown service plan",
			},
		},
		"tests that don't compile": {
			map[string]string{"entra/defaults_test.rego": "package policies.entra.defaults_test\n\ntest_on if nothing\n"},
			[]string{`ours/entra/defaults_test.rego:3,12-19: Unknown name "nothing"`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{
				"entra/defaults.hcl":       settingHCL,
				"entra/defaults.rego":      settingRego,
				"entra/defaults_test.rego": "package policies.entra.defaults_test\n\nimport data.policies.entra.defaults\n\ntest_off if not defaults.compliant with data.evidence as {}\n",
			}
			maps.Copy(files, test.change)
			maps.DeleteFunc(files, func(_, text string) bool { return text == "" })
			problems := must.Get(catalog.Check(t.Context(), mustLoad(t, source(t, "ours", files))))(t)
			var got []string
			if problems != nil {
				for _, d := range problems.Diagnostics {
					got = append(got, d.Subject.String()+": "+d.Summary)
				}
			}
			expect.Equalf(t, test.want, got, "problems")
		})
	}
}
