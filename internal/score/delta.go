package score

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strconv"
)

// Delta is by how many hundredths of a point, or of a percent, something changed.
type Delta int64

// String writes the change with its sign and as many decimals as it needs: +10, -0.5, 0.
func (d Delta) String() string {
	text := strconv.FormatFloat(float64(d)/100, 'f', -1, 64)
	if d > 0 {
		return "+" + text
	}
	return text
}

// MarshalJSON writes the change as a JSON number with at most two decimals.
func (d Delta) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(d)/100, 'f', -1, 64), nil
}

// UnmarshalJSON reads a JSON number, exact to two decimals.
func (d *Delta) UnmarshalJSON(text []byte) error {
	negative := len(text) > 0 && text[0] == '-'
	if n, ok := hundredths(bytes.TrimPrefix(text, []byte("-"))); ok {
		if *d = Delta(n); negative {
			*d = -*d
		}
		return nil
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !(f >= -maxRead && f <= maxRead) {
		return fmt.Errorf("a change has to be a number from -%.0f to %.0f", maxRead, maxRead)
	}
	exact := new(big.Rat).Mul(new(big.Rat).SetFloat64(f), big.NewRat(100, 1))
	if f < 0 {
		*d = -Delta(round(exact.Neg(exact)))
		return nil
	}
	*d = Delta(round(exact))
	return nil
}

// Apportion rounds parts to whole numbers that add up to total: each part down, and what is left over to the parts that
// lost most, the first of equals first. It is exact where the parts add up to total already.
func Apportion(total int64, parts []*big.Rat) []int64 {
	whole := make([]int64, len(parts))
	lost := make([]*big.Rat, len(parts))
	left := total
	for i, part := range parts {
		floor := new(big.Int).Div(part.Num(), part.Denom()) // Euclidean: rounds down, since denominators are positive
		whole[i] = floor.Int64()
		lost[i] = new(big.Rat).Sub(part, new(big.Rat).SetInt(floor))
		left -= whole[i]
	}
	order := byLoss(lost)
	for i := 0; left != 0 && len(order) > 0; i = (i + 1) % len(order) {
		if left > 0 {
			whole[order[i]]++
			left--
			continue
		}
		whole[order[len(order)-1-i]]-- // the parts that lost least
		left++
	}
	return whole
}

// byLoss returns the indexes of the parts, those that lost most first. Parts that are 0 come last: nothing is added to them
// as long as others can take it.
func byLoss(lost []*big.Rat) []int {
	order := make([]int, len(lost))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return lost[b].Cmp(lost[a]) })
	return order
}
