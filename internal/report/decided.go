package report

import (
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// views prints the views of the score that differ from the score and its total.
func (p *printer) views(s engine.Score) {
	for _, view := range []struct {
		name, meaning string
		engine.View
		redundant score.Points // the value that adds nothing
	}{
		{"Planned", "with all that is planned", s.Planned, s.Achieved},
		{"Licensed", "with all that the current licenses allow", s.CurrentLicense, s.Total},
		{"Achievable", "with what the current licenses allow, less accepted risks", s.Achievable, s.CurrentLicense.Points},
	} {
		// An assessment without decisions and licenses has no views.
		if view.Points != view.redundant && view.Points > 0 {
			p.printf("%s  %.2f%%   %s of %s points, %s\n", pad(view.name, 12), view.Percent.Float(), view.Points, s.Total, view.meaning)
		}
	}
}

// decided reports whether a decision closes an action, rather than the evidence.
func decided(a engine.Action) bool {
	return a.Status.Resolves() || a.Status == engine.RiskAccepted
}

// resolved lists the actions that are closed by the organization or by an exception in the evidence.
func (p *printer) resolved(actions []engine.Action) {
	list := filter(actions, decided)
	if len(list) == 0 {
		return
	}
	p.title("Resolved by decision: " + plural(len(list), "action"))
	for _, a := range list {
		p.head(a.Points.Achieved.String(), a)
		p.hang(indented, decision(a), p.faint)
	}
}

// decision returns in one line what was decided, by whom, why and until when.
func decision(a engine.Action) string {
	text := fmt.Sprintf("%s, %s by the evidence", spaced(string(a.Status)), a.Points.ByEvidence)
	if a.Status == engine.RiskAccepted {
		text += fmt.Sprintf(", %s left", a.Left())
	}
	d := a.Decision
	if d == nil || d.Status != a.Status {
		return text + ": an exception in the evidence"
	}
	if d.Expires != nil {
		text += ", until " + date(d.Expires)
	}
	if d.ApprovedBy != "" {
		text += ", approved by " + clip(clean(d.ApprovedBy), maxName)
	}
	if d.Reason != "" {
		text += ": " + clip(clean(d.Reason), maxText)
	}
	return text
}

// intended returns the owner and due date of a planned action.
func intended(a engine.Action) string {
	if a.Status != engine.Planned {
		return ""
	}
	text := ", planned"
	if a.Decision == nil {
		return text
	}
	if a.Decision.Owner != "" {
		text += " by " + clip(clean(a.Decision.Owner), maxName)
	}
	if a.Decision.Due != nil {
		text += " until " + date(a.Decision.Due)
	}
	return text
}

// maxFindings is how many findings the text shows; the JSON has all.
const maxFindings = 15

// maxNamed is how many actions a finding about several actions names.
const maxNamed = 3

// findings lists the findings about decisions: first those about the register as a whole, then those about actions that it names,
// then those about other actions: licenses, exceptions and sources. A finding about several actions is listed once.
func (p *printer) findings(a *engine.Assessment) {
	list := append([]string{}, a.Findings...)
	for _, named := range []bool{true, false} {
		about := map[string][]string{} // ids, by finding
		var order []string
		for _, action := range a.Actions {
			if (action.Decision != nil) != named {
				continue
			}
			for _, finding := range action.Findings {
				if about[finding] == nil {
					order = append(order, finding)
				}
				about[finding] = append(about[finding], action.ID)
			}
		}
		for _, finding := range order {
			list = append(list, some(about[finding])+": "+finding)
		}
	}
	if len(list) == 0 {
		return
	}
	p.title("Findings: " + fmt.Sprint(len(list)))
	for _, finding := range list[:min(len(list), maxFindings)] {
		p.hang("  - ", strings.TrimSpace(clip(clean(finding), maxText)), plain)
	}
	if rest := len(list) - maxFindings; rest > 0 {
		p.printf("  - and %d more\n", rest)
	}
}

// some returns the first of some ids, and how many there are more.
func some(ids []string) string {
	if len(ids) <= maxNamed {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:maxNamed-1], ", "), len(ids)-maxNamed+1)
}
