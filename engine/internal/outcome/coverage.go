package outcome

import (
	"context"
	"fmt"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/scan"
)

// covered returns the result of a control whose records were counted.
func covered(control *catalog.Control, n *scan.Counts, licenses *load.Licenses) *Result {
	if n.Error != "" {
		return newResult(control, Errored, n.Error)
	}
	r := newResult(control, NotApplicable, n.Reasons...)
	r.Counts = n
	r.findSeats(licenses)
	if n.Stale > 0 {
		records := "records are"
		if n.Stale == 1 {
			records = "record is"
		}
		r.addReason("%d %s left out: not seen for more than %v days", n.Stale, records, control.FreshDays())
	}
	for _, keys := range n.RepeatedExclusions {
		r.addFinding("the exclusions of %s and %s name the same record: the second one counts", keys[0], keys[1])
	}
	for _, key := range n.UnusedExclusions {
		r.addFinding("%s", UnusedExclusion(key))
	}
	switch {
	case n.InScope == 0 && n.Excluded > 0:
		r.addReason("everything in scope was excluded")
	case n.InScope == 0 && n.Stale > 0: // it isn't known how those are now, so the scope is not empty
		r.addReason("nothing else is in scope")
	case n.InScope == 0 && control.Coverage.WhenEmpty == "full":
		r.award(all())
		r.addReason("nothing is in scope, which earns full points")
	case n.InScope == 0:
		r.addReason("nothing is in scope")
	case control.Coverage.AllOrNothing && n.Compliant < n.InScope:
		r.award(none())
	default:
		r.award(share{part: n.Compliant, whole: n.InScope})
	}
	return r
}

// UnusedExclusion returns the finding about an exclusion that meets no record in scope.
func UnusedExclusion(key string) string {
	return fmt.Sprintf("the exclusion of %s is unused: no record in scope has this key", key)
}

// findSeats adds a finding for each license that fewer users have than the control covers.
func (r *Result) findSeats(licenses *load.Licenses) {
	n := r.Counts
	for i, required := range n.Requirements {
		if n.Assigned[i] < n.InScope {
			r.addFinding("%d of %d users in scope have %s", n.Assigned[i], n.InScope, required.Title)
		}
		if seats := licenses.Seats(required.Plans); licenses.Hold(required.Plans, nil) && seats < n.InScope {
			r.addFinding("there are %d seats of %s for %d users in scope", seats, required.Title, n.InScope)
		}
	}
}

// withoutRecords decides a coverage control whose evidence is insufficient: its result is otherwise,
// unless its rule decides for everyone by the documents that are there. An eval.Error is the rule's own;
// any other error ends the assessment.
func withoutRecords(ctx context.Context, e *load.Evidence, control *catalog.Control, otherwise *Result) (*Result, error) {
	if d := e.Datasets[control.Coverage.Dataset]; d.Collected() && d.Records == 0 {
		return otherwise, nil // everyone is no one
	}
	compliant, err := scan.Everyone(ctx, e, control, e.Environment(control))
	if err != nil || compliant == nil {
		return otherwise, err
	}
	r := otherwise
	r.Everyone = true
	earned, who := none(), "nobody"
	if *compliant {
		earned, who = all(), "everyone"
	}
	r.award(earned)
	r.Reasons = append([]string{who + " complies, by policy: no records were counted"}, otherwise.Reasons...)
	return r, nil
}
