package decisions_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/expect"
)

// now is the time of the tests: not midnight, so that days are counted, not hours.
func now() time.Time { return time.Date(2026, 6, 15, 17, 30, 0, 0, time.UTC) }

func on(month time.Month, day int) *time.Time {
	at := time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
	return &at
}

func action(id string, outcome engine.Outcome) engine.Action {
	return engine.Action{ID: id, Title: "Title of " + id, Outcome: outcome, Status: engine.ToAddress, Points: engine.ActionPoints{Max: 10_00}, Difficulty: "low", UserImpact: "low", Complexity: "low"}
}

// TestState holds where a decision stands, and how many days are left: the last day of a plan is not overdue, the end of a decision is.
func TestState(t *testing.T) {
	tests := map[string]struct {
		decision engine.Decision
		action   engine.Action
		want     string // state, days until due, days until the end
	}{
		"due tomorrow":           {engine.Decision{Status: engine.Planned, Due: on(6, 16)}, action("A", engine.NotMet), "due 1 -"},
		"due today":              {engine.Decision{Status: engine.Planned, Due: on(6, 15)}, action("A", engine.NotMet), "due 0 -"},
		"due yesterday":          {engine.Decision{Status: engine.Planned, Due: on(6, 14)}, action("A", engine.Partial), "overdue -1 -"},
		"due in 30 days":         {engine.Decision{Status: engine.Planned, Due: on(7, 15)}, action("A", engine.NoEvidence), "due 30 -"},
		"due in 31 days":         {engine.Decision{Status: engine.Planned, Due: on(7, 16)}, action("A", engine.NotMet), "planned 31 -"},
		"planned for no day":     {engine.Decision{Status: engine.Planned}, action("A", engine.NotMet), "planned - -"},
		"ends tomorrow":          {engine.Decision{Status: engine.RiskAccepted, Expires: on(6, 16)}, action("A", engine.NotMet), "expiring - 1"},
		"ended today":            {engine.Decision{Status: engine.RiskAccepted, Expires: on(6, 15)}, action("A", engine.NotMet), "expired - 0"},
		"ends in 31 days":        {engine.Decision{Status: engine.ThirdParty, Expires: on(7, 16)}, action("A", engine.NotMet), "standing - 31"},
		"never ends":             {engine.Decision{Status: engine.AlternateMitigation}, action("A", engine.NotMet), "standing - -"},
		"overdue and expiring":   {engine.Decision{Status: engine.Planned, Due: on(6, 1), Expires: on(6, 20)}, action("A", engine.NotMet), "overdue -14 5"},
		"expired, so not due":    {engine.Decision{Status: engine.Planned, Due: on(6, 1), Expires: on(6, 2)}, action("A", engine.NotMet), "expired - -13"},
		"done":                   {engine.Decision{Status: engine.Planned, Due: on(6, 1)}, action("A", engine.Complete), "done - -"},
		"does not apply":         {engine.Decision{Status: engine.Planned, Due: on(6, 1)}, action("A", engine.NotApplicable), "no_effect - -"},
		"unknown":                {engine.Decision{Status: engine.Planned, Due: on(6, 1)}, action("B", engine.NotMet), "unused - -"},
		"to address by somebody": {engine.Decision{Owner: "Ada"}, action("A", engine.NotMet), "open - -"},
		"tags alone":             {engine.Decision{Tags: []string{"x"}}, action("A", engine.NotMet), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := &engine.Assessment{Actions: []engine.Action{test.action}}
			got := ""
			for _, item := range decisions.List(a, map[string]engine.Decision{"A": test.decision}, now()) {
				got = fmt.Sprintf("%s %s %s", item.State, number(item.DueIn), number(item.EndsIn))
			}
			expect.Equal(t, test.want, got)
		})
	}
}

func number(n *int) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}

// TestHoursAreLeft holds that a decision whose end is a time, not a day, holds until then.
func TestHoursAreLeft(t *testing.T) {
	end := now().Add(time.Hour)
	a := &engine.Assessment{Actions: []engine.Action{action("A", engine.NotMet)}}
	items := decisions.List(a, map[string]engine.Decision{"A": {Status: engine.RiskAccepted, Expires: &end}}, now())
	expect.Equal(t, "expiring 1", fmt.Sprint(items[0].State, " ", number(items[0].EndsIn)))
	items = decisions.List(a, map[string]engine.Decision{"A": {Status: engine.RiskAccepted, Expires: &end}}, end)
	expect.Equal(t, "expired 0", fmt.Sprint(items[0].State, " ", number(items[0].EndsIn)))
}

// TestException holds that a status by hand has no effect where the evidence decides it.
func TestException(t *testing.T) {
	d := engine.Decision{Status: engine.Planned, Due: on(6, 1)}
	device := action("scid_1", engine.NotMet)
	device.Decision = &d
	a := &engine.Assessment{Actions: []engine.Action{device}}
	expect.Equal(t, decisions.Void, decisions.List(a, nil, now())[0].State)
}

// TestByOwner holds how decisions are grouped, summed and sorted.
func TestByOwner(t *testing.T) {
	a := &engine.Assessment{Actions: []engine.Action{action("A", engine.NotMet), action("B", engine.NotMet), action("C", engine.NotMet), action("D", engine.NotMet), action("E", engine.NotMet)}}
	owners := decisions.ByOwner(decisions.List(a, map[string]engine.Decision{
		"A": {Status: engine.Planned, Owner: "zoe"},
		"B": {Status: engine.Planned, Owner: "Zoe", Due: on(6, 1)},
		"C": {Status: engine.RiskAccepted, Owner: "Zoe", Expires: on(6, 20)},
		"D": {Status: engine.Planned},
		"E": {Status: engine.RiskAccepted, Owner: "Ada", Expires: on(6, 1)},
	}, now()))
	var got []string
	for _, o := range append(slices.Clone(owners), decisions.Sum(owners)) {
		line := fmt.Sprintf("%q plans %d for %s points and %d effort, %d overdue, %d due; %d expiring, %d soon, %d expired:", o.Name, o.Planned, o.Points, o.Effort, o.Overdue, o.Due, o.Expiring, o.Soon, o.Expired)
		for _, item := range o.Items {
			line += " " + item.ID
		}
		got = append(got, line)
	}
	expect.Equal(t, []string{
		`"Ada" plans 0 for 0 points and 0 effort, 0 overdue, 0 due; 0 expiring, 0 soon, 1 expired: E`,
		`"zoe" plans 2 for 20 points and 6 effort, 1 overdue, 0 due; 1 expiring, 1 soon, 0 expired: B C A`,
		`"" plans 1 for 10 points and 3 effort, 0 overdue, 0 due; 0 expiring, 0 soon, 0 expired: D`,
		`"" plans 3 for 30 points and 9 effort, 1 overdue, 0 due; 1 expiring, 1 soon, 1 expired:`,
	}, got)
}
