package gate_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/gate/rule"
)

// TestRedactedBaseline compares what has pseudonyms with what has the same, and with nothing else.
func TestRedactedBaseline(t *testing.T) {
	plain := func(key string) *engine.Assessment {
		a := &engine.Assessment{Tenant: engine.Tenant{ID: "t1"}}
		if key != "" {
			a.Redaction = &engine.Redaction{Key: key}
		}
		return a
	}
	for _, test := range []struct{ before, after, want string }{
		{"", "", "no action regressed"},
		{"k", "k", "no action regressed"},
		{"k", "", "and not of the other"},
		{"", "k", "and not of the other"},
		{"k", "l", "another key"},
	} {
		before, after := plain(test.before), plain(test.after)
		verdicts := gate.Judge(&rule.Set{FailOn: []rule.Event{rule.Regression}}, gate.Input{
			Assessment: after, Baseline: &gate.Comparison{Before: before, After: after, Attribution: attribution.Compare(before, after)},
		})
		if last := verdicts[len(verdicts)-1]; !strings.Contains(last.Message, test.want) || last.Result.Fails() == strings.HasPrefix(test.want, "no action") {
			t.Errorf("from %q to %q: %s: %s", test.before, test.after, last.Result, last.Message)
		}
	}
}

// TestWanting names the datasets that a verdict wants, but not those that are known to be missing.
func TestWanting(t *testing.T) {
	a := &engine.Assessment{Actions: []engine.Action{
		{ID: "A", Outcome: engine.NoEvidence, Missing: []string{"b.two", "a.one"}, Points: engine.ActionPoints{Max: 100}},
		{ID: "B", Outcome: engine.NoEvidence, Missing: []string{"a.one"}, Points: engine.ActionPoints{Max: 100}},
	}}
	for known, want := range map[string]string{
		"":      "2 actions could not be assessed: A, B; lacking a.one, b.two (--known-missing names what can't be had)",
		"a.one": "1 action could not be assessed: A; lacking b.two (--known-missing names what can't be had)",
	} {
		rules := &rule.Set{FailOn: []rule.Event{rule.NoEvidence}, KnownMissing: []string{known}}
		if got := gate.Judge(rules, gate.Input{Assessment: a})[0].Message; got != want {
			t.Errorf("%q is known: got %q, want %q", known, got, want)
		}
	}
}
