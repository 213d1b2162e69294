package securescore

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/score"
)

// Benchmark returns the comparisons of days as a benchmark: one entry for each cohort and date. What days disagree about, and cohorts
// that are not known, are problems. It is nil if the days have no comparison.
func Benchmark(days []*Day) (*cohort.Benchmark, []Problem) {
	b := &cohort.Benchmark{
		SchemaVersion: cohort.SchemaVersion, Title: "Averages of Microsoft Secure Score",
		Source: "Microsoft Graph, averageComparativeScores of secureScores", Cohorts: []cohort.Cohort{},
	}
	var problems []Problem
	tell := func(d *Day, format string, args ...any) {
		if len(problems) < maxProblems {
			problems = append(problems, Problem{File: d.File, Text: d.day() + ": " + fmt.Sprintf(format, args...)})
		}
	}
	known := map[string]score.Points{}
	for _, d := range days {
		for i := range d.Averages {
			c, err := d.Averages[i].cohort(d)
			if err != nil {
				tell(d, "%v", err)
				continue
			}
			key := c.ID + " " + c.Date.String()
			if mean, ok := known[key]; ok {
				if mean != c.Mean {
					tell(d, "the average of %s is %s%% here, and %s%% elsewhere: the first is taken", c.Title, c.Mean, mean)
				}
				continue
			}
			known[key] = c.Mean
			b.Cohorts = append(b.Cohorts, c)
		}
	}
	if len(b.Cohorts) == 0 {
		return nil, problems
	}
	orphans(b)
	slices.SortStableFunc(b.Cohorts, func(x, y cohort.Cohort) int {
		return cmp.Or(x.Date.Compare(y.Date.Time), strings.Compare(x.ID, y.ID))
	})
	return b, problems
}

// cohort returns an average as that of a cohort. Categories are left out: their averages are points, of which the maxima are averages, too.
func (a *Average) cohort(d *Day) (cohort.Cohort, error) {
	c := cohort.Cohort{Date: cohort.Date{Time: d.Date.Truncate(oneDay)}, Spread: cohort.Spread{Mean: hundredths(a.Percent)}}
	if c.Mean > score.Full {
		return c, fmt.Errorf("the average of %s is %s, and no percentage: it was left out", a.Basis, written(a.Percent))
	}
	switch strings.ToLower(a.Basis) {
	case "alltenants":
		c.ID, c.Kind, c.Title = cohort.AllID, cohort.All, "All tenants"
	case "totalseats":
		if a.From < 0 || a.To < a.From || a.To == 0 {
			return c, fmt.Errorf("the average of TotalSeats says no range of seats: it was left out")
		}
		c.ID, c.Kind, c.Parent = fmt.Sprintf("seats_%d_%d", a.From, a.To), cohort.BySeats, cohort.AllID
		c.Title, c.Seats = fmt.Sprintf("%d to %d seats", a.From, a.To), &cohort.Band{From: a.From, To: a.To}
	case "industrytypes":
		if word(a.Industry) == "" {
			return c, fmt.Errorf("the average of IndustryTypes names no industry: it was left out")
		}
		c.ID, c.Kind, c.Parent, c.Title, c.Industry = "industry_"+word(a.Industry), cohort.Industry, cohort.AllID, a.Industry, word(a.Industry)
	default:
		return c, fmt.Errorf("the average has the basis %q, which is not known: it was left out", a.Basis)
	}
	return c, nil
}

// orphans takes the parent away if no day has the average of all tenants.
func orphans(b *cohort.Benchmark) {
	if slices.ContainsFunc(b.Cohorts, func(c cohort.Cohort) bool { return c.ID == cohort.AllID }) {
		return
	}
	for i := range b.Cohorts {
		b.Cohorts[i].Parent = ""
	}
}
