package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Keep says which entries of a history are kept: of each period the last one, for so many periods back from the latest entry.
// An empty list keeps everything.
type Keep []Rule

// Rule keeps the last entry of each period.
type Rule struct {
	Period string // one of [Periods]
	Count  int    // periods; [Always] for all
}

// Always is the count of a rule without an end.
const Always = -1

// maxKeep is how many periods a rule may have: a hundred years of days.
const maxKeep = 36_525

// Periods returns the periods of rules, from short to long.
func Periods() []string { return []string{"daily", "weekly", "monthly", "yearly"} }

// ParseKeep reads rules as they are written: daily:90,weekly:52,monthly:*.
func ParseKeep(text string) (Keep, error) {
	var keep Keep
	for part := range strings.SplitSeq(text, ",") {
		period, count, found := strings.Cut(strings.TrimSpace(part), ":")
		if !found || !slices.Contains(Periods(), period) {
			return nil, fmt.Errorf("%.60q is no rule: write a period (%s), a colon, and how many of them, as in daily:90,weekly:52,monthly:*",
				part, strings.Join(Periods(), ", "))
		}
		if slices.ContainsFunc(keep, func(r Rule) bool { return r.Period == period }) {
			return nil, fmt.Errorf("%s stands in it twice: leave one out", period)
		}
		if count == "*" {
			keep = append(keep, Rule{period, Always})
			continue
		}
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 || n > maxKeep {
			return nil, fmt.Errorf("%s:%.60s has to have a whole number from 1 to %d, or * for all", period, count, maxKeep)
		}
		keep = append(keep, Rule{period, n})
	}
	return keep, nil
}

// String writes the rules as [ParseKeep] reads them.
func (k Keep) String() string {
	texts := make([]string, len(k))
	for i, r := range k {
		texts[i] = r.Period + ":*"
		if r.Count != Always {
			texts[i] = fmt.Sprintf("%s:%d", r.Period, r.Count)
		}
	}
	return strings.Join(texts, ",")
}
