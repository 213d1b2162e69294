package attribution_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
)

var noon = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// assessment returns an assessment of actions, with the score that they add up to.
func assessment(change func(*engine.Assessment), actions ...engine.Action) *engine.Assessment {
	a := &engine.Assessment{
		SchemaVersion: engine.SchemaVersion, Tenant: engine.Tenant{ID: "t"}, EvaluatedAt: noon,
		Evidence: engine.Evidence{Digest: "e"}, Catalog: engine.Catalog{Digest: "c"}, Engine: engine.Version{Version: "1"}, Actions: actions,
	}
	if change != nil {
		change(a)
	}
	for _, action := range a.Actions {
		if action.Counts() {
			a.Score.Achieved += action.Points.Achieved
			a.Score.Total += action.Points.Max
		}
	}
	a.Score.Percent = score.Percent(a.Score.Achieved, a.Score.Total)
	return a
}

func newEvidence(a *engine.Assessment) { a.Evidence.Digest = "e2" }
func newCatalog(a *engine.Assessment)  { a.Catalog.Digest = "c2" }

// setting is an action that is met or not.
func setting(id string, points score.Points, outcome engine.Outcome) engine.Action {
	a := engine.Action{ID: id, Kind: "setting", Digest: "d", Outcome: outcome, Status: engine.ToAddress, Points: engine.ActionPoints{Max: points}}
	if outcome == engine.Complete {
		a.Points.ByEvidence, a.Points.Achieved, a.Status = points, points, engine.Completed
	}
	return a
}

// coverage is an action over records.
func coverage(id string, points score.Points, compliant, inScope int64) engine.Action {
	a := setting(id, points, engine.NotMet)
	a.Kind = "coverage"
	a.Coverage = &engine.Coverage{Compliant: compliant, InScope: inScope, Records: inScope}
	a.Points.ByEvidence = score.Share(points, compliant, inScope)
	a.Points.Achieved = a.Points.ByEvidence
	switch compliant {
	case 0:
	case inScope:
		a.Outcome, a.Status = engine.Complete, engine.Completed
	default:
		a.Outcome = engine.Partial
	}
	return a
}

// with changes an action.
func with(a engine.Action, changes ...func(*engine.Action)) engine.Action {
	for _, change := range changes {
		change(&a)
	}
	return a
}

// decided gives an action a status.
func decided(a engine.Action, status engine.Status, expires *time.Time) engine.Action {
	a.Decision = &engine.Decision{Status: status, Expires: expires}
	if expires == nil || expires.After(noon) {
		a.Status = status
		if status.Resolves() {
			a.Points.Achieved = a.Points.Max
		}
	}
	return a
}

func fails(keys ...string) func(*engine.Action) {
	return func(a *engine.Action) {
		a.Failing = &engine.Failing{Total: int64(len(keys))}
		for _, key := range keys {
			a.Failing.Shown = append(a.Failing.Shown, engine.Record{Key: key})
		}
	}
}

func otherDigest(a *engine.Action) { a.Digest = "d2" }
func parameters(a *engine.Action)  { a.Parameters = map[string]any{"days": 3} }
func timed(a *engine.Action)       { a.Timed = true }
func people(a *engine.Action)      { a.Population = "entra.users" }

func ruled(rule string) func(*engine.Action) { return func(a *engine.Action) { a.Rule = rule } }

func newParameters(a *engine.Assessment) {
	a.Catalog.Digest = "c2"
	a.Catalog.Parameters = &engine.Parameters{Base: "c", Digest: "p"}
}

