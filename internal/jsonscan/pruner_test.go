package jsonscan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
)

func Example() {
	conditions := &jsonscan.FieldMask{}
	conditions.Field("users").Field("include").Whole = true
	p := jsonscan.NewPruner([]jsonscan.Field{{Name: "id"}, {Name: "conditions", Mask: conditions}}, 64)

	policy := []byte(`{"id": 7, "grant": null, "conditions": {"apps": ["All"], "users": {"exclude": [], "include": ["All"]}}}`)
	end, status := p.Value(policy, 0, true)
	fmt.Println(end == len(policy), status == jsonscan.OK)
	fmt.Printf("%s %s\n", p.Slot(0), p.Slot(1))
	// Output:
	// true true
	// 7 {"users":{"include":["All"]}}
}

const depth = 8

// fields are read in every way that there is.
func fields() []jsonscan.Field {
	nested := &jsonscan.FieldMask{}
	nested.Field("b").Whole = true
	nested.Field("c").Field("d")
	each := &jsonscan.FieldMask{}
	each.Elements().Field("a")
	both := &jsonscan.FieldMask{}
	both.Elements().Field("a")
	both.Field("b").Field("c").Whole = true
	return []jsonscan.Field{
		{Name: "a", Mask: &jsonscan.FieldMask{Whole: true}}, {Name: "b", Mask: nested}, {Name: "c", Mask: each}, {Name: "d", Mask: both}, {Name: "é\n"},
	}
}

// pruned is what FieldMask say that pruning is.
func pruned(v any, p *jsonscan.FieldMask) any {
	if p == nil {
		p = &jsonscan.FieldMask{}
	}
	switch v := v.(type) {
	case map[string]any:
		if p.Whole {
			return v
		}
		kept := map[string]any{}
		for name, member := range v {
			if p.Each == nil && p.Fields[name] == nil {
				continue
			}
			below := &jsonscan.FieldMask{}
			below.Add(p.Each)
			below.Add(p.Fields[name])
			kept[name] = pruned(member, below)
		}
		return kept
	case []any:
		if p.Whole {
			return v
		}
		kept := []any{}
		for _, element := range v {
			if p.Each != nil {
				kept = append(kept, pruned(element, p.Each))
			}
		}
		return kept
	}
	return v
}

// FuzzValue compares with the standard reader of JSON: what is accepted, where it ends, and what is taken out.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"b":{"b":[1,{"x":2}],"c":{"d":"e","f":1},"d":2},"c":[{"a":1,"b":2},3,[4]],"d":{"a":{"a":1},"b":{"a":1,"c":[2]}}}`,
		`{"a":"x","a":"y\u0041\ud83d\ude00","\u00e9\n":true}`, `{"a" :	1 , "b": null}`, `[1,2]`, `"x"`, `-0.5e+3`, `1e999`, `{"a":01}`, `{"a":"\ud800"}`, "{\"a\":\"\x00\"}", "{\"a\":\"\xff\"}",
		`[[[[[[[[[]]]]]]]]]`, `{"a":[[[[[[[[]]]]]]]]}`, `{"b":[[[[[[[]]]]]]],"c":[[[[[[[]]]]]]]}`, `{"a":tru}`, `{"a":1}}`, `{"a":1,}`, `{,}`, `{"a"}`, strings.Repeat("9", 301), strings.Repeat("0", 2000), `0`, `{"long":"0123456789 ä 0123456789\"\\"}`,
	} {
		f.Add([]byte(seed), uint8(3))
	}
	f.Fuzz(func(t *testing.T, b []byte, cut uint8) {
		b = b[len(b)-len(bytes.TrimLeft(b, " \t\r\n")):]
		p := jsonscan.NewPruner(fields(), depth)
		want, wantErr := records.Decode(b, records.Limits{Depth: depth})
		// Twice: the second time with names that are expected.
		for range 2 {
			end, status := p.Value(b, 0, true)
			accepted := status == jsonscan.OK && len(bytes.TrimLeft(b[end:], " \t\r\n")) == 0
			if accepted != (wantErr == nil) {
				t.Fatalf("%q: accepted is %v (status %v, end %d), the standard reader says %v", b, accepted, status, end, wantErr)
			}
			if accepted {
				same(t, p, want)
			}
		}
		if wantErr != nil {
			return
		}
		// What is accepted whole is neither accepted nor invalid where it is cut off, unless a value of its own ends there.
		at := int(cut) % (len(bytes.TrimRight(b, " \t\r\n")) + 1)
		if _, status := p.Value(b[:at], 0, false); at < len(bytes.TrimRight(b, " \t\r\n")) && status != jsonscan.Incomplete {
			t.Fatalf("%q cut off at %d: status %v, want Incomplete", b, at, status)
		}
	})
}

func same(t *testing.T, p *jsonscan.Pruner, value any) {
	t.Helper()
	object, isObject := value.(map[string]any)
	if p.Object() != isObject {
		t.Fatalf("Object() is %v for %v", p.Object(), value)
	}
	for i, field := range fields() {
		member, there := object[field.Name]
		slot := p.Slot(i)
		if there != (slot != nil) {
			t.Fatalf("slot %q is %q, want presence %v", field.Name, slot, there)
		}
		if !there {
			continue
		}
		got, err := records.Decode(slot, records.Limits{})
		if err != nil {
			t.Fatalf("slot %q is %q: %v", field.Name, slot, err)
		}
		if diff := cmp.Diff(pruned(member, field.Mask), got); diff != "" {
			t.Fatalf("slot %q (-want +got):\n%s", field.Name, diff)
		}
	}
}

