package engine_test

import (
	"errors"
	"fmt"
	"strings"
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

// verdict is what a test of statuses looks at of an action.
func verdict(a engine.Action) string {
	return fmt.Sprintf("%s %s %s of %s by evidence; %s", a.Outcome, a.Status, a.Points.Achieved, a.Points.ByEvidence, strings.Join(a.Findings, "; "))
}

func on(day string) *time.Time {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return &at
}

// decided assesses the counted control, "C", with what the organization decided about it.
func decided(t *testing.T, evidence any, decision engine.Decision) engine.Action {
	t.Helper()
	a := assess(t, load(t, counted, countedRule), bundle(t, data{"entra.users": evidence}), engine.Options{},
		engine.AssessOptions{Decisions: map[string]engine.Decision{"C": decision}})
	return a.Actions[0]
}

// TestStatus holds what the page says of each status, for every outcome. The evidence is of 2026-10-01.
func TestStatus(t *testing.T) {
	t.Parallel()
	complete, partial, none := users("good1", "good2"), users("good1", "bad1"), users("bad1")
	chosen := func(status engine.Status) engine.Decision { return engine.Decision{Status: status, Reason: "a test"} }
	until := func(status engine.Status, day string) engine.Decision {
		return engine.Decision{Status: status, Expires: on(day)}
	}
	due := func(status engine.Status, day string) engine.Decision {
		return engine.Decision{Status: status, Due: on(day)}
	}
	for _, test := range []struct {
		name     string
		evidence any
		decision engine.Decision
		want     string
	}{
		{"nothing decided", partial, engine.Decision{}, "partial to_address 5 of 5 by evidence; "},
		{"partial stays to address", partial, chosen(engine.ToAddress), "partial to_address 5 of 5 by evidence; "},
		{"unless it is planned, which earns nothing extra", partial, chosen(engine.Planned), "partial planned 5 of 5 by evidence; "},
		{"or accepted, which earns what the evidence shows", partial, chosen(engine.RiskAccepted), "partial risk_accepted 5 of 5 by evidence; "},
		{"accepted risk without points", none, chosen(engine.RiskAccepted), "not_met risk_accepted 0 of 0 by evidence; "},
		{"planned without points", none, chosen(engine.Planned), "not_met planned 0 of 0 by evidence; "},
		{"a third party earns full points", none, chosen(engine.ThirdParty), "not_met third_party 10 of 0 by evidence; "},
		{"an alternate mitigation too", partial, chosen(engine.AlternateMitigation), "partial alternate_mitigation 10 of 5 by evidence; "},
		{"completed can't be chosen", none, chosen(engine.Completed), `not_met to_address 0 of 0 by evidence; the status "completed" has no effect: it is none that an organization chooses`},
		{"nor can a word of one's own", none, chosen("done"), `not_met to_address 0 of 0 by evidence; the status "done" has no effect: it is none that an organization chooses`},

		{"completed follows from the evidence", complete, engine.Decision{}, "complete completed 10 of 10 by evidence; "},
		{"completed can't be changed: to address", complete, chosen(engine.ToAddress), "complete completed 10 of 10 by evidence; "},
		{"completed can't be changed: planned", complete, chosen(engine.Planned), "complete completed 10 of 10 by evidence; the status planned has no effect: the evidence shows that the action is completed"},
		{"completed can't be changed: accepted", complete, chosen(engine.RiskAccepted), "complete completed 10 of 10 by evidence; the status risk_accepted has no effect: the evidence shows that the action is completed"},
		{"completed can't be changed: third party", complete, chosen(engine.ThirdParty), "complete completed 10 of 10 by evidence; the status third_party has no effect: the evidence shows that the action is completed"},
		{"completed, and the decision expired", complete, until(engine.ThirdParty, "2026-01-01"), "complete completed 10 of 10 by evidence; the status third_party has no effect: the evidence shows that the action is completed"},
		{"completed, and due in the past", complete, due(engine.Planned, "2026-01-01"), "complete completed 10 of 10 by evidence; the status planned has no effect: the evidence shows that the action is completed"},

		{"not applicable takes no status", users("out1"), chosen(engine.ThirdParty), "not_applicable to_address 0 of 0 by evidence; the status third_party has no effect: the action does not apply to this tenant"},
		{"no evidence is to address", errors.New("denied"), engine.Decision{}, "no_evidence to_address 0 of 0 by evidence; "},
		{"no evidence and planned", errors.New("denied"), chosen(engine.Planned), "no_evidence planned 0 of 0 by evidence; "},
		{"no evidence and accepted", errors.New("denied"), chosen(engine.RiskAccepted), "no_evidence risk_accepted 0 of 0 by evidence; "},
		{"no evidence, resolved", errors.New("denied"), chosen(engine.ThirdParty), "no_evidence third_party 10 of 0 by evidence; "},
		{"error is to address", users("err"), engine.Decision{}, "error to_address 0 of 0 by evidence; "},
		{"error, accepted", users("err"), chosen(engine.RiskAccepted), "error risk_accepted 0 of 0 by evidence; "},
		{"error, resolved", users("err"), chosen(engine.AlternateMitigation), "error alternate_mitigation 10 of 0 by evidence; "},

		{"expired at this moment", none, engine.Decision{Status: engine.ThirdParty, Expires: &collected}, "not_met to_address 0 of 0 by evidence; the status third_party expired on 2026-10-01: the action is to address again"},
		{"expired long ago", partial, until(engine.RiskAccepted, "2026-01-31"), "partial to_address 5 of 5 by evidence; the status risk_accepted expired on 2026-01-31: the action is to address again"},
		{"ends today", none, until(engine.ThirdParty, "2026-10-02"), "not_met third_party 10 of 0 by evidence; the status third_party expires in 1 day"},
		{"ends in two weeks", none, until(engine.RiskAccepted, "2026-10-15"), "not_met risk_accepted 0 of 0 by evidence; the status risk_accepted expires in 14 days"},
		{"ends later", none, until(engine.RiskAccepted, "2026-10-16"), "not_met risk_accepted 0 of 0 by evidence; "},
		{"an end without a status", none, until("", "2026-01-01"), "not_met to_address 0 of 0 by evidence; "},

		{"due yesterday", none, due(engine.Planned, "2026-09-30"), "not_met planned 0 of 0 by evidence; the action was due on 2026-09-30"},
		{"due today", none, due(engine.Planned, "2026-10-01"), "not_met planned 0 of 0 by evidence; "},
		{"due, but accepted", none, due(engine.RiskAccepted, "2026-09-30"), "not_met risk_accepted 0 of 0 by evidence; "},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := decided(t, test.evidence, test.decision)
			expect.Equal(t, test.want, verdict(got))
			expect.Equalf(t, &test.decision, got.Decision, "the decision was not kept")
		})
	}
}