// TestCompare holds the cause of each kind of change, by two assessments alone.
func TestCompare(t *testing.T) {
	later := func(a *engine.Assessment) { a.EvaluatedAt = noon.AddDate(0, 0, 1) }
	ended := noon.Add(time.Hour)
	excluded := func(a *engine.Action) {
		a.Excluded = &engine.Excluded{Total: 1}
		a.Decision = &engine.Decision{Exclude: []engine.Exclusion{{Key: "k"}}}
	}
	for name, test := range map[string]struct {
		before, after *engine.Assessment
		want          string
	}{
		"nothing":    {assessment(nil, setting("A", 500, engine.Complete)), assessment(newEvidence, setting("A", 500, engine.Complete)), "[]"},
		"added":      {assessment(nil), assessment(newCatalog, setting("A", 500, engine.NotMet)), "[catalog:added 0/+5]"},
		"removed":    {assessment(nil, setting("A", 500, engine.Complete)), assessment(newCatalog), "[catalog:removed -5/-5]"},
		"points":     {assessment(nil, setting("A", 500, engine.Complete)), assessment(newCatalog, with(setting("A", 800, engine.Complete), otherDigest)), "[catalog:points +3/+3]"},
		"rule":       {assessment(nil, setting("A", 500, engine.Complete)), assessment(newCatalog, with(setting("A", 500, engine.NotMet), otherDigest)), "[catalog:rule -5/0]"},
		"text":       {assessment(nil, setting("A", 500, engine.Complete)), assessment(newCatalog, with(setting("A", 500, engine.Complete), otherDigest)), "[catalog:same verdict 0/0]"},
		"setting":    {assessment(nil, setting("A", 500, engine.Complete)), assessment(newEvidence, setting("A", 500, engine.NotMet)), "[configuration: -5/0]"},
		"license":    {assessment(nil, setting("A", 500, engine.NotApplicable)), assessment(newEvidence, setting("A", 500, engine.NotMet)), "[license:applies 0/+5]"},
		"no license": {assessment(nil, setting("A", 500, engine.Complete)), assessment(newEvidence, setting("A", 500, engine.NotApplicable)), "[license:does not apply -5/-5]"},
		"lost":       {assessment(nil, setting("A", 500, engine.Complete)), assessment(newEvidence, setting("A", 500, engine.NoEvidence)), "[evidence:lost -5/0]"},
		"regained":   {assessment(nil, setting("A", 500, engine.Errored)), assessment(newEvidence, setting("A", 500, engine.Complete)), "[evidence:regained +5/0]"},
		"verdicts":   {assessment(nil, coverage("A", 1000, 5, 10)), assessment(newEvidence, coverage("A", 1000, 7, 10)), "[configuration: +2/0]"},
		"population": {assessment(nil, coverage("A", 1000, 5, 10)), assessment(newEvidence, coverage("A", 1000, 5, 20)), "[population:records -2.5/0]"},
		"others fail": {
			assessment(nil, with(coverage("A", 1000, 5, 7), fails("x", "y"))), assessment(newEvidence, with(coverage("A", 1000, 5, 7), fails("x", "z"))), "[coverage: 0/0]",
		},
		"more than newcomers": {
			assessment(nil, with(coverage("A", 1000, 5, 7), fails("x", "y"))), assessment(newEvidence, with(coverage("A", 1000, 5, 8), fails("x", "z", "u"))), "[coverage: -0.89/0]",
		},
		"newcomers fail": {
			assessment(nil, with(coverage("A", 1000, 5, 7), fails("x", "y"))), assessment(newEvidence, with(coverage("A", 1000, 5, 8), fails("x", "y", "u"))), "[population:records -0.89/0]",
		},
		"both":         {assessment(nil, coverage("A", 1000, 5, 10)), assessment(newEvidence, coverage("A", 1000, 15, 20)), "[coverage: +2.5/0]"},
		"exclusion":    {assessment(nil, coverage("A", 1000, 5, 10)), assessment(nil, with(coverage("A", 1000, 5, 9), excluded)), "[exclusion:set +0.56/0]"},
		"excluded now": {assessment(nil, coverage("A", 1000, 5, 10)), assessment(newEvidence, with(coverage("A", 1000, 5, 9), excluded)), "[exclusion:set +0.56/0]"},
		"ended":        {assessment(nil, with(coverage("A", 1000, 5, 9), excluded)), assessment(nil, coverage("A", 1000, 5, 10)), "[exclusion:ended -0.56/0]"},
		"status":       {assessment(nil, setting("A", 500, engine.NotMet)), assessment(nil, decided(setting("A", 500, engine.NotMet), engine.ThirdParty, nil)), "[status:set +5/0]"},
		"planned":      {assessment(nil, setting("A", 500, engine.NotMet)), assessment(nil, decided(setting("A", 500, engine.NotMet), engine.Planned, nil)), "[status:set 0/0]"},
		"status ended": {assessment(nil, decided(setting("A", 500, engine.NotMet), engine.ThirdParty, nil)), assessment(nil, setting("A", 500, engine.NotMet)), "[status:ended -5/0]"},
		"expired": {
			assessment(nil, decided(setting("A", 500, engine.NotMet), engine.ThirdParty, &ended)),
			assessment(later, with(setting("A", 500, engine.NotMet), func(a *engine.Action) {
				a.Decision = &engine.Decision{Status: engine.ThirdParty, Expires: &ended}
			})), "[status:expired -5/0]",
		},
		"done in spite of a status": {
			assessment(nil, decided(setting("A", 500, engine.NotMet), engine.ThirdParty, nil)),
			assessment(newEvidence, with(setting("A", 500, engine.Complete), func(a *engine.Action) {
				a.Decision = &engine.Decision{Status: engine.ThirdParty}
			})), "[configuration: 0/0]",
		},
		"time":       {assessment(nil, coverage("A", 1000, 5, 10)), assessment(later, coverage("A", 1000, 4, 9)), "[time: -0.56/0]"},
		"engine":     {assessment(nil, setting("A", 500, engine.NotMet)), assessment(func(a *engine.Assessment) { a.Engine.Version = "2" }, setting("A", 500, engine.Complete)), "[engine: +5/0]"},
		"no reason":  {assessment(nil, setting("A", 500, engine.NotMet)), assessment(nil, setting("A", 500, engine.Complete)), "[incomparable:no recorded difference explains it +5/0]"},
		"two causes": {assessment(nil, setting("A", 500, engine.NotMet)), assessment(func(a *engine.Assessment) { newCatalog(a); newEvidence(a) }, with(setting("A", 500, engine.Complete), otherDigest)), "[incomparable:rule and evidence +5/0]"},
		"points of a control, not its rule": {
			assessment(nil, with(setting("A", 500, engine.Complete), ruled("r"))),
			assessment(func(a *engine.Assessment) { newCatalog(a); newEvidence(a) }, with(with(setting("A", 800, engine.NotMet), otherDigest), ruled("r"))),
			"[catalog:points +3/+3 configuration: -8/0]",
		},
		"rule and points": {
			assessment(nil, with(setting("A", 500, engine.Complete), ruled("r"))),
			assessment(newCatalog, with(with(setting("A", 800, engine.NotMet), otherDigest), ruled("s"))), "[catalog:points +3/+3 catalog:rule -8/0]",
		},
		"parameters": {
			assessment(nil, with(setting("A", 500, engine.Complete), ruled("r"))),
			assessment(newParameters, with(with(setting("A", 500, engine.NotMet), otherDigest), ruled("r"), parameters)), "[parameters:values -5/0]",
		},
		"parameters and evidence": {
			assessment(nil, with(setting("A", 500, engine.Complete), ruled("r"))),
			assessment(func(a *engine.Assessment) { newParameters(a); newEvidence(a) }, with(with(setting("A", 500, engine.NotMet), otherDigest), ruled("r"), parameters)),
			"[incomparable:parameters and evidence -5/0]",
		},
		"evidence or time": {
			assessment(nil, with(coverage("A", 1000, 5, 10), timed)),
			assessment(func(a *engine.Assessment) { newEvidence(a); later(a) }, with(coverage("A", 1000, 4, 10), timed)), "[configuration:or time -1/0]",
		},
		"users": {
			assessment(nil, with(coverage("A", 1000, 5, 10), people)),
			assessment(func(a *engine.Assessment) {
				newEvidence(a)
				a.Evidence.Datasets = []engine.Dataset{{Name: "entra.users", Subject: "user"}}
			}, with(coverage("A", 1000, 5, 20), people)), "[population:users -2.5/0]",
		},
		"another tenant": {
			assessment(nil, setting("A", 500, engine.NotMet)),
			assessment(func(a *engine.Assessment) { a.Tenant.ID = "u" }, setting("A", 500, engine.Complete)), "[incomparable:another tenant +5/0]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := attribution.Compare(test.before, test.after)
			expect.Equal(t, test.want, causes(a))
			wantExact(t, a)
		})
	}
}