// TestCutOff holds that a value which is cut off anywhere asks for more.
func TestCutOff(t *testing.T) {
	whole := []byte(`{"a":"x\u00e9\ud83d\ude00é","b":{"b":[1,-2.5e-3],"c":{"d":null}},"c":[{"a":true},[false]],"z":{"y":[]}}`)
	p := jsonscan.NewPruner(fields(), depth)
	for cut := range whole {
		if _, status := p.Value(whole[:cut], 0, false); status != jsonscan.Incomplete {
			t.Errorf("cut off at %d: status %v, want Incomplete", cut, status)
		}
		if _, status := p.Value(whole[:cut], 0, true); status != jsonscan.Invalid {
			t.Errorf("ending at %d: status %v, want Invalid", cut, status)
		}
	}
}

// TestPaths holds the arithmetic of paths.
func TestPaths(t *testing.T) {
	a := &jsonscan.FieldMask{}
	a.Field("x").Field("y")
	a.Elements().Field("z").Whole = true
	b := &jsonscan.FieldMask{}
	b.Field("x").Whole = true
	b.Field("a b").Elements()
	union := a.Clone()
	union.Add(b)
	for want, got := range map[string]*jsonscan.FieldMask{
		`[{z*}]{x{y}}`:            a,
		`{"a b"[] x*}`:            b,
		`[{z*}]{"a b"[] x*}`:      union,
		`*`:                       {Whole: true},
		``:                        {},
		`{conditions{users{id}}}`: path("conditions", "users", "id"),
	} {
		if got.String() != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	union.Field("x").Field("more")
	if union.String() != `[{z*}]{"a b"[] x*}` {
		t.Errorf("a whole value can't become less: %s", union)
	}
	if a.String() != `[{z*}]{x{y}}` || b.String() != `{"a b"[] x*}` {
		t.Errorf("a union changed its parts: %s, %s", a, b)
	}
}

func path(names ...string) *jsonscan.FieldMask {
	root := &jsonscan.FieldMask{}
	at := root
	for _, name := range names {
		at = at.Field(name)
	}
	return root
}

// users are records as directories export them.
func users(count int) [][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	list := make([][]byte, count)
	for i := range list {
		list[i] = fmt.Appendf(nil, `{"id":"%08x-7d2a-4e4e-9d0e-%012x","userPrincipalName":"ada.lovelace%d@contoso.example","displayName":"Ada Lovelace","accountEnabled":%t,"userType":"Member","assignedLicenses":[{"skuId":"05e9a617-0261-4cee-bb44-138d3ef5d965","disabledPlans":[]},{"skuId":"c7df2760-2c81-4ef7-b578-5b5392b571df","disabledPlans":[]}],"authMethods":["fido2","mobilePhone"],"lastSignIn":"2026-%02d-11T08:00:00Z","roles":[],"passwordPolicies":"None","onPremisesSyncEnabled":false,"usageLocation":"DE"}`,
			random.Uint32(), random.Uint64()>>16, i, random.IntN(10) > 0, 1+random.IntN(12))
	}
	return list
}

func BenchmarkValue(b *testing.B) {
	records := users(1000)
	var all []byte
	for _, r := range records {
		all = append(all, r...)
	}
	whole := func(names ...string) []jsonscan.Field {
		var list []jsonscan.Field
		for _, name := range names {
			list = append(list, jsonscan.Field{Name: name, Mask: &jsonscan.FieldMask{Whole: true}})
		}
		return list
	}
	pruned := &jsonscan.FieldMask{}
	pruned.Elements().Field("skuId")
	for _, bench := range []struct {
		name   string
		fields []jsonscan.Field
	}{
		{"skip", nil},
		{"ten fields", whole("id", "userPrincipalName", "accountEnabled", "userType", "assignedLicenses", "authMethods", "lastSignIn", "roles", "passwordPolicies", "usageLocation")},
		{"pruned", []jsonscan.Field{{Name: "id"}, {Name: "assignedLicenses", Mask: pruned}}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p := jsonscan.NewPruner(bench.fields, 64)
			b.SetBytes(int64(len(all)))
			b.ReportAllocs()
			for b.Loop() {
				for _, r := range records {
					if _, status := p.Value(r, 0, true); status != jsonscan.OK {
						b.Fatal(status)
					}
				}
			}
		})
	}
}

// TestSteadyState holds that records of one look cost no memory.
func TestSteadyState(t *testing.T) {
	records := users(10)
	nested := &jsonscan.FieldMask{}
	nested.Elements().Field("skuId")
	p := jsonscan.NewPruner([]jsonscan.Field{{Name: "id"}, {Name: "assignedLicenses", Mask: nested}}, 64)
	walk := func() {
		for _, r := range records {
			if _, status := p.Value(r, 0, true); status != jsonscan.OK || !json.Valid(p.Slot(1)) {
				t.Fatalf("status %v, slot %q", status, p.Slot(1))
			}
		}
	}
	walk()
	if allocated := testing.AllocsPerRun(100, func() {
		for _, r := range records {
			p.Value(r, 0, true)
		}
	}); allocated > 0 {
		t.Errorf("%v allocations for ten records, want none", allocated)
	}
}

func TestValues(t *testing.T) {
	for text, want := range map[string]int{
		`1`: 1, `""`: 1, ` {} `: 1, `[ ]`: 1, `[{}]`: 2, `[[],[],{}]`: 4, `{"a":[1,2],"b":{"c":",[{"}}`: 6, `["\"[,",null]`: 3,
	} {
		if got := jsonscan.Values([]byte(text)); got != want {
			t.Errorf("%s has %d values, want %d", text, got, want)
		}
	}
}
