package scan

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/posture-score/posture/engine/internal/load"
)

// Invariant: the counters of a dataset are the sums of those of its parts in their order, wherever one
// part ends and the next begins.

// Bounds of what is kept of a control's reasons.
const (
	maxReasons = 1000 // different reasons that are counted
	topReasons = 20   // different reasons that are reported
)

// Options say what is counted.
type Options struct {
	DisableMemo bool
	MaxFailing  int                    // how many failing and excluded records are kept of a control
	Exclude     map[string][]Exclusion // by control
	Failures    func(Failure) error    // called for every failing record, in the order of the evidence; may be nil
	Marked      func(Population)       // called for every population once it is scanned; may be nil
	Observe     func(Observation)      // called for every record by any worker; may be nil
}

// Exclusion takes one record of a control out of scope.
type Exclusion struct {
	Key     string // of the record, as the dataset's key field holds it
	Reason  string
	Expires *time.Time
}

// Failure is a record in scope of a control that does not comply.
type Failure struct {
	Control string
	Dataset string
	Key     string
	Label   string   // by which people know the record; may be empty
	Reasons []string // never nil
}

// Record names a record.
type Record struct {
	Key   string // as the dataset's key field holds it
	Label string // by which people know it; may be empty
}

// Excluded is a record that an exclusion took out of scope.
type Excluded struct {
	Exclusion
	Label string // by which people know it; may be empty
}

// Counts are the result of a scan for one control.
type Counts struct {
	Error     string // why there are none, or ""
	Records   int64  // of the population that match the control, and unmatched keys that count
	Stale     int64
	InScope   int64
	Compliant int64
	Failing   []Record // the first ones, in the order of the evidence
	Reasons   []string // of failing records with their counts, the most frequent first

	Excluded         int64
	ExcludedShown    []Excluded // the first ones, in the order of the evidence
	UnusedExclusions []string   // keys that no record in scope has

	RepeatedExclusions [][2]string // keys that name the same record; the second one counts

	Requirements []load.Requirement // licenses of users
	Assigned     []int64            // records in scope that have each of them
}

// verdict is what a control decides for a record.
type verdict struct {
	inScope   bool
	compliant bool
	reasons   []string
	err       string // why there is none, or ""
}

// counters count the records of a control, in a part of a population or in all of it.
type counters struct {
	records   int64
	stale     int64
	inScope   int64
	compliant int64
	failing   []recordName // the first ones
	reasons   reasonCounts
	last      *verdict // of the last failing records, whose reasons are not counted yet
	repeated  int64    // so many records
	excluded  int64
	shown     []Excluded      // the first records that one excluded
	used      map[string]bool // keys of exclusions that excluded a record
	assigned  []int64         // records in scope that have a plan of each requirement
	err       *recordError
}

// addReasons counts the reasons of a failing record. Most records fail as the one before did.
func (c *counters) addReasons(v *verdict) {
	if c.last != v {
		c.countReasons()
		c.last = v
	}
	c.repeated++
}

// countReasons counts the reasons of the last failing records.
func (c *counters) countReasons() {
	if c.last == nil {
		return
	}
	for _, reason := range c.last.reasons {
		c.reasons.add(reason, c.repeated)
	}
	c.last, c.repeated = nil, 0
}

// reset empties the counters, and keeps the memory of what is about as large in each part.
func (c *counters) reset() {
	if c.records == 0 {
		return
	}
	clear(c.failing)
	clear(c.assigned)
	c.reasons.reset()
	*c = counters{failing: c.failing[:0], assigned: c.assigned, reasons: c.reasons}
}

// recordName is the key of a record or, if it has none, its index from the first record of the part.
type recordName struct {
	key   string
	label string
	index int64 // less than 0 for a record with a key
}

// in returns the name of a record of a part whose first record has that index.
func (n recordName) in(first int64) string {
	if n.index < 0 {
		return n.key
	}
	return fmt.Sprintf("record %d", first+n.index+1)
}

// recordError is the error of a rule, with the record on which it failed.
type recordError struct {
	record  recordName
	message string
}

// reasonCounts count reasons, in the order in which they first occurred.
type reasonCounts struct {
	order  []string
	counts map[string]int64
}

func (r *reasonCounts) add(reason string, n int64) {
	before, known := r.counts[reason]
	if !known {
		if r.counts == nil {
			r.counts = map[string]int64{}
		}
		r.order = append(r.order, reason)
	}
	r.counts[reason] = before + n
}

// reset forgets all reasons.
func (r *reasonCounts) reset() {
	if len(r.order) > maxReasons {
		*r = reasonCounts{}
		return
	}
	clear(r.order)
	clear(r.counts)
	r.order = r.order[:0]
}

// top returns the most frequent reasons, with how many of n records they apply to.
func (r *reasonCounts) top(n int64) []string {
	order := slices.Clone(r.order)
	slices.SortFunc(order, func(a, b string) int { return cmp.Or(cmp.Compare(r.counts[b], r.counts[a]), cmp.Compare(a, b)) })
	top := []string{}
	for i, reason := range order {
		if i == topReasons {
			top = append(top, fmt.Sprintf("and %d other reasons", len(order)-topReasons))
			break
		}
		top = append(top, fmt.Sprintf("%s (%d of %d)", reason, r.counts[reason], n))
	}
	return top
}

// exclude counts a record that an exclusion takes out of scope.
func (c *counters) exclude(x Excluded, most int) {
	if c.used == nil {
		c.used = map[string]bool{}
	}
	c.used[x.Key] = true
	c.excluded++
	if len(c.shown) < most {
		c.shown = append(c.shown, x)
	}
}
