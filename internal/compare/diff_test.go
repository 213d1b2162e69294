package compare_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/compare"
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

func load(t *testing.T, files map[string]string) *catalog.Catalog {
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
	source, err := catalog.Dir(dir)
	if err != nil {
		t.Fatal(err)
	}
	lent, err := catalog.Products()
	if err != nil {
		t.Fatal(err)
	}
	datasets, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Load(t.Context(), datasets, lent, source)
	if err != nil {
		t.Fatal(err)
	}
	return cat
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

func both(changes ...compare.Change) map[string][]compare.Change {
	return map[string][]compare.Change{"GuestsA": changes, "GuestsB": changes}
}

// TestStagesCount: a control that counts no longer takes its points with it, though it may keep them.
func TestStagesCount(t *testing.T) {
	before := load(t, files)
	for _, stage := range []string{"preview", "deprecated"} {
		after := load(t, edit("guests.hcl", "= 2.5", fmt.Sprintf("= 2.5\n  stage = %q\n  reason = \"a test\"", stage)))
		d := compare.Catalogs(before, after)
		if lost := d.Old.Points - d.New.Points; lost != 250 || d.Old.Controls != d.New.Controls {
			t.Errorf("%s: %d hundredths of a point are lost, of %+v and %+v", stage, lost, d.Old, d.New)
		}
	}
}

// TestChanges makes one change to a catalog after another.
func TestChanges(t *testing.T) {
	rules := "policies.guests"
	join := catalog.Join{Name: "registration", Dataset: "entra.user_registration", On: "id"}
	tests := []struct {
		name  string
		files map[string]string
		want  map[string][]compare.Change
	}{
		{"nothing", files, nil},
		{"Rego that no rule refers to", edit("lib/unused.rego", "false", "true"), nil},
		{"points", edit("guests.hcl", "= 2.5", "= 3"), map[string][]compare.Change{"GuestsB": {{Kind: compare.Points, Old: int64(250), New: int64(300)}}}},
		{"stage", edit("guests.hcl", "= 2.5", "= 2.5\n  stage = \"preview\""), map[string][]compare.Change{"GuestsB": {{Kind: compare.Stage, Old: "current", New: "preview"}}}},
		{"replacement", edit("guests.hcl", "= 2.5", "= 2.5\n  stage = \"deprecated\"\n  replaced_by = \"Signed\""), map[string][]compare.Change{
			"GuestsB": {{Kind: compare.Stage, Old: "current", New: "deprecated"}, {Kind: compare.ReplacedBy, New: "Signed"}},
		}},
		{"rule", edit("guests.rego", "input.mail", "input.displayName"), both(compare.Change{Kind: compare.Rule, Name: rules, Old: rules, New: rules})},
		{
			"rule in other words", edit("guests.rego", "compliant if first", "# Who is known.\ncompliant if first"),
			both(compare.Change{Kind: compare.RuleText, Name: rules, Old: rules, New: rules}),
		},
		{
			"shared rule", edit("lib/second.rego", "name in names", "lower(name) in names"),
			both(compare.Change{Kind: compare.SharedRule, Name: "policies.lib.second", Old: "policies.lib.second", New: "policies.lib.second"}),
		},
		{
			"shared rule in other words", edit("lib/first.rego", "known(", "# known\nknown("),
			both(compare.Change{Kind: compare.RuleText, Name: "policies.lib.first", Old: "policies.lib.first", New: "policies.lib.first"}),
		},
		{"shared rule no longer used", edit("lib/first.rego", "import data.policies.lib.second\n\n", "", "second.within(name, names)", "name in names"), both(
			compare.Change{Kind: compare.SharedRule, Name: "policies.lib.first", Old: "policies.lib.first", New: "policies.lib.first"},
			compare.Change{Kind: compare.SharedRule, Name: "policies.lib.second", Old: "policies.lib.second"})},
		{"rule moved", moved("guests", "visitors"), both(compare.Change{Kind: compare.RulePlace, Old: rules, New: "policies.visitors"})},
		{"way to earn", attested("doors"), map[string][]compare.Change{"Doors": {
			{Kind: compare.Earning, Old: "setting", New: "attested"},
			{Kind: compare.Rule, Name: "policies.doors", Old: "policies.doors"},
			{Kind: compare.Context, Name: "entra.security_defaults", Old: "entra.security_defaults"},
		}}},
		{"population", edit("guests.hcl", `"entra.users"`, `"entra.groups"`, "userType", "visibility", `"Guest"`, `"Private"`), both(
			compare.Change{Kind: compare.Population, Old: "entra.users", New: "entra.groups"},
			compare.Change{Kind: compare.Match, Name: "userType", Old: "Guest"},
			compare.Change{Kind: compare.Match, Name: "visibility", New: "Private"})},
		{"match", edit("guests.hcl", `"Guest"`, `"Member"`), both(compare.Change{Kind: compare.Match, Name: "userType", Old: "Guest", New: "Member"})},
		{"join", edit("guests.hcl", `join "registration"`, `join "roles"`, "user_registration\"", "role_assignments\"\n on = \"principalId\"\n many = true"), both(
			compare.Change{Kind: compare.Beside, Name: "registration", Old: join},
			compare.Change{Kind: compare.Beside, Name: "roles", New: catalog.Join{Name: "roles", Dataset: "entra.role_assignments", On: "principalId", Many: true}})},
		{"when empty", edit("guests.hcl", `"full"`, `"not_applicable"`), both(compare.Change{Kind: compare.WhenEmpty, Old: "full", New: "not_applicable"})},
		{"credit", edit("guests.hcl", `"full"`, "\"full\"\n credit = \"all_or_nothing\""), both(compare.Change{Kind: compare.Credit, Old: "partial", New: "all_or_nothing"})},
		{"context", edit("guests.hcl", "entra.security_defaults", "entra.conditional_access_policies"), both(
			compare.Change{Kind: compare.Context, Name: "entra.conditional_access_policies", New: "entra.conditional_access_policies"},
			compare.Change{Kind: compare.Context, Name: "entra.security_defaults", Old: "entra.security_defaults"})},
		{
			"parameter", edit("guests.hcl", `["ada"]`, `["ada", "eve"]`),
			map[string][]compare.Change{"GuestsA": {{Kind: compare.Parameter, Name: "allowed", Old: []any{"ada"}, New: []any{"ada", "eve"}}}},
		},
		{
			"another parameter", edit("guests.hcl", `parameter "allowed"`, "parameter \"most\" {\n type = number\n default = 3\n}\nparameter \"allowed\""),
			both(compare.Change{Kind: compare.Parameter, Name: "most", New: json.Number("3")}),
		},
		{
			"type of a parameter", edit("guests.hcl", "list(string)", "set(string)"),
			both(compare.Change{Kind: compare.ParameterType, Name: "allowed", Old: "list(string)", New: "set(string)"}),
		},
		{"prerequisites", edit("guests.hcl", `, "HOUSE_P"`, "", `"Signed"`, `"Doors"`), both(
			compare.Change{Kind: compare.Prerequisite, Old: catalog.Prerequisite{ServicePlans: []string{"HOUSE_P", "HOUSE_S"}}},
			compare.Change{Kind: compare.Prerequisite, Old: catalog.Prerequisite{Control: "Signed"}},
			compare.Change{Kind: compare.Prerequisite, New: catalog.Prerequisite{ServicePlans: []string{"HOUSE_S"}}},
			compare.Change{Kind: compare.Prerequisite, New: catalog.Prerequisite{Control: "Doors"}})},
		{"category", edit("doors.hcl", `"identity"`, `"device"`), map[string][]compare.Change{"Doors": {{Kind: compare.Category, Old: "identity", New: "device"}}}},
		{"product", edit("doors.hcl", `"house"`, `"entra_id"`), map[string][]compare.Change{"Doors": {{Kind: compare.OfProduct, Old: "house", New: "entra_id"}}}},
		{"threats", edit("doors.hcl", "[]", `["account_breach"]`), map[string][]compare.Change{"Doors": {{Kind: compare.Threats, New: []string{"account_breach"}}}}},
		{
			"framework", edit("guests.hcl", `"T1078"`, `"T1078.004"`),
			both(compare.Change{Kind: compare.Framework, Name: "mitre_attack", Old: []string{"T1078"}, New: []string{"T1078.004"}}),
		},
		{
			"texts", edit("guests.hcl", "Feed your guests", "Feed them", "Look at", "See", "Who may stay", "Who may not", "/guests", "/all", "= \"House rules\"", "= \"New rules\""),
			map[string][]compare.Change{
				"GuestsA": {{Kind: compare.Texts, Names: []string{"descriptions of parameters", "steps", "further reading", "source"}}},
				"GuestsB": {{Kind: compare.Texts, Names: []string{"title", "descriptions of parameters", "steps", "further reading", "source"}}},
			},
		},
	}
	before := load(t, files)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			after := load(t, test.files)
			d := compare.Catalogs(before, after)
			got := map[string][]compare.Change{}
			for _, c := range d.Changed {
				got[c.New.ID] = c.Changes
			}
			if d := cmp.Diff(test.want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(catalog.Prerequisite{}, "Range")); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if before.Digest() != after.Digest() && d.Same() {
				t.Error("the digests differ, and nothing else does")
			}
			back := compare.Catalogs(after, before)
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
	d := compare.Catalogs(before, after)
	type sum struct {
		Old, New       compare.Side
		Added, Removed []string
		Products       map[string][]compare.Change
		Gone           []bool // of products: not in the old, not in the new
	}
	got := sum{Old: d.Old, New: d.New, Products: map[string][]compare.Change{}}
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
		Old:   compare.Side{Version: "1.0.0", Digest: before.Digest(), Controls: 4, Points: 1250},
		New:   compare.Side{Version: "1.1.0", Digest: after.Digest(), Controls: 4, Points: 1025},
		Added: []string{"Garden"}, Removed: []string{"Doors"},
		Products: map[string][]compare.Change{
			"garden": nil, "house": {{Kind: compare.ServicePlans, Old: []string{"HOUSE_S"}, New: []string{"HOUSE_P", "HOUSE_S"}}},
		},
		Gone: []bool{true, false, false, false},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestVersion finds catalogs that differ in nothing but what they call themselves.
func TestVersion(t *testing.T) {
	d := compare.Catalogs(load(t, files), load(t, edit("catalog.hcl", "1.0.0", "1.0.1")))
	if d.Same() || len(d.Changed)+len(d.Added)+len(d.Removed)+len(d.Products) > 0 {
		t.Errorf("got %+v", d)
	}
	if d := compare.Catalogs(load(t, files), load(t, files)); !d.Same() {
		t.Errorf("a catalog differs from itself: %+v", d)
	}
}
