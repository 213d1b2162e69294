package cohort

import (
	"encoding/json"
	"time"

	"github.com/posture-score/posture/internal/score"
)

// SchemaVersion is the version of the JSON of a benchmark; its schema is schemas/benchmark.json.
const SchemaVersion = "1"

// Minimum is the least number of tenants that a published number is about.
const Minimum = 10

// Benchmark says how cohorts of tenants score. Percentages are in hundredths.
type Benchmark struct {
	SchemaVersion string   `json:"schema_version"`
	Title         string   `json:"title"`
	Source        string   `json:"source"`            // where the numbers come from
	Minimum       int64    `json:"minimum,omitempty"` // tenants that each number is about, at least; 0 if the source does not say
	Catalog       string   `json:"catalog,omitempty"` // digest of the one catalog with which all tenants were assessed
	Cohorts       []Cohort `json:"cohorts"`           // one entry for each cohort and date
}

// Kind is what the tenants of a cohort have in common.
type Kind string

// The kinds.
const (
	All      Kind = "all"
	BySeats  Kind = "seats"
	Industry Kind = "industry"
	Custom   Kind = "custom"
)

// AllID is the id of the cohort of all tenants.
const AllID = "all"

// Cohort is the tenants that have something in common, on one date.
type Cohort struct {
	ID       string   `json:"id"`
	Kind     Kind     `json:"kind"`
	Title    string   `json:"title"`
	Parent   string   `json:"parent,omitempty"`   // the cohort that this one is a part of
	Seats    *Band    `json:"seats,omitempty"`    // of kind seats
	Industry string   `json:"industry,omitempty"` // of kind industry
	Merged   []string `json:"merged,omitempty"`   // cohorts that would have been about too few tenants
	Date     Date     `json:"date"`
	Spread
	Categories []Category `json:"categories,omitempty"` // sorted by name
	Actions    []Action   `json:"actions,omitempty"`    // sorted by id
}

// Band is a range of seats.
type Band struct {
	From int64 `json:"from"`
	To   int64 `json:"to,omitempty"` // 0 if there is no greatest number
}

// Holds reports whether a number of seats is in the band.
func (b *Band) Holds(seats int64) bool {
	return b != nil && seats >= b.From && (b.To == 0 || seats <= b.To)
}

// Spread is how the percentages of some tenants are spread.
type Spread struct {
	N           int64          `json:"n,omitempty"` // tenants, rounded down to a multiple of 5; 0 if the source does not say
	Mean        score.Points   `json:"mean"`
	Percentiles []score.Points `json:"percentiles,omitempty"` // the 5th, 10th, ... 95th, if they are known
}

// Category is how the percentages of one category are spread among the tenants that have any of its actions.
type Category struct {
	Category string `json:"category"`
	Spread
}

// Action is how many tenants have completed an action, of those that were assessed for it.
type Action struct {
	ID        string       `json:"id"`
	N         int64        `json:"n,omitempty"` // like that of Spread
	Completed score.Points `json:"completed"`   // percent, rounded to tens, from 10 to 90
}

// The percentiles of a spread are the 5th, the 10th, and so on.
const (
	percentileStep  = 5
	percentileCount = 19
)

// Date is a day in UTC.
type Date struct{ time.Time }

// day returns the day of a time.
func day(t time.Time) Date {
	y, m, d := t.UTC().Date()
	return Date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// String returns the day as in 2026-12-31.
func (d Date) String() string { return d.Format(time.DateOnly) }

// MarshalJSON writes the day as a text.
func (d Date) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads the day.
func (d *Date) UnmarshalJSON(text []byte) (err error) {
	var written string
	if err = json.Unmarshal(text, &written); err == nil {
		d.Time, err = time.Parse(time.DateOnly, written)
	}
	return err
}
