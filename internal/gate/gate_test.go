package gate_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/score"
)

// monday is when the baselines are of.
var monday = time.Date(2026, 10, 5, 6, 0, 0, 0, time.UTC)

// setting returns an action of 5 points, all or nothing.
func setting(id string, outcome engine.Outcome) engine.Action {
	a := engine.Action{ID: id, Title: "Set " + id, Category: "identity", Product: "entra_id", Kind: "setting", Basis: engine.Basis{Rule: "r"}, Digest: "d", Outcome: outcome, Status: engine.ToAddress}
	a.Points.Max = 5_00
	if outcome == engine.Complete {
		a.Points.ByEvidence, a.Points.Achieved, a.Status = 5_00, 5_00, engine.Completed
	}
	if outcome == engine.NoEvidence {
		a.Missing = []string{"entra." + strings.ToLower(id)}
	}
	return a
}

// covered returns an action of 10 points over a population.
func covered(id string, compliant, inScope int64) engine.Action {
	a := setting(id, engine.Partial)
	a.Kind, a.Population = "coverage", "entra.users"
	a.Coverage = &engine.Coverage{Compliant: compliant, InScope: inScope, Records: inScope}
	a.Points.Max = 10_00
	a.Points.Achieved = score.Share(10_00, compliant, inScope)
	a.Points.ByEvidence = a.Points.Achieved
	switch compliant {
	case 0:
		a.Outcome = engine.NotMet
	case inScope:
		a.Outcome, a.Status = engine.Complete, engine.Completed
	}
	return a
}

func resolved(a engine.Action) engine.Action {
	a.Status, a.Points.Achieved = engine.ThirdParty, a.Points.Max
	return a
}

// assessment returns an assessment of a day after monday.
func assessment(day int, actions ...engine.Action) *engine.Assessment {
	at := monday.AddDate(0, 0, day)
	a := &engine.Assessment{Tenant: engine.Tenant{ID: "t1", Name: "Contoso"}, EvaluatedAt: at, Actions: actions}
	a.Evidence.CollectedAt, a.Evidence.Digest = at, fmt.Sprint(day)
	sum(a)
	return a
}

// sum adds up the score.
func sum(a *engine.Assessment) {
	var items []score.Item
	for _, x := range a.Actions {
		if x.Counts() {
			items = append(items, score.Item{Category: x.Category, Product: x.Product, Achieved: x.Points.Achieved, Max: x.Points.Max, Assessed: x.Outcome.Assessed()})
		}
	}
	s := score.Sum(items)
	a.Score = engine.Score{Achieved: s.Achieved, Total: s.Total, AssessedTotal: s.AssessedTotal, Percent: s.Percent}
	for _, g := range s.Categories {
		a.Score.Categories = append(a.Score.Categories, engine.Category{Category: g.Name, Achieved: g.Achieved, Total: g.Total})
	}
	for _, g := range s.Products {
		a.Score.Products = append(a.Score.Products, engine.Product{Product: g.Name, Achieved: g.Achieved, Total: g.Total})
	}
}

func beside(before, after *engine.Assessment) *gate.Comparison {
	return &gate.Comparison{Before: before, After: after, Attribution: attribution.Compare(before, after)}
}

func rules(change func(*rule.Set)) *rule.Set {
	s := &rule.Set{}
	change(s)
	return s
}

func on(events ...rule.Event) *rule.Set { return &rule.Set{FailOn: events} }

func floors(list ...rule.Floor) *rule.Set { return &rule.Set{FailUnder: list} }

// result returns the result of the last gate, with the actions that it names.
func result(verdicts []gate.Verdict) string {
	v := verdicts[len(verdicts)-1]
	text := string(v.Result)
	for _, a := range v.Actions {
		text += " " + a.ID + "=" + string(a.Result)
	}
	return text
}

