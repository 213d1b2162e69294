package catalog

import (
	"context"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"

	"github.com/posture-score/posture/engine/internal/codec"
	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// both returns the built-in catalog twice: loaded in full, and from its snapshot.
func both(t *testing.T) (full, restored *Catalog) {
	t.Helper()
	registry, source := inputs(t)
	full = must.Get(load(t.Context(), registry, []Source{source}))(t)
	if restored = restore(t.Context(), fresh(t), registry, []Source{source}); restored == nil {
		t.Fatal("a snapshot that was made just now was not used")
	}
	return full, restored
}

// fresh makes a snapshot, whether the one that is embedded is out of date or not.
func fresh(t *testing.T) string {
	t.Helper()
	text := must.Get(Snapshot(t.Context(), func(context.Context, *Catalog) ([]byte, error) { return []byte("ready"), nil }))(t)
	return string(text)
}

func inputs(t *testing.T) (*schemas.Registry, Source) {
	t.Helper()
	registry := must.Get(schemas.Builtin())(t)
	source := must.Get(Builtin())(t)
	return registry, source
}

// seen are all fields that can be seen of a catalog, and those that only this package sees.
func seen() cmp.Options {
	return cmp.Options{
		cmp.AllowUnexported(Product{}, pkg{}, License{}, Prerequisite{}, Parameter{}), cmp.Comparer(func(a, b cty.Type) bool { return a.Equals(b) }),
		cmpopts.IgnoreFields(Control{}, "written"), cmp.AllowUnexported(Control{}), cmpopts.IgnoreFields(check.Module{}, "Schema"),
	}
}

func TestSnapshot(t *testing.T) {
	full, restored := both(t)
	for _, part := range []struct {
		name       string
		want, have any
	}{
		{"controls", full.Controls(), restored.Controls()},
		{"products", full.Products(), restored.Products()},
		{"packages", full.packages, restored.packages},
		{"modules", full.modules, restored.modules},
		{"origins", full.origins, restored.origins},
		{"version", full.Version(), restored.Version()},
		{"digest", full.Digest(), restored.Digest()},
		{"what the engine made", "ready", restored.Ready()},
		{"datasets", full.Datasets().Names(), restored.Datasets().Names()},
		{"hint", full.Suggest("adminmfa"), restored.Suggest("adminmfa")},
		{"compiled modules", sortedKeys(full.Rego("").Compiler().Modules), sortedKeys(restored.Rego("").Compiler().Modules)},
		{"problems", must.Get(Check(t.Context(), full))(t), must.Get(Check(t.Context(), restored))(t)},
	} {
		if diff := cmp.Diff(part.want, part.have, seen()); diff != "" {
			t.Errorf("%s (-full +restored):\n%s", part.name, diff)
		}
	}
	for _, control := range full.Controls() {
		other, ok := restored.Control(control.ID)
		if !ok {
			t.Fatalf("%s is not in the snapshot", control.ID)
		}
		want, has := full.RuleText(control)
		if got, ok := restored.RuleText(other); ok != has || string(got) != string(want) {
			t.Errorf("%s has another text", control.ID)
		}
		for _, name := range []string{RuleApplicable, RuleCompliant, RuleFraction, RuleInScope, RuleReasons, "nothing"} {
			if full.HasRule(control, name) != restored.HasRule(other, name) {
				t.Errorf("%s: another answer to whether it has %s", control.ID, name)
			}
		}
	}
}

// What is made of a catalog is the same, too.
func TestSnapshotChanged(t *testing.T) {
	full, restored := both(t)
	identity := func(c *Control) bool { return c.Category == "identity" }
	if diff := cmp.Diff(full.Select(identity).Controls(), restored.Select(identity).Controls(), seen()); diff != "" {
		t.Errorf("selected controls (-full +restored):\n%s", diff)
	}
	if full.Select(identity).Digest() != restored.Select(identity).Digest() {
		t.Error("the digests of selected controls differ")
	}
	for _, c := range full.Controls() {
		for _, p := range c.Parameters {
			value := map[string]string{"number": "7", "string": `"x"`, "bool": "true"}[p.Type]
			text := []byte("control \"" + c.ID + "\" {\n  " + p.Name + " = " + value + "\n}\n")
			want, wantErr := full.WithParameters("p.hcl", text)
			got, err := restored.WithParameters("p.hcl", text)
			if wantErr != nil || err != nil {
				if wantErr == nil || err == nil || wantErr.Error() != err.Error() {
					t.Errorf("%s: error %v, want %v", text, err, wantErr)
				}
				continue
			}
			wanted, _ := want.Control(c.ID)
			changed, _ := got.Control(c.ID)
			if diff := cmp.Diff(wanted, changed, seen()); diff != "" || want.Digest() != got.Digest() {
				t.Errorf("%s (-full +restored):\n%s", text, diff)
			}
		}
	}
}

// A snapshot of anything else is not used, whatever little differs.
func TestSnapshotOfOthers(t *testing.T) {
	registry, source := inputs(t)
	others := must.Get(schemas.Open(os.DirFS("../../schemas/evidence")))(t)
	changed := func(change func(*Source)) []Source {
		other := Source{Name: source.Name, files: map[string][]byte{}}
		for p, text := range source.files {
			other.files[p] = text
		}
		change(&other)
		return []Source{other}
	}
	snapshot := fresh(t)
	tests := []struct {
		name     string
		text     string
		registry *schemas.Registry
		sources  []Source
	}{
		{"other schemas", snapshot, others, []Source{source}},
		{"no source", snapshot, registry, nil},
		{"two sources", snapshot, registry, []Source{source, source}},
		{"another name", snapshot, registry, changed(func(s *Source) { s.Name = "ours" })},
		{"a file less", snapshot, registry, changed(func(s *Source) { delete(s.files, "catalog.hcl") })},
		{"a file more", snapshot, registry, changed(func(s *Source) { s.files["lib/more.rego"] = nil })},
		{"another text", snapshot, registry, changed(func(s *Source) { s.files["catalog.hcl"] = append(slices.Clone(s.files["catalog.hcl"]), '\n') })},
		{"no snapshot", "", registry, []Source{source}},
		{"more than a snapshot", snapshot + "\x00", registry, []Source{source}},
	}
	for n := 1; n < len(snapshot); n += len(snapshot)/50 + 1 {
		tests = append(tests, struct {
			name     string
			text     string
			registry *schemas.Registry
			sources  []Source
		}{"a part of a snapshot", snapshot[:n], registry, []Source{source}})
	}
	for _, test := range tests {
		if restore(t.Context(), test.text, test.registry, test.sources) != nil {
			t.Errorf("%s: the snapshot was used", test.name)
		}
	}
}

// TestCodeCoversControls fails where a control has a field that a snapshot forgets: each is set,
// packed and read.
func TestCodeCoversControls(t *testing.T) {
	var want Control
	fill(t, reflect.ValueOf(&want).Elem(), 0)
	want.unclear, want.written = false, nil // of loading alone
	want.SourceSetting = SourceSetting{}    // of overrides
	at := hcl.Range{Filename: "f", Start: hcl.Pos{Line: 1, Column: 2, Byte: 3}, End: hcl.Pos{Line: 4, Column: 5, Byte: 6}}
	want.where, want.Prerequisites[0].where = at, at
	want.Parameters[0].cty = cty.List(cty.Object(map[string]cty.Type{"a": cty.Number}))
	want.Parameters[0].Type = typeexpr.TypeString(want.Parameters[0].cty)
	w := codec.NewWriter()
	codeControl(w, &want)
	var got Control
	r := codec.NewReader(string(w.Packed()))
	if codeControl(r, &got); r.End() != nil {
		t.Fatal(r.Err())
	}
	if diff := cmp.Diff(want, got, seen()); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

// fill gives every field that others may set a value of its own.
func fill(t *testing.T, v reflect.Value, n int) {
	t.Helper()
	switch v.Kind() { //nolint:exhaustive // there are no others in a control
	case reflect.String:
		v.SetString(strings.Repeat("x", n+1))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(n + 1))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Interface:
		v.Set(reflect.ValueOf(any(true)))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0), n)
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fill(t, value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key").Convert(v.Type().Key()), value)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(t, v.Field(i), n+i+1)
			}
		}
	default:
		t.Fatalf("a control has a %s", v.Type())
	}
}
