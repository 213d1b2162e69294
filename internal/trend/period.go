package trend

import (
	"time"
)

// Period is how much time a line of a table stands for.
type Period string

// The periods.
const (
	Each  Period = "each" // every point
	Day   Period = "day"
	Week  Period = "week" // from Monday
	Month Period = "month"
)

// Begin returns the first moment of the period that a time is in, in UTC.
func (p Period) Begin(at time.Time) time.Time {
	y, m, d := at.UTC().Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	switch p {
	case Week:
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case Month:
		return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	}
	return day
}

// After returns the first moment of the period after the one that begins at a time.
func (p Period) After(begin time.Time) time.Time {
	switch p {
	case Week:
		return begin.AddDate(0, 0, 7)
	case Month:
		return begin.AddDate(0, 1, 0)
	}
	return begin.AddDate(0, 0, 1)
}

// Thin returns the last point of each period, with what was gained and lost in it.
func Thin(points []Point, period Period) []Point {
	if period == Each {
		return points
	}
	thinned := []Point{}
	for _, point := range points {
		if n := len(thinned); n > 0 && period.Begin(thinned[n-1].At).Equal(period.Begin(point.At)) {
			point.Gained += thinned[n-1].Gained
			point.Lost += thinned[n-1].Lost
			thinned[n-1] = point
			continue
		}
		thinned = append(thinned, point)
	}
	return thinned
}

// Fitting returns the shortest period with at most so many lines, or the longest one.
func Fitting(points []Point, most int) Period {
	for _, period := range []Period{Each, Day, Week} {
		if len(Thin(points, period)) <= most {
			return period
		}
	}
	return Month
}

// Sample returns the percentage at evenly spread times from the first point to the last: each time that of the last point up to then.
// There is at least one point.
func Sample(points []Point, count int, value func(Point) float64) []float64 {
	first, last := points[0].At.Unix(), points[len(points)-1].At.Unix()
	samples := make([]float64, count)
	at := 0
	for i := range samples {
		until := first
		if count > 1 {
			until += (last - first) * int64(i) / int64(count-1)
		}
		for at+1 < len(points) && points[at+1].At.Unix() <= until {
			at++
		}
		samples[i] = value(points[at])
	}
	return samples
}
