package outcome

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/load"
)

// exception is an exception from a recommendation in the tenant's vulnerability management. It takes the
// place of a decision.
type exception struct {
	status  Status
	global  bool
	group   string // the device group, if it is not global
	expires *time.Time
}

// justifications maps the justifications of exceptions to statuses (Microsoft Learn, "Create and view
// exceptions for security recommendations").
func justifications() map[string]Status {
	return map[string]Status{
		"ThirdPartyControl": ThirdParty, "AlternateMitigation": AlternateMitigation, "RiskAccepted": RiskAccepted, "PlannedRemediation": Planned,
	}
}

// exceptions returns the exceptions from a recommendation, those without effect included.
func exceptions(d *load.Dataset, recommendation string) []exception {
	if d == nil || d.Value == nil {
		return nil
	}
	var found []exception
	recommendation = d.Spec.Fold().Field("recommendationId").String(recommendation)
	for record := range d.List() {
		status, ok := justifications()[load.Text(record, "justification")]
		if !ok || load.Text(record, "recommendationId") != recommendation {
			continue
		}
		x := exception{status: status, global: load.Text(record, "scope") == "global", group: load.Text(record, "deviceGroup")}
		switch end := load.Field(record, "expires").(type) {
		case nil, ast.Null:
		default:
			text, _ := end.(ast.String)
			at, err := time.Parse(time.RFC3339, string(text))
			if err != nil {
				continue // an end that can't be read may have come
			}
			x.expires = &at
		}
		found = append(found, x)
	}
	return found
}

// applyExceptions sets the status by exceptions: a global one that has not expired sets it, one for a
// device group has no effect. Of several the one that earns least counts.
func (r *Result) applyExceptions(exceptions []exception, now time.Time) {
	if r.Outcome == Complete || r.Outcome == NotApplicable {
		return
	}
	var global []Status
	for _, x := range exceptions {
		switch {
		case !x.global:
			group := "without a name"
			if x.group != "" {
				group = fmt.Sprintf("%q", x.group)
			}
			r.addFinding("an exception for the device group %s has no effect: only a global one sets the status", group)
		case expired(x.expires, now):
			r.addFinding("the global exception (%s) expired on %s", x.status, day(*x.expires))
		default:
			global = append(global, x.status)
			if expired(x.expires, now.Add(soon)) {
				r.addFinding("the global exception (%s) expires in %s", x.status, days(x.expires.Sub(now)))
			}
		}
	}
	for _, status := range []Status{RiskAccepted, Planned, AlternateMitigation, ThirdParty} {
		if slices.Contains(global, status) {
			r.setStatus(status)
			return
		}
	}
}

// findBaselineExceptions adds findings about what the organization excepts from the baseline.
func (r *Result) findBaselineExceptions(e *load.Evidence) {
	for _, x := range e.BaselineExceptions(r.Control) {
		if x.Omitted {
			until, why := "", ""
			if x.Expiration != "" {
				until = " until " + x.Expiration
			}
			if x.Rationale != "" {
				why = ": " + x.Rationale
			}
			r.addFinding("the organization's ScubaGear configuration leaves out %s%s%s", x.Policy, until, why)
		}
		for _, p := range r.Control.Parameters {
			if p.Exceptions && len(x.Excluded) > 0 {
				r.addFinding("%s also holds what the organization's ScubaGear configuration excludes from %s: %s",
					p.Name, x.Policy, strings.Join(x.Excluded, ", "))
			}
		}
	}
}
