package securescore

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"

	"github.com/posture-score/posture/internal/score"
)

// maxDigits is how long a number may be as text; a double takes 17 digits, a sign, a point and an exponent.
const maxDigits = 40

// maxExponent bounds the exponent of a number: beyond it a number takes memory, and has no meaning here.
const maxExponent = 20

// maxPoints bounds points and percentages: Secure Score has some thousand points in all.
const maxPoints = 1_000_000

// points returns a number of points, or a percentage, exactly. It is nil if there is none, or more than any tenant could have.
func points(value any) *big.Rat {
	if exact := number(value); exact != nil && exact.Cmp(big.NewRat(maxPoints, 1)) <= 0 {
		return exact
	}
	return nil
}

// number returns a number of JSON, or of a text as tools save it, exactly. It is nil if there is none, or if it is negative or absurd.
func number(value any) *big.Rat {
	var text string
	switch value := value.(type) {
	case json.Number:
		text = value.String()
	case string:
		text = strings.TrimSpace(value)
	}
	if text == "" || len(text) > maxDigits || strings.ContainsAny(text, "_/xXpPbBoO") || !small(text) {
		return nil
	}
	exact, ok := new(big.Rat).SetString(text)
	if !ok || exact.Sign() < 0 || exact.Cmp(big.NewRat(1e12, 1)) > 0 {
		return nil
	}
	return exact
}

// small reports whether the exponent of a number is one that a score could have.
func small(text string) bool {
	at := strings.IndexAny(text, "eE")
	if at < 0 {
		return true
	}
	exponent, err := strconv.Atoi(text[at+1:])
	return err == nil && exponent >= -maxExponent && exponent <= maxExponent
}

// whole returns a whole number, or nil.
func whole(value any) *int64 {
	exact := number(value)
	if exact == nil || !exact.IsInt() || !exact.Num().IsInt64() {
		return nil
	}
	n := exact.Num().Int64()
	return &n
}

// hundredths returns a number in hundredths, rounded half up; nil is 0.
func hundredths(exact *big.Rat) score.Points {
	if exact == nil {
		return 0
	}
	scaled := new(big.Rat).Mul(exact, big.NewRat(100, 1))
	scaled.Add(scaled, big.NewRat(1, 2))
	return score.Points(new(big.Int).Quo(scaled.Num(), scaled.Denom()).Int64())
}

// near reports whether two numbers are the same to a hundredth.
func near(a, b *big.Rat) bool {
	apart := new(big.Rat).Sub(a, b)
	return apart.Abs(apart).Cmp(big.NewRat(1, 100)) < 0
}

// written returns a number with at most six decimals, for messages.
func written(exact *big.Rat) string {
	if exact == nil {
		return "none"
	}
	return trimmed(exact.FloatString(6))
}

// trimmed returns a decimal number without zeros at its end.
func trimmed(decimal string) string {
	if strings.Contains(decimal, ".") {
		decimal = strings.TrimRight(strings.TrimRight(decimal, "0"), ".")
	}
	return decimal
}
