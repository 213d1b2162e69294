package attribution

// Cause is why points changed.
type Cause string

// The causes, in the order in which they are applied.
const (
	Catalog       Cause = "catalog"       // another catalog: added, removed, stage, points, rule
	Parameters    Cause = "parameters"    // other parameters of controls
	License       Cause = "license"       // the tenant has or lacks what an action is about
	Evidence      Cause = "evidence"      // evidence that was lost or regained
	Population    Cause = "population"    // users, devices and other records came or left
	Configuration Cause = "configuration" // other settings, or other verdicts about the same records
	Coverage      Cause = "coverage"      // population or configuration: the assessments alone do not tell
	Exclusion     Cause = "exclusion"     // records that the organization took out of scope
	Status        Cause = "status"        // statuses that the organization set, ended, or let expire
	Time          Cause = "time"          // the same evidence at another time: records go stale, claims run out
	Engine        Cause = "engine"        // another version of the program says something else of the same
	Incomparable  Cause = "incomparable"  // several of these at once, or another tenant
)

// Causes returns the causes in the order in which they are applied.
func Causes() []Cause {
	return []Cause{
		Catalog, Parameters, License, Evidence, Population, Configuration, Coverage, Exclusion, Status, Time, Engine, Incomparable,
	}
}

// The details of causes.
const (
	detailAdded      = "added"
	detailRemoved    = "removed"
	detailStage      = "stage"
	detailPoints     = "points"
	detailRule       = "rule"
	detailValues     = "values"
	detailApplies    = "applies"
	detailNot        = "does not apply"
	detailLost       = "lost"
	detailRegained   = "regained"
	detailSet        = "set"
	detailEnded      = "ended"
	detailExpired    = "expired"
	detailException  = "exception" // from the evidence: of a device setting
	detailTenant     = "another tenant"
	detailRuleAnd    = "rule and evidence"
	detailValuesAnd  = "parameters and evidence"
	detailRuleValues = "rule and parameters"
	detailNoKeys     = "records without keys" // or with the same one: those that came can't be told from those that changed
	detailOrTime     = "or time"              // the control depends on the time, and the evidence is another one
	detailNoReason   = "no recorded difference explains it"
	detailDigest     = "same verdict" // something else of the control changed: its texts, say
)

// Word is what happened to an action, in one word or few.
type Word string

// The words.
const (
	Improved  Word = "improved"
	Regressed Word = "regressed"
	Decided   Word = "decision"
	Users     Word = "users"
	Devices   Word = "devices"
	Records   Word = "records" // of another population
	InCatalog Word = "catalog"
	Scope     Word = "license or scope"
	Unknown   Word = "evidence"
	Program   Word = "engine"
	NotTold   Word = "incomparable"
	NoEffect  Word = "no effect" // on points
)
