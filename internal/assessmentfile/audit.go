package assessmentfile

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// Invariant: what a reader can compute from the rest of an assessment is computed, and compared with what the file says. The rest is
// what only the evidence and the catalog can tell: outcomes of rules, counts of records, licenses that the tenant holds.

// changed is the error of an assessment that was not written as it is.
func changed(format string, args ...any) error {
	return fmt.Errorf("the assessment was changed: "+format, args...)
}

// audit checks what a schema can't: that an assessment agrees with itself.
func audit(a *engine.Assessment) error {
	for i := 1; i < len(a.Evidence.Datasets); i++ {
		if name := a.Evidence.Datasets[i].Name; a.Evidence.Datasets[i-1].Name >= name {
			return changed("its datasets are not in order at %s", clip(name))
		}
	}
	if a.Catalog.Controls != len(a.Actions) {
		return changed("it has %d actions, and its catalog %d controls", len(a.Actions), a.Catalog.Controls)
	}
	byID := make(map[string]*engine.Action, len(a.Actions))
	for i := range a.Actions {
		action := &a.Actions[i]
		if i > 0 && a.Actions[i-1].ID >= action.ID {
			return changed("its actions are not in order at %s", clip(action.ID))
		}
		byID[action.ID] = action
	}
	for i := range a.Actions {
		for _, check := range []func(*engine.Action) error{auditPoints, auditStatus, auditCounts, auditGrade} {
			if err := check(&a.Actions[i]); err != nil {
				return err
			}
		}
		if err := auditPrerequisites(a, &a.Actions[i], byID); err != nil {
			return err
		}
	}
	if err := auditRanks(a.Actions); err != nil {
		return err
	}
	return auditScore(a)
}

// auditPoints compares the points of an action with its outcome and status.
func auditPoints(action *engine.Action) error {
	p := action.Points
	least, most := score.Points(0), score.Points(0)
	switch action.Outcome {
	case engine.Complete:
		least, most = p.Max, p.Max
	case engine.Partial:
		most = max(0, p.Max-1)
	}
	achieved := p.ByEvidence
	if action.Status.Resolves() {
		achieved = p.Max
	}
	switch {
	case p.Achieved > p.Max || p.ByEvidence > p.Max:
		return changed("%s earns more than its %s points", clip(action.ID), p.Max)
	case action.Stage == engine.Preview && p.Max > 0:
		return changed("%s is a preview, and worth %s points", clip(action.ID), p.Max)
	case p.ByEvidence < least || p.ByEvidence > most:
		return changed("%s is %s, and earns %s of %s points", clip(action.ID), action.Outcome, p.ByEvidence, p.Max)
	case p.Achieved != achieved:
		return changed("%s is %s and earns %s points by its evidence, and says %s", clip(action.ID), action.Status, p.ByEvidence, p.Achieved)
	}
	return nil
}

// auditStatus compares the status of an action with its outcome.
func auditStatus(action *engine.Action) error {
	wanted := action.Status
	switch {
	case action.Outcome == engine.Complete:
		wanted = engine.Completed
	case action.Outcome == engine.NotApplicable, action.Status == engine.Completed:
		wanted = engine.ToAddress
	}
	if x := action.Exception; x != nil {
		sets := map[string]engine.Status{
			"ThirdPartyControl": engine.ThirdParty, "AlternateMitigation": engine.AlternateMitigation, "RiskAccepted": engine.RiskAccepted, "PlannedRemediation": engine.Planned,
		}
		if sets[x.Justification] != action.Status {
			return changed("%s has an exception for %s, and the status %s", clip(action.ID), clip(x.Justification), action.Status)
		}
	}
	if wanted != action.Status {
		return changed("the outcome of %s is %s, and its status %s", clip(action.ID), action.Outcome, action.Status)
	}
	return nil
}

// auditCounts compares the counts of an action with one another, and with what it earns.
func auditCounts(action *engine.Action) error {
	if x := action.Excluded; x != nil && int64(len(x.Shown)) > x.Total {
		return changed("%s excludes %d records, and names %d", clip(action.ID), x.Total, len(x.Shown))
	}
	c, f := action.Coverage, action.Failing
	switch {
	case (c == nil) != (f == nil):
		return changed("%s has either no coverage or no failing records", clip(action.ID))
	case c == nil:
		return nil
	case c.Compliant > c.InScope || c.InScope > c.Records:
		return changed("%s counts %d compliant records of %d in scope of %d", clip(action.ID), c.Compliant, c.InScope, c.Records)
	case f.Total != c.InScope-c.Compliant || int64(len(f.Shown)) > f.Total:
		return changed("%s counts %d of %d records as compliant, and %d as failing, of which it names %d",
			clip(action.ID), c.Compliant, c.InScope, f.Total, len(f.Shown))
	case c.InScope == 0:
		if action.Outcome != engine.NotApplicable && action.Outcome != engine.Complete {
			return changed("nothing is in scope of %s, and it is %s", clip(action.ID), action.Outcome)
		}
		return nil
	case action.Outcome == engine.NotMet && c.Compliant < c.InScope:
		return nil // a control may be all or nothing
	}
	return earns(action, big.NewRat(c.Compliant, c.InScope))
}

