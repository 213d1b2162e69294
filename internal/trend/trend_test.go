package trend

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/settings"
)

func on(date string) time.Time {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	return at
}

// random returns an assessment that adds up.
func random(r *rand.Rand, at time.Time) *engine.Assessment {
	a := &engine.Assessment{EvaluatedAt: at, Catalog: engine.Catalog{Digest: "c"}, Evidence: engine.Evidence{Digest: fmt.Sprint(at)}}
	var items []score.Item
	for i := range 8 {
		action := engine.Action{ID: fmt.Sprintf("A%d", i), Category: "identity", Product: "entra_id", Kind: "coverage", Digest: "d", Status: engine.ToAddress, Outcome: engine.NotMet}
		action.Points.Max = score.Points(100 * (1 + i))
		switch r.IntN(6) {
		case 0:
			action.Outcome = engine.NotApplicable
		case 1:
			action.Outcome = engine.NoEvidence
		case 2:
			action.Outcome, action.Status, action.Points.ByEvidence = engine.Complete, engine.Completed, action.Points.Max
		case 3:
			n := 2 + r.Int64N(20)
			action.Outcome, action.Coverage = engine.Partial, &engine.Coverage{Compliant: 1 + r.Int64N(n-1), InScope: n, Records: n}
			action.Points.ByEvidence = score.Share(action.Points.Max, action.Coverage.Compliant, n)
		case 4:
			action.Status = engine.RiskAccepted
		}
		action.Points.Achieved = action.Points.ByEvidence
		if action.Counts() {
			items = append(items, score.Item{Achieved: action.Points.Achieved, Max: action.Points.Max, Assessed: action.Outcome.Assessed(), Accepted: action.Status == engine.RiskAccepted, Licensed: true})
		}
		a.Actions = append(a.Actions, action)
	}
	sum := score.Sum(items)
	a.Score.Achieved, a.Score.Total, a.Score.Percent = sum.Achieved, sum.Total, sum.Percent
	return a
}

// TestGainsAndLossesAddUp holds what is gained and lost, by point and by cause, to the change of the score.
func TestGainsAndLossesAddUp(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 1))
	for range 200 {
		var list []*engine.Assessment
		at := on("2026-01-01")
		for range 1 + r.IntN(12) {
			list = append(list, random(r, at))
			at = at.AddDate(0, 0, r.IntN(3))
		}
		trend := New(engine.Tenant{}, Of(list), Options{})
		first, last := list[0], list[len(list)-1]
		expect.Equal(t, Change{score.Delta(last.Score.Achieved - first.Score.Achieved), score.Delta(last.Score.Percent - first.Score.Percent)}, trend.Change)
		expect.Equalf(t, trend.Change.Points, score.Delta(trend.Gained-trend.Lost), "gained %v, lost %v", trend.Gained, trend.Lost)
		var lost score.Points
		for _, regression := range trend.Regressions {
			lost += regression.Points
		}
		expect.Equalf(t, trend.Lost, lost, "lost by cause")
		for i, p := range trend.Points {
			if i > 0 {
				expect.Equalf(t, score.Delta(p.Achieved-trend.Points[i-1].Achieved), score.Delta(p.Gained-p.Lost), "point %d", i)
			}
		}
		for _, period := range []Period{Each, Day, Week, Month} {
			var gained, lost score.Points
			thin := Thin(trend.Points, period)
			for i, p := range thin {
				gained, lost = gained+p.Gained, lost+p.Lost
				if i > 0 && period != Each && !period.Begin(thin[i-1].At).Before(period.Begin(p.At)) {
					t.Errorf("%s: %v and %v are in one", period, thin[i-1].At, p.At)
				}
			}
			expect.Equalf(t, trend.Gained, gained, "%s", period)
			expect.Equalf(t, trend.Lost, lost, "%s", period)
		}
	}
}

