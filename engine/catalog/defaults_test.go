package catalog_test

import (
	"encoding/json"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

const sharedDefaults = `defaults {
  title           = "Shared title"
  description     = "Shared description"
  category        = "identity"
  product         = "entra_id"
  points          = 5
  tier            = "core"
  difficulty      = "low"
  user_impact     = "low"
  complexity      = "low"
  confidence      = "medium"
  threats         = ["spoofing", "account_breach"]
  user_impact_text = "Shared impact"
  frameworks      = { scuba = ["b", "a"] }
  source          = "Shared source"
  setting {}
  context = ["entra.security_defaults"]
  parameter "limit" {
    type    = number
    default = 1
  }
  parameters = { limit = 2 }
  prerequisite {
    service_plans = ["AAD_PREMIUM_P2", "AAD_PREMIUM"]
  }
  implementation {
    manage_url = "https://example.com/"
    steps      = ["Shared step"]
    learn_more = { "B" = "https://example.com/b", "A" = "https://example.com/a" }
  }
}

`

// TestDefaults says what a control takes from the defaults of its file, and what it replaces.
func TestDefaults(t *testing.T) {
	shared := func() *catalog.Control {
		return &catalog.Control{
			ID: "A", Title: "Shared title", Description: "Shared description", Category: "identity", Product: "entra_id", Points: 500,
			Tier: "core", Difficulty: "low", UserImpact: "low", Complexity: "low", Confidence: "medium",
			Threats: []string{"account_breach", "spoofing"}, Kind: catalog.KindSetting, Context: []string{"entra.security_defaults"},
			Parameters:    []catalog.Parameter{{Name: "limit", Value: json.Number("2")}},
			Prerequisites: []catalog.Prerequisite{{ServicePlans: []string{"AAD_PREMIUM", "AAD_PREMIUM_P2"}}}, UserImpactText: "Shared impact",
			Implementation: catalog.Implementation{
				ManageURL: "https://example.com/", Steps: []string{"Shared step"},
				LearnMore: []catalog.Link{{Title: "A", URL: "https://example.com/a"}, {Title: "B", URL: "https://example.com/b"}},
			},
			Frameworks: map[string][]string{"scuba": {"a", "b"}}, Source: "Shared source", Package: "policies.entra.a",
		}
	}
	tests := map[string]struct {
		own    string
		change func(c *catalog.Control)
	}{
		"nothing of its own": {"", func(*catalog.Control) {}},
		"texts": {
			"title = \"Own\"\ndescription = \"\"\nsource = \"Own\"\nuser_impact_text = \"Own\"",
			func(c *catalog.Control) {
				c.Title, c.Description, c.Source, c.UserImpactText = "Own", "", "Own", "Own"
			},
		},
		"facts": {
			"category = \"data\"\nproduct = \"purview\"\npoints = 0.25\ntier = \"advanced\"\ndifficulty = \"high\"\nuser_impact = \"moderate\"\ncomplexity = \"unknown\"\nconfidence = \"low\"",
			func(c *catalog.Control) {
				c.Category, c.Product, c.Points, c.Tier = "data", "purview", 25, "advanced"
				c.Difficulty, c.UserImpact, c.Complexity, c.Confidence = "high", "moderate", "unknown", "low"
			},
		},
		"no threats":         {"threats = []", func(c *catalog.Control) { c.Threats = []string{} }},
		"other threats":      {"threats = [\"spoofing\", \"spoofing\"]", func(c *catalog.Control) { c.Threats = []string{"spoofing"} }},
		"another framework":  {"frameworks = { nist = [\"x\"] }", func(c *catalog.Control) { c.Frameworks["nist"] = []string{"x"} }},
		"the same framework": {"frameworks = { scuba = [\"c\"] }", func(c *catalog.Control) { c.Frameworks["scuba"] = []string{"c"} }},
		"no such framework":  {"frameworks = { scuba = [] }", func(c *catalog.Control) { delete(c.Frameworks, "scuba") }},
		"other context": {
			"context = [\"entra.security_defaults\", \"entra.authorization_policy\"]",
			func(c *catalog.Control) {
				c.Context = []string{"entra.authorization_policy", "entra.security_defaults"}
			},
		},
		"another value": {
			"parameters = { limit = 3.50 }",
			func(c *catalog.Control) { c.Parameters[0].Value = json.Number("3.5") },
		},
		"a parameter more": {
			"parameters = { names = [\"b\", \"a\"] }\nparameter \"names\" {\n type = set(string)\n description = \"Own\"\n }",
			func(c *catalog.Control) {
				c.Parameters = []catalog.Parameter{
					{Name: "limit", Value: json.Number("1")}, {Name: "names", Description: "Own", Value: []any{"a", "b"}},
				}
			},
		},
		"another kind": {
			"graded {}",
			func(c *catalog.Control) { c.Kind = catalog.KindGraded },
		},
		"another prerequisite": {
			"prerequisite {\n control = \"B\"\n }",
			func(c *catalog.Control) { c.Prerequisites = []catalog.Prerequisite{{Control: "B"}} },
		},
		"another implementation": {
			"implementation {\n steps = [\"Own step\"]\n }",
			func(c *catalog.Control) { c.Implementation.Steps = []string{"Own step"} },
		},
		"an implementation of its own": {
			"implementation {\n manage_url = \"https://example.com/own\"\n steps = [\"Own step\"]\n learn_more = {}\n }",
			func(c *catalog.Control) {
				c.Implementation = catalog.Implementation{ManageURL: "https://example.com/own", Steps: []string{"Own step"}}
			},
		},
		"coverage": {
			"coverage \"entra.users\" {\n when_empty = \"full\"\n credit = \"all_or_nothing\"\n match = { userType = \"Member\", accountEnabled = true }\n" +
				"join \"roles\" {\n dataset = \"entra.role_assignments\"\n on = \"principalId\"\n many = true\n unmatched = \"ignore\"\n }\n join \"registration\" {\n dataset = \"entra.user_registration\"\n }\n }",
			func(c *catalog.Control) {
				c.Kind = catalog.KindCoverage
				c.Coverage = &catalog.Coverage{
					Dataset: "entra.users", WhenEmpty: "full", AllOrNothing: true,
					Match: []catalog.Match{{Field: "accountEnabled", Value: true}, {Field: "userType", Value: "Member"}},
					Joins: []catalog.Join{
						{Name: "registration", Dataset: "entra.user_registration", On: "id"},
						{Name: "roles", Dataset: "entra.role_assignments", On: "principalId", Many: true, IgnoreUnmatched: true},
					},
				}
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := shared()
			test.change(want)
			cat := mustLoad(t, source(t, "ours", map[string]string{
				"entra/a.hcl":  sharedDefaults + "control \"A\" {\n" + test.own + "\n}\n",
				"entra/a.rego": "package policies.entra.a\n\n" + decisions(want.Kind),
				"entra/b.hcl":  attestedHCL("B"),
			}))
			expect.Equalf(t, asJSON(t, want), asJSON(t, control(t, cat, "A")), "control")
		})
	}
}

// decisions are the rules that a kind of control needs.
func decisions(kind catalog.Kind) string {
	if kind == catalog.KindGraded {
		return "default fraction := 0\n\nreasons contains \"none\"\n"
	}
	return "default compliant := false\n"
}

// asJSON is what a control declares, without where it does.
func asJSON(t *testing.T, c *catalog.Control) string {
	t.Helper()
	text := must.Get(json.MarshalIndent(c, "", "\t"))(t)
	return string(text)
}