// A resolved action counts as assessed: its points don't hang on evidence. One whose risk is accepted
// has nothing left to rank.
func TestStatusInScore(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status engine.Status
		want   string
	}{
		{engine.ToAddress, "0 of 10, 0 assessed, 0%, planned 0, current license 10, achievable 10; rank 1, impact 100"},
		{engine.Planned, "0 of 10, 0 assessed, 0%, planned 10, current license 10, achievable 10; rank 1, impact 100"},
		{engine.RiskAccepted, "0 of 10, 0 assessed, 0%, planned 0, current license 10, achievable 0; rank 0, impact 100"},
		{engine.ThirdParty, "10 of 10, 10 assessed, 100%, planned 10, current license 10, achievable 10; rank 0, impact 0"},
		{engine.AlternateMitigation, "10 of 10, 10 assessed, 100%, planned 10, current license 10, achievable 10; rank 0, impact 0"},
	} {
		a := assess(t, load(t, counted, countedRule), bundle(t, data{"entra.users": errors.New("denied")}), engine.Options{},
			engine.AssessOptions{Decisions: map[string]engine.Decision{"C": {Status: test.status}}})
		s := a.Score
		got := fmt.Sprintf("%s of %s, %s assessed, %s%%, planned %s, current license %s, achievable %s; rank %d, impact %s", s.Achieved, s.Total, s.AssessedTotal,
			s.Percent, s.Planned.Points, s.CurrentLicense.Points, s.Achievable.Points, a.Actions[0].Rank, a.Actions[0].Impact)
		expect.Equalf(t, test.want, got, "%s", test.status)
	}
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

