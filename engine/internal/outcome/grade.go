package outcome

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/jsonscan"
)

// grade is what the rule of a tenant-wide control decides.
type grade struct {
	applies bool
	earned  share // if the control applies
	raw     eval.Result
}

// newGrade reads the result of a control's rule.
func newGrade(control *catalog.Control, result eval.Result) (g *grade, err error) {
	g = &grade{applies: result.Guard, raw: result}
	if g.applies {
		g.earned, err = fraction(control.Kind, result.Decision)
	}
	return g, err
}

// equal reports whether two grades earn the same.
func (g *grade) equal(other *grade) bool {
	return g.applies == other.applies && (!g.applies || g.earned.compare(other.earned) == 0)
}

// full reports whether the grade earns all points.
func (g *grade) full() bool { return g.applies && g.earned.compare(all()) >= 0 }

// result returns the result of a control with this grade.
func (g *grade) result(control *catalog.Control) *Result {
	r := newResult(control, NotApplicable, g.raw.Reasons...)
	if !g.applies {
		if len(r.Reasons) == 0 {
			r.addReason("its rule says that it does not apply to this tenant")
		}
		return r
	}
	r.award(g.earned)
	if number, ok := g.raw.Decision.(ast.Number); ok {
		r.Fraction, _ = jsonNumber(number, g.earned.rational())
	}
	return r
}

// maxDigits bounds the digits of a fraction that is not written as it is.
const maxDigits = 100

// jsonNumber returns a number as JSON writes it, and whether a reader of the assessment takes it. Numbers of Rego may have other
// forms: to_number returns 00.5, +0.5 and 0x1p-2 as they are.
func jsonNumber(number ast.Number, exact *big.Rat) (json.Number, bool) {
	if text := []byte(number); json.Valid(text) && jsonscan.InRange(text) {
		return json.Number(number), true
	}
	digits, finite := exact.FloatPrec()
	if !finite || digits > maxDigits {
		return "", false
	}
	return json.Number(exact.FloatString(digits)), true
}

// fraction turns a decision into the share of the points that it earns.
func fraction(kind catalog.Kind, decision ast.Value) (share, error) {
	if kind == catalog.KindSetting {
		switch decision {
		case ast.Boolean(true):
			return all(), nil
		case ast.Boolean(false):
			return none(), nil
		}
		return share{}, &eval.Error{Message: fmt.Sprintf("compliant has to be true or false; it is %s", ast.ValueName(decision))}
	}
	number, ok := decision.(ast.Number)
	if !ok {
		return share{}, &eval.Error{Message: fmt.Sprintf("fraction has to be a number; it is %s", ast.ValueName(decision))}
	}
	outOfRange := &eval.Error{Message: fmt.Sprintf("fraction has to be between 0 and 1; it is %.100s", number)}
	// A number beyond float64 would make an enormous fraction before it could be refused.
	if f, ok := number.Float64(); !ok || !(f >= 0 && f <= 1) {
		return share{}, outOfRange
	}
	exact, ok := new(big.Rat).SetString(string(number))
	if !ok || exact.Sign() < 0 || exact.Cmp(big.NewRat(1, 1)) > 0 {
		return share{}, outOfRange
	}
	if _, ok := jsonNumber(number, exact); !ok {
		return share{}, &eval.Error{Message: fmt.Sprintf("fraction has to be a number that JSON can write; it is %.20s…", number)}
	}
	return share{exact: exact}, nil
}
