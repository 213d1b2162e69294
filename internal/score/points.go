package score

import (
	"fmt"
	"math/big"
	"strconv"
)

// Points are hundredths of a point, or hundredths of a percent.
type Points int64

// Full is the number of hundredths in a percentage of 100.
const Full Points = 100_00

// Float returns the points as a number.
func (p Points) Float() float64 { return float64(p) / 100 }

// String writes the points with as many decimals as they need: 10, 0.5, 4.33.
func (p Points) String() string { return strconv.FormatFloat(p.Float(), 'f', -1, 64) }

// MarshalJSON writes the points as a JSON number with at most two decimals.
func (p Points) MarshalJSON() ([]byte, error) { return []byte(p.String()), nil }

// maxRead is the greatest number of points that is read: far more than any catalog has, and far less than would overflow.
const maxRead = 1e12

// UnmarshalJSON reads a JSON number, exact to two decimals.
func (p *Points) UnmarshalJSON(text []byte) error {
	if n, ok := hundredths(text); ok {
		*p = Points(n)
		return nil
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !(f >= 0 && f <= maxRead) {
		return fmt.Errorf("points have to be a number from 0 to %.0f", maxRead)
	}
	*p = round(new(big.Rat).Mul(new(big.Rat).SetFloat64(f), big.NewRat(100, 1)))
	return nil
}

// hundredths reads a number as it is usually written, with at most two decimals and no exponent. Assessments have thousands of them.
func hundredths(text []byte) (n int64, ok bool) {
	const most = 12 // digits of maxRead, less one
	decimals := -1  // after the point
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9' && decimals < 2 && i < most:
			n = 10*n + int64(c-'0')
			if decimals >= 0 {
				decimals++
			}
		case c == '.' && decimals < 0 && i > 0:
			decimals = 0
		default:
			return 0, false
		}
	}
	for range 2 - max(0, decimals) {
		n *= 10
	}
	return n, len(text) > 0 && decimals != 0
}

// Fraction returns what an action earns: most x fraction, rounded half up to two decimals. The fraction, in [0, 1], is compliant /
// in scope for coverage. Secure Score gives 5 of 10 points for 50 of 100 users (Microsoft Learn, "Microsoft Secure Score", section
// "How recommended actions are scored"), and 4.33 of 9 for 25 of 52. Rounding never completes an action: while one record is
// missing, a hundredth is.
func Fraction(most Points, fraction *big.Rat) Points {
	earned := round(new(big.Rat).Mul(fraction, big.NewRat(int64(most), 1)))
	if earned >= most && most > 0 && fraction.Cmp(big.NewRat(1, 1)) < 0 {
		return most - 1
	}
	return earned
}

// Share is Fraction of part / whole, which are not negative; whole is not 0.
func Share(most Points, part, whole int64) Points {
	// Of numbers below 2^31 no product overflows; others are many, or wrong.
	const small = 1 << 31
	if most < 0 || part < 0 || most >= small || part >= small || whole <= 0 || whole >= small {
		return Fraction(most, big.NewRat(part, whole))
	}
	earned := Points((2*int64(most)*part + whole) / (2 * whole))
	if earned >= most && most > 0 && part < whole {
		return most - 1
	}
	return earned
}

// Percent returns part / whole in hundredths of a percent, rounded like Fraction; of nothing, 0 percent is achieved.
func Percent(part, whole Points) Points {
	if whole <= 0 {
		return 0
	}
	return Share(Full, int64(part), int64(whole))
}

// round rounds half up to a whole number. The argument is not negative.
func round(r *big.Rat) Points {
	half := new(big.Rat).Add(r, big.NewRat(1, 2))
	return Points(new(big.Int).Quo(half.Num(), half.Denom()).Int64())
}
