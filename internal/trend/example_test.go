package trend_test

import (
	"fmt"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/trend"
)

func Example() {
	day := func(d int) time.Time { return time.Date(2026, 10, d, 6, 0, 0, 0, time.UTC) }
	moments := []trend.Moment{
		{At: day(1), Score: engine.Score{Percent: 50_00}},
		{At: day(11), Score: engine.Score{Percent: 51_00}},
		{At: day(21), Score: engine.Score{Percent: 52_00}},
	}
	t := trend.New(engine.Tenant{ID: "contoso"}, moments, trend.Options{Goal: &settings.Goal{Percent: 60_00}})
	fmt.Printf("%s%% in 30 days: %s on %s\n", t.Goal.Pace, t.Goal.State, t.Goal.On)
	// Output: +3% in 30 days: on pace on 2027-01-09
}
