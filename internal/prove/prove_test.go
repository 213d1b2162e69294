package prove_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/prove"
	"github.com/posture-score/posture/schemas"
)

// TestMain lets the heap grow to five times what is in use: thousands of small assessments leave little behind, and collecting took a third
// of their time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// load loads the built-in products, and a folder of controls.
func load(t *testing.T, sources ...catalog.Source) *catalog.Catalog {
	t.Helper()
	registry := must.Get(schemas.Builtin())(t)
	return must.Get(catalog.Load(t.Context(), registry, sources...))(t)
}

// TestBuiltin holds the built-in catalog to its promise: no damage to the sample tenants, or to the
// inputs of its tests, earns points.
func TestBuiltin(t *testing.T) {
	source := must.Get(catalog.Builtin())(t)
	cat := load(t, source)
	samples := must.Get(prove.FromTests(t.Context(), cat, cat.Controls()))(t)
	tenants := must.Get(prove.FromTenants(t.Context(), cat, cat.Controls()))(t)
	report := must.Get(prove.Prove(t.Context(), cat, append(samples, tenants...), nil))(t)
	if report.Controls < 400 || report.Mutations < 2000 {
		t.Errorf("%d mutations were tried on %d controls", report.Mutations, report.Controls)
	}
	for _, f := range report.Findings {
		t.Errorf("%s (%s) earns %s instead of %s: %s of %s is %s in %s, record %q", f.Control, f.Rule, f.After, f.Before, f.Field, f.Dataset, f.Mutation, f.Sample, f.Record)
	}
}

// TestCareless finds each way in which a rule that requires the absence of something bad passes on
// damaged evidence.
func TestCareless(t *testing.T) {
	tests := []struct {
		rule string
		want []string // field, mutation, record
	}{
		{"input.accountEnabled == false", nil},
		{"not input.accountEnabled == true", []string{"accountEnabled missing bob", "accountEnabled of the wrong type bob"}},
		{"not input.userType == \"Guest\"", []string{"userType missing bob", "userType of the wrong type bob"}},
		{"not input.displayName == \"Bob\"", []string{"displayName in capitals bob", "displayName missing bob", "displayName of the wrong type bob"}},
		{"count(object.get(input, \"assignedLicenses\", [])) == 0", []string{"assignedLicenses missing bob"}},
		{"not is_array(input.assignedLicenses)", []string{"assignedLicenses cut off bob", "assignedLicenses null bob", "assignedLicenses of the wrong type bob"}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			cat := load(t, careless(t, test.rule))
			control, _ := cat.Control("Careless")
			sample := prove.Sample{
				Name: "bob", Controls: []*catalog.Control{control}, Now: now,
				Datasets: map[string]any{"entra.users": []any{map[string]any{
					"id": "bob", "displayName": "Bob", "accountEnabled": true, "userType": "Guest", "assignedLicenses": []any{map[string]any{"skuId": "e5"}},
				}}},
			}
			report := must.Get(prove.Prove(t.Context(), cat, []prove.Sample{sample}, nil))(t)
			var got []string
			for _, f := range report.Findings {
				got = append(got, fmt.Sprintf("%s %s %s", f.Field, f.Mutation, f.Record))
				if f.Before != 0 || f.After != 300 || f.Rule != "ours/entra/careless.rego:5" {
					t.Errorf("%+v", f)
				}
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLeftOut finds a rule that treats a missing document as one that holds nothing bad, where it
// decides for everyone.
func TestLeftOut(t *testing.T) {
	const dataset = "entra.conditional_access_policies"
	for _, test := range []struct {
		everyone string
		want     []string
	}{
		{"count(_off) == 0", []string{dataset}},
		{"{\n\tis_array(data.evidence.entra.conditional_access_policies)\n\tcount(_off) == 0\n}", nil},
	} {
		rule := "count(_off) == 0\n\n_off := [policy | some policy in data.evidence.entra.conditional_access_policies; policy.state != \"enabled\"]\n\neveryone if " + test.everyone
		cat := load(t, careless(t, rule, dataset, "entra.security_defaults"))
		control, _ := cat.Control("Careless")
		sample := prove.Sample{
			Name: "off", Controls: []*catalog.Control{control}, Now: now,
			Datasets: map[string]any{
				"entra.users": []any{map[string]any{"id": "bob", "accountEnabled": true, "userType": "Guest"}},
				dataset:       []any{map[string]any{"id": "p", "state": "disabled"}},
				// Without any document no rule is evaluated.
				"entra.security_defaults": map[string]any{"id": "d", "isEnabled": false},
			},
		}
		report := must.Get(prove.Prove(t.Context(), cat, []prove.Sample{sample}, nil))(t)
		var got []string
		for _, f := range report.Findings {
			if f.Mutation == prove.LeftOut {
				got = append(got, f.Dataset)
			}
		}
		if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("everyone if %s: findings (-want +got):\n%s", test.everyone, diff)
		}
	}
}
