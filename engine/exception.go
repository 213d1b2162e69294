package engine

import (
	"fmt"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
)

// exception is what the vulnerability management of the tenant says of a recommendation, in place of a status by hand.
type exception struct {
	status  Status
	global  bool
	group   string // the device group, if it is not global
	expires *time.Time
}

// justifications are the statuses that the justifications of an exception stand for (Microsoft Learn, "Create and view exceptions
// for security recommendations").
func justifications() map[string]Status {
	return map[string]Status{
		"ThirdPartyControl": ThirdParty, "AlternateMitigation": AlternateMitigation, "RiskAccepted": RiskAccepted, "PlannedRemediation": Planned,
	}
}

// exceptions returns what the evidence says of a recommendation, those without effect included.
func (r *run) exceptions(recommendation string) []exception {
	s := r.sources[catalog.ExceptionDataset]
	if s == nil || s.value == nil {
		return nil
	}
	var found []exception
	recommendation = s.spec.Fold().Field("recommendationId").String(recommendation)
	array, _ := s.value.(*ast.Array)
	for i := range array.Len() {
		record, ok := array.Elem(i).Value.(ast.Object)
		if !ok || text(record, "recommendationId") != recommendation {
			continue
		}
		status, known := justifications()[text(record, "justification")]
		if !known {
			continue
		}
		x := exception{status: status, global: text(record, "scope") == "global", group: text(record, "deviceGroup")}
		switch end := field(record, "expires").(type) {
		case nil, ast.Null:
		default:
			written, _ := end.(ast.String)
			at, err := time.Parse(time.RFC3339, string(written))
			if err != nil {
				continue // an end that nobody can read may have come
			}
			x.expires = &at
		}
		found = append(found, x)
	}
	return found
}

// except gives a device action the status of its exceptions: a global one that has not expired sets it, one for a device group
// leaves it to address. Of several the one that earns least counts.
func (a *Action) except(exceptions []exception, now time.Time) {
	if a.Outcome == Complete || a.Outcome == NotApplicable {
		return
	}
	var global []Status
	for _, x := range exceptions {
		switch {
		case !x.global:
			a.find("an exception for the device group %s has no effect: only a global one sets the status", quoted(x.group))
		case expired(x.expires, now):
			a.find("the global exception (%s) expired on %s", x.status, day(*x.expires))
		default:
			global = append(global, x.status)
			if expired(x.expires, now.Add(soon)) {
				a.find("the global exception (%s) expires in %s", x.status, days(x.expires.Sub(now)))
			}
		}
	}
	order := []Status{RiskAccepted, Planned, AlternateMitigation, ThirdParty}
	for _, status := range order {
		if slices.Contains(global, status) {
			a.take(status)
			return
		}
	}
}

func quoted(name string) string {
	if name == "" {
		return "without a name"
	}
	return fmt.Sprintf("%q", name)
}
