package settings

import (
	"time"

	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/score"
)

// Name is the file that is looked for.
const Name = "posture.hcl"

// Settings are what a file says. The zero value is that of no file.
type Settings struct {
	Path         string // of the file; empty if there is none
	Found        bool   // the file was looked for, and nobody named it
	Off          bool   // there are none because whoever runs the program wants none, so that none are to be made
	Organization Organization
	Store        string      // a path, from where the program runs, or the URL of a PostgreSQL database; empty if the file says none
	CatalogKey   string      // a path, from where the program runs, of the public key that signs catalogs; empty if the file says none
	Keep         Keep        // which entries of the store are kept; empty for all
	Zones        *Zones      // nil if the file has none
	Goal         *Goal       // nil if the file has none
	Comparison   *Comparison // nil if the file has none
	Gates        rule.Set    // what an assessment has to meet; its baseline is a path from where the program runs, or a URL

	// Values are what the file says of each option, by its name.
	Values map[string]Value

	Changes map[string]Change // who changed the blocks zones, goal and comparison last, by name; those of which it is known
}

// Change is who changed a block, and when.
type Change struct {
	By string
	At time.Time // to the second, in UTC; zero if the file does not say
}

// Organization is who the file is about. A field that the file does not give is zero.
type Organization struct {
	ID       string // of the tenant
	Name     string
	Industry string // a word of lower case letters, digits, hyphens and underscores
	Seats    int64  // licensed users
}

// Zones are the organization's own bounds of a good and of an okay score, in hundredths of a percent. What is below okay is bad.
type Zones struct {
	Good score.Points `json:"good"` // more than Okay
	Okay score.Points `json:"okay"`
}

// Zone is what a score is called.
type Zone string

// The zones.
const (
	Good Zone = "good"
	Okay Zone = "okay"
	Bad  Zone = "bad"
)

// Of returns the zone of a score, in hundredths of a percent. A bound belongs to the better zone.
func (z Zones) Of(percent score.Points) Zone {
	switch {
	case percent >= z.Good:
		return Good
	case percent >= z.Okay:
		return Okay
	}
	return Bad
}

// Goal is a score to reach.
type Goal struct {
	Percent score.Points // hundredths
	By      time.Time    // the first moment of the day, in UTC, on which it is to be reached; zero if the file gives none
}

// Comparison is whom the organization compares itself with.
type Comparison struct {
	Name      string // what reports call it; empty for what the benchmark calls it
	Benchmark string // a path, from where the program runs, or [Microsoft]
	Cohort    string // an id in the benchmark; empty for the one that suits the organization best

	// Where the file says so, such as "posture.hcl line 3, column 15"; empty if it does not.
	BenchmarkAt, CohortAt string
}

// Microsoft is the name of the benchmark that the program brings along.
const Microsoft = "microsoft"
