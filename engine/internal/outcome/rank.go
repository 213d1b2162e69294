package outcome

import "github.com/posture-score/posture/internal/score"

// rank ranks the controls with points left, and sets what each of them would add to the score.
func rank(results []*Result) {
	total := score.Points(0)
	var candidates []score.Candidate
	for _, r := range results {
		if r.counts() {
			total += r.Max
		}
		if r.left() > 0 && r.Status != RiskAccepted {
			c := r.Control
			effort := score.Effort(c.Difficulty, c.UserImpact, c.Complexity)
			candidates = append(candidates, score.Candidate{ID: c.ID, Left: r.left(), Effort: effort})
		}
	}
	ranks := map[string]int{}
	for i, c := range score.Rank(candidates) {
		ranks[c.ID] = i + 1
	}
	for _, r := range results {
		r.Rank = ranks[r.Control.ID]
		r.Impact = score.Percent(r.left(), total)
	}
}

// Score adds up the results that count.
func Score(results []*Result) score.Score {
	var items []score.Item
	for _, r := range results {
		if r.counts() {
			items = append(items, score.Item{
				Category: r.Control.Category, Product: r.Control.Product, Achieved: r.Achieved, Max: r.Max,
				Assessed: r.Outcome != NoEvidence && r.Outcome != Errored || r.Status.resolves(),
				Planned:  r.Status == Planned, Licensed: r.licensed(), Accepted: r.Status == RiskAccepted,
			})
		}
	}
	return score.Sum(items)
}
