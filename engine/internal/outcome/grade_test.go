package outcome

import (
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/score"
)

// TestFraction holds what numbers in any form that Rego knows come to: one that JSON does not know is written as one that it knows.
func TestFraction(t *testing.T) {
	for number, want := range map[string]string{
		"0": "0", "1": "1", "0.5": "0.5", "5e-1": "5e-1", "1.0": "1.0", "-0": "-0", "1e-300": "1e-300",
		"00.5": "0.5", "+0.5": "0.5", "0x1p-2": "0.25", ".5": "0.5", "1.": "1", "0x1": "error", "0_0.5": "0.5",
		"1.0000000000000000000000000001": "error", "-0.1": "error", "-1e-999999": "error", "2": "error", "1/2": "error", "NaN": "error", "Inf": "error", "": "error",
		"0." + strings.Repeat("3", 200): "0." + strings.Repeat("3", 200), "0." + strings.Repeat("3", 20_000): "error", "0x1p-1000": "error", "1e-999999999": "error",
	} {
		control := &catalog.Control{Kind: catalog.KindGraded}
		g, err := newGrade(control, eval.Result{Guard: true, Decision: ast.Number(number)})
		got := "error"
		if err == nil {
			got = string(g.result(control).Fraction)
		}
		expect.Equalf(t, want, got, "%.30s", number)
	}
}

// FuzzGrade looks at whatever a rule of a setting or a graded control may return: an error of that control alone, or a result that
// can be written and read, and earns what its fraction says.
func FuzzGrade(f *testing.F) {
	for _, term := range []string{
		"0.5", "1", "true", "null", `"1"`, "[0.5]", `{"a": 1}`, "{1}", "1e-400", "1e400", "-0", "0.99999999999999999999999", "[", "x", "data.a[_]",
		"to_number(\"00.5\")", strings.Repeat("[", 2000), "0." + strings.Repeat("9", 5000), strings.Repeat("9", 5000),
	} {
		f.Add(term, false)
	}
	for _, number := range []string{"00.5", "+0.5", "0x1p-2", "0x1p-1074", "1/3", "Infinity", "1e-999999999", "0x0." + strings.Repeat("f", 3000), "\x00"} {
		f.Add(number, true)
	}
	f.Fuzz(func(t *testing.T, text string, number bool) {
		var value ast.Value = ast.Number(text) // as to_number may return it, whose argument is any text
		if !number {
			term, err := ast.ParseTerm(text)
			if err != nil {
				return
			}
			value = term.Value
		}
		for _, kind := range []catalog.Kind{catalog.KindSetting, catalog.KindGraded} {
			graded(t, &catalog.Control{Kind: kind, Points: 7_35}, value)
		}
	})
}

func graded(t *testing.T, control *catalog.Control, value ast.Value) {
	t.Helper()
	g, err := newGrade(control, eval.Result{Guard: true, Decision: value})
	if err != nil {
		var ruleError *eval.Error
		if !errors.As(err, &ruleError) {
			t.Fatalf("%v is no error of the rule", err)
		}
		return
	}
	r := g.result(control)
	if control.Kind != catalog.KindGraded {
		return
	}
	written, err := json.Marshal(r.Fraction)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := records.Decode(written, records.Limits{}); err != nil {
		t.Fatalf("%s can't be read: %v", written, err)
	}
	exact, ok := new(big.Rat).SetString(string(written))
	if !ok || score.Fraction(r.Max, exact) != r.Achieved || r.Achieved > r.Max {
		t.Fatalf("%s earns %s of %s", written, r.Achieved, r.Max)
	}
}
