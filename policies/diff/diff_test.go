package diff_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/posture-score/posture/policies"
	"github.com/posture-score/posture/policies/diff"
	"github.com/posture-score/posture/schemas"
)

// files are a small catalog: a family of two that rests on shared Rego, a setting, and a control without a rule.
var files = map[string]string{
	"catalog.hcl": `catalog {
  version = "1.0.0"
}
product "house" {
  title         = "The house"
  service_plans = ["HOUSE_S"]
}
`,
	"guests.hcl": `defaults {
  category = "identity"
  product  = "house"
  tier     = "core"
  threats  = ["data_spillage"]
  coverage "entra.users" {
    when_empty = "full"
    match      = { userType = "Guest" }
    join "registration" {
      dataset = "entra.user_registration"
    }
  }
  context = ["entra.security_defaults"]
  parameter "allowed" {
    type        = list(string)
    description = "Who may stay"
  }
  prerequisite {
    service_plans = ["HOUSE_S", "HOUSE_P"]
  }
  prerequisite {
    control = "Signed"
  }
  implementation {
    manage_url = "https://house.example/"
    steps      = ["Look at them."]
    learn_more = { "Guests" = "https://house.example/guests" }
  }
  frameworks = { mitre_attack = ["T1078"] }
  source     = "House rules"
}
control "GuestsA" {
  title      = "Know your guests"
  points     = 4
  parameters = { allowed = ["ada"] }
}
control "GuestsB" {
  title      = "Feed your guests"
  points     = 2.5
  parameters = { allowed = ["ben"] }
}
`,
	"guests.rego": `package policies.guests

import data.policies.lib.first

default compliant := false

compliant if first.known(input.mail, data.parameters.allowed)
`,
	"doors.hcl":      strings.NewReplacer(`"ID"`, `"Doors"`, "WAY", "setting {}\n  context = [\"entra.security_defaults\"]").Replace(oneHCL),
	"doors.rego":     "package policies.doors\n\ndefault compliant := false\n\ncompliant if data.evidence.entra.security_defaults.isEnabled == true\n",
	"signed.hcl":     strings.NewReplacer(`"ID"`, `"Signed"`, "WAY", "attested {}").Replace(oneHCL),
	"lib/first.rego": "package policies.lib.first\n\nimport data.policies.lib.second\n\nknown(name, names) if second.within(name, names)\n",
	"lib/second.rego": `package policies.lib.second

within(name, names) if name in names
`,
	"lib/unused.rego": "package policies.lib.unused\n\nno := false\n",
}

const oneHCL = `control "ID" {
  title    = "Turn it on"
  category = "identity"
  product  = "house"
  points   = 3
  tier     = "core"
  threats  = []
  WAY
  implementation {
    steps = ["Turn it on."]
  }
  source = "House rules"
}
`

func load(t *testing.T, files map[string]string) *policies.Catalog {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	source, err := policies.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	lent, err := policies.Products()
	if err != nil {
		t.Fatal(err)
	}
	datasets, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := policies.Load(t.Context(), datasets, lent, source)
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}

// edit returns the files with pairs of texts replaced in one of them.
func edit(name string, pairs ...string) map[string]string {
	edited := map[string]string{}
	for path, text := range files {
		edited[path] = text
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(edited[name], pairs[i]) {
			panic(name + " has no " + pairs[i])
		}
		edited[name] = strings.ReplaceAll(edited[name], pairs[i], pairs[i+1])
	}
	return edited
}

// moved returns the files with one under another path and, if it is Rego, package.
func moved(from, to string) map[string]string {
	edited := edit(from + ".hcl")
	for _, ending := range []string{".hcl", ".rego"} {
		text := strings.Replace(edited[from+ending], "package policies."+from, "package policies."+to, 1)
		delete(edited, from+ending)
		edited[to+ending] = text
	}
	return edited
}

