package attribution

import (
	"math/big"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// state is what the points of an action follow from, and nothing else. The zero value is an action that is not there.
type state struct {
	exists   bool
	preview  bool
	applies  bool
	resolved bool // by a status that earns all points
	max      score.Points
	share    *big.Rat // of the points, by the evidence
}

// stateOf returns the state of an action; nil is none.
func stateOf(a *engine.Action) state {
	if a == nil {
		return state{share: new(big.Rat)}
	}
	return state{
		exists: true, preview: a.Stage == engine.Preview, applies: a.Outcome != engine.NotApplicable,
		resolved: a.Status.Resolves(), max: a.Points.Max, share: shareOf(a),
	}
}

// shareOf returns the part of its points that an action earns by its evidence.
func shareOf(a *engine.Action) *big.Rat {
	switch a.Outcome {
	case engine.Complete:
		return big.NewRat(1, 1)
	case engine.Partial:
	default:
		return new(big.Rat)
	}
	if c := a.Coverage; c != nil && c.InScope > 0 {
		return big.NewRat(c.Compliant, c.InScope)
	}
	if fraction, ok := new(big.Rat).SetString(a.Fraction.String()); ok && len(a.Fraction) <= maxFraction {
		return fraction
	}
	if a.Points.Max > 0 { // an assessment that someone else made: no better is known
		return big.NewRat(int64(a.Points.ByEvidence), int64(a.Points.Max))
	}
	return new(big.Rat)
}

// maxFraction is how many digits a fraction may have.
const maxFraction = 400

// counts reports whether the action is part of the score.
func (s state) counts() bool { return s.exists && s.applies && !s.preview }

// achieved returns what the action adds to the points of the score.
func (s state) achieved() score.Points {
	switch {
	case !s.counts():
		return 0
	case s.resolved:
		return s.max
	}
	return score.Fraction(s.max, s.share)
}

// total returns what the action adds to the total.
func (s state) total() score.Points {
	if !s.counts() {
		return 0
	}
	return s.max
}
