package engine

import (
	"math"
	"time"

	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/scan"
)

// Options are the options of an engine. The zero value of a field stands for its default.
type Options struct {
	Version        string        // of the program, for the assessment; default "dev"
	ControlTimeout time.Duration // for all evaluations of one control over a bundle; default 10 minutes
	MaxFailing     int           // how many failing records an action names; default 100; less than 0 for all

	// The options below change no result.

	Workers     int  // goroutines that scan a population; default one for each processor
	DisableMemo bool // evaluates every rule for every record: for measurements
	Interpreter bool // evaluates every rule by OPA's topdown, which is the reference and many times slower: for cross-checks

	blockSize int // bytes that a worker takes at once; only for tests
	limits    eval.Limits
}

func (o Options) withDefaults() Options {
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.limits == (eval.Limits{}) {
		o.limits = eval.DefaultLimits()
	}
	if o.ControlTimeout == 0 {
		o.ControlTimeout = 10 * time.Minute
	}
	switch {
	case o.MaxFailing == 0:
		o.MaxFailing = 100
	case o.MaxFailing < 0:
		o.MaxFailing = math.MaxInt
	}
	return o
}

// Validation is how much of the evidence is validated against its schemas. Documents are always
// validated as a whole, unless validation is off.
type Validation string

// The choices.
const (
	ValidateSample Validation = "sample" // the first 1,000 records of each population, too: the default
	ValidateFull   Validation = "full"   // every record, too
	ValidateOff    Validation = "off"
)

// records returns how many records of each population are validated; less than 0 for all.
func (v Validation) records() int64 {
	switch v {
	case ValidateFull:
		return -1
	case ValidateOff:
		return 0
	}
	return load.SampleSize
}

// AssessOptions are the options of one assessment.
type AssessOptions struct {
	Now       time.Time           // the declared time; if zero, when the evidence was collected
	Validate  Validation          // default ValidateSample
	Decisions map[string]Decision // of the organization, by control id

	Progress func(dataset string, records int64) // called now and then while records are read; may be nil
	// Failures is called for every failing record of every coverage control, however many an action
	// names: dataset by dataset, in the order of the evidence. It may be nil; an error ends the
	// assessment. The evidence is verified while it is read, so what was reported counts only if
	// [Engine.Assess] returns no error.
	Failures func(Failure) error
}

// Failure is a record in scope of a control that does not comply. If the rule of a control fails on a
// record, only the failures before that are reported.
type Failure struct {
	Control string   `json:"control"`
	Dataset string   `json:"dataset"`
	Key     string   `json:"key"`     // of the record, as the dataset's key field holds it
	Reasons []string `json:"reasons"` // never null
}

// scan returns the options of the scan stage.
func (o AssessOptions) scan(engine Options) scan.Options {
	s := scan.Options{
		DisableMemo: engine.DisableMemo, ControlTimeout: engine.ControlTimeout, MaxFailing: engine.MaxFailing,
		Exclude: map[string][]scan.Exclusion{},
	}
	for id, d := range o.Decisions {
		s.Exclude[id] = d.decided().Exclude
	}
	if o.Failures != nil {
		s.Failures = func(f scan.Failure) error { return o.Failures(Failure(f)) }
	}
	return s
}
