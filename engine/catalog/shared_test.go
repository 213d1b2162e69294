package catalog_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// switches is a catalog of controls that share a rule and a template, by way of a shared module
// that reads input and context.
func switches() map[string]string { return archivedCatalog("switches") }

// TestSharedRule loads controls of one rule: what they take from where, and which of them share its
// compiled form.
func TestSharedRule(t *testing.T) {
	cat := mustLoad(t, source(t, "ours", switches()))
	if problems := must.Get(catalog.Check(t.Context(), cat))(t); problems != nil {
		t.Errorf("it does not pass the check:\n%s", printed(t, problems))
	}
	type facts struct {
		Title, Exception, ManageURL, Step, Dataset string
		Points                                     int64
		Field, Note                                any
	}
	want := map[string]facts{
		"On_A_1": {"Turn on on_a_1", "sca-_-A-1", "https://example.com/", "Turn it on.", "entra.security_defaults", 100, "isEnabled", "ON_A_1"},
		"On_A_2": {"Title of its own", "sca-_-A-2", "https://example.com/", "Turn it on.", "entra.security_defaults", 200, "isEnabled", "ON_A_2"},
		"On_A_3": {"Turn on on_a_3", "sca-_-A-3", "https://example.com/", "Turn it on.", "entra.security_defaults", 100, "isEnabled", "ON_A_3"},
		"On_B":   {"Turn on on_b", "sca-_-B", "https://example.com/", "Do it in SharePoint.", "sharepoint.settings", 300, "isLoopEnabled", "ON_B"},
	}
	got := map[string]facts{}
	packages := map[string]string{}
	for _, c := range cat.Controls() {
		got[c.ID] = facts{
			c.Title, c.Exception, c.Implementation.ManageURL, c.Implementation.Steps[0], strings.Join(c.Context, " "), c.Points, c.Constants["field"], c.Parameters[0].Value,
		}
		packages[c.ID] = c.Package
		if c.RulePackage() != "policies.rules.switch" || cat.Decision(c) != "ours/rules/switch.rego:7" || cat.Tests(c) != 2 {
			t.Errorf("%s: the rule is %s at %s, with %d tests", c.ID, c.RulePackage(), cat.Decision(c), cat.Tests(c))
		}
		if text, ok := cat.RuleText(c); !ok || !strings.HasPrefix(string(text), "package policies.rules.switch\n") {
			t.Errorf("%s: the text is %q", c.ID, text)
		}
	}
	expect.Equalf(t, want, got, "controls")
	if packages["On_A_1"] != packages["On_A_2"] || packages["On_A_1"] == packages["On_A_3"] || packages["On_A_1"] == packages["On_B"] {
		t.Errorf("compiled packages are %v", packages)
	}
}

// TestSharedRuleCoverage counts the lines of a shared rule once, however many controls it has.
func TestSharedRuleCoverage(t *testing.T) {
	report := must.Get(mustLoad(t, source(t, "ours", switches())).Test(t.Context(), check.TestOptions{Coverage: true}))(t)
	if !report.Passed() || len(report.Tests) != 2 {
		t.Errorf("tests are %v", report.Tests)
	}
	covered := map[string]float64{}
	for _, file := range report.Coverage.Files {
		covered[file.Path] = file.Percent()
	}
	expect.Equalf(t, map[string]float64{"ours/rules/switch.rego": 100, "ours/lib/reader.rego": 100}, covered, "coverage")
}

// TestSharedRuleOverlay uses the rule and the template of a catalog from another one on top of it,
// which changes nothing below.
func TestSharedRuleOverlay(t *testing.T) {
	overlay := map[string]string{
		"our/c.hcl":      strings.Replace(switches()["sharepoint/b.hcl"], "On_B", "Ours", 1),
		"our/d.hcl":      strings.Replace(strings.Replace(switches()["sharepoint/b.hcl"], "On_B", "Own", 1), `use     = "switch"`, "use = \"switch\"\n rule = \"own\"", 1),
		"rules/own.rego": strings.Replace(switches()["rules/switch.rego"], "rules.switch", "rules.own", 1),
	}
	base := source(t, "base", switches())
	alone, both := mustLoad(t, base), mustLoad(t, base, source(t, "ours", overlay))
	for _, c := range alone.Controls() {
		if control(t, both, c.ID).Digest != c.Digest {
			t.Errorf("the digest of %s is another one beside other controls", c.ID)
		}
	}
	if c := control(t, both, "Ours"); c.Package != control(t, both, "On_B").Package || both.Decision(c) != "base/rules/switch.rego:7" {
		t.Errorf("Ours is decided by %s at %s", c.Package, both.Decision(c))
	}
	if at := both.Decision(control(t, both, "Own")); at != "ours/rules/own.rego:7" {
		t.Errorf("Own is decided at %s", at)
	}
}
