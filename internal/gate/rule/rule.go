// Package rule is what an organization requires of an assessment: gates as flags and posture.hcl write them. It reads their words and
// judges nothing; package gate does.
package rule

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/internal/score"
)

// Set is the gates that an assessment has to meet. The zero value is none.
type Set struct {
	FailUnder       []Floor
	FailOn          []Event
	Baseline        string        // a file or a store; empty for the organization's store, if a gate compares
	BaselineAge     time.Duration // from which on a baseline is warned of as old; 0 for [UsualBaselineAge]
	MaxAge          time.Duration // of the evidence; 0 for any
	RequireAssessed score.Points  // the part of the total that evidence has to suffice for, in hundredths of a percent; 0 for any
	Confirm         int           // in how many assessments in a row a regression has to be; 0 is 1
	WarnOnly        bool          // gates that are not met are reported, and fail nothing
	KnownMissing    []string      // datasets that are known to be missing: what lacks these alone fails no gate
}

// UsualBaselineAge is from when on a baseline is old, if nobody says: a month of changes that nobody looked at.
const UsualBaselineAge = 30 * 24 * time.Hour

// Bounds of a set.
const (
	MaxFloors  = 100
	MaxConfirm = 30
	MaxMissing = 500
	MaxAge     = 3650 * 24 * time.Hour
)

// Event is what must not be in an assessment.
type Event string

// The events. The first two are seen beside a baseline.
const (
	Regression Event = "regression"  // an action earns less, or more records fail, since a setting was weakened
	NewNotMet  Event = "new-not-met" // an action is to do that was not, for whatever reason
	Expired    Event = "expired"     // a decision or an exclusion of the register is over
	NoEvidence Event = "no-evidence" // evidence was not enough to assess an action
	Error      Event = "error"       // the rule of an action failed
	Warning    Event = "warning"     // evidence, register or baseline have something to be warned of
)

// Events returns the events.
func Events() []Event { return []Event{Regression, NewNotMet, Expired, NoEvidence, Error, Warning} }

// Compares reports whether an event is seen beside a baseline.
func (e Event) Compares() bool { return e == Regression || e == NewNotMet }

// Empty reports whether there is nothing to meet.
func (s *Set) Empty() bool {
	return len(s.FailUnder) == 0 && len(s.FailOn) == 0 && s.Baseline == "" && s.MaxAge == 0 && s.RequireAssessed == 0
}

// Events returns the events of the set in the order of [Events]. A baseline that nothing else compares with is for regressions.
func (s *Set) Events() []Event {
	var events []Event
	for _, e := range Events() {
		if slices.Contains(s.FailOn, e) || e == Regression && s.Baseline != "" && !slices.ContainsFunc(s.FailOn, Event.Compares) {
			events = append(events, e)
		}
	}
	return events
}

// Compares reports whether a gate needs a baseline.
func (s *Set) Compares() bool { return slices.ContainsFunc(s.Events(), Event.Compares) }

// InARow returns in how many assessments in a row a regression has to be, at least 1.
func (s *Set) InARow() int { return max(s.Confirm, 1) }

// OldFrom returns from which age on a baseline is old.
func (s *Set) OldFrom() time.Duration { return cmp.Or(s.BaselineAge, UsualBaselineAge) }

// Floor is the least percentage of the score, or of a part of it.
type Floor struct {
	Category, Product string       // at most one of them; both empty for the whole score
	Percent           score.Points // hundredths
}

// productPrefix is before the id of a product.
const productPrefix = "product:"

// Of returns the part that a floor is of as it is written: "", "identity" or "product:exchange_online".
func (f Floor) Of() string {
	if f.Product != "" {
		return productPrefix + f.Product
	}
	return f.Category
}

// scope is a category or a product.
var scope = regexp.MustCompile(`^(product:)?[a-z0-9][a-z0-9_]{0,59}$`)

// ParseFloor reads a floor: "70", "identity=80" or "product:exchange_online=70".
func ParseFloor(text string) (Floor, error) {
	of, number, parts := strings.Cut(text, "=")
	if !parts {
		of, number = "", text
	}
	percent, err := ParsePercent(number)
	switch {
	case parts && !scope.MatchString(of):
		return Floor{}, fmt.Errorf("%.80q is of no category or product: write one such as identity=80 or product:exchange_online=70", text)
	case err != nil:
		return Floor{}, fmt.Errorf("%.80q %w", text, err)
	}
	floor := Floor{Percent: percent}
	if id, isProduct := strings.CutPrefix(of, productPrefix); isProduct {
		floor.Product = id
	} else {
		floor.Category = of
	}
	return floor, nil
}

// ParseFloors reads floors of which no two are of the same part. It returns the index of the one that is wrong.
func ParseFloors(texts []string) ([]Floor, int, error) {
	if len(texts) > MaxFloors {
		return nil, MaxFloors, fmt.Errorf("there are %d, and may be %d", len(texts), MaxFloors)
	}
	var floors []Floor
	for i, text := range texts {
		floor, err := ParseFloor(text)
		if err == nil && slices.ContainsFunc(floors, func(f Floor) bool { return f.Of() == floor.Of() }) {
			err = fmt.Errorf("%.80q is the second of its part: remove one of the two", text)
		}
		if err != nil {
			return nil, i, err
		}
		floors = append(floors, floor)
	}
	return floors, -1, nil
}

var decimal = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,20})?$`)

// ParsePercent reads a percentage from 0 to 100, with the sign or without it. Scores have two decimals, so that what is between two of them requires the higher one.
func ParsePercent(text string) (score.Points, error) {
	text = strings.TrimSuffix(text, "%")
	number, ok := new(big.Rat), decimal.MatchString(text)
	if ok {
		_, ok = number.SetString(text)
	}
	if !ok || number.Cmp(big.NewRat(100, 1)) > 0 {
		return 0, errors.New("has to be a percentage from 0 to 100, such as 80 or 62.5")
	}
	number.Mul(number, big.NewRat(100, 1))
	hundredths, rest := new(big.Int).QuoRem(number.Num(), number.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		hundredths.Add(hundredths, big.NewInt(1))
	}
	return score.Points(hundredths.Int64()), nil
}

var age = regexp.MustCompile(`^([0-9]{1,6})(m|h|d|w)$`)

// ParseAge reads an age: "48h", "7d", "2w" or "90m".
func ParseAge(text string) (time.Duration, error) {
	parts := age.FindStringSubmatch(text)
	if parts == nil {
		return 0, fmt.Errorf("%.80q has to be an age such as 48h, 7d or 2w", text)
	}
	count, err := strconv.Atoi(parts[1])
	if err != nil {
		return 0, err
	}
	unit := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[parts[2]]
	if found := time.Duration(count) * unit; found > 0 && found <= MaxAge {
		return found, nil
	}
	return 0, fmt.Errorf("%.80q has to be more than nothing and at most 10 years", text)
}

// Days returns an age in words: "2 hours", "31 days".
func Days(age time.Duration) string {
	count, unit := int64(age/(24*time.Hour)), "day"
	if age < 48*time.Hour {
		count, unit = int64(age/time.Hour), "hour"
	}
	if age < 2*time.Hour {
		count, unit = int64(age/time.Minute), "minute"
	}
	if count != 1 {
		unit += "s"
	}
	return strconv.FormatInt(count, 10) + " " + unit
}
