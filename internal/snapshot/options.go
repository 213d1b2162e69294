package snapshot

import (
	"io"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/settings"
)

// Options say what a source shows.
type Options struct {
	// Path is evidence in any form, an assessment that was saved, a folder of such, or a history: a file of SQLite or the URL of a
	// database of PostgreSQL. [importer.Stdin] is evidence or an assessment that is read from Stdin once.
	Path  string
	Stdin io.Reader
	// Assessment is shown instead of what is at Path, as one that was made of evidence. It may be nil.
	Assessment *engine.Assessment
	Verdicts   *engine.Verdicts // of the assessment, which tell records from settings where the history has those before; nil for none

	Store    string // the history of the evidence, as history.Open takes it; empty for none. It need not be there yet
	Register string // file of decisions; empty for none. It need not be there yet

	// Settings reads the organization's settings; nil for none. It is called at each load.
	Settings  func() (*settings.Settings, error)
	Benchmark Benchmark

	Catalog *catalog.Catalog
	Engine  engine.Options       // for evidence
	Assess  engine.AssessOptions // for evidence: the declared time, validation and progress
	Import  importer.Options     // for evidence

	// Now returns the time from which ages and due dates are measured; nil for the time of the assessment.
	Now func() time.Time
}
