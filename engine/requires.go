package engine

import (
	"fmt"

	"github.com/posture-score/posture/engine/catalog"
)

// Invariant: a control that requires a source counts unless the organization says that it does so only with the source, and the source is
// known not to be there.

// presence is what is known of a source.
type presence int

const (
	unsure presence = iota
	there
	notThere
)

// presence says whether the source that a control requires is there: as the organization says, or else as the evidence shows.
func (r *run) presence(control *catalog.Control) presence {
	if said := control.SourceSetting.Connected; said != nil {
		if *said {
			return there
		}
		return notThere
	}
	switch s := r.sources[control.RequiresSource]; {
	case s == nil || s.status != Collected:
		return unsure
	case s.records == 0:
		return notThere
	}
	return there
}

// sourceOf names the source of a control, as something that is the case.
func sourceOf(control *catalog.Control) string {
	if title := catalog.Sources()[control.RequiresSource]; title != "" {
		return title + " is connected"
	}
	return control.RequiresSource + " has a record"
}

// unsourced says why a control is left out that requires a source, or "".
func (r *run) unsourced(control *catalog.Control) string {
	if !control.SourceSetting.Required || r.presence(control) != notThere {
		return ""
	}
	return fmt.Sprintf("it counts only if %s, which is not the case", sourceOf(control))
}

// findSource tells that Microsoft scores an action only with its source, unless that is known to be there.
func (r *run) findSource(control *catalog.Control, a *Action) {
	if control.RequiresSource == "" || a.Outcome == NotApplicable {
		return
	}
	switch r.presence(control) {
	case unsure:
		a.find("Microsoft counts it only if %s", sourceOf(control))
	case notThere:
		a.find("Microsoft counts it only if %s, which is not the case", sourceOf(control))
	}
}