func TestRegressions(t *testing.T) {
	t.Parallel()
	part := func(cause attribution.Cause, detail string, points score.Delta) attribution.Part {
		return attribution.Part{Cause: cause, Detail: detail, Amount: attribution.Amount{Points: points}}
	}
	moments := []Moment{
		{At: on("2026-01-01"), Score: engine.Score{Achieved: 50_00}, Parts: []attribution.Part{part(attribution.Configuration, "", -40_00)}}, // before the range
		{At: on("2026-01-02"), Score: engine.Score{Achieved: 46_00}, Parts: []attribution.Part{
			part(attribution.Configuration, "", -3_00), part(attribution.Population, "users", -1_50), part(attribution.Population, "mailboxes", -50),
			part(attribution.Status, "expired", -1_00), part(attribution.Population, "users", 2_00),
		}},
	}
	trend := New(engine.Tenant{}, moments, Options{})
	expect.Equal(t, []Regression{{"configuration", 3_00}, {"users", 1_50}, {"devices", 0}, {"status", 1_00}, {"mailboxes", 50}}, trend.Regressions)
	expect.Equal(t, []score.Points{2_00, 6_00}, []score.Points{trend.Gained, trend.Lost})
	expect.Equal(t, []Regression{{"configuration", 0}, {"users", 0}, {"devices", 0}}, New(engine.Tenant{}, nil, Options{}).Regressions)
}

// rising is a score that rises by so many hundredths of a percent each day, with a wobble that does not change the pace.
func rising(from, daily score.Points, days int) []Point {
	var points []Point
	for day := range days {
		points = append(points, Point{At: on("2026-01-01").AddDate(0, 0, day), Percent: from + daily*score.Points(day)})
	}
	return points
}

func TestGoal(t *testing.T) {
	t.Parallel()
	delta := func(d score.Delta) *score.Delta { return &d }
	goal := func(percent score.Points, by string) settings.Goal {
		g := settings.Goal{Percent: percent}
		if by != "" {
			g.By = on(by)
		}
		return g
	}
	for name, test := range map[string]struct {
		points []Point
		goal   settings.Goal
		want   Goal
	}{
		"in time":      {rising(50_00, 10, 11), goal(60_00, "2026-12-31"), Goal{State: OnPace, Pace: delta(3_00), On: "2026-04-11", Needed: delta(76)}},
		"on the day":   {rising(50_00, 10, 11), goal(60_00, "2026-04-11"), Goal{State: OnPace, Pace: delta(3_00), On: "2026-04-11", Needed: delta(2_97)}},
		"late":         {rising(50_00, 10, 11), goal(60_00, "2026-04-01"), Goal{State: OnPace, Pace: delta(3_00), On: "2026-04-11", Late: 10, Needed: delta(3_33)}},
		"over":         {rising(50_00, 10, 11), goal(60_00, "2026-01-01"), Goal{State: OnPace, Pace: delta(3_00), On: "2026-04-11", Late: 100}},
		"without day":  {rising(50_00, 10, 11), goal(51_11, ""), Goal{State: OnPace, Pace: delta(3_00), On: "2026-01-12"}},
		"in a moment":  {rising(50_00, 10, 11), goal(51_05, ""), Goal{State: OnPace, Pace: delta(3_00), On: "2026-01-11"}},
		"flat":         {rising(50_00, 0, 11), goal(60_00, ""), Goal{State: Never, Pace: delta(0)}},
		"falling":      {rising(50_00, -10, 11), goal(60_00, ""), Goal{State: Never, Pace: delta(-3_00)}},
		"hundreds":     {[]Point{{At: on("1990-01-01"), Percent: 50_00}, {At: on("2026-01-01"), Percent: 50_01}}, goal(60_00, ""), Goal{State: Never, Pace: delta(0)}},
		"reached":      {rising(50_00, 10, 11), goal(50_50, "2026-01-03"), Goal{State: Reached, Pace: delta(3_00), On: "2026-01-06"}},
		"one point":    {rising(50_00, 10, 1), goal(60_00, "2026-01-31"), Goal{State: Unknown, Needed: delta(9_68)}},
		"one, reached": {rising(50_00, 10, 1), goal(40_00, ""), Goal{State: Reached, On: "2026-01-01"}},
		"no point":     {nil, goal(60_00, ""), Goal{State: Unknown}},
		"same time":    {append(rising(50_00, 10, 1), rising(52_00, 10, 1)...), goal(60_00, ""), Goal{State: Unknown}},
	} {
		test.want.Percent = test.goal.Percent
		if !test.goal.By.IsZero() {
			test.want.By = test.goal.By.Format(time.DateOnly)
		}
		expect.Equalf(t, &test.want, project(test.points, test.goal), "%s", name)
	}
}

