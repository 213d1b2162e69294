package outcome

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/scan"
)

// Decide returns the results of all controls, sorted by id: by the counts of populations, by documents,
// and then by what the organization decided. Only the end of the context is an error; the error of a
// control's rule is its outcome.
func Decide(ctx context.Context, e *load.Evidence, counts map[string]*scan.Counts, decisions map[string]Decision) ([]*Result, error) {
	var results []*Result
	for _, control := range e.Rules.Controls() {
		r, err := decide(ctx, e, control, counts[control.ID])
		var ruleError *eval.Error
		switch {
		case errors.As(err, &ruleError):
			r = newResult(control, Errored, ruleError.Message)
		case err != nil:
			return nil, err
		}
		results = append(results, r)
	}
	slices.SortFunc(results, func(a, b *Result) int { return strings.Compare(a.Control.ID, b.Control.ID) })
	applyDecisions(e, results, decisions)
	return results, nil
}

// decide returns the result of one control by the evidence alone.
func decide(ctx context.Context, e *load.Evidence, control *catalog.Control, n *scan.Counts) (*Result, error) {
	if reason := e.Inapplicable(control); reason != "" {
		return newResult(control, NotApplicable, reason), nil
	}
	if n != nil {
		return covered(control, n, &e.Licenses), nil
	}
	lacking := insufficient(e, control)
	switch {
	case control.Kind == catalog.KindCoverage:
		return withoutRecords(ctx, e, control, lacking)
	case control.Kind == catalog.KindAttested && lacking == nil:
		return attested(e, control), nil
	case control.Kind == catalog.KindAttested:
		return lacking, nil
	case lacking == nil:
		return tenantWide(ctx, e, control)
	}
	return withoutDocuments(ctx, e, control, lacking), nil
}

// insufficient returns the result of a control that reads what is missing or can't be relied on; nil if
// its evidence is sufficient.
func insufficient(e *load.Evidence, control *catalog.Control) *Result {
	if missing := e.MissingDatasets(control); len(missing) > 0 {
		r := newResult(control, NoEvidence)
		r.Missing = missing
		for _, name := range missing {
			if d := e.Datasets[name]; d.Status == load.Missing {
				r.addReason("%s is not in the evidence", name)
			} else {
				r.addReason("%s could not be collected: %s", name, d.Reason)
			}
		}
		return r
	}
	if invalid := e.InvalidDataset(control); invalid != "" {
		return newResult(control, Errored, invalid)
	}
	return nil
}

// applyDecisions combines what the evidence shows with what the organization decided.
func applyDecisions(e *load.Evidence, results []*Result, decisions map[string]Decision) {
	for _, r := range results {
		var decision *Decision
		if d, ok := decisions[r.Control.ID]; ok {
			decision = &d
		}
		r.applyDecision(decision, e.Now)
		if r.Control.Exception != "" {
			r.applyExceptions(exceptions(e.Datasets[catalog.ExceptionDataset], r.Control.Exception), e.Now)
		}
		r.findBaselineExceptions(e)
		if decision != nil {
			r.checkExclusions(decision.Exclude, e.Now)
		}
		if finding := e.SourceFinding(r.Control); finding != "" && r.Outcome != NotApplicable {
			r.addFinding("%s", finding)
		}
	}
	addPrerequisites(e, results)
	rank(results)
	for _, r := range results {
		slices.Sort(r.Findings)
	}
}