// causes writes the sums by cause: cause:detail points/total.
func causes(a *attribution.Attribution) string {
	texts := []string{}
	for _, part := range a.Causes {
		texts = append(texts, fmt.Sprintf("%s:%s %v/%v", part.Cause, part.Detail, part.Points, part.Total))
	}
	return fmt.Sprint(texts)
}

// wantExact reports parts that do not add up to the change exactly.
func wantExact(t *testing.T, a *attribution.Attribution) {
	t.Helper()
	var sum, actions attribution.Amount
	add := func(to *attribution.Amount, part attribution.Amount) {
		to.Points += part.Points
		to.Total += part.Total
		to.Percent += part.Percent
	}
	for _, part := range a.Causes {
		add(&sum, part.Amount)
	}
	for i := range a.Actions {
		add(&actions, a.Actions[i].Amount())
	}
	expect.Equalf(t, a.Change, sum, "the sum of the causes")
	if a.Old.Tenant == a.New.Tenant {
		expect.Equalf(t, a.Change, actions, "the sum of the actions")
	}
	expect.Equalf(t, attribution.Amount{}, a.Residual, "residual")
}

// TestExact holds that the parts of any change add up to it, in hundredths of points and of percent, and that nothing is left.
func TestExact(t *testing.T) {
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, 1))
		before, after := randomAssessment(random), randomAssessment(random)
		a := attribution.Compare(before, after)
		wantExact(t, a)
		middle := make([]attribution.Step, 0, 5)
		for _, cause := range []attribution.Cause{attribution.Catalog, attribution.Evidence, attribution.Exclusion, attribution.Status} {
			middle = append(middle, attribution.Step{Cause: cause, Assessment: randomAssessment(random), Split: randomSplit(random)})
		}
		a = attribution.Trace(before, append(middle, attribution.Step{Cause: attribution.Time, Assessment: after}))
		wantExact(t, a)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func randomAssessment(random *rand.Rand) *engine.Assessment {
	var actions []engine.Action
	for i := range random.IntN(12) {
		if random.IntN(5) == 0 {
			continue
		}
		actions = append(actions, randomAction(random, fmt.Sprintf("A%02d", i)))
	}
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	return assessment(func(a *engine.Assessment) {
		a.Evidence.Digest, a.Catalog.Digest, a.Engine.Version = pick("e", "e", "f"), pick("c", "c", "d"), pick("1", "1", "1", "2")
		a.EvaluatedAt = noon.AddDate(0, 0, random.IntN(3))
	}, actions...)
}

