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
	Version    string // of the program, for the assessment; default "dev"
	MaxFailing int    // how many failing records an action names; default 100; less than 0 for all

	// The limits of one evaluation of a rule: over one record or, without a population, one tenant. A
	// control whose rule exceeds one is an error, and no other control is affected. They depend on no
	// clock, and the assessment records them.

	MaxSteps  int64 // statements, iterations and the work of built-in functions; default 50,000,000
	MaxMemory int64 // bytes of the values that are made; default 64 MiB

	// The options below change no result.

	Timeout time.Duration // after which an assessment fails as a whole; default [DefaultTimeout]; less than 0 for none

	Workers     int  // goroutines that scan a population; default one for each processor
	DisableMemo bool // evaluates every rule for every record: for measurements
	Interpreter bool // evaluates every rule by OPA's topdown, which is the reference and many times slower: for cross-checks

	blockSize int // bytes that a worker takes at once; only for tests
}

// DefaultTimeout is a last guard: an assessment of millions of records takes some minutes.
const DefaultTimeout = time.Hour

// limits returns the limits of one evaluation.
func (o Options) limits() eval.Limits {
	limits := eval.DefaultLimits()
	limits.Steps, limits.Bytes = o.MaxSteps, o.MaxMemory
	return limits
}

func (o Options) withDefaults() Options {
	if o.Version == "" {
		o.Version = "dev"
	}
	limits := eval.DefaultLimits()
	if o.MaxSteps <= 0 {
		o.MaxSteps = limits.Steps
	}
	if o.MaxMemory <= 0 {
		o.MaxMemory = limits.Bytes
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
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

// AssessStage is a part of the work of an assessment, one after the other.
type AssessStage string

// The stages. Before the first one documents are read.
const (
	StageScan     AssessStage = "scan"     // the populations, record by record
	StageEvaluate AssessStage = "evaluate" // the rules that read documents, and what every control earns
	StageScore    AssessStage = "score"    // the sums
)

// AssessOptions are the options of one assessment.
type AssessOptions struct {
	Now       time.Time           // the declared time; if zero, when the evidence was collected
	Validate  Validation          // default ValidateSample
	Decisions map[string]Decision // of the organization, by control id

	Progress func(dataset string, records int64) // called now and then while records are read; may be nil
	Stage    func(AssessStage)                   // called as each stage begins, in the goroutine of the caller; may be nil
	// Failures is called for every failing record of every coverage control, however many an action
	// names: dataset by dataset, in the order of the evidence. It may be nil; an error ends the
	// assessment. The evidence is verified while it is read, so what was reported counts only if
	// [Engine.Assess] returns no error.
	Failures func(Failure) error
	// Verdicts are filled with those of every coverage control that is assessed by its records. They count only if [Engine.Assess]
	// returns no error. It may be nil; what was in them before is forgotten.
	Verdicts *Verdicts
}

// Failure is a record in scope of a control that does not comply. If the rule of a control fails on a
// record, only the failures before that are reported.
type Failure struct {
	Control string   `json:"control"`
	Dataset string   `json:"dataset"`
	Key     string   `json:"key"`             // of the record, as the dataset's key field holds it
	Label   string   `json:"label,omitempty"` // see [Record]
	Reasons []string `json:"reasons"`         // never null
}

// begins says that a stage begins.
func (o AssessOptions) begins(stage AssessStage) {
	if o.Stage != nil {
		o.Stage(stage)
	}
}

// scan returns the options of the scan stage.
func (o AssessOptions) scan(engine Options) scan.Options {
	s := scan.Options{
		DisableMemo: engine.DisableMemo, MaxFailing: engine.MaxFailing,
		Exclude: map[string][]scan.Exclusion{},
	}
	for id, d := range o.Decisions {
		s.Exclude[id] = d.decided().Exclude
	}
	if o.Verdicts != nil {
		*o.Verdicts = Verdicts{}
		s.Marked = o.Verdicts.add
	}
	if o.Failures != nil {
		s.Failures = func(f scan.Failure) error { return o.Failures(Failure(f)) }
	}
	return s
}
