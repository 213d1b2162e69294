package catalog_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// parametric is a control with a parameter of every type, and one without.
func parametric(t testing.TB) *catalog.Catalog {
	t.Helper()
	return mustLoad(t, source(t, "ours", map[string]string{
		"entra/a.hcl": strings.Replace(strings.Replace(settingHCL, `"Defaults"`, `"A"`, 1), "setting {}", `setting {}
  parameter "anything" {
    type    = any
    default = "x"
  }
  parameter "flag" {
    type    = bool
    default = true
  }
  parameter "ids" {
    type    = map(list(string))
    format  = "id"
    default = { Roles = ["62E90394"] }
  }
  parameter "limit" {
    type    = number
    default = 1
  }
  parameter "names" {
    type    = list(string)
    default = []
  }
  parameter "rows" {
    type    = map(list(any))
    default = {}
  }
  parameter "word" {
    type    = string
    default = "fine"
  }`, 1),
		"entra/a.rego":     strings.Replace(settingRego, "defaults", "a", 1),
		"entra/plain.hcl":  settingHCL,
		"entra/plain.rego": strings.Replace(settingRego, "defaults", "plain", 1),
	}))
}

// Parameters with a format are handed to rules as evidence with it is.
func TestParameterFormat(t *testing.T) {
	cat := parametric(t)
	control, _ := cat.Control("A")
	if diff := cmp.Diff(map[string]any{"Roles": []any{"62e90394"}}, control.ParameterValues()["ids"]); diff != "" {
		t.Errorf("the default (-want +got):\n%s", diff)
	}
	overridden := must.Get(cat.WithParameters("p.hcl", []byte(`control "A" { ids = { a = ["ADA", "ben"] } }`)))(t)
	control, _ = overridden.Control("A")
	if diff := cmp.Diff(map[string]any{"a": []any{"ada", "ben"}}, control.ParameterValues()["ids"]); diff != "" {
		t.Errorf("an override (-want +got):\n%s", diff)
	}
}

func TestWithParameters(t *testing.T) {
	tests := map[string]struct {
		text string
		want map[string]any
	}{
		"one": {`control "A" { limit = 2 }`, map[string]any{"limit": json.Number("2")}},
		"all": {
			`control "A" {
				anything = { a = [1, null, "b"] }
				flag     = "false"
				limit    = "7.25"
				names    = ["b", 1]
				rows     = { x = [1, 2], y = [] }
				word     = 1
			}`,
			map[string]any{
				"anything": map[string]any{"a": []any{json.Number("1"), nil, "b"}}, "flag": false, "limit": json.Number("7.25"),
				"names": []any{"b", "1"}, "rows": map[string]any{"x": []any{json.Number("1"), json.Number("2")}, "y": []any{}}, "word": "1",
			},
		},
		"large":          {`control "A" { limit = 12345678901234567890123 }`, map[string]any{"limit": json.Number("12345678901234567890123")}},
		"nothing":        {``, nil},
		"an empty block": {`control "A" {}`, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cat := parametric(t)
			before, values, digest := cat.Digest(), control(t, cat, "A").ParameterValues(), control(t, cat, "A").Digest
			changed := must.Get(cat.WithParameters("parameters.hcl", []byte(test.text)))(t)
			want := control(t, cat, "A").ParameterValues()
			for name, value := range test.want {
				want[name] = value
			}
			expect.Equalf(t, want, control(t, changed, "A").ParameterValues(), "values")
			if same := digest == control(t, changed, "A").Digest; same != (test.want == nil) {
				t.Errorf("the control's digest stays the same: %v", same)
			}
			if same := before == changed.Digest(); same != (test.want == nil) {
				t.Errorf("the catalog's digest stays the same: %v", same)
			}
			if control(t, cat, "Defaults").Digest != control(t, changed, "Defaults").Digest {
				t.Error("the digest of another control changes")
			}
			// The catalog itself is as it was.
			if diff := cmp.Diff(values, control(t, cat, "A").ParameterValues()); diff != "" || cat.Digest() != before {
				t.Errorf("the catalog was changed (-before +after):\n%s", diff)
			}
		})
	}
}

// TestWithParametersDiagnostics shows what is said of mistakes in a file of parameters.
func TestWithParametersDiagnostics(t *testing.T) {
	names, err := filepath.Glob("testdata/parameters/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			must.Do(t, err)
			_, err = parametric(t).WithParameters("parameters.hcl", archive.Files[0].Data)
			if err == nil {
				t.Fatal("no error")
			}
			compare(t, name, archive, err.Error()+"\n\n"+printed(t, err))
		})
	}
}

// TestWithParametersShared overrides one catalog from several goroutines: the race detector sees
// what they share.
func TestWithParametersShared(t *testing.T) {
	cat := parametric(t)
	var digests [4]string
	var group sync.WaitGroup
	for i := range digests {
		group.Go(func() {
			changed, err := cat.WithParameters("parameters.hcl", []byte(`control "A" { limit = 2 }`))
			if err != nil {
				t.Error(err)
				return
			}
			digests[i] = changed.Digest() + cat.Digest()
		})
	}
	group.Wait()
	for _, digest := range digests {
		if digest != digests[0] {
			t.Errorf("digests differ: %q", digests)
		}
	}
}
