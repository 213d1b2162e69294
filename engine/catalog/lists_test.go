package catalog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/posture-score/posture/internal/expect"
)

// TestConvertTo holds conversions to those of cty: values where both know them, and errors.
func TestConvertTo(t *testing.T) {
	texts, numbers := cty.List(cty.String), cty.List(cty.Number)
	for _, value := range []string{
		`[]`, `["a", "b"]`, `["a", 1, true]`, `["a", null]`, `[null]`, `[1, "2", 0.1]`, `["a", []]`, `[["a"], ["b", 1]]`, `[[], ["a"]]`, `[{ a = 1 }, { a = "b" }]`,
		`{}`, `{ a = ["b", 1], c = [] }`, `{ a = "b" }`, `{ a = 1, c = ["d"] }`, `{ a = null }`, `"a"`, `null`, `[[1, 2], [3]]`,
	} {
		expr, diags := hclsyntax.ParseExpression([]byte(value), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		from, _ := expr.Value(nil)
		for _, to := range []cty.Type{
			texts, numbers, cty.Set(cty.String), cty.List(texts), cty.List(numbers), cty.Map(cty.String), cty.Map(texts), cty.DynamicPseudoType, cty.List(cty.DynamicPseudoType),
			cty.Map(cty.DynamicPseudoType), cty.Tuple([]cty.Type{cty.String, cty.String}), cty.String,
			cty.Object(map[string]cty.Type{"a": cty.String}), cty.Object(map[string]cty.Type{"a": texts, "c": texts}), cty.List(cty.Object(map[string]cty.Type{"a": cty.String})),
		} {
			want, wantErr := convert.Convert(from, to)
			got, err := convertTo(from, to)
			if strings.Count(value, "=") > 1 && err != nil && wantErr != nil {
				continue // cty says what is wrong with any of them: see TestConvertToMistake
			}
			if fmt.Sprint(err) != fmt.Sprint(wantErr) || err == nil && !got.RawEquals(want) {
				t.Errorf("%s to %s: %#v, %v; want %#v, %v", value, to.FriendlyName(), got, err, want, wantErr)
			}
		}
	}
}

// TestConvertToMistake holds that what is said to be wrong is the first mistake, each time.
func TestConvertToMistake(t *testing.T) {
	list := cty.EmptyTupleVal
	inner := cty.ObjectVal(map[string]cty.Value{"d": list, "e": list, "f": cty.True})
	value := cty.ObjectVal(map[string]cty.Value{"a": cty.True, "b": inner, "c": inner})
	object := cty.Object(map[string]cty.Type{"d": cty.String, "e": cty.Number, "f": cty.Bool})
	for _, test := range []struct {
		to   cty.Type
		want string
	}{
		{cty.Map(cty.String), `element "b": string required, but have object`},
		{cty.Object(map[string]cty.Type{"a": cty.Bool, "b": object, "c": object}), `attribute "b": attribute "d": string required, but have tuple`},
		{cty.Object(map[string]cty.Type{"a": cty.Bool, "b": cty.Map(cty.Bool), "c": object}), `attribute "b": element "d": bool required, but have tuple`},
	} {
		for range 20 {
			_, err := convertTo(value, test.to)
			expect.Equalf(t, test.want, fmt.Sprint(err), "to %s", test.to.FriendlyName())
		}
	}
}

// TestLongLists decodes lists that cty would compare element by element: it takes minutes there.
func TestLongLists(t *testing.T) {
	const n = 40_000
	list := "[" + strings.Repeat(`"a", true, `, n/2) + "]"
	file, diags := hclsyntax.ParseConfig([]byte("threats = "+list+"\nframeworks = { a = "+list+" }\nconstants = "+list+"\n"), "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	s, diags := readSection(file.Body, hcl.Range{}, nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	expect.Equalf(t, []int{n, n}, []int{len(s.Threats), len(s.Frameworks["a"])}, "elements")
	expect.Equalf(t, []string{"a", "true"}, s.Threats[:2], "the first of them")
	value, _ := s.Constants.Value(nil)
	if !value.Type().IsTupleType() {
		t.Errorf("constants are %s", value.Type().FriendlyName())
	}
	if converted, err := convertTo(value, cty.List(cty.String)); err != nil || converted.LengthInt() != n {
		t.Errorf("converted: %v", err)
	}
}