// TestSlope compares the slope of random points with that of the textbook, in floating point.
func TestSlope(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 2))
	for range 200 {
		var points []Point
		var meanT, meanY float64
		n := 2 + r.IntN(400)
		for i := range n {
			at := on("2026-01-01").Add(time.Duration(i)*7*time.Hour + time.Duration(r.IntN(3600))*time.Second)
			points = append(points, Point{At: at, Percent: score.Points(r.IntN(100_01))})
			meanT, meanY = meanT+float64(at.Unix()-points[0].At.Unix())/float64(n), meanY+float64(points[i].Percent)/float64(n)
		}
		var above, below float64
		for _, p := range points {
			dt := float64(p.At.Unix()-points[0].At.Unix()) - meanT
			above, below = above+dt*(float64(p.Percent)-meanY), below+dt*dt
		}
		got, _ := slope(points).Float64()
		if want := above / below; got-want > 1e-9 || want-got > 1e-9 {
			t.Fatalf("the slope is %v, want %v", got, want)
		}
	}
}

func TestZonesAndComparison(t *testing.T) {
	t.Parallel()
	moments := []Moment{
		{At: on("2026-01-01"), Score: engine.Score{Percent: 59_99}}, {At: on("2026-02-01"), Score: engine.Score{Percent: 60_00}}, {At: on("2026-03-01"), Score: engine.Score{Percent: 80_00}},
	}
	trend := New(engine.Tenant{}, moments, Options{Zones: &settings.Zones{Good: 80_00, Okay: 60_00}, Compare: func(at time.Time) (Comparison, bool) {
		return Comparison{Cohort: "Similar", Mean: 50_00 + score.Points(at.Month())}, at.Month() > 1
	}})
	var zones []settings.Zone
	var means []score.Points
	for _, p := range trend.Points {
		zones = append(zones, p.Zone)
		if p.Mean != nil {
			means = append(means, *p.Mean)
		}
	}
	expect.Equal(t, []settings.Zone{settings.Bad, settings.Okay, settings.Good}, zones)
	expect.Equal(t, []score.Points{50_02, 50_03}, means)
	expect.Equal(t, &Comparison{Cohort: "Similar", Mean: 50_03, Gap: 29_97}, trend.Comparison)
}

func TestFitting(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]Period{1: Each, 31: Each, 32: Week, 200: Week, 400: Month, 3000: Month} {
		expect.Equalf(t, want, Fitting(rising(0, 1, days), 31), "%d days", days)
	}
	var hourly []Point
	for hour := range 100 {
		hourly = append(hourly, Point{At: on("2026-01-01").Add(time.Duration(hour) * time.Hour)})
	}
	expect.Equal(t, Day, Fitting(hourly, 31))
	// The first of January 2026 was a Thursday.
	expect.Equal(t, on("2025-12-29"), Week.Begin(on("2026-01-01")))
	expect.Equal(t, on("2026-01-05"), Week.Begin(on("2026-01-05")))
	expect.Equal(t, on("2026-01-05"), Week.Begin(on("2026-01-11")))
}

func TestSample(t *testing.T) {
	t.Parallel()
	points := []Point{{At: on("2026-01-01"), Percent: 1}, {At: on("2026-01-02"), Percent: 2}, {At: on("2026-01-05"), Percent: 3}}
	value := func(p Point) float64 { return float64(p.Percent) }
	expect.Equal(t, []float64{1, 2, 2, 2, 3}, Sample(points, 5, value))
	expect.Equal(t, []float64{1, 2, 3}, Sample(points, 3, value))
	expect.Equal(t, []float64{1}, Sample(points, 1, value))
	expect.Equal(t, []float64{1, 1}, Sample(points[:1], 2, value))
}

// TestScoresAlone keeps scores whose assessments are gone: what changed around them is told where it is known, and adds up everywhere.
func TestScoresAlone(t *testing.T) {
	t.Parallel()
	of := func(achieved score.Points, alone bool, parts []attribution.Part) Moment {
		return Moment{Score: engine.Score{Achieved: achieved}, ScoreOnly: alone, Parts: parts}
	}
	part := []attribution.Part{{Cause: attribution.Configuration, Amount: attribution.Amount{Points: -4_00}}}
	got := New(engine.Tenant{}, []Moment{of(10_00, true, nil), of(7_00, true, nil), of(9_00, false, nil), of(6_00, true, []attribution.Part{}), of(5_00, false, part)}, Options{})
	expect.Equal(t, Change{Points: -5_00}, got.Change)
	expect.Equal(t, 2_00, got.Gained)
	expect.Equal(t, 7_00, got.Lost)
	expect.Equal(t, []Regression{{"configuration", 4_00}, {"users", 0}, {"devices", 0}, {"not known", 3_00}}, got.Regressions)
}
