package trend

import (
	"math/big"
	"time"

	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/settings"
)

// Goal is a score to reach, and when the current pace reaches it.
type Goal struct {
	Percent score.Points `json:"percent"`
	By      string       `json:"by,omitempty"` // the day, if there is one
	State   State        `json:"state"`
	Pace    *score.Delta `json:"pace,omitempty"`   // percentage points in 30 days; absent if it is not known
	On      string       `json:"on,omitempty"`     // the day on which the pace reaches the goal, or on which it was reached
	Late    int64        `json:"late,omitempty"`   // days from By to On
	Needed  *score.Delta `json:"needed,omitempty"` // the pace that reaches the goal in time; absent if there is no day, or it is over
}

// State is how far a goal is.
type State string

// The states.
const (
	Reached State = "reached"          // by the last point
	OnPace  State = "on pace"          // it will be, on a day
	Never   State = "not at this pace" // or in more than a hundred years
	Unknown State = "pace unknown"     // there are no two points in time
)

const (
	month   = 30 * 24 * 60 * 60        // seconds
	century = 100 * 365 * 24 * 60 * 60 // seconds
)

// project returns when a goal is reached. The pace is the slope of the line through the points by least squares. From the last point on
// the score is taken to go on at this pace.
func project(points []Point, goal settings.Goal) *Goal {
	g := &Goal{Percent: goal.Percent, State: Unknown}
	if !goal.By.IsZero() {
		g.By = goal.By.Format(time.DateOnly)
	}
	if len(points) == 0 {
		return g
	}
	last := points[len(points)-1]
	missing := int64(goal.Percent - last.Percent)
	pace := slope(points)
	if pace != nil {
		g.Pace = perMonth(pace)
	}
	if missing <= 0 {
		g.State, g.On = Reached, since(points, goal.Percent).Format(time.DateOnly)
		return g
	}
	// The day of the goal is part of the time that is left.
	if left := int64(goal.By.AddDate(0, 0, 1).Sub(last.At) / time.Second); !goal.By.IsZero() && left > 0 {
		g.Needed = perMonth(big.NewRat(missing, left))
	}
	switch {
	case pace == nil:
		return g
	case pace.Sign() <= 0:
		g.State = Never
		return g
	}
	seconds := ceil(new(big.Rat).Quo(big.NewRat(missing, 1), pace))
	if !seconds.IsInt64() || seconds.Int64() > century {
		g.State = Never
		return g
	}
	on := last.At.UTC().Add(time.Duration(seconds.Int64()) * time.Second)
	g.State, g.On = OnPace, on.Format(time.DateOnly)
	if !goal.By.IsZero() {
		day := time.Date(on.Year(), on.Month(), on.Day(), 0, 0, 0, 0, time.UTC)
		g.Late = max(0, int64(day.Sub(goal.By)/(24*time.Hour)))
	}
	return g
}

// since returns from when on the goal was reached: the first of the last points that all reach it.
func since(points []Point, percent score.Points) time.Time {
	at := points[len(points)-1].At
	for i := len(points) - 1; i >= 0 && points[i].Percent >= percent; i-- {
		at = points[i].At
	}
	return at.UTC()
}

// slope returns the slope of the line through points by least squares, in hundredths of a percent each second, or nil if there are no two
// times.
func slope(points []Point) *big.Rat {
	n, sumT, sumY, sumTT, sumTY := big.NewInt(int64(len(points))), new(big.Int), new(big.Int), new(big.Int), new(big.Int)
	for _, p := range points {
		t, y := big.NewInt(p.At.Unix()-points[0].At.Unix()), big.NewInt(int64(p.Percent))
		sumT.Add(sumT, t)
		sumY.Add(sumY, y)
		sumTT.Add(sumTT, new(big.Int).Mul(t, t))
		sumTY.Add(sumTY, new(big.Int).Mul(t, y))
	}
	// (n sum(ty) - sum(t) sum(y)) / (n sum(tt) - sum(t)^2)
	above := new(big.Int).Sub(new(big.Int).Mul(n, sumTY), new(big.Int).Mul(sumT, sumY))
	below := new(big.Int).Sub(new(big.Int).Mul(n, sumTT), new(big.Int).Mul(sumT, sumT))
	if below.Sign() == 0 {
		return nil
	}
	return new(big.Rat).SetFrac(above, below)
}

// perMonth returns a pace by the second as one of 30 days, rounded half away from zero to hundredths.
func perMonth(pace *big.Rat) *score.Delta {
	months := new(big.Rat).Mul(pace, big.NewRat(month, 1))
	sign := int64(months.Sign())
	half := new(big.Rat).Add(months.Abs(months), big.NewRat(1, 2))
	delta := score.Delta(sign * new(big.Int).Quo(half.Num(), half.Denom()).Int64())
	return &delta
}

// ceil rounds up.
func ceil(r *big.Rat) *big.Int {
	whole, rest := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	if rest.Sign() != 0 {
		whole.Add(whole, big.NewInt(1))
	}
	return whole
}