func TestJudge(t *testing.T) {
	t.Parallel()
	some := assessment(1, setting("A", engine.Complete), setting("B", engine.NotMet), setting("C", engine.NoEvidence), setting("D", engine.Complete))
	half := 50_00
	ended := monday
	expired := setting("A", engine.NotMet)
	expired.Decision = &engine.Decision{Status: engine.RiskAccepted, Expires: &ended}
	left := setting("A", engine.NotMet)
	left.Decision = &engine.Decision{Exclude: []engine.Exclusion{{Key: "u1", Expires: &ended}}}
	warned := assessment(1, setting("A", engine.Complete))
	warned.Evidence.Warnings = []string{"odd"}
	incomplete := assessment(1, setting("A", engine.Complete))
	incomplete.Evidence.Datasets = []engine.Dataset{{Name: "entra.users", Status: engine.Failed}}
	for name, test := range map[string]struct {
		rules *rule.Set
		in    gate.Input
		want  string
	}{
		"score at the bound":          {floors(rule.Floor{Percent: score.Points(half)}), gate.Input{Assessment: some}, "met"},
		"score below":                 {floors(rule.Floor{Percent: score.Points(half + 1)}), gate.Input{Assessment: some}, "not_met"},
		"category":                    {floors(rule.Floor{Category: "identity", Percent: 51_00}), gate.Input{Assessment: some}, "not_met"},
		"product":                     {floors(rule.Floor{Product: "entra_id", Percent: 10_00}), gate.Input{Assessment: some}, "met"},
		"category without actions":    {floors(rule.Floor{Category: "data", Percent: 0}), gate.Input{Assessment: some}, "incomparable"},
		"product that is not there":   {floors(rule.Floor{Product: "teams", Percent: 10_00}), gate.Input{Assessment: some}, "incomparable"},
		"score of nothing":            {floors(rule.Floor{}), gate.Input{Assessment: assessment(1)}, "incomparable"},
		"assessed enough":             {rules(func(s *rule.Set) { s.RequireAssessed = 75_00 }), gate.Input{Assessment: some}, "met"},
		"assessed too little":         {rules(func(s *rule.Set) { s.RequireAssessed = 75_01 }), gate.Input{Assessment: some}, "not_met C=not_met"},
		"assessed nothing":            {rules(func(s *rule.Set) { s.RequireAssessed = 1 }), gate.Input{Assessment: assessment(1)}, "incomparable"},
		"fresh":                       {rules(func(s *rule.Set) { s.MaxAge = time.Hour }), gate.Input{Assessment: some, Now: some.EvaluatedAt.Add(time.Hour)}, "met"},
		"old":                         {rules(func(s *rule.Set) { s.MaxAge = time.Hour }), gate.Input{Assessment: some, Now: some.EvaluatedAt.Add(time.Hour + 1)}, "not_met"},
		"undated":                     {rules(func(s *rule.Set) { s.MaxAge = time.Hour }), gate.Input{Assessment: some, Now: some.EvaluatedAt, Undated: "nobody knows"}, "incomparable"},
		"of tomorrow":                 {rules(func(s *rule.Set) { s.MaxAge = time.Hour }), gate.Input{Assessment: some, Now: some.EvaluatedAt.Add(-time.Hour)}, "incomparable"},
		"a clock that is a bit ahead": {rules(func(s *rule.Set) { s.MaxAge = time.Hour }), gate.Input{Assessment: some, Now: some.EvaluatedAt.Add(-time.Minute)}, "met"},
		"no evidence":                 {on(rule.NoEvidence), gate.Input{Assessment: some}, "not_met C=not_met"},
		"what is known to be missing": {&rule.Set{FailOn: []rule.Event{rule.NoEvidence}, KnownMissing: []string{"entra.c"}}, gate.Input{Assessment: some}, "met"},
		"an error":                    {on(rule.Error), gate.Input{Assessment: assessment(1, setting("A", engine.Errored))}, "not_met A=not_met"},
		"no error":                    {on(rule.Error), gate.Input{Assessment: assessment(1, setting("A", engine.NotMet))}, "met"},
		"perhaps an error":            {on(rule.Error), gate.Input{Assessment: some}, "incomparable C=incomparable"},
		"an expired decision":         {on(rule.Expired), gate.Input{Assessment: assessment(1, expired)}, "not_met A=not_met"},
		"an expired exclusion":        {on(rule.Expired), gate.Input{Assessment: assessment(1, left)}, "not_met A=not_met"},
		"nothing expired":             {on(rule.Expired), gate.Input{Assessment: some}, "met"},
		"a warning":                   {on(rule.Warning), gate.Input{Assessment: warned}, "not_met"},
		"no warning":                  {on(rule.Warning), gate.Input{Assessment: assessment(1, setting("A", engine.Complete))}, "met"},
		"perhaps a warning":           {on(rule.Warning), gate.Input{Assessment: incomplete}, "incomparable"},
		"no baseline":                 {on(rule.Regression), gate.Input{Assessment: some, NoBaseline: "there is none"}, "incomparable"},
	} {
		expect.Equalf(t, test.want, result(gate.Judge(test.rules, test.in)), "%s", name)
	}
}