func randomAction(random *rand.Rand, id string) engine.Action {
	points := score.Points(random.IntN(1001))
	outcomes := []engine.Outcome{engine.Complete, engine.NotMet, engine.NotApplicable, engine.NoEvidence, engine.Errored}
	a := setting(id, points, outcomes[random.IntN(len(outcomes))])
	if random.IntN(2) == 0 && points > 0 {
		inScope := random.Int64N(300) + 1
		a = coverage(id, points, random.Int64N(inScope+1), inScope)
	}
	if random.IntN(8) == 0 {
		a.Stage, a.Points = engine.Preview, engine.ActionPoints{}
		a.Coverage = nil
	}
	if random.IntN(4) == 0 && a.Outcome != engine.Complete && a.Outcome != engine.NotApplicable {
		statuses := []engine.Status{engine.Planned, engine.RiskAccepted, engine.ThirdParty, engine.AlternateMitigation}
		a = decided(a, statuses[random.IntN(len(statuses))], nil)
	}
	if random.IntN(3) == 0 {
		a.Digest = fmt.Sprint(random.IntN(2))
	}
	return a
}

// randomSplit knows of every second control something that need not be true.
func randomSplit(random *rand.Rand) func(string) *attribution.Split {
	return func(string) *attribution.Split {
		if random.IntN(2) == 0 {
			return nil
		}
		inScope := random.Int64N(100)
		split := &attribution.Split{Compliant: random.Int64N(inScope + 1), InScope: inScope, AllOrNothing: random.IntN(3) == 0}
		if random.IntN(2) == 0 {
			split.Moved.Came = &attribution.Set{Total: 1}
		}
		return split
	}
}