func TestExclusions(t *testing.T) {
	t.Parallel()
	exclude := func(keys ...string) (x []engine.Exclusion) {
		for _, key := range keys {
			x = append(x, engine.Exclusion{Key: key, Reason: "break glass"})
		}
		return x
	}
	ending := func(key, day string) []engine.Exclusion {
		return []engine.Exclusion{{Key: key, Reason: "break glass", Expires: on(day)}}
	}
	broken := list{users("good1")[0], object{"id": "bad1", "accountEnabled": "yes", "userType": "Member"}}
	keyless := list{users("good1")[0], object{"accountEnabled": true, "userType": "Member"}}
	for _, test := range []struct {
		name     string
		evidence any
		exclude  []engine.Exclusion
		want     string // counts, failing, excluded; findings and reasons
	}{
		{"none", users("good1", "bad1"), nil, "partial 5, 1 of 2 (2 records), failing [bad1], excluded []"},
		{"one that fails", users("good1", "bad1"), exclude("bad1"), "complete 10, 1 of 1 (2 records), failing [], excluded [bad1]"},
		{"one that complies", users("good1", "bad1"), exclude("good1"), "not_met 0, 0 of 1 (2 records), failing [bad1], excluded [good1]"},
		{"one of three", users("good1", "bad1", "bad2"), exclude("bad1"), "partial 5, 1 of 2 (3 records), failing [bad2], excluded [bad1]"},
		{"key in another case", users("bad1", "bad2"), exclude("BAD1"), "not_met 0, 0 of 1 (2 records), failing [bad2], excluded [BAD1]"},
		{"record in another case", users("Bad1", "BAD2"), exclude("bad1"), "not_met 0, 0 of 1 (2 records), failing [BAD2], excluded [bad1]"},
		{"unused in another case", users("good1"), exclude("GONE"), "complete 10, 1 of 1 (1 records), failing [], excluded []; the exclusion of GONE is unused: no record in scope has this key"},
		{"expired", users("good1", "bad1"), ending("bad1", "2026-09-30"), "partial 5, 1 of 2 (2 records), failing [bad1], excluded []; the exclusion of bad1 expired on 2026-09-30"},
		{"ends soon", users("good1", "bad1"), ending("bad1", "2026-10-05"), "complete 10, 1 of 1 (2 records), failing [], excluded [bad1]; the exclusion of bad1 expires in 4 days"},
		{"ends later", users("good1", "bad1"), ending("bad1", "2027-10-05"), "complete 10, 1 of 1 (2 records), failing [], excluded [bad1]"},
		{"unused", users("good1"), exclude("gone"), "complete 10, 1 of 1 (1 records), failing [], excluded []; the exclusion of gone is unused: no record in scope has this key"},
		{"out of scope anyhow", users("good1", "out1"), exclude("out1"), "complete 10, 1 of 1 (2 records), failing [], excluded []; the exclusion of out1 is unused: no record in scope has this key"},
		{"everybody", users("bad1", "bad2"), exclude("bad1", "bad2"), "not_applicable 0, 0 of 0 (2 records), failing [], excluded [bad1 bad2]; everything in scope was excluded"},
		{"of the wrong type", broken, exclude("bad1"), "complete 10, 1 of 1 (2 records), failing [], excluded [bad1]"},
		{"without a key", keyless, exclude("record 2"), "partial 5, 1 of 2 (2 records), failing [record 2], excluded []; the exclusion of record 2 is unused: no record in scope has this key; the record is not what its schema says, or can't be joined (1 of 2)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := decided(t, test.evidence, engine.Decision{Exclude: test.exclude})
			shown := []string{}
			if a.Excluded != nil {
				for _, x := range a.Excluded.Shown {
					shown = append(shown, x.Key)
				}
			}
			got := fmt.Sprintf("%s %s, %d of %d (%d records), failing %v, excluded %v", a.Outcome, a.Points.Achieved, a.Coverage.Compliant,
				a.Coverage.InScope, a.Coverage.Records, a.Failing.Shown, shown)
			for _, text := range append(a.Findings, a.Reasons...) {
				got += "; " + text
			}
			expect.Equal(t, test.want, got)
		})
	}
}

// The points of an action whose whole scope was excluded leave the total, whatever an empty scope earns otherwise.
func TestAllExcludedEarnsNothing(t *testing.T) {
	t.Parallel()
	catalog := load(t, strings.Replace(counted, "not_applicable", "full", 1), countedRule)
	decisions := map[string]engine.Decision{"C": {Exclude: []engine.Exclusion{{Key: "bad1", Reason: "why not"}}}}
	a := assess(t, catalog, bundle(t, data{"entra.users": users("bad1")}), engine.Options{}, engine.AssessOptions{Decisions: decisions})
	if a.Actions[0].Outcome != engine.NotApplicable || a.Score.Total != 0 || a.Score.Achieved != 0 || a.Score.Percent != 0 {
		t.Errorf("%s, %s of %s", verdict(a.Actions[0]), a.Score.Achieved, a.Score.Total)
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

func TestExclusionsOfASetting(t *testing.T) {
	t.Parallel()
	catalog := load(t, settingBlock, "default compliant := false")
	decisions := map[string]engine.Decision{"C": {Exclude: []engine.Exclusion{{Key: "u", Reason: "a test", Expires: on("2026-01-01")}}}}
	a := assess(t, catalog, bundle(t, data{"entra.security_defaults": object{"isEnabled": true}}), engine.Options{}, engine.AssessOptions{Decisions: decisions})
	const want = "not_met to_address 0 of 0 by evidence; its exclusions have no effect: the control counts no records"
	expect.Equal(t, want, verdict(a.Actions[0]))
}