// TestRegression compares one action of a baseline with what became of it.
func TestRegression(t *testing.T) {
	t.Parallel()
	other := func(a engine.Action) engine.Action { a.Rule, a.Digest = "other", "other"; return a }
	for name, test := range map[string]struct {
		before, after engine.Action
		want          string // on regressions
		notMet        string // on what is newly not met
	}{
		"nothing changed":                 {setting("A", engine.NotMet), setting("A", engine.NotMet), "met", "met"},
		"a setting was weakened":          {setting("A", engine.Complete), setting("A", engine.NotMet), "not_met A=not_met", "not_met A=not_met"},
		"a setting was mended":            {setting("A", engine.NotMet), setting("A", engine.Complete), "met", "met"},
		"users came":                      {covered("A", 40, 50), covered("A", 40, 60), "met", "met"},
		"users were weakened":             {covered("A", 40, 50), covered("A", 30, 50), "not_met A=not_met", "met"},
		"both at once":                    {covered("A", 40, 50), covered("A", 35, 60), "incomparable A=incomparable", "met"},
		"everyone was covered":            {covered("A", 50, 50), covered("A", 50, 60), "met", "not_met A=not_met"},
		"evidence was lost":               {setting("A", engine.NotMet), setting("A", engine.NoEvidence), "incomparable A=incomparable", "incomparable A=incomparable"},
		"the baseline had no evidence":    {setting("A", engine.NoEvidence), setting("A", engine.NotMet), "incomparable A=incomparable", "incomparable A=incomparable"},
		"neither had evidence":            {setting("A", engine.NoEvidence), setting("A", engine.NoEvidence), "incomparable A=incomparable", "incomparable A=incomparable"},
		"evidence came, and all is well":  {setting("A", engine.NoEvidence), setting("A", engine.Complete), "met", "met"},
		"a decision closed it":            {setting("A", engine.Complete), resolved(setting("A", engine.NotMet)), "met", "met"},
		"a decision ended":                {resolved(setting("A", engine.NotMet)), setting("A", engine.NotMet), "met", "not_met A=not_met"},
		"the product was bought":          {setting("A", engine.NotApplicable), setting("A", engine.NotMet), "met", "not_met A=not_met"},
		"the action is new":               {setting("B", engine.NotMet), setting("A", engine.NotMet), "met", "not_met A=not_met"},
		"rule and evidence both changed":  {setting("A", engine.Complete), other(setting("A", engine.NotMet)), "incomparable A=incomparable", "not_met A=not_met"},
		"it does not count any more":      {setting("A", engine.Complete), setting("A", engine.NotApplicable), "met", "met"},
		"evidence was lost, and accepted": {resolved(setting("A", engine.NotMet)), resolved(setting("A", engine.NoEvidence)), "met", "met"},
	} {
		before, after := assessment(0, test.before), assessment(1, test.after)
		if test.after.Rule == "other" {
			after.Catalog.Digest = "other"
		}
		in := gate.Input{Assessment: after, Baseline: beside(before, after)}
		expect.Equalf(t, test.want, result(gate.Judge(on(rule.Regression), in)), "%s: regression", name)
		expect.Equalf(t, test.notMet, result(gate.Judge(on(rule.NewNotMet), in)), "%s: new-not-met", name)
	}
}

// TestKnownMissing leaves out of a comparison what both sides lack and someone knows to be missing. What the baseline had counts.
func TestKnownMissing(t *testing.T) {
	t.Parallel()
	known := &rule.Set{FailOn: []rule.Event{rule.Regression}, KnownMissing: []string{"entra.a"}}
	lacking, had := assessment(0, setting("A", engine.NoEvidence)), assessment(0, setting("A", engine.NotMet))
	after := assessment(1, setting("A", engine.NoEvidence))
	expect.Equal(t, "met", result(gate.Judge(known, gate.Input{Assessment: after, Baseline: beside(lacking, after)})))
	expect.Equal(t, "incomparable A=incomparable", result(gate.Judge(known, gate.Input{Assessment: after, Baseline: beside(had, after)})))
}

// TestUnfit has baselines that nothing can be compared with.
func TestUnfit(t *testing.T) {
	t.Parallel()
	after := assessment(1, setting("A", engine.Complete))
	for name, change := range map[string]func(*engine.Assessment){
		"of another tenant":  func(a *engine.Assessment) { a.Tenant.ID = "t2" },
		"of no tenant":       func(a *engine.Assessment) { a.Tenant.ID = "" },
		"of a later day":     func(a *engine.Assessment) { a.EvaluatedAt = after.EvaluatedAt.Add(time.Second) },
		"that does not sum":  func(a *engine.Assessment) { a.Score.Achieved += 100 },
		"nothing of it fits": func(a *engine.Assessment) { *a = engine.Assessment{} },
	} {
		before := assessment(0, setting("A", engine.Complete))
		change(before)
		in := gate.Input{Assessment: after, Baseline: beside(before, after)}
		expect.Equalf(t, "incomparable", result(gate.Judge(on(rule.Regression), in)), "a baseline %s", name)
	}
}