// TestSplit holds that records that came and left are told apart from verdicts that changed.
func TestSplit(t *testing.T) {
	before := assessment(nil, coverage("A", 1000, 5, 10))
	after := assessment(newEvidence, coverage("A", 1000, 9, 12))
	split := &attribution.Split{Compliant: 6, InScope: 12, Moved: attribution.Moved{Came: &attribution.Set{Total: 2}}}
	a := attribution.Trace(before, []attribution.Step{
		{Cause: attribution.Evidence, Assessment: after, Split: func(string) *attribution.Split { return split }},
	})
	expect.Equal(t, "[population:records 0/0 configuration: +2.5/0]", causes(a))
	wantExact(t, a)
	if a.Method != attribution.FromEvidence || a.Actions[0].Word != attribution.Improved {
		t.Errorf("got %s, %s", a.Method, a.Actions[0].Word)
	}
}

// TestReplaced holds that records are told that changed though as many comply, and that nothing is concluded from counts where records
// can't be followed.
func TestReplaced(t *testing.T) {
	one := &attribution.Set{Total: 1}
	for name, test := range map[string]struct {
		after engine.Action
		split *attribution.Split
		want  string
	}{
		"verdicts":  {coverage("A", 1000, 5, 10), &attribution.Split{Compliant: 5, InScope: 10, Moved: attribution.Moved{Regressed: one, Improved: one}}, "[configuration: 0/0]"},
		"people":    {coverage("A", 1000, 5, 10), &attribution.Split{Compliant: 5, InScope: 10, Moved: attribution.Moved{Came: one, Left: one}}, "[population:records 0/0]"},
		"unknown":   {coverage("A", 1000, 5, 11), nil, "[coverage:records without keys -0.45/0]"},
		"unchanged": {coverage("A", 1000, 5, 10), nil, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			a := attribution.Trace(assessment(nil, coverage("A", 1000, 5, 10)), []attribution.Step{{
				Cause: attribution.Evidence, Assessment: assessment(newEvidence, test.after), Split: func(string) *attribution.Split { return test.split },
			}})
			expect.Equal(t, test.want, causes(a))
			wantExact(t, a)
		})
	}
}

// TestPercentages holds the shares of the percentage that the issue of the method gives: what points changed over the new total,
// and what the total changed over the old points.
func TestPercentages(t *testing.T) {
	before := assessment(nil, setting("A", 500, engine.Complete), setting("B", 500, engine.NotMet))
	after := assessment(func(a *engine.Assessment) { newCatalog(a); newEvidence(a) },
		setting("A", 500, engine.Complete), setting("B", 500, engine.Complete), setting("C", 1000, engine.NotMet))
	a := attribution.Compare(before, after)
	// 50 % of 10 to 50 % of 20: five more points are 25 %, ten more of the total take 25 %.
	if got := fmt.Sprint(a.Causes[0].Percent, a.Causes[1].Percent, a.Change.Percent); got != "-25 +25 0" {
		t.Errorf("got %s: %s", got, must.Get(json.Marshal(a.Causes))(t))
	}
	wantExact(t, a)
}

// TestResidual holds that what an assessment does not add up to by itself is said, and given to nobody.
func TestResidual(t *testing.T) {
	before := assessment(nil, setting("A", 500, engine.NotMet))
	after := assessment(newEvidence, setting("A", 500, engine.NotMet))
	after.Score.Achieved, after.Score.Percent = 100, 2000
	a := attribution.Compare(before, after)
	expect.Equal(t, attribution.Amount{Points: 100, Percent: 2000}, a.Residual)
}

// TestIncomparable holds that an action without evidence on either side never passes as unchanged.
func TestIncomparable(t *testing.T) {
	before := assessment(nil, setting("A", 500, engine.NoEvidence), setting("B", 500, engine.NotMet), setting("C", 500, engine.Errored))
	after := assessment(newEvidence, setting("A", 500, engine.NoEvidence), setting("B", 500, engine.Errored), setting("C", 500, engine.NotMet))
	var got []string
	for _, x := range attribution.Compare(before, after).Incomparable {
		got = append(got, x.ID+": "+x.Reason)
	}
	expect.Equal(t, []string{
		"A: neither assessment has sufficient evidence",
		"B: the new assessment has no sufficient evidence",
		"C: the old assessment had no sufficient evidence",
	}, got)
}
