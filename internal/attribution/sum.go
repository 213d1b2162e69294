package attribution

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/posture-score/posture/internal/score"
)

// sum adds up the parts of the actions by cause and detail, and finds what is left of the change.
func (a *Attribution) sum() {
	for _, c := range a.Actions {
		for _, part := range c.Parts {
			i := slices.IndexFunc(a.Causes, func(sum Part) bool { return sum.Cause == part.Cause && sum.Detail == part.Detail })
			if i < 0 {
				i = len(a.Causes)
				a.Causes = append(a.Causes, Part{Cause: part.Cause, Detail: part.Detail})
			}
			a.Causes[i].add(part.Amount)
			a.Causes[i].Actions++
		}
	}
	order := Causes()
	slices.SortStableFunc(a.Causes, func(x, y Part) int {
		if by := slices.Index(order, x.Cause) - slices.Index(order, y.Cause); by != 0 {
			return by
		}
		return cmp.Compare(x.Detail, y.Detail)
	})
	a.Residual = Amount{Points: a.Change.Points, Total: a.Change.Total}
	for _, part := range a.Causes {
		a.Residual.Points -= part.Points
		a.Residual.Total -= part.Total
	}
}

// percentages gives each part its share of the change of the percentage: first each cause and the residual, then each action.
func (a *Attribution) percentages() {
	amounts := make([]*Amount, 0, len(a.Causes)+1)
	for i := range a.Causes {
		amounts = append(amounts, &a.Causes[i].Amount)
	}
	a.apportion(a.Change.Percent, append(amounts, &a.Residual))
	for i := range a.Causes {
		cause := &a.Causes[i]
		amounts = amounts[:0]
		for j := range a.Actions {
			for k := range a.Actions[j].Parts {
				if part := &a.Actions[j].Parts[k]; part.Cause == cause.Cause && part.Detail == cause.Detail {
					amounts = append(amounts, &part.Amount)
				}
			}
		}
		a.apportion(cause.Percent, amounts)
	}
}

// apportion sets the percentages of amounts so that they add up to one of them all.
func (a *Attribution) apportion(percent score.Delta, amounts []*Amount) {
	var moved []*Amount // what is 0 stays 0
	var shares []*big.Rat
	for _, amount := range amounts {
		if amount.Points != 0 || amount.Total != 0 {
			moved = append(moved, amount)
			shares = append(shares, a.share(amount))
		}
	}
	if len(moved) == 0 && len(amounts) > 0 {
		amounts[len(amounts)-1].Percent = percent
		return
	}
	for i, whole := range score.Apportion(int64(percent), shares) {
		moved[i].Percent = score.Delta(whole)
	}
}

// share returns an amount's part of the change of the percentage, in hundredths of a percent, exactly.
func (a *Attribution) share(amount *Amount) *big.Rat {
	points, total := int64(amount.Points), int64(amount.Total)
	s0, m0, m1 := int64(a.Old.Achieved), int64(a.Old.Total), int64(a.New.Total)
	switch {
	case m0 == 0 && m1 == 0:
		return new(big.Rat)
	case m0 == 0: // from no percentage
		return ratio(points, m1)
	case m1 == 0: // to none: what took the total away took the percentage
		return new(big.Rat).Mul(ratio(total, m0), big.NewRat(s0, m0))
	}
	// points / m1 - s0 x total / (m0 x m1)
	of := new(big.Rat).Mul(big.NewRat(s0, m0), ratio(total, m1))
	return of.Sub(ratio(points, m1), of)
}

// ratio returns part / whole in hundredths of a percent.
func ratio(part, whole int64) *big.Rat {
	return new(big.Rat).Mul(big.NewRat(part, whole), big.NewRat(int64(score.Full), 1))
}
