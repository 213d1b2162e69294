package snapshot

import (
	"context"
	"regexp"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/trend"
)

// Snapshot is everything that is shown of one tenant at one moment. It is immutable, and safe for concurrent use.
type Snapshot struct {
	Version string    // of all that is in it, in hexadecimal: what was made of it is still right while this is the same
	Now     time.Time // what ages and due dates are measured from, in UTC; of a file the time of the assessment
	Tenant  engine.Tenant
	Tenants int // how many the source has; 1 for evidence

	// Problem says why a newer state could not be read, so that this is an older one. It is empty if this is the current one.
	Problem string

	Assessment *engine.Assessment
	Gates      []gate.Verdict   // of the run that made the assessment; nil for none
	Live       bool             // it was made of evidence, so that a decision has its effect at once, and not with the next assessment
	Catalog    *catalog.Catalog // texts, rules and licenses; the assessment may have been made with another one
	Settings   *settings.Settings
	Register   Register

	Since      *attribution.Attribution // what changed since the assessment before; nil if there is none
	Past       *Past                    // nil without a history
	Comparison *cohort.Comparison       // with a benchmark; nil if there is none

	// Failing returns failing records of an action in the order of the evidence, from an index on, and how many are known. It may be
	// nil, or know fewer than fail: then those that the assessment names are all that is known.
	Failing func(ctx context.Context, action string, from, limit int) (records []engine.Record, known int64, err error)
}

// ProblemFor returns the problem as somebody may see it: where files are on the machine that runs a server is of no matter to those who only
// read. They see their names.
func (s *Snapshot) ProblemFor(editor bool) string {
	if editor {
		return s.Problem
	}
	return withoutFolders(s.Problem)
}

// withoutFolders leaves of each path in a text the last name. A path with spaces in it is told from words by the slash that follows.
func withoutFolders(text string) string { return leading.ReplaceAllString(text, "$1$2") }

// leading are the folders of a path, up to its last slash: from the root, a drive, or a relative name, and with spaces within quotes or between
// slashes that belong to one absolute path.
var leading = regexp.MustCompile(`(^|[\s"'(=:])(?:[A-Za-z]:)?(?:[^\s"':/\\]*[/\\])(?:[^"':\n/\\]*[/\\])*([^\s"':/\\])`)

// Register is what was decided, and where.
type Register struct {
	Path      string                     // of the file; empty if decisions can't be made here
	Version   string                     // of its text, in hexadecimal; empty if there is no file
	Decisions map[string]engine.Decision // by control; those of the assessment are as of its time, these as of now
}

// Past is the history of the tenant.
type Past struct {
	Entries    []history.Entry  // in the order of their times; the assessment of the snapshot need not be one of them
	Changes    []history.Change // in the order of their times, without the first entry
	Trend      *trend.Trend     // of all entries, and of the assessment if it is later than they are
	Categories []Category       // sorted by name

	// Assessment reads the assessment of an entry. It is nil where the history is none of a store.
	Assessment func(ctx context.Context, entry int64) (*engine.Assessment, error)
}

// Category is how one category went over time.
type Category struct {
	Name   string
	Shares []Share // one for each entry
}

// Share is the part of a score that belongs to one category. Its total is 0 where nothing of it applied, or is known.
type Share struct{ Achieved, Total score.Points }

// Action returns the result of a control, or nil.
func (s *Snapshot) Action(id string) *engine.Action {
	for i := range s.Assessment.Actions {
		if s.Assessment.Actions[i].ID == id {
			return &s.Assessment.Actions[i]
		}
	}
	return nil
}

// Tenant is a line of the list of tenants.
type Tenant struct {
	engine.Tenant
	EvaluatedAt time.Time
	CollectedAt time.Time
	Score       engine.Score        // without categories and products
	Change      *attribution.Amount // since the entry before; nil if there is none
	Zone        settings.Zone
	Regressions []Regression // the largest first, at most three
}

// Regression is an action that lost points in the latest change.
type Regression struct {
	ID, Title string
	attribution.Amount
}
