package outcome

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/load"
)

// exception is an exception from a recommendation in the tenant's vulnerability management. It takes the
// place of a decision.
type exception struct {
	Exception
	status Status
	global bool
	group  string // the device group, if it is not global
}

// maxText is how many characters of a justification's text are kept.
const maxText = 2000

// newest orders exceptions that set the same status: the one that was made last comes first, whatever the order of the evidence.
func newest(a, b *Exception) int {
	return cmp.Or(
		later(a.Created, b.Created), cmp.Compare(a.Text, b.Text), cmp.Compare(a.By, b.By), later(a.Expires, b.Expires),
	)
}

// later orders times, the last one first, and none at the end.
func later(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return b.Compare(*a)
}

// clipped returns the first characters of a text.
func clipped(text string) string {
	if runes := []rune(text); len(runes) > maxText {
		return string(runes[:maxText])
	}
	return text
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
		x.Exception = Exception{
			Justification: load.Text(record, "justification"), Text: clipped(load.Text(record, "justificationText")), By: clipped(load.Text(record, "createdBy")),
		}
		if at, err := time.Parse(time.RFC3339, load.Text(record, "created")); err == nil {
			at = at.UTC()
			x.Created = &at
		}
		switch end := load.Field(record, "expires").(type) {
		case nil, ast.Null:
		default:
			text, _ := end.(ast.String)
			at, err := time.Parse(time.RFC3339, string(text))
			if err != nil {
				continue // an end that can't be read may have come
			}
			at = at.UTC()
			x.Expires = &at
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
	var global []exception
	for _, x := range exceptions {
		switch {
		case !x.global:
			group := "without a name"
			if x.group != "" {
				group = fmt.Sprintf("%q", x.group)
			}
			r.addFinding("an exception for the device group %s has no effect: only a global one sets the status", group)
		case expired(x.Expires, now):
			r.addFinding("the global exception (%s) expired on %s", x.status, day(*x.Expires))
		default:
			global = append(global, x)
			if expired(x.Expires, now.Add(soon)) {
				r.addFinding("the global exception (%s) expires in %s", x.status, days(x.Expires.Sub(now)))
			}
		}
	}
	for _, status := range []Status{RiskAccepted, Planned, AlternateMitigation, ThirdParty} {
		for i := range global {
			if x := &global[i]; x.status == status && (r.Exception == nil || newest(&x.Exception, r.Exception) < 0) {
				r.Exception = &x.Exception
			}
		}
		if r.Exception != nil {
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
