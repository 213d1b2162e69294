package catalog_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// compared is a small catalog: a family of two that rests on shared Rego, a setting, and a control
// without a rule.
var compared = archivedCatalog("compared")

// archivedCatalog returns the files of a catalog in testdata/catalogs.
func archivedCatalog(name string) map[string]string {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "catalogs", name+".txtar"))
	if err != nil {
		panic(err)
	}
	files := map[string]string{}
	for _, file := range archive.Files {
		files[file.Name] = string(file.Data)
	}
	return files
}

const comparedHCL = `control "ID" {
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

func loadFiles(t *testing.T, files map[string]string) *catalog.Catalog {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		must.Do(t, os.MkdirAll(filepath.Dir(name), 0o755))
		must.Do(t, os.WriteFile(name, []byte(text), 0o644))
	}
	source := must.Get(catalog.Dir(dir))(t)
	lent := must.Get(catalog.Products())(t)
	datasets := must.Get(schemas.Builtin())(t)
	return must.Get(catalog.Load(t.Context(), datasets, lent, source))(t)
}

// edit returns the files with pairs of texts replaced in one of them.
func edited(name string, pairs ...string) map[string]string {
	edited := map[string]string{}
	for path, text := range compared {
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
func movedTo(from, to string) map[string]string {
	edited := edited(from + ".hcl")
	for _, ending := range []string{".hcl", ".rego"} {
		text := strings.Replace(edited[from+ending], "package policies."+from, "package policies."+to, 1)
		delete(edited, from+ending)
		edited[to+ending] = text
	}
	return edited
}

// attested returns the files with a setting that needs no rule any more.
func withoutRule(name string) map[string]string {
	edited := edited(name+".hcl", "setting {}\n  context = [\"entra.security_defaults\"]", "attested {}")
	delete(edited, name+".rego")
	return edited
}

func bothGuests(changes ...catalog.Change) map[string][]catalog.Change {
	return map[string][]catalog.Change{"GuestsA": changes, "GuestsB": changes}
}

// TestCompareStages: a control that counts no longer takes its points with it, though it may keep them.
func TestCompareStages(t *testing.T) {
	before := loadFiles(t, compared)
	for _, stage := range []string{"preview", "deprecated"} {
		after := loadFiles(t, edited("guests.hcl", "= 2.5", fmt.Sprintf("= 2.5\n  stage = %q\n  reason = \"a test\"", stage)))
		d := catalog.Compare(before, after)
		if lost := d.Old.Points - d.New.Points; lost != 250 || d.Old.Controls != d.New.Controls {
			t.Errorf("%s: %d hundredths of a point are lost, of %+v and %+v", stage, lost, d.Old, d.New)
		}
	}
}

// TestCompare makes one change to a catalog after another.
func TestCompare(t *testing.T) {
	rules := "policies.guests"
	join := catalog.Join{Name: "registration", Dataset: "entra.user_registration", On: "id"}
	tests := []struct {
		name  string
		files map[string]string
		want  map[string][]catalog.Change
	}{
		{"nothing", compared, nil},
		{"Rego that no rule refers to", edited("lib/unused.rego", "false", "true"), nil},
		{"points", edited("guests.hcl", "= 2.5", "= 3"), map[string][]catalog.Change{"GuestsB": {{Kind: catalog.ChangedPoints, Old: int64(250), New: int64(300)}}}},
		{"stage", edited("guests.hcl", "= 2.5", "= 2.5\n  stage = \"preview\""), map[string][]catalog.Change{"GuestsB": {{Kind: catalog.ChangedStage, Old: "current", New: "preview"}}}},
		{"replacement", edited("guests.hcl", "= 2.5", "= 2.5\n  stage = \"deprecated\"\n  replaced_by = \"Signed\""), map[string][]catalog.Change{
			"GuestsB": {{Kind: catalog.ChangedStage, Old: "current", New: "deprecated"}, {Kind: catalog.ChangedReplacedBy, New: "Signed"}},
		}},
		{"rule", edited("guests.rego", "input.mail", "input.displayName"), bothGuests(catalog.Change{Kind: catalog.ChangedRule, Name: rules, Old: rules, New: rules})},
		{
			"rule in other words", edited("guests.rego", "compliant if first", "# Who is known.\ncompliant if first"),
			bothGuests(catalog.Change{Kind: catalog.ChangedRuleText, Name: rules, Old: rules, New: rules}),
		},
		{
			"shared rule", edited("lib/second.rego", "name in names", "lower(name) in names"),
			bothGuests(catalog.Change{Kind: catalog.ChangedSharedRule, Name: "policies.lib.second", Old: "policies.lib.second", New: "policies.lib.second"}),
		},
		{
			"shared rule in other words", edited("lib/first.rego", "known(", "# known\nknown("),
			bothGuests(catalog.Change{Kind: catalog.ChangedRuleText, Name: "policies.lib.first", Old: "policies.lib.first", New: "policies.lib.first"}),
		},
		{"shared rule no longer used", edited("lib/first.rego", "import data.policies.lib.second\n\n", "", "second.within(name, names)", "name in names"), bothGuests(
			catalog.Change{Kind: catalog.ChangedSharedRule, Name: "policies.lib.first", Old: "policies.lib.first", New: "policies.lib.first"},
			catalog.Change{Kind: catalog.ChangedSharedRule, Name: "policies.lib.second", Old: "policies.lib.second"})},
		{"rule moved", movedTo("guests", "visitors"), bothGuests(catalog.Change{Kind: catalog.ChangedRulePackage, Old: rules, New: "policies.visitors"})},
		{"way to earn", withoutRule("doors"), map[string][]catalog.Change{"Doors": {
			{Kind: catalog.ChangedEarning, Old: "setting", New: "attested"},
			{Kind: catalog.ChangedRule, Name: "policies.doors", Old: "policies.doors"},
			{Kind: catalog.ChangedContext, Name: "entra.security_defaults", Old: "entra.security_defaults"},
		}}},
		{"population", edited("guests.hcl", `"entra.users"`, `"entra.groups"`, "userType", "visibility", `"Guest"`, `"Private"`), bothGuests(
			catalog.Change{Kind: catalog.ChangedPopulation, Old: "entra.users", New: "entra.groups"},
			catalog.Change{Kind: catalog.ChangedMatch, Name: "userType", Old: "Guest"},
			catalog.Change{Kind: catalog.ChangedMatch, Name: "visibility", New: "Private"})},
		{"match", edited("guests.hcl", `"Guest"`, `"Member"`), bothGuests(catalog.Change{Kind: catalog.ChangedMatch, Name: "userType", Old: "Guest", New: "Member"})},
		{"join", edited("guests.hcl", `join "registration"`, `join "roles"`, "user_registration\"", "role_assignments\"\n on = \"principalId\"\n many = true"), bothGuests(
			catalog.Change{Kind: catalog.ChangedJoin, Name: "registration", Old: join},
			catalog.Change{Kind: catalog.ChangedJoin, Name: "roles", New: catalog.Join{Name: "roles", Dataset: "entra.role_assignments", On: "principalId", Many: true}})},
		{"when empty", edited("guests.hcl", `"full"`, `"not_applicable"`), bothGuests(catalog.Change{Kind: catalog.ChangedWhenEmpty, Old: "full", New: "not_applicable"})},
		{"credit", edited("guests.hcl", `"full"`, "\"full\"\n credit = \"all_or_nothing\""), bothGuests(catalog.Change{Kind: catalog.ChangedCredit, Old: "partial", New: "all_or_nothing"})},
		{"context", edited("guests.hcl", "entra.security_defaults", "entra.conditional_access_policies"), bothGuests(
			catalog.Change{Kind: catalog.ChangedContext, Name: "entra.conditional_access_policies", New: "entra.conditional_access_policies"},
			catalog.Change{Kind: catalog.ChangedContext, Name: "entra.security_defaults", Old: "entra.security_defaults"})},
		{
			"parameter", edited("guests.hcl", `["ada"]`, `["ada", "eve"]`),
			map[string][]catalog.Change{"GuestsA": {{Kind: catalog.ChangedParameter, Name: "allowed", Old: []any{"ada"}, New: []any{"ada", "eve"}}}},
		},
		{
			"another parameter", edited("guests.hcl", `parameter "allowed"`, "parameter \"most\" {\n type = number\n default = 3\n}\nparameter \"allowed\""),
			bothGuests(catalog.Change{Kind: catalog.ChangedParameter, Name: "most", New: json.Number("3")}),
		},
		{
			"type of a parameter", edited("guests.hcl", "list(string)", "set(string)"),
			bothGuests(catalog.Change{Kind: catalog.ChangedParameterType, Name: "allowed", Old: "list(string)", New: "set(string)"}),
		},
		{"prerequisites", edited("guests.hcl", `, "HOUSE_P"`, "", `"Signed"`, `"Doors"`), bothGuests(
			catalog.Change{Kind: catalog.ChangedPrerequisite, Old: catalog.Prerequisite{ServicePlans: []string{"HOUSE_P", "HOUSE_S"}}},
			catalog.Change{Kind: catalog.ChangedPrerequisite, Old: catalog.Prerequisite{Control: "Signed"}},
			catalog.Change{Kind: catalog.ChangedPrerequisite, New: catalog.Prerequisite{ServicePlans: []string{"HOUSE_S"}}},
			catalog.Change{Kind: catalog.ChangedPrerequisite, New: catalog.Prerequisite{Control: "Doors"}})},
		{"category", edited("doors.hcl", `"identity"`, `"device"`), map[string][]catalog.Change{"Doors": {{Kind: catalog.ChangedCategory, Old: "identity", New: "device"}}}},
		{"product", edited("doors.hcl", `"house"`, `"entra_id"`), map[string][]catalog.Change{"Doors": {{Kind: catalog.ChangedProduct, Old: "house", New: "entra_id"}}}},
		{"threats", edited("doors.hcl", "[]", `["account_breach"]`), map[string][]catalog.Change{"Doors": {{Kind: catalog.ChangedThreats, New: []string{"account_breach"}}}}},
		{
			"framework", edited("guests.hcl", `"T1078"`, `"T1078.004"`),
			bothGuests(catalog.Change{Kind: catalog.ChangedFramework, Name: "mitre_attack", Old: []string{"T1078"}, New: []string{"T1078.004"}}),
		},
		{
			"texts", edited("guests.hcl", "Feed your guests", "Feed them", "Look at", "See", "Who may stay", "Who may not", "/guests", "/all", "= \"House rules\"", "= \"New rules\""),
			map[string][]catalog.Change{
				"GuestsA": {{Kind: catalog.ChangedTexts, Names: []string{"descriptions of parameters", "steps", "further reading", "source"}}},
				"GuestsB": {{Kind: catalog.ChangedTexts, Names: []string{"title", "descriptions of parameters", "steps", "further reading", "source"}}},
			},
		},
	}
	before := loadFiles(t, compared)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			after := loadFiles(t, test.files)
			d := catalog.Compare(before, after)
			got := map[string][]catalog.Change{}
			for _, c := range d.Changed {
				got[c.New.ID] = c.Changes
			}
			if d := cmp.Diff(test.want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(catalog.Prerequisite{})); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if before.Digest() != after.Digest() && d.Same() {
				t.Error("the digests differ, and nothing else does")
			}
			back := catalog.Compare(after, before)
			if len(back.Changed) != len(d.Changed) || back.Old != d.New || back.New != d.Old {
				t.Error("the other way round it is not the opposite")
			}
		})
	}
}

// TestCompareAddedAndRemoved adds and removes controls and products.
func TestCompareAddedAndRemoved(t *testing.T) {
	later := edited("catalog.hcl", `"1.0.0"`, `"1.1.0"`, `"HOUSE_S"`, `"HOUSE_P", "HOUSE_S"`)
	delete(later, "doors.hcl")
	delete(later, "doors.rego")
	later["garden.hcl"] = "product \"garden\" {\n  title = \"The garden\"\n}\n" +
		strings.NewReplacer(`"ID"`, `"Garden"`, "WAY", "attested {}", `"house"`, `"garden"`, "= 3", "= 0.75").Replace(comparedHCL)
	before, after := loadFiles(t, compared), loadFiles(t, later)
	d := catalog.Compare(before, after)
	type sum struct {
		Old, New       catalog.Summary
		Added, Removed []string
		Products       map[string][]catalog.Change
		Gone           []bool // of products: not in the old, not in the new
	}
	got := sum{Old: d.Old, New: d.New, Products: map[string][]catalog.Change{}}
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
		Old:   catalog.Summary{Version: "1.0.0", Digest: before.Digest(), Controls: 4, Points: 1250},
		New:   catalog.Summary{Version: "1.1.0", Digest: after.Digest(), Controls: 4, Points: 1025},
		Added: []string{"Garden"}, Removed: []string{"Doors"},
		Products: map[string][]catalog.Change{
			"garden": nil, "house": {{Kind: catalog.ChangedServicePlans, Old: []string{"HOUSE_S"}, New: []string{"HOUSE_P", "HOUSE_S"}}},
		},
		Gone: []bool{true, false, false, false},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestCompareVersion finds catalogs that differ in nothing but what they call themselves.
func TestCompareVersion(t *testing.T) {
	d := catalog.Compare(loadFiles(t, compared), loadFiles(t, edited("catalog.hcl", "1.0.0", "1.0.1")))
	if d.Same() || len(d.Changed)+len(d.Added)+len(d.Removed)+len(d.Products) > 0 {
		t.Errorf("got %+v", d)
	}
	if d := catalog.Compare(loadFiles(t, compared), loadFiles(t, compared)); !d.Same() {
		t.Errorf("a catalog differs from itself: %+v", d)
	}
}
