package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
)

// chain is a catalog in which "Last" comes after "Middle" and "Side", and both of these after "First".
func chain(t *testing.T) *catalog.Catalog {
	t.Helper()
	after := map[string][]string{"First": nil, "Middle": {"First"}, "Side": {"First"}, "Last": {"Middle", "Side"}}
	files := map[string]string{"catalog.hcl": "product \"test\" {\n  title = \"Test\"\n}\n"}
	for id, earlier := range after {
		block := "coverage \"entra.users\" {\n    when_empty = \"not_applicable\"\n  }\n  prerequisite {\n    service_plans = [\"AAD_PREMIUM\"]\n  }\n"
		for _, control := range earlier {
			block += fmt.Sprintf("  prerequisite {\n    control = %q\n  }\n", control)
		}
		name := strings.ToLower(id)
		files["test/"+name+".hcl"] = fmt.Sprintf("control %q {\n%s%s\n}\n", id, facts, block)
		rule := fmt.Sprintf("default in_scope := true\n\nin_scope := false if input.id == \"out\"\n\ndefault compliant := false\n\ncompliant if contains(input.id, %q)\n", name)
		files["test/"+name+".rego"] = "package policies.test." + name + "\n\n" + rule
	}
	return loadFiles(t, files)
}

func prerequisites(a *engine.Action) string {
	var words []string
	for _, p := range a.Prerequisites {
		state := "open"
		if p.Met {
			state = "met"
		}
		words = append(words, strings.Join(p.ServicePlans, "|")+p.Control+" "+state)
	}
	return strings.Join(words, ", ")
}

// TestPrerequisites holds that an action names its own licenses and all that comes before it, in the
// order in which to take it.
func TestPrerequisites(t *testing.T) {
	t.Parallel()
	premium := list{sku("s", "Enabled", 9, "AAD_PREMIUM")}
	for _, test := range []struct {
		name      string
		users     any
		skus      any
		decisions map[string]engine.Decision
		want      string // of Last
		blocked   bool
	}{
		{"all open", users("u"), premium, nil, "AAD_PREMIUM met, First open, Middle open, Side open", true},
		{"the first is completed", users("first"), premium, nil, "AAD_PREMIUM met, First met, Middle open, Side open", true},
		{"partly done is not done", users("first", "u"), premium, nil, "AAD_PREMIUM met, First open, Middle open, Side open", true},
		{"all completed", users("first-middle-side"), premium, nil, "AAD_PREMIUM met, First met, Middle met, Side met", false},
		{"no license", users("first-middle-side"), list{}, nil, "AAD_PREMIUM open, First met, Middle met, Side met", true},
		{"licenses unknown", users("first-middle-side"), nil, nil, "AAD_PREMIUM met, First met, Middle met, Side met", false},
		{"no evidence", errors.New("denied"), premium, nil, "AAD_PREMIUM met, First open, Middle open, Side open", true},
		{"not applicable", users("out"), premium, nil, "AAD_PREMIUM met, First met, Middle met, Side met", false},
		{
			"resolved counts, planned and accepted don't", users("u"), premium,
			map[string]engine.Decision{"First": {Status: engine.ThirdParty}, "Middle": {Status: engine.Planned}, "Side": {Status: engine.RiskAccepted}},
			"AAD_PREMIUM met, First met, Middle open, Side open", true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			datasets := data{"entra.users": test.users}
			if test.skus != nil {
				datasets["entra.subscribed_skus"] = test.skus
			}
			a := assess(t, chain(t), bundle(t, datasets), engine.Options{}, engine.AssessOptions{Decisions: test.decisions})
			last := action(t, a, "Last")
			expect.Equal(t, test.want, prerequisites(last))
			expect.Equalf(t, test.blocked, last.Blocked(), "blocked")
			if got := prerequisites(action(t, a, "First")); strings.Contains(got, "First") || strings.Count(got, ",") != 0 {
				t.Errorf("First waits for %s", got)
			}
		})
	}
}

// A blocked action keeps its place by value: it is the reader who decides what to do about what it waits for.
func TestBlockedActionsAreRanked(t *testing.T) {
	t.Parallel()
	a := assess(t, chain(t), bundle(t, data{"entra.users": users("u"), "entra.subscribed_skus": list{}}), engine.Options{}, engine.AssessOptions{})
	for want, id := range []string{"First", "Last", "Middle", "Side"} {
		expect.Equalf(t, want+1, action(t, a, id).Rank, "%s has rank", id)
	}
}

// Prerequisites outside of a selection are no longer known of.
func TestPrerequisitesOutsideOfASelection(t *testing.T) {
	t.Parallel()
	selected := chain(t).Select(func(c *catalog.Control) bool { return c.ID == "Last" })
	a := assess(t, selected, bundle(t, data{"entra.users": users("u")}), engine.Options{}, engine.AssessOptions{})
	if got := prerequisites(&a.Actions[0]); got != "AAD_PREMIUM met" {
		t.Errorf("got %s", got)
	}
}
