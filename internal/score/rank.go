package score

import (
	"cmp"
	"slices"
)

// Candidate is an action with points left to earn.
type Candidate struct {
	ID     string
	Left   Points
	Effort int // of Effort
}

// Effort weighs what an action costs, from 3 to 9: the weights of its difficulty, user impact and complexity together.
func Effort(difficulty, userImpact, complexity string) int {
	return Weight(difficulty) + Weight(userImpact) + Weight(complexity)
}

// Weight is what a level counts: low 1, moderate 2, high 3. What is not known counts as moderate.
func Weight(level string) int {
	switch level {
	case "low":
		return 1
	case "high":
		return 3
	default:
		return 2
	}
}

// Rank sorts candidates by points left for each unit of effort, most first; then by points left, most first; then by id.
func Rank(candidates []Candidate) []Candidate {
	ranked := slices.Clone(candidates)
	slices.SortFunc(ranked, func(a, b Candidate) int {
		return cmp.Or(
			cmp.Compare(int64(b.Left)*int64(a.Effort), int64(a.Left)*int64(b.Effort)), // a.Left/a.Effort against b.Left/b.Effort, exactly
			cmp.Compare(b.Left, a.Left),
			cmp.Compare(a.ID, b.ID),
		)
	})
	return ranked
}
