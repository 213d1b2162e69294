package ir

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/codec"
)

// alike ignores what is not encoded.
func alike() cmp.Option {
	return cmp.Options{cmpopts.IgnoreFields(ir.Location{}, "EndCol", "EndRow", "Text"), cmpopts.IgnoreUnexported(ir.Location{})}
}

// TestVisitCoversStatements fails where a statement has a component that Visit leaves out: each is set, encoded and decoded.
func TestVisitCoversStatements(t *testing.T) {
	for _, empty := range statements {
		want := empty()
		fill(t, reflect.ValueOf(want).Elem(), 1)
		w := codec.NewWriter()
		if codeStatement(w, &want); w.Err() != nil {
			t.Fatal(w.Err())
		}
		var got ir.Stmt
		r := codec.NewReader(string(w.Packed()))
		if codeStatement(r, &got); r.End() != nil {
			t.Fatalf("%T: %v", want, r.Err())
		}
		if diff := cmp.Diff(want, got, alike()); diff != "" {
			t.Errorf("%T (-encoded +decoded):\n%s", want, diff)
		}
	}
}

// fill gives every field a value of its own.
func fill(t *testing.T, v reflect.Value, n int) {
	t.Helper()
	switch v.Kind() { //nolint:exhaustive // there are no others in a statement
	case reflect.String:
		v.SetString("text")
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(n))
	case reflect.Uint32:
		v.SetUint(uint64(n))
	case reflect.Uint8:
		v.SetUint(1)
	case reflect.Interface:
		if v.Type() == reflect.TypeFor[ir.Stmt]() {
			v.Set(reflect.ValueOf(&ir.NopStmt{Location: ir.Location{Row: n}}))
		} else {
			v.Set(reflect.ValueOf([]ir.Val{ir.Local(n), ir.StringIndex(n), ir.Bool(true), ir.Bool(false)}[n%4]))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 4, 4))
		for i := range v.Len() {
			fill(t, v.Index(i), n+i)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(t, v.Field(i), n+i+1)
			}
		}
	default:
		t.Fatalf("a statement has a %s", v.Type())
	}
}