func TestOldBaseline(t *testing.T) {
	t.Parallel()
	before := assessment(0, setting("A", engine.Complete))
	for day, want := range map[int][2]gate.Result{30: {gate.Met, gate.Met}, 31: {gate.Warning, gate.NotMet}} {
		after := assessment(day, setting("A", engine.Complete))
		verdicts := gate.Judge(on(rule.Regression, rule.Warning), gate.Input{Assessment: after, Baseline: beside(before, after)})
		expect.Equalf(t, []string{"baseline-age", "fail-on regression", "fail-on warning"}, []string{verdicts[0].Name(), verdicts[1].Name(), verdicts[2].Name()}, "day %d", day)
		expect.Equalf(t, want, [2]gate.Result{verdicts[0].Result, verdicts[2].Result}, "day %d", day)
		expect.Equalf(t, false, gate.Failed(verdicts[:2]), "a warning alone fails nothing")
	}
}

// TestConfirm fails on a regression once it is in two assessments in a row.
func TestConfirm(t *testing.T) {
	t.Parallel()
	before := assessment(0, setting("A", engine.Complete))
	well, weak, blind := assessment(1, setting("A", engine.Complete)), assessment(1, setting("A", engine.NotMet)), assessment(1, setting("A", engine.NoEvidence))
	now := assessment(2, setting("A", engine.NotMet))
	twice := &rule.Set{FailOn: []rule.Event{rule.Regression}, Confirm: 2}
	for name, test := range map[string]struct {
		now     *engine.Assessment
		earlier []*engine.Assessment
		untold  string
		want    string
	}{
		"it is in the one before, too":     {now, []*engine.Assessment{weak}, "", "not_met A=not_met"},
		"the one before was well":          {now, []*engine.Assessment{well}, "", "warning A=warning"},
		"it is the first one":              {now, nil, "", "warning A=warning"},
		"the one before lacks evidence":    {now, []*engine.Assessment{blind}, "", "incomparable A=incomparable"},
		"there is no history":              {now, nil, "nothing is kept", "incomparable A=incomparable"},
		"it is mended":                     {assessment(2, setting("A", engine.Complete)), []*engine.Assessment{weak}, "", "met"},
		"no evidence is not waited for":    {assessment(2, setting("A", engine.NoEvidence)), []*engine.Assessment{well}, "", "incomparable A=incomparable"},
		"nothing to confirm needs no past": {assessment(2, setting("A", engine.Complete)), nil, "nothing is kept", "met"},
	} {
		in := gate.Input{Assessment: test.now, Baseline: beside(before, test.now), NoEarlier: test.untold}
		for _, earlier := range test.earlier {
			in.Earlier = append(in.Earlier, *beside(before, earlier))
		}
		expect.Equalf(t, test.want, result(gate.Judge(twice, in)), "%s", name)
	}
}

func TestWarnOnly(t *testing.T) {
	t.Parallel()
	s := floors(rule.Floor{Percent: 100_00})
	s.WarnOnly = true
	verdicts := gate.Judge(s, gate.Input{Assessment: assessment(1, setting("A", engine.NotMet))})
	expect.Equal(t, gate.NotMet, verdicts[0].Result)
	expect.Equal(t, false, gate.Failed(verdicts))
}

// random returns an assessment with an action of each of some ids.
func random(r *rand.Rand, day int) *engine.Assessment {
	outcomes := []engine.Outcome{engine.Complete, engine.Complete, engine.NotMet, engine.NotApplicable, engine.NoEvidence, engine.Errored}
	ended := monday.AddDate(0, 0, -1)
	var actions []engine.Action
	for _, id := range []string{"A", "B", "C", "D"} {
		var a engine.Action
		switch r.IntN(8) {
		case 0:
			continue // another catalog
		case 1, 2:
			inScope := 1 + r.Int64N(4)
			a = covered(id, r.Int64N(inScope+1), inScope)
		default:
			a = setting(id, outcomes[r.IntN(len(outcomes))])
		}
		a.Category = []string{"identity", "data"}[r.IntN(2)]
		switch open := a.Outcome != engine.Complete && a.Outcome != engine.NotApplicable; r.IntN(8) {
		case 0:
			if open {
				a = resolved(a)
			}
		case 1:
			if open {
				a.Status = engine.RiskAccepted
			}
		case 2:
			a.Decision = &engine.Decision{Status: engine.Planned, Expires: &ended}
		}
		actions = append(actions, a)
	}
	a := assessment(day, actions...)
	if r.IntN(4) == 0 {
		a.Evidence.Warnings = []string{"odd"}
	}
	if r.IntN(8) == 0 {
		a.Catalog.Digest = "other"
	}
	return a
}

