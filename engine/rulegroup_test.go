package engine_test

import (
	"fmt"
	"testing"

	"github.com/posture-score/posture/engine"
)

// ruleGroupOf is two controls of one rule over users: "Few" and "Many" differ in what their parameter asks for.
func ruleGroupOf(rego string) map[string]string {
	return map[string]string{
		"catalog.hcl": `product "test" { title = "Test" }`,
		"test/c.hcl": "defaults {\n" + facts + `
			coverage "entra.users" { when_empty = "full" }
			context = ["entra.security_defaults"]
			parameter "wanted" {
				type    = list(string)
				default = []
			}
		}
		control "Few" { parameters = { wanted = ["1"] } }
		control "Many" { parameters = { wanted = ["0", "1", "2"] } }`,
		"test/c.rego": "package policies.test.c\n\ndefault compliant := false\n\n" + rego,
	}
}

// TestRuleGroup holds that controls of one rule get their own verdicts on records without equal fields,
// whether the frontier of the rule has the same values for many of them or for hardly any.
func TestRuleGroup(t *testing.T) {
	t.Parallel()
	const records = 40_000 // more than verdicts are remembered of
	var people list
	for i := range records {
		people = append(people, object{"id": fmt.Sprintf("%08d", i), "displayName": fmt.Sprint("Name ", i), "accountEnabled": true})
	}
	b := bundle(t, data{"entra.users": people, "entra.security_defaults": object{"isEnabled": true}})
	for name, rego := range map[string]string{
		"few findings":   "compliant if _last in data.parameters.wanted\n\n_last := substring(input.displayName, count(input.displayName) - 1, 1)\n",
		"many findings":  "compliant if substring(_name, count(_name) - 1, 1) in data.parameters.wanted\n\n_name := lower(input.displayName)\n",
		"a rest":         "compliant if {\n\t_enabled\n\tsubstring(input.displayName, count(input.displayName) - 1, 1) in data.parameters.wanted\n}\n\n_enabled if input.accountEnabled\n",
		"evidence, too":  "compliant if {\n\t_on\n\t_last in data.parameters.wanted\n}\n\n_on if data.evidence.entra.security_defaults.isEnabled\n\n_last := substring(input.displayName, count(input.displayName) - 1, 1)\n",
		"a failing rule": "compliant if _number in {to_number(x) | some x in data.parameters.wanted}\n\n_number := to_number(trim_prefix(input.displayName, \"Name \")) % 10\n",
	} {
		t.Run(name, func(t *testing.T) {
			for _, options := range []engine.Options{{Workers: 1}, engine.Options{Workers: 3}.WithBlockSize(100_000)} {
				a := assess(t, loadFiles(t, ruleGroupOf(rego)), b, options, engine.AssessOptions{Validate: engine.ValidateOff})
				for id, want := range map[string]int64{"Few": records / 10, "Many": 3 * records / 10} {
					if got := action(t, a, id).Coverage.Compliant; got != want {
						t.Errorf("%d workers: %d records comply with %s, want %d", options.Workers, got, id, want)
					}
				}
			}
		})
	}
}

// TestFrontierThatFails holds that an error in the frontier of a rule is an error of the control only if
// the decision depends on it.
func TestFrontierThatFails(t *testing.T) {
	t.Parallel()
	rego := "compliant if {\n\t_enabled\n\t_number in {to_number(x) | some x in data.parameters.wanted}\n}\n\n" +
		"_enabled if input.accountEnabled\n\n_number := to_number(trim_prefix(input.displayName, \"Name \"))\n"
	user := func(id, name string, enabled bool) object {
		return object{"id": id, "displayName": name, "accountEnabled": enabled}
	}
	security := object{"isEnabled": true}
	harmless := bundle(t, data{"entra.users": list{user("a", "Name 1", true), user("b", "Name x", false), user("c", "Name 2", true)}, "entra.security_defaults": security})
	harmful := bundle(t, data{"entra.users": list{user("a", "Name 1", true), user("b", "Name x", true)}, "entra.security_defaults": security})
	for _, options := range []engine.Options{{}, {DisableMemo: true}, {Interpreter: true}} {
		catalog := loadFiles(t, ruleGroupOf(rego))
		a := assess(t, catalog, harmless, options, engine.AssessOptions{Validate: engine.ValidateOff})
		for id, want := range map[string]int64{"Few": 1, "Many": 2} {
			if got := action(t, a, id); got.Coverage == nil || got.Coverage.Compliant != want {
				t.Errorf("%+v: %s is %s, covers %v, %v, want %d", options, id, got.Outcome, got.Coverage, got.Reasons, want)
			}
		}
		a = assess(t, catalog, harmful, options, engine.AssessOptions{Validate: engine.ValidateOff})
		for _, id := range []string{"Few", "Many"} {
			if got := action(t, a, id); got.Outcome != engine.Errored {
				t.Errorf("%+v: %s is %s, want an error", options, id, got.Outcome)
			}
		}
	}
}

// TestFailingRuleOfDocuments holds that an error in a rule that doesn't depend on the record recurs: for
// the next record, for another control of the group, and if only the frontier met it.
func TestFailingRuleOfDocuments(t *testing.T) {
	t.Parallel()
	failing := "_bad := to_number(data.evidence.entra.security_defaults.displayName)\n\n_ok if not _bad\n"
	b := bundle(t, data{
		"entra.users":             list{object{"id": "a", "accountEnabled": false}, object{"id": "b", "accountEnabled": true}},
		"entra.security_defaults": object{"isEnabled": true, "displayName": "x"},
	})
	for name, rego := range map[string]string{
		"of another control": "compliant if {\n\tcount(data.parameters.wanted) == 1\n\tnot _bad\n\t_ok\n\tinput.accountEnabled\n}\n\n" +
			"compliant if {\n\tcount(data.parameters.wanted) == 3\n\t_ok\n\tinput.accountEnabled\n}\n\n",
		"of a premise": "compliant if {\n\tcount(data.parameters.wanted) > 0\n\t_go\n\t_first\n\t_second\n}\n\n_go if input.accountEnabled\n\ndefault _first := true\n\n" +
			"_first := false if {\n\tnot input.accountEnabled\n\tnot _bad\n\t_ok\n}\n\n_second if {\n\tinput.accountEnabled\n\t_ok\n}\n\n",
	} {
		for _, options := range []engine.Options{{Interpreter: true}, {}, engine.Options{Workers: 3}.WithBlockSize(50), {DisableMemo: true}} {
			a := assess(t, loadFiles(t, ruleGroupOf(rego+failing)), b, options, engine.AssessOptions{Validate: engine.ValidateOff})
			for _, id := range []string{"Few", "Many"} {
				if got := action(t, a, id); got.Outcome != engine.Errored {
					t.Errorf("%s, %+v: %s is %s, want an error", name, options, id, got.Outcome)
				}
			}
		}
	}
}