// auditGrade compares the fraction of a graded control with what it earns. It has few digits: the decoder has seen to it.
func auditGrade(action *engine.Action) error {
	if action.Fraction == "" {
		return nil
	}
	fraction, ok := new(big.Rat).SetString(action.Fraction.String())
	if !ok || fraction.Sign() < 0 || fraction.Cmp(big.NewRat(1, 1)) > 0 {
		return changed("the fraction of %s is not between 0 and 1", clip(action.ID))
	}
	return earns(action, fraction)
}

// earns compares the points and the outcome of an action with the fraction that it earns.
func earns(action *engine.Action, fraction *big.Rat) error {
	outcome := engine.Partial
	switch {
	case fraction.Sign() == 0:
		outcome = engine.NotMet
	case fraction.Cmp(big.NewRat(1, 1)) == 0:
		outcome = engine.Complete
	}
	points := score.Fraction(action.Points.Max, fraction)
	if outcome != action.Outcome || points != action.Points.ByEvidence {
		return changed("%s should be %s, with %s points by its evidence; it says %s and %s", clip(action.ID), outcome, points, action.Outcome, action.Points.ByEvidence)
	}
	return nil
}

// auditPrerequisites compares what comes before an action with the actions that it names. Without licenses in the evidence, those
// that an action needs count as held.
func auditPrerequisites(a *engine.Assessment, action *engine.Action, byID map[string]*engine.Action) error {
	for _, p := range action.Prerequisites {
		if p.Control == "" {
			if !p.Met && !a.Evidence.Licenses {
				return changed("%s lacks the license %s, and no licenses are known", clip(action.ID), clip(p.Words()))
			}
			continue
		}
		switch before := byID[p.Control]; {
		case before == nil:
			return changed("%s comes after %s, which is no action", clip(action.ID), clip(p.Control))
		case p.Met != before.Settled():
			return changed("%s says that %s, which comes before it, is settled: %v; it is %s", clip(action.ID), clip(p.Control), p.Met, before.Status)
		}
	}
	return nil
}

// auditRanks compares the ranks and impacts of actions with what they can still earn.
func auditRanks(actions []engine.Action) error {
	total := score.Points(0)
	var candidates []score.Candidate
	for i := range actions {
		action := &actions[i]
		if action.Counts() {
			total += action.Points.Max
		}
		if action.Left() > 0 && action.Status != engine.RiskAccepted {
			effort := score.Effort(action.Difficulty, action.UserImpact, action.Complexity)
			candidates = append(candidates, score.Candidate{ID: action.ID, Left: action.Left(), Effort: effort})
		}
	}
	ranks := make(map[string]int, len(candidates))
	for i, c := range score.Rank(candidates) {
		ranks[c.ID] = i + 1
	}
	for i := range actions {
		action := &actions[i]
		if rank := ranks[action.ID]; action.Rank != rank {
			return changed("the rank of %s is %d, and should be %d", clip(action.ID), action.Rank, rank)
		}
		if impact := score.Percent(action.Left(), total); action.Impact != impact {
			return changed("the impact of %s is %s, and should be %s", clip(action.ID), action.Impact, impact)
		}
	}
	return nil
}

// auditScore compares the score with the actions.
func auditScore(a *engine.Assessment) error {
	var items []score.Item
	for i := range a.Actions {
		if action := &a.Actions[i]; action.Counts() {
			items = append(items, score.Item{
				Category: action.Category, Product: action.Product, Achieved: action.Points.Achieved, Max: action.Points.Max,
				Assessed: action.Outcome.Assessed() || action.Status.Resolves(),
				Planned:  action.Status == engine.Planned, Licensed: action.Licensed(), Accepted: action.Status == engine.RiskAccepted,
			})
		}
	}
	want, said := score.Sum(items), a.Score
	switch {
	case want.Achieved != said.Achieved || want.Total != said.Total || want.Percent != said.Percent:
		return changed("its actions make %s of %s points, and its score says %s of %s (%s%%)", want.Achieved, want.Total, said.Achieved, said.Total, said.Percent)
	case want.AssessedTotal != said.AssessedTotal:
		return changed("%s points could be assessed, and its score says %s", want.AssessedTotal, said.AssessedTotal)
	case views(want.Views, want.Total) != said.Views:
		return changed("the views of its score are not what its actions make")
	}
	categories, products := []engine.Category{}, []engine.Product{}
	for _, g := range want.Categories {
		categories = append(categories, engine.Category{Category: g.Name, Achieved: g.Achieved, Total: g.Total, Views: views(g.Views, g.Total)})
	}
	for _, g := range want.Products {
		products = append(products, engine.Product{Product: g.Name, Achieved: g.Achieved, Total: g.Total, Views: views(g.Views, g.Total)})
	}
	var wrong []string
	if !slices.Equal(categories, said.Categories) {
		wrong = append(wrong, "categories")
	}
	if !slices.Equal(products, said.Products) {
		wrong = append(wrong, "products")
	}
	if len(wrong) > 0 {
		return changed("the %s of its score are not what its actions make", strings.Join(wrong, " and "))
	}
	return nil
}

func views(v score.Views, total score.Points) engine.Views {
	view := func(points score.Points) engine.View {
		return engine.View{Points: points, Percent: score.Percent(points, total)}
	}
	return engine.Views{Planned: view(v.Planned), CurrentLicense: view(v.CurrentLicense), Achievable: view(v.Achievable)}
}
