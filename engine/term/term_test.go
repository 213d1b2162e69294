package term_test

import (
	"fmt"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/term"
	"github.com/posture-score/posture/evidence"
)

func Example() {
	d := term.NewDecoder()
	fmt.Println(d.Decode([]byte(`{"id": 7, "roles": ["reader", null], "id": 1.50}`)))
	// Output:
	// {"id": 1.50, "roles": ["reader", null]}
}

// FuzzDecode compares with decoding and converting. What is not well-formed gives no term, or some other; it never fails.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"b":[true,false,null,-0,1.50,1e3,12345,-7],"a":{"c":"\u00e9\n\"","":[]}}`, `"\ud83d\ude00"`, ` [ ] `, `{ }`, `-0.0`, `[1 , 2]`,
		`{"a"`, `[1`, `"\`, `tru`, `{"a":}`, `{1:2}`, `-`, ``, `[[[[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d := term.NewDecoder()
		first, again, rare := d.Decode(text), d.Decode(text), d.DecodeRare(text)
		decoded, err := evidence.Decode(text, evidence.DefaultLimits())
		if err != nil {
			return
		}
		want := ast.MustInterfaceToValue(decoded)
		for _, got := range []*ast.Term{first, again, rare} {
			// The texts of numbers count: topdown keeps them, too.
			if got == nil || ast.Compare(got.Value, want) != 0 || got.Value.String() != want.String() {
				t.Fatalf("%q: got %v, want %v", text, got, want)
			}
		}
	})
}
