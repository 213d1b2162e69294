package actions

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// Ranking is the rank of an action and the numbers that it is computed from.
type Ranking struct {
	Standing
	Of         int        `json:"of"`            // how many actions have a rank
	Why        string     `json:"why,omitempty"` // why it has no rank
	Difficulty Level      `json:"difficulty"`
	UserImpact Level      `json:"user_impact"`
	Complexity Level      `json:"complexity"`
	Waits      []string   `json:"waits_for"`  // never null
	Neighbours []Standing `json:"neighbours"` // up to two before it and two after it; never null
}

// Level is a level and its weight.
type Level struct {
	Level  string `json:"level"`
	Weight int    `json:"weight"`
}

// Standing is one row of the ranking.
type Standing struct {
	Rank   int          `json:"rank"` // 0 for none
	ID     string       `json:"id"`
	Left   score.Points `json:"left"`
	Effort int          `json:"effort"`
	Value  string       `json:"value"` // points left per unit of effort, with "…" if there are more decimals
}

// neighbours is how many actions a ranking has before and after the action.
const neighbours = 2

// Rank returns the ranking of an action among those of the assessment.
func Rank(a *engine.Assessment, action *engine.Action) *Ranking {
	r := &Ranking{
		Standing:   standing(action),
		Difficulty: level(action.Difficulty), UserImpact: level(action.UserImpact), Complexity: level(action.Complexity),
		Waits: Waits(action), Neighbours: []Standing{},
	}
	var before, after []*engine.Action // the nearest, in order
	for i := range a.Actions {
		other := &a.Actions[i]
		if other.Rank == 0 {
			continue
		}
		r.Of++
		switch order := cmp.Or(byRank(other, action), byID(other, action)); {
		case order < 0:
			before = insert(before, other)
			before = before[max(0, len(before)-neighbours):]
		case order > 0:
			after = insert(after, other)
			after = after[:min(len(after), neighbours)]
		}
	}
	if action.Rank == 0 {
		r.Why = unranked(action)
		return r
	}
	for _, other := range append(before, after...) {
		r.Neighbours = append(r.Neighbours, standing(other))
	}
	return r
}

// insert puts an action into a list that is sorted by rank.
func insert(list []*engine.Action, action *engine.Action) []*engine.Action {
	at, _ := slices.BinarySearchFunc(list, action, func(a, b *engine.Action) int { return cmp.Or(byRank(a, b), byID(a, b)) })
	return slices.Insert(list, at, action)
}

func unranked(a *engine.Action) string {
	switch {
	case a.Outcome == engine.NotApplicable:
		return "it does not apply to this tenant"
	case a.Stage == engine.Preview:
		return "it is a preview, which is worth nothing"
	case a.Left() <= 0:
		return "nothing is left to earn"
	case a.Status == engine.RiskAccepted:
		return "its risk is accepted"
	}
	return "the assessment gives it none"
}

func level(word string) Level { return Level{Level: word, Weight: score.Weight(word)} }

func standing(a *engine.Action) Standing {
	effort := score.Effort(a.Difficulty, a.UserImpact, a.Complexity)
	return Standing{Rank: a.Rank, ID: a.ID, Left: a.Left(), Effort: effort, Value: decimals(big.NewRat(int64(a.Left()), 100*int64(effort)))}
}

// decimals returns a nonnegative number with up to six decimals, truncated, and "…" if there are more.
func decimals(number *big.Rat) string {
	const most, unit = 6, 1_000_000
	scaled := new(big.Rat).Mul(number, big.NewRat(unit, 1))
	whole := new(big.Int).Quo(scaled.Num(), scaled.Denom())
	text := new(big.Rat).SetFrac(whole, big.NewInt(unit)).FloatString(most)
	if !scaled.IsInt() {
		return text + "…"
	}
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}
