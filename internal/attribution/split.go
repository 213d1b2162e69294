package attribution

import (
	"math/big"

	"github.com/posture-score/posture/engine"
)

// Split tells population and configuration of a coverage control apart, record by record.
type Split struct {
	// What is counted once records left and came, each with its own verdict, and those that stayed kept theirs.
	Compliant, InScope int64
	AllOrNothing       bool  // the control earns points only if all comply
	Moved              Moved // which records
}

// state returns the state after records left and came.
func (s *Split) state(b *between, before, after state) state {
	next := before
	switch {
	case s.InScope == 0 && b.before.Coverage.InScope == 0:
	case s.InScope == 0 && b.after.Coverage.InScope == 0:
		next.applies, next.share = after.applies, after.share
	case s.InScope == 0: // those that stayed came into scope later
	default:
		next.applies, next.share = true, s.share()
	}
	return next
}

func (s *Split) share() *big.Rat {
	if s.AllOrNothing && s.Compliant < s.InScope {
		return new(big.Rat)
	}
	return big.NewRat(s.Compliant, s.InScope)
}

// incomparable says why it is not known whether an action changed, or "".
func incomparable(before, after *engine.Action) string {
	known := func(a *engine.Action) bool { return a.Outcome.Assessed() }
	switch {
	case before == nil || after == nil || known(before) && known(after):
		return ""
	case known(before):
		return "the new assessment has no sufficient evidence"
	case known(after):
		return "the old assessment had no sufficient evidence"
	}
	return "neither assessment has sufficient evidence"
}
