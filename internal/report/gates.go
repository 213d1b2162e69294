package report

import (
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/settings"
)

// GateLine returns one line about a gate that is not met, or that warns; it is "" for one that is met.
func GateLine(v gate.Verdict) string {
	var text string
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
	p.title("Gates: " + title)
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

// gateName returns what a gate is called beside actions, whose ids have no spaces.
func gateName(v gate.Verdict) string { return "gate " + v.Name() }

// gateVerdict returns the verdict on a gate in the words of formats of other programs. One that only warns is not met, and accepted.
func gateVerdict(v gate.Verdict) verdict {
	switch {
	case v.Result == gate.Met:
		return met
	case v.Result == gate.Warning || !v.Enforced:
		return accepted
	case v.Result == gate.Incomparable:
		return unknown
	}
	return open
}

// gateText returns what is to be said of a gate: its line, or that it is met.
func gateText(v gate.Verdict) string {
	if line := GateLine(v); line != "" {
		return clean(line)
	}
	return clean("gate " + v.Name() + " is met: " + v.Message)
}

// gateSheet returns the gates as a table.
func (page Assessment) gateSheet() sheet {
	s := sheet{title: "Gates", heads: []head{{name: "Gate"}, {name: "Result"}, {name: "Enforced"}, {name: "Because"}, {name: "Actions"}}}
	for _, v := range page.Gates {
		enforced, ids := "no", make([]string, len(v.Actions))
		if v.Enforced {
			enforced = "yes"
		}
		for i, a := range v.Actions {
			ids[i] = a.ID
		}
		s.rows = append(s.rows, []string{v.Name(), spaced(string(v.Result)), enforced, v.Message, strings.Join(ids, ", ")})
	}
	return s
}

// gateRows returns rows about gates for a table of actions, whose columns have these names: the category is Gate, the id as gateName says.
func (page Assessment) gateRows(heads []head) [][]string {
	var rows [][]string
	for _, v := range page.Gates {
		row := make([]string, len(heads))
		for i, h := range heads {
			switch h.name {
			case "Recommended action":
				row[i] = gateText(v)
			case "Status":
				row[i] = capital(spaced(string(v.Result)))
			case "Category":
				row[i] = "Gate"
			case "ID":
				row[i] = gateName(v)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// gateSuite is the suite of gates among the results of an assessment.
const gateSuite = "gates"

// gateResults returns a result for each gate. They stand in posture.hcl, where gates are written: readers of such formats want a place.
func (page Assessment) gateResults() []result {
	list := make([]result, 0, len(page.Gates))
	for _, v := range page.Gates {
		r := result{
			suite: gateSuite, name: v.Name(), rule: "Gate " + v.Name(), id: resultID(gateName(v)), severe: true, severity: "8.0",
			fingerprint: fingerprint(page.Tenant.ID, gateSuite, v.Name()), at: place{file: settings.Name, line: 1},
			state: map[verdict]state{met: passed, accepted: warned, unknown: errored, open: failed}[gateVerdict(v)],
		}
		if r.state != passed {
			r.message = clean(GateLine(v))
		}
		list = append(list, r)
	}
	return list
}

// maxGateText is how many bytes a comment has for gates: half of its room. Each line has at most 2*maxCell columns.
const maxGateText = maxComment / 2

// gateLines returns a line of Markdown for each gate that is not met, or that warns.
func gateLines(verdicts []gate.Verdict) []string {
	var list []string
	size, rest := 0, 0
	for _, v := range verdicts {
		line := GateLine(v)
		if line == "" {
			continue
		}
		line = "Gate: " + inertMarkdown(clip(clean(line), 2*maxCell))
		if size += len(line); size > maxGateText {
			rest++
			continue
		}
		list = append(list, line)
	}
	if rest > 0 {
		list = append(list, fmt.Sprintf("Gates that are left out, since a comment holds no more: %d.", rest))
	}
	return list
}
