package term_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/term"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

func Example() {
	d := term.NewDecoder()
	fmt.Println(d.Decode([]byte(`{"id": 7, "roles": ["reader", null], "id": 1.50}`), nil))
	// Output:
	// {"id": 1.50, "roles": ["reader", null]}
}

// FuzzDecode compares with decoding, folding and converting. What is not well-formed gives no term, or some other; it never fails.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"b":[true,false,null,-0,1.50,1e3,12345,-7],"a":{"c":"\u00e9\n\"","":[]}}`, `"\ud83d\ude00"`, ` [ ] `, `{ }`, `-0.0`, `[1 , 2]`,
		`{"a"`, `[1`, `"\`, `tru`, `{"a":}`, `{1:2}`, `-`, ``, `[[[[`,
	} {
		f.Add([]byte(seed))
	}
	for _, seed := range []string{
		`{"id":"ADA","state":"Enabled","conditions":{"users":{"includeUsers":["all","ADA","\u0041\u00c4"],"Other":"X"}},"ID":"ADA"}`,
		`{"conditions":{"users":{"includeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"INTERNALGUEST, serviceprovider,X"}}}}`, `["KK","\u0130",{"A":"A"}]`,
	} {
		f.Add([]byte(seed))
	}
	folds := folds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		d := term.NewDecoder()
		for _, fold := range folds {
			first, again, rare := d.Decode(text, fold), d.Decode(text, fold), d.DecodeRare(text, fold)
			decoded, err := records.Decode(text, records.Limits{})
			if err != nil {
				return
			}
			want := ast.MustInterfaceToValue(fold.Value(decoded))
			view := new(term.Tree).View(bytes.Trim(text, " \t\r\n"), fold)
			viewed := rebuilt(d, &view, want)
			for _, got := range []*ast.Term{first, again, rare, viewed} {
				// The texts of numbers count: topdown keeps them, too.
				if got == nil || ast.Compare(got.Value, want) != 0 || got.Value.String() != want.String() {
					t.Fatalf("%q: got %v, want %v", text, got, want)
				}
			}
		}
	})
}

// TestTree makes more views than a tree has room for at once: none may move.
func TestTree(t *testing.T) {
	d, tree := term.NewDecoder(), new(term.Tree)
	for range 2 {
		tree.Reset()
		var views []term.View
		var want []string
		for i := range 200 {
			id, list := fmt.Sprintf(`"%d"`, i), fmt.Sprintf(`[{"\u0061":%d,"a":[]},{}]`, i)
			record := tree.Record([]string{"id", "none", "list"}, func(at int) []byte { return [][]byte{[]byte(id), nil, []byte(list)}[at] }, nil)
			views = append(views, tree.List(2, func(int) term.View { return record }))
			want = append(want, fmt.Sprintf(`[{"id": "%[1]d", "list": [{"a": []}, {}]}, {"id": "%[1]d", "list": [{"a": []}, {}]}]`, i))
		}
		var got []string
		for i := range views {
			got = append(got, d.View(&views[i]).String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// rebuilt returns the term of a view: for arrays and objects made of the terms of their parts, which it finds by the value that is wanted.
func rebuilt(d *term.Decoder, v *term.View, want ast.Value) *ast.Term {
	switch want := want.(type) {
	case *ast.Array:
		if len(v.Parts.Values) != want.Len() {
			break
		}
		var list []*ast.Term
		for i := range want.Len() {
			list = append(list, rebuilt(d, v.Element(int64(i)), want.Elem(i).Value))
		}
		return ast.ArrayTerm(list...)
	case ast.Object:
		object := ast.NewObject()
		want.Foreach(func(key, value *ast.Term) {
			name, _ := key.Value.(ast.String)
			object.Insert(key, rebuilt(d, v.Member(string(name)), value.Value))
		})
		if whole := d.View(v); object.Compare(whole.Value) != 0 {
			return whole
		}
		if v.String = ""; object.Compare(d.View(v).Value) != 0 {
			return d.View(v)
		}
		return ast.NewTerm(object)
	}
	return d.View(v)
}

// folds are one that folds nothing, one of every text, and one of some.
func folds(f *testing.F) []*schemas.Fold {
	every, _ := schemas.FormatFold("id")
	registry := must.Get(schemas.Builtin())(f)
	dataset, ok := registry.Dataset("entra.conditional_access_policies")
	if !ok {
		f.Fatal("no dataset of policies")
	}
	return []*schemas.Fold{nil, every, dataset.Fold()}
}

func BenchmarkDecode(b *testing.B) {
	policy := []byte(`{"id":"2b7a3c0e-0000-4000-8000-000000000000","displayName":"Require MFA for admins","state":"enabled","conditions":{` +
		`"users":{"includeUsers":[],"excludeUsers":["7d1f8c1e-0000-4000-8000-000000000001"],"includeRoles":["62e90394-69f5-4237-9190-012177145e10"]},` +
		`"clientAppTypes":["all"],"signInRiskLevels":[],"times":null},"grantControls":{"operator":"OR","builtInControls":["mfa"]},"version":12,"note":"a \"quoted\" text"}`)
	d := term.NewDecoder()
	b.SetBytes(int64(len(policy)))
	b.ReportAllocs()
	for b.Loop() {
		if d.Decode(policy, nil) == nil {
			b.Fatal("no term")
		}
	}
}
