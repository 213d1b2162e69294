package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// unassessed prints the actions that could not be assessed, by cause, and then the evidence that is missing.
func (p *printer) unassessed(a *engine.Assessment) {
	list := filter(a.Actions, func(a engine.Action) bool { return a.Counts() && !a.Outcome.Assessed() && !a.Status.Resolves() })
	if len(list) == 0 {
		return
	}
	points := map[string]score.Points{}
	ids := map[string][]string{}
	needed := map[string]bool{}
	present := map[string]bool{}
	for _, d := range a.Evidence.Datasets {
		present[d.Name] = d.Status == engine.Collected
	}
	for _, action := range list {
		missing := slices.DeleteFunc(slices.Clone(action.Missing), func(name string) bool { return present[name] })
		cause := cause(action, missing)
		ids[cause] = append(ids[cause], clip(clean(action.ID), maxName))
		points[cause] += action.Points.Max
		for _, name := range missing {
			needed[name] = true
		}
	}
	causes := slices.SortedFunc(maps.Keys(ids), func(a, b string) int { return cmp.Or(cmp.Compare(points[b], points[a]), cmp.Compare(a, b)) })
	rest := a.Score.Total - a.Score.AssessedTotal
	p.printf("\n%s\n", p.bold(fmt.Sprintf("Could not be assessed: %s worth %s", plural(len(list), "action"), worth(rest))))
	for _, cause := range causes {
		p.hang("  "+padLeft(points[cause].String(), 7)+"  ", cause, plain)
		p.hang(indented, strings.Join(ids[cause], ", "), p.faint)
	}
	p.missing(a.Evidence.Datasets, needed)
}

// cause returns why an action could not be assessed. Actions with the same cause are grouped.
func cause(a engine.Action, missing []string) string {
	reasons := make([]string, 0, maxReasons)
	for _, reason := range a.Reasons[:min(len(a.Reasons), maxReasons)] {
		reasons = append(reasons, clip(clean(reason), maxText))
	}
	switch {
	case a.Outcome == engine.Errored:
		return "error: " + strings.Join(reasons, "; ")
	case len(missing) > 0:
		return "lacking " + clean(strings.Join(missing, ", "))
	}
	return strings.Join(reasons, "; ")
}

// missing lists the datasets that are needed and missing: those that failed, with the reason, then those that were not collected.
func (p *printer) missing(datasets []engine.Dataset, needed map[string]bool) {
	var failed, absent []engine.Dataset
	wide := 0
	for _, d := range datasets {
		switch {
		case !needed[d.Name]:
		case d.Status == engine.Failed:
			failed = append(failed, d)
			wide = max(wide, columns(clean(d.Name)))
		default:
			absent = append(absent, d)
		}
	}
	if len(failed) > 0 {
		p.printf("\n%s\n", p.bold("Could not be collected: "+plural(len(failed), "dataset")))
	}
	for _, d := range failed {
		p.hang("  "+pad(clean(d.Name), wide)+"  ", clip(clean(d.Reason), maxText), plain)
	}
	if len(absent) > 0 {
		names := make([]string, len(absent))
		for i, d := range absent {
			names[i] = clean(d.Name)
		}
		p.printf("\n%s\n", p.bold("Not in the evidence: "+plural(len(absent), "dataset")))
		p.hang("  ", strings.Join(names, ", "), plain)
	}
}
