package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
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
