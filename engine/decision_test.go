package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// counted is a control over users: those whose id begins with "good" comply, those with "out" are out
// of scope, and "err" is too much for the rule.
const counted = `
  coverage "entra.users" {
    when_empty = "not_applicable"
  }
`

const countedRule = `default in_scope := true

in_scope := false if startswith(input.id, "out")

default compliant := false

compliant if startswith(input.id, "good")

compliant if {
	startswith(input.id, "err")
	to_number(input.id) > 0
}
`

func on(day string) *time.Time {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return &at
}

// TestUnknownDecisions holds that a decision about a control that the catalog doesn't have is a finding.
func TestUnknownDecisions(t *testing.T) {
	t.Parallel()
	a := assess(t, load(t, counted, countedRule), bundle(t, data{"entra.users": users("good1")}), engine.Options{},
		engine.AssessOptions{Decisions: map[string]engine.Decision{"Gone": {Status: engine.Planned}, "Away": {}}})
	want := []string{
		`a decision about "Away" is unused: the catalog has no such control.`,
		`a decision about "Gone" is unused: the catalog has no such control.`,
	}
	expect.Equal(t, want, a.Findings)
	if a.Actions[0].Decision != nil {
		t.Errorf("C has a decision: %+v", a.Actions[0].Decision)
	}
}

func TestExclusionsAreBounded(t *testing.T) {
	t.Parallel()
	var ids []string
	var exclude []engine.Exclusion
	for i := range 30 {
		ids = append(ids, fmt.Sprintf("bad%d", i))
		exclude = append(exclude, engine.Exclusion{Key: ids[i], Reason: "a test"})
	}
	a := assess(t, load(t, counted, countedRule), bundle(t, data{"entra.users": users(ids...)}), engine.Options{MaxFailing: 5},
		engine.AssessOptions{Decisions: map[string]engine.Decision{"C": {Exclude: exclude}}})
	if x := a.Actions[0].Excluded; x.Total != 30 || len(x.Shown) != 5 {
		t.Errorf("%d excluded, %d shown; want 30 and 5", x.Total, len(x.Shown))
	}
}

// TestRepeatedExclusions holds that two exclusions of one record, whose keys are the same but for case, are a finding.
func TestRepeatedExclusions(t *testing.T) {
	t.Parallel()
	exclude := []engine.Exclusion{
		{Key: "BAD1", Reason: "the first"},
		{Key: "Bad1", Reason: "has ended", Expires: on("2026-01-01")},
		{Key: "bad1", Reason: "the second"},
		{Key: "bad2", Reason: "another"},
	}
	a := assess(t, load(t, counted, countedRule), bundle(t, data{"entra.users": users("bad1", "bad2")}), engine.Options{},
		engine.AssessOptions{Decisions: map[string]engine.Decision{"C": {Exclude: exclude}}})
	want := []string{"the exclusion of Bad1 expired on 2026-01-01", "the exclusions of BAD1 and bad1 name the same record: the second one counts"}
	got := slices.Sorted(slices.Values(a.Actions[0].Findings))
	expect.Equal(t, want, got)
	if x := a.Actions[0].Excluded; x.Total != 2 || x.Shown[0].Reason != "the second" {
		t.Errorf("excluded are %+v", x)
	}
}

// TestBlankAuthor holds that a claim by nobody whom one could read is by nobody.
func TestBlankAuthor(t *testing.T) {
	t.Parallel()
	cat := load(t, "attested {}", "")
	for by, want := range map[string]engine.Outcome{"Ada": engine.Complete, "": engine.NoEvidence, "\u200b": engine.NoEvidence, "\u2060 \u3164": engine.NoEvidence} {
		claim := object{"controlId": "C", "compliant": true, "by": by, "at": "2026-09-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}
		a := assess(t, cat, bundle(t, data{"attestation.claims": list{claim}}), engine.Options{}, engine.AssessOptions{})
		expect.Equalf(t, want, a.Actions[0].Outcome, "%+q", by)
	}
}

// TestOddFractions holds that no number that a rule can return ends an assessment: a fraction in a form that JSON does not know is
// written in one that it knows, and one that can't be written is an error of its control.
func TestOddFractions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"00.5": "partial 0.5 5", "+0.5": "partial 0.5 5", "0x1p-2": "partial 0.25 2.5", "1e0": "complete 1e0 10", "0x1p-1000": "error  0", "-0.5": "error  0",
	} {
		cat := load(t, "graded {}\ncontext = [\"entra.security_defaults\"]", fmt.Sprintf("fraction := to_number(%q) if data.evidence.entra.security_defaults\n\nreasons contains \"x\" if data.evidence.entra.security_defaults\n", text))
		b := bundle(t, data{"entra.security_defaults": object{"id": "s", "isEnabled": true}})
		for _, options := range []engine.Options{{}, {Interpreter: true}} {
			a := assess(t, cat, b, options, engine.AssessOptions{})
			must.Get(json.Marshal(a))(t)
			action := a.Actions[0]
			expect.Equalf(t, want, fmt.Sprintf("%s %s %s", action.Outcome, action.Fraction, action.Points.Achieved), "%s, interpreted: %v", text, options.Interpreter)
		}
	}
}