// attested returns the files with a setting that needs no rule any more.
func attested(name string) map[string]string {
	edited := edit(name+".hcl", "setting {}\n  context = [\"entra.security_defaults\"]", "attested {}")
	delete(edited, name+".rego")
	return edited
}

func both(changes ...diff.Change) map[string][]diff.Change {
	return map[string][]diff.Change{"GuestsA": changes, "GuestsB": changes}
}

// TestStagesCount: a control that counts no longer takes its points with it, though it may keep them.
func TestStagesCount(t *testing.T) {
	before := load(t, files)
	for _, stage := range []string{"preview", "deprecated"} {
		after := load(t, edit("guests.hcl", "= 2.5", fmt.Sprintf("= 2.5\n  stage = %q\n  reason = \"a test\"", stage)))
		d := diff.Catalogs(before, after)
		if lost := d.Old.Points - d.New.Points; lost != 250 || d.Old.Controls != d.New.Controls {
			t.Errorf("%s: %d hundredths of a point are lost, of %+v and %+v", stage, lost, d.Old, d.New)
		}
	}
}

// TestChanges makes one change to a catalog after another.
func TestChanges(t *testing.T) {
	rules := "policies.guests"
	join := policies.Join{Name: "registration", Dataset: "entra.user_registration", On: "id"}
	tests := []struct {
		name  string
		files map[string]string
		want  map[string][]diff.Change
	}{
		{"nothing", files, nil},
		{"Rego that no rule refers to", edit("lib/unused.rego", "false", "true"), nil},
		{"points", edit("guests.hcl", "= 2.5", "= 3"), map[string][]diff.Change{"GuestsB": {{Kind: diff.Points, Old: int64(250), New: int64(300)}}}},
		{"stage", edit("guests.hcl", "= 2.5", "= 2.5\n  stage = \"preview\""), map[string][]diff.Change{"GuestsB": {{Kind: diff.Stage, Old: "current", New: "preview"}}}},
		{"replacement", edit("guests.hcl", "= 2.5", "= 2.5\n  stage = \"deprecated\"\n  replaced_by = \"Signed\""), map[string][]diff.Change{
			"GuestsB": {{Kind: diff.Stage, Old: "current", New: "deprecated"}, {Kind: diff.ReplacedBy, New: "Signed"}},
		}},
		{"rule", edit("guests.rego", "input.mail", "input.displayName"), both(diff.Change{Kind: diff.Rule, Name: rules, Old: rules, New: rules})},
		{
			"rule in other words", edit("guests.rego", "compliant if first", "# Who is known.\ncompliant if first"),
			both(diff.Change{Kind: diff.RuleText, Name: rules, Old: rules, New: rules}),
		},
		{
			"shared rule", edit("lib/second.rego", "name in names", "lower(name) in names"),
			both(diff.Change{Kind: diff.SharedRule, Name: "policies.lib.second", Old: "policies.lib.second", New: "policies.lib.second"}),
		},
		{
			"shared rule in other words", edit("lib/first.rego", "known(", "# known\nknown("),
			both(diff.Change{Kind: diff.RuleText, Name: "policies.lib.first", Old: "policies.lib.first", New: "policies.lib.first"}),
		},
		{"shared rule no longer used", edit("lib/first.rego", "import data.policies.lib.second\n\n", "", "second.within(name, names)", "name in names"), both(
			diff.Change{Kind: diff.SharedRule, Name: "policies.lib.first", Old: "policies.lib.first", New: "policies.lib.first"},
			diff.Change{Kind: diff.SharedRule, Name: "policies.lib.second", Old: "policies.lib.second"})},
		{"rule moved", moved("guests", "visitors"), both(diff.Change{Kind: diff.RulePlace, Old: rules, New: "policies.visitors"})},
		{"way to earn", attested("doors"), map[string][]diff.Change{"Doors": {
			{Kind: diff.Earning, Old: "setting", New: "attested"},
			{Kind: diff.Rule, Name: "policies.doors", Old: "policies.doors"},
			{Kind: diff.Context, Name: "entra.security_defaults", Old: "entra.security_defaults"},
		}}},
		{"population", edit("guests.hcl", `"entra.users"`, `"entra.groups"`, "userType", "visibility", `"Guest"`, `"Private"`), both(
			diff.Change{Kind: diff.Population, Old: "entra.users", New: "entra.groups"},
			diff.Change{Kind: diff.Match, Name: "userType", Old: "Guest"},
			diff.Change{Kind: diff.Match, Name: "visibility", New: "Private"})},
		{"match", edit("guests.hcl", `"Guest"`, `"Member"`), both(diff.Change{Kind: diff.Match, Name: "userType", Old: "Guest", New: "Member"})},
		{"join", edit("guests.hcl", `join "registration"`, `join "roles"`, "user_registration\"", "role_assignments\"\n on = \"principalId\"\n many = true"), both(
			diff.Change{Kind: diff.Beside, Name: "registration", Old: join},
			diff.Change{Kind: diff.Beside, Name: "roles", New: policies.Join{Name: "roles", Dataset: "entra.role_assignments", On: "principalId", Many: true}})},
		{"when empty", edit("guests.hcl", `"full"`, `"not_applicable"`), both(diff.Change{Kind: diff.WhenEmpty, Old: "full", New: "not_applicable"})},
		{"credit", edit("guests.hcl", `"full"`, "\"full\"\n credit = \"all_or_nothing\""), both(diff.Change{Kind: diff.Credit, Old: "partial", New: "all_or_nothing"})},
		{"context", edit("guests.hcl", "entra.security_defaults", "entra.conditional_access_policies"), both(
			diff.Change{Kind: diff.Context, Name: "entra.conditional_access_policies", New: "entra.conditional_access_policies"},
			diff.Change{Kind: diff.Context, Name: "entra.security_defaults", Old: "entra.security_defaults"})},
		{
			"parameter", edit("guests.hcl", `["ada"]`, `["ada", "eve"]`),
			map[string][]diff.Change{"GuestsA": {{Kind: diff.Parameter, Name: "allowed", Old: []any{"ada"}, New: []any{"ada", "eve"}}}},
		},
		{
			"another parameter", edit("guests.hcl", `parameter "allowed"`, "parameter \"most\" {\n type = number\n default = 3\n}\nparameter \"allowed\""),
			both(diff.Change{Kind: diff.Parameter, Name: "most", New: json.Number("3")}),
		},
		{
			"type of a parameter", edit("guests.hcl", "list(string)", "set(string)"),
			both(diff.Change{Kind: diff.ParameterType, Name: "allowed", Old: "list(string)", New: "set(string)"}),
		},
		{"prerequisites", edit("guests.hcl", `, "HOUSE_P"`, "", `"Signed"`, `"Doors"`), both(
			diff.Change{Kind: diff.Prerequisite, Old: policies.Prerequisite{ServicePlans: []string{"HOUSE_P", "HOUSE_S"}}},
			diff.Change{Kind: diff.Prerequisite, Old: policies.Prerequisite{Control: "Signed"}},
			diff.Change{Kind: diff.Prerequisite, New: policies.Prerequisite{ServicePlans: []string{"HOUSE_S"}}},
			diff.Change{Kind: diff.Prerequisite, New: policies.Prerequisite{Control: "Doors"}})},
		{"category", edit("doors.hcl", `"identity"`, `"device"`), map[string][]diff.Change{"Doors": {{Kind: diff.Category, Old: "identity", New: "device"}}}},
		{"product", edit("doors.hcl", `"house"`, `"entra_id"`), map[string][]diff.Change{"Doors": {{Kind: diff.OfProduct, Old: "house", New: "entra_id"}}}},
		{"threats", edit("doors.hcl", "[]", `["account_breach"]`), map[string][]diff.Change{"Doors": {{Kind: diff.Threats, New: []string{"account_breach"}}}}},
		{
			"framework", edit("guests.hcl", `"T1078"`, `"T1078.004"`),
			both(diff.Change{Kind: diff.Framework, Name: "mitre_attack", Old: []string{"T1078"}, New: []string{"T1078.004"}}),
		},
		{
			"texts", edit("guests.hcl", "Feed your guests", "Feed them", "Look at", "See", "Who may stay", "Who may not", "/guests", "/all", "= \"House rules\"", "= \"New rules\""),
			map[string][]diff.Change{
				"GuestsA": {{Kind: diff.Texts, Names: []string{"descriptions of parameters", "steps", "further reading", "source"}}},
				"GuestsB": {{Kind: diff.Texts, Names: []string{"title", "descriptions of parameters", "steps", "further reading", "source"}}},
			},
		},
	}
	before := load(t, files)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			after := load(t, test.files)
			d := diff.Catalogs(before, after)
			got := map[string][]diff.Change{}
			for _, c := range d.Changed {
				got[c.New.ID] = c.Changes
			}
			if d := cmp.Diff(test.want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(policies.Prerequisite{}, "Range")); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if before.Digest() != after.Digest() && d.Same() {
				t.Error("the digests differ, and nothing else does")
			}
			back := diff.Catalogs(after, before)
			if len(back.Changed) != len(d.Changed) || back.Old != d.New || back.New != d.Old {
				t.Error("the other way round it is not the opposite")
			}
		})
	}
}

