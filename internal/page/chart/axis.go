package chart

import (
	"time"
)

// scale is a vertical axis: whole steps around what it has to show, in hundredths.
type scale struct{ low, high, step int64 }

// least is the smallest height of an axis over time: a change of a hundredth shall not look like a fall.
const least = 200

// fit returns the axis for values from low to high, with at most so many steps, and not lower than least.
func fit(low, high int64, unit Unit, steps, least int64) scale {
	if high-low < least {
		whole := unit == Percent && low >= 0 && high <= 100_00
		low -= (least - (high - low)) / 2
		if whole {
			low = max(0, min(low, 100_00-least))
		}
		high = low + least
	}
	for decade := int64(1); ; decade *= 10 {
		for _, n := range []int64{1, 2, 5} {
			step := n * decade
			s := scale{floor(low, step), -floor(-high, step), step}
			if (s.high-s.low)/step <= steps {
				return s
			}
		}
	}
}

// floor returns the greatest multiple of a step that is not above n.
func floor(n, step int64) int64 {
	rest := n % step
	if rest < 0 {
		rest += step
	}
	return n - rest
}

// y returns where a value stands, from the top, in a plot of so many lines.
func (s scale) y(value int64, lines int) int {
	value = max(s.low, min(s.high, value))
	n := int64(lines)
	return int(n - ((value-s.low)*n*2+(s.high-s.low))/(2*(s.high-s.low)))
}

// rules returns the horizontal lines of an axis, from the bottom.
func (s scale) rules(unit Unit) []rule {
	var list []rule
	for at := s.low; at <= s.high; at += s.step {
		y := s.y(at, height)
		r := rule{Y: y, TextY: y + 4, Label: unit.tick(at)}
		if at == 0 {
			r.Class = " chart-zero"
		}
		list = append(list, r)
	}
	return list
}

// span is a horizontal axis, in seconds.
type span struct{ from, to int64 }

// x returns where a time stands.
func (s span) x(at int64) int {
	if s.to <= s.from {
		return columns / 2
	}
	at = max(s.from, min(s.to, at))
	return int(((at-s.from)*columns*2 + (s.to - s.from)) / (2 * (s.to - s.from)))
}

// calendar is how far ticks are from each other: hours, days or months.
type calendar struct {
	hours, days, months int
}

// calendars are in the order of their lengths.
func calendars() []calendar {
	return []calendar{
		{hours: 1},
		{hours: 3},
		{hours: 6},
		{hours: 12},
		{days: 1},
		{days: 2},
		{days: 7},
		{days: 14},
		{months: 1},
		{months: 2},
		{months: 3},
		{months: 6},
		{months: 12},
		{months: 24},
		{months: 60},
		{months: 120},
		{months: 300},
		{months: 600},
		{months: 1200},
		{months: 12000},
		{months: 24000},
		{months: 60000},
	}
}

// maxTicks is how many ticks a time axis has at most; every other one is left out where there is little room.
const maxTicks = 8

// ticks returns the marks of a time axis, at the begin of hours, days, weeks or months in UTC.
func (s span) ticks() []tick {
	if s.to <= s.from {
		return []tick{{X: "50%", Label: day(time.Unix(s.from, 0)), Anchor: "middle"}}
	}
	for _, c := range calendars() {
		if list, ok := s.every(c); ok {
			return list
		}
	}
	return nil
}

// every returns the ticks of a calendar; ok is false if they are too many.
func (s span) every(c calendar) (list []tick, ok bool) {
	if seconds := int64(c.hours*3600 + c.days*24*3600 + c.months*28*24*3600); (s.to-s.from)/seconds > 2*maxTicks {
		return nil, false
	}
	whole := true // the first label says the year, and so does the first that is always there
	at, number := c.begin(time.Unix(s.from, 0).UTC())
	for ; at.Unix() <= s.to; at, number = c.next(at), number+1 {
		if at.Unix() < s.from {
			continue
		}
		x := s.x(at.Unix())
		t := tick{X: across(x), Anchor: "middle", Minor: number%2 != 0}
		t.Label = c.label(at, whole)
		whole = whole && t.Minor
		switch {
		case x < columns/25:
			t.Anchor = "start"
		case x > columns-columns/25:
			t.Anchor = "end"
		}
		if list = append(list, t); len(list) > maxTicks {
			return nil, false
		}
	}
	if len(list) <= maxTicks/2 {
		for i := range list {
			list[i].Minor = false
		}
	}
	return list, true
}

// begin returns the last tick that is not after a time, and its number since one that is the same for every axis.
func (c calendar) begin(at time.Time) (time.Time, int64) {
	y, m, d := at.Date()
	switch {
	case c.months > 0:
		n := floor(int64(y)*12+int64(m)-1, int64(c.months))
		return time.Date(int(floor(n, 12)/12), time.Month(n-floor(n, 12)+1), 1, 0, 0, 0, 0, time.UTC), n / int64(c.months)
	case c.days > 0:
		// 1970-01-05 was a Monday.
		const monday = 4
		n := floor(floor(at.Unix(), 24*3600)/(24*3600)-monday, int64(c.days))
		return time.Unix((n+monday)*24*3600, 0).UTC(), n / int64(c.days)
	}
	hour := at.Hour() / c.hours
	return time.Date(y, m, d, hour*c.hours, 0, 0, 0, time.UTC), int64(hour)
}

func (c calendar) next(at time.Time) time.Time {
	return at.AddDate(0, c.months, c.days).Add(time.Duration(c.hours) * time.Hour)
}

// label writes a tick: 14:00, 2 Mar, Mar or 2026; with its year at the begin of one, and where it is the first.
func (c calendar) label(at time.Time, first bool) string {
	switch {
	case c.months >= 12:
		return at.Format("2006")
	case c.months > 0 && (first || at.Month() == time.January):
		return at.Format("Jan 2006")
	case c.months > 0:
		return at.Format("Jan")
	case c.days > 0:
		return at.Format("2 Jan")
	case first || at.Hour() == 0:
		return at.Format("2 Jan 15:04")
	}
	return at.Format("15:04")
}