// without returns an assessment with less evidence: an action that was assessed is not, and what was odd about its evidence is not seen.
func without(r *rand.Rand, a *engine.Assessment) *engine.Assessment {
	less := *a
	less.Actions = slices.Clone(a.Actions)
	less.Evidence.Datasets = []engine.Dataset{{Name: "entra.x", Status: engine.Missing}, {Name: "entra.y", Status: engine.Collected, Digest: a.Evidence.Digest}}
	less.Evidence.Warnings = nil
	less.Score = engine.Score{}
	for i := range less.Actions {
		x := &less.Actions[i]
		if !x.Counts() || r.IntN(2) == 0 {
			continue
		}
		x.Outcome, x.Coverage, x.Missing, x.Points.ByEvidence = engine.NoEvidence, nil, []string{"entra.x"}, 0
		if !x.Status.Resolves() {
			x.Points.Achieved = 0
		}
		if x.Status == engine.Completed {
			x.Status = engine.ToAddress
		}
	}
	sum(&less)
	return &less
}

// setOf returns rules of one gate each, so that none hides behind another.
func setOf(r *rand.Rand) *rule.Set {
	s := &rule.Set{Confirm: 1 + r.IntN(2)}
	switch events := rule.Events(); r.IntN(4) {
	case 0:
		s.FailUnder = []rule.Floor{{Percent: score.Points(r.IntN(101_00))}}
		s.FailUnder[0].Category = []string{"", "identity", "data"}[r.IntN(3)]
	case 1:
		s.RequireAssessed = score.Points(1 + r.IntN(100_00))
	default:
		s.FailOn = []rule.Event{events[r.IntN(len(events))]}
	}
	return s
}

// TestLessEvidence takes evidence away, of the assessment, of the baseline, or of the assessment between: a gate that failed still fails.
func TestLessEvidence(t *testing.T) {
	t.Parallel()
	failed := 0
	for seed := range uint64(1_500) {
		r := rand.New(rand.NewPCG(seed, 1))
		before, between, after := random(r, 0), random(r, 1), random(r, 2)
		s := setOf(r)
		judge := func(before, between, after *engine.Assessment) []gate.Verdict {
			return gate.Judge(s, gate.Input{Assessment: after, Baseline: beside(before, after), Earlier: []gate.Comparison{*beside(before, between)}})
		}
		full := judge(before, between, after)
		if !gate.Failed(full) {
			continue
		}
		failed++
		which := r.IntN(7) + 1
		less := []*engine.Assessment{before, between, after}
		for i := range less {
			if which>>i&1 == 1 {
				less[i] = without(r, less[i])
			}
		}
		if got := judge(less[0], less[1], less[2]); !gate.Failed(got) {
			t.Fatalf("seed %d, rules %+v: failed as %+v, and with less evidence it is %+v", seed, *s, full, got)
		}
	}
	if failed < 375 {
		t.Errorf("only %d of the assessments fail", failed)
	}
}

// TestNothingToCompare has no combination of what is missing that passes a gate that needs it.
func TestNothingToCompare(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		before, after := random(r, 0), random(r, 2)
		s := &rule.Set{FailOn: []rule.Event{rule.Events()[r.IntN(2)]}, Confirm: 1 + r.IntN(3)}
		in := gate.Input{Assessment: after, NoBaseline: "there is none"}
		if r.IntN(2) == 0 {
			before.Tenant.ID = []string{"t2", "", "T1x"}[r.IntN(3)]
			in.Baseline = beside(before, after)
		}
		if verdicts := gate.Judge(s, in); !gate.Failed(verdicts) {
			t.Fatalf("seed %d: %+v passes %+v", seed, in.Baseline, verdicts)
		}
		// An action that counts, that no decision closes and that evidence was not enough for is never passed.
		in.Baseline = beside(random(r, 0), after)
		lacking := slices.ContainsFunc(after.Actions, func(a engine.Action) bool { return a.Counts() && !a.Outcome.Assessed() && !a.Status.Resolves() })
		for _, event := range []rule.Event{rule.Regression, rule.NewNotMet, rule.NoEvidence, rule.Error, rule.Warning} {
			if lacking && !gate.Failed(gate.Judge(on(event), in)) {
				t.Fatalf("seed %d: %s passes without evidence", seed, event)
			}
		}
	}
}
