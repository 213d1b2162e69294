package report

import (
	"fmt"

	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/settings"
)

// GateLine returns one line about a gate that is not met, or that warns; it is "" for one that is met.
func GateLine(v gate.Verdict) string {
	text := ""
	switch v.Result {
	case gate.NotMet:
		text = fmt.Sprintf("gate %s is not met: %s", v.Name(), v.Message)
	case gate.Incomparable:
		text = fmt.Sprintf("gate %s can't be judged, which fails it: %s", v.Name(), v.Message)
	case gate.Warning:
		return fmt.Sprintf("gate %s warns: %s", v.Name(), v.Message)
	default:
		return ""
	}
	if !v.Enforced {
		return text + " (a warning only)"
	}
	return text
}

// gates lists the verdicts of gates, with what failed them.
func (p *printer) gates(verdicts []gate.Verdict) {
	if len(verdicts) == 0 {
		return
	}
	failed := 0
	for _, v := range verdicts {
		if v.Result.Fails() {
			failed++
		}
	}
	title := plural(len(verdicts), "gate") + ", all met"
	if failed > 0 {
		title = fmt.Sprintf("%s, %d not met", plural(len(verdicts), "gate"), failed)
	}
	p.printf("\n%s\n", p.bold("Gates: "+title))
	for _, v := range verdicts {
		p.hang("  "+pad(spaced(string(v.Result)), 12)+"  ", clip(clean(v.Name()+": "+v.Message), maxText), plain)
		for _, a := range v.Actions[:min(len(v.Actions), maxFailing)] {
			text := clip(clean(a.ID), maxName) + ": " + clip(clean(a.Reason), maxText)
			if a.Points != 0 {
				text += ", " + a.Points.String() + " points"
			}
			p.hang("                ", text, p.faint)
		}
		if rest := len(v.Actions) - maxFailing; rest > 0 {
			p.hang("                ", fmt.Sprintf("and %d more", rest), p.faint)
		}
	}
}

// gateSuite is the suite of gates among the results of an assessment.
const gateSuite = "gates"

// gateResults returns a result for each gate. They stand in posture.hcl, where gates are written: readers of such formats want a place.
func (page Assessment) gateResults() []result {
	list := make([]result, 0, len(page.Gates))
	for _, v := range page.Gates {
		r := result{
			suite: gateSuite, name: v.Name(), rule: "Gate " + v.Name(), id: resultID("gate " + v.Name()), severe: true, severity: "8.0",
			state: passed, fingerprint: fingerprint(page.Tenant.ID, gateSuite, v.Name()), at: place{file: settings.Name, line: 1},
		}
		if v.Result != gate.Met {
			r.message, r.state = clean(GateLine(v)), failed
		}
		switch {
		case v.Result == gate.Warning, r.state == failed && !v.Enforced:
			r.state = warned
		case v.Result == gate.Incomparable:
			r.state = errored
		}
		list = append(list, r)
	}
	return list
}

// gateLines returns a line of Markdown for each gate that is not met, or that warns.
func gateLines(verdicts []gate.Verdict) []string {
	var list []string
	for _, v := range verdicts {
		if line := GateLine(v); line != "" {
			list = append(list, "Gate: "+inertMarkdown(clip(clean(line), 2*maxCell)))
		}
	}
	return list
}