// TestControls adds and removes controls and products.
func TestControls(t *testing.T) {
	later := edit("catalog.hcl", `"1.0.0"`, `"1.1.0"`, `"HOUSE_S"`, `"HOUSE_P", "HOUSE_S"`)
	delete(later, "doors.hcl")
	delete(later, "doors.rego")
	later["garden.hcl"] = "product \"garden\" {\n  title = \"The garden\"\n}\n" +
		strings.NewReplacer(`"ID"`, `"Garden"`, "WAY", "attested {}", `"house"`, `"garden"`, "= 3", "= 0.75").Replace(oneHCL)
	before, after := load(t, files), load(t, later)
	d := diff.Catalogs(before, after)
	type sum struct {
		Old, New       diff.Side
		Added, Removed []string
		Products       map[string][]diff.Change
		Gone           []bool // of products: not in the old, not in the new
	}
	got := sum{Old: d.Old, New: d.New, Products: map[string][]diff.Change{}}
	for _, c := range d.Added {
		got.Added = append(got.Added, c.ID)
	}
	for _, c := range d.Removed {
		got.Removed = append(got.Removed, c.ID)
	}
	for _, p := range d.Products {
		got.Products[p.ID] = p.Changes
		got.Gone = append(got.Gone, p.Old == nil, p.New == nil)
	}
	want := sum{
		Old:   diff.Side{Version: "1.0.0", Digest: before.Digest(), Controls: 4, Points: 1250},
		New:   diff.Side{Version: "1.1.0", Digest: after.Digest(), Controls: 4, Points: 1025},
		Added: []string{"Garden"}, Removed: []string{"Doors"},
		Products: map[string][]diff.Change{
			"garden": nil, "house": {{Kind: diff.ServicePlans, Old: []string{"HOUSE_S"}, New: []string{"HOUSE_P", "HOUSE_S"}}},
		},
		Gone: []bool{true, false, false, false},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestVersion finds catalogs that differ in nothing but what they call themselves.
func TestVersion(t *testing.T) {
	d := diff.Catalogs(load(t, files), load(t, edit("catalog.hcl", "1.0.0", "1.0.1")))
	if d.Same() || len(d.Changed)+len(d.Added)+len(d.Removed)+len(d.Products) > 0 {
		t.Errorf("got %+v", d)
	}
	if d := diff.Catalogs(load(t, files), load(t, files)); !d.Same() {
		t.Errorf("a catalog differs from itself: %+v", d)
	}
}
