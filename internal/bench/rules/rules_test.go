package rules_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/bench/rules"
	"github.com/posture-score/posture/internal/bench/synthetic"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestCatalog holds that the rules are fit for a catalog, and that their tests pass.
func TestCatalog(t *testing.T) {
	counts := map[rules.Set]map[string]int{
		rules.Alike:    {synthetic.Users: 10, synthetic.Devices: 5, string(catalog.KindSetting): 35},
		rules.Distinct: {synthetic.People: 15, synthetic.Hosts: 5},
	}
	for _, set := range rules.Sets() {
		t.Run(string(set), func(t *testing.T) { checkCatalog(t, set, counts[set]) })
	}
}

func checkCatalog(t *testing.T, set rules.Set, want map[string]int) {
	t.Helper()
	cat := load(t, set)
	if problems := must.Get(catalog.Check(t.Context(), cat))(t); problems != nil {
		t.Errorf("the check finds:\n%s", printed(problems))
	}
	kinds := map[string]int{}
	for _, control := range cat.Controls() {
		name := string(control.Kind)
		if control.Coverage != nil {
			name = control.Coverage.Dataset
		}
		kinds[name]++
	}
	expect.Equalf(t, want, kinds, "controls")
	if count := len(cat.Controls()); count != set.Count() {
		t.Errorf("%d controls, want %d", count, set.Count())
	}
	report := must.Get(cat.Test(t.Context(), catalog.TestOptions{}))(t)
	for _, test := range report.Tests {
		if !test.Pass {
			t.Errorf("%s:%d: %s %s", test.Path, test.Row, test.Name, test.Error)
		}
	}
}

// TestVerdicts holds that both forms of the rules say the same, and not the same of everything.
func TestVerdicts(t *testing.T) {
	for _, set := range rules.Sets() {
		t.Run(string(set), func(t *testing.T) { compareVerdicts(t, set) })
	}
}

func compareVerdicts(t *testing.T, set rules.Set) {
	t.Helper()
	want := queried(t, set)
	got := assessed(t, set)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verdicts of OPA (-) and of the engine (+):\n%s", diff)
	}
	var met, partly, not int
	for _, verdict := range got {
		switch verdict.Failing {
		case 0:
			met++
		case verdict.InScope:
			not++
		default:
			partly++
		}
	}
	if set == rules.Alike && (met < 5 || not < 5) || partly < 10 {
		t.Errorf("%d rules are met, %d partly and %d not: too few of some to compare", met, partly, not)
	}
}

// users are how many the tenant has that both forms are compared over.
const users = 400

func assessed(t *testing.T, set rules.Set) []rules.Verdict {
	t.Helper()
	dir := t.TempDir()
	must.Do(t, set.Tenant(users).WriteBundle(t.Context(), dir))
	bundle := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	defer func() { _ = bundle.Close() }()
	compiled := must.Get(engine.Compile(t.Context(), load(t, set), engine.Options{}))(t)
	assessment := must.Get(compiled.Assess(t.Context(), bundle, engine.AssessOptions{Validate: engine.ValidateFull}))(t)
	for _, dataset := range assessment.Evidence.Datasets {
		if dataset.Violations > 0 {
			t.Errorf("%s: %d violations of its schema", dataset.Name, dataset.Violations)
		}
	}
	return must.Get(rules.Verdicts(assessment))(t)
}

// queried evaluates a query as opa eval does.
func queried(t *testing.T, set rules.Set) []rules.Verdict {
	t.Helper()
	dir := t.TempDir()
	must.Do(t, set.WriteWhole(dir))
	var text bytes.Buffer
	must.Do(t, set.Tenant(users).WriteDocument(t.Context(), &text))
	var input any
	must.Do(t, json.Unmarshal(text.Bytes(), &input))
	found, err := rego.New(rego.Query(rules.QueryWhole), rego.Load([]string{dir}, nil), rego.Input(input), rego.Strict(true)).Eval(t.Context())
	if err != nil || len(found) != 1 {
		t.Fatalf("OPA finds %v, %v", found, err)
	}
	var verdicts []rules.Verdict
	for id, value := range found[0].Expressions[0].Value.(map[string]any) {
		counts := value.(map[string]any)
		verdicts = append(verdicts, rules.Verdict{ID: id, InScope: number(t, counts["in_scope"]), Failing: number(t, counts["failing"])})
	}
	slices.SortFunc(verdicts, func(a, b rules.Verdict) int { return strings.Compare(a.ID, b.ID) })
	return verdicts
}

func number(t *testing.T, value any) int64 {
	t.Helper()
	return must.Get(value.(json.Number).Int64())(t)
}

// TestWritten holds that the plain Rego reaches other programs, and that asking for the denied
// decides every rule.
func TestWritten(t *testing.T) {
	dir := t.TempDir()
	must.Do(t, rules.WriteTrivial(dir))
	found, err := rego.New(rego.Query(rules.QueryTrivial), rego.Load([]string{dir}, nil), rego.Input(map[string]any{"a": 1})).Eval(t.Context())
	if err != nil || !found.Allowed() {
		t.Errorf("the trivial rule says %v, %v", found, err)
	}
	if err := rules.Alike.WriteWhole(filepath.Join(dir, "trivial.rego", "below")); err == nil {
		t.Error("a folder that can't be made is no error")
	}
	must.Do(t, rules.Alike.WriteWhole(dir))
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 6 {
		t.Errorf("written: %v, %v", entries, err)
	}
}

// TestFields holds that what the floor reads are fields of the datasets, and what it reads of them.
func TestFields(t *testing.T) {
	for _, set := range rules.Sets() {
		datasets := load(t, set).Datasets()
		for name, fields := range set.Fields() {
			dataset, ok := datasets.Dataset(name)
			if !ok {
				t.Errorf("there is no dataset %s", name)
				continue
			}
			properties := dataset.Shape()["properties"].(map[string]any)
			for _, field := range fields {
				if _, ok := properties[field.Name]; !ok {
					t.Errorf("%s has no field %s", name, field.Name)
				}
			}
		}
	}
	want := map[string]string{"id": "", "assignedLicenses": "[{skuId}]", "authMethods": "[]"}
	for _, field := range rules.Alike.Fields()[synthetic.Users] {
		if wanted, ok := want[field.Name]; ok && field.Mask.String() != wanted {
			t.Errorf("of %s is read %s, want %s", field.Name, field.Mask, wanted)
		}
	}
}

// TestUndecided holds that an assessment without evidence is no measurement.
func TestUndecided(t *testing.T) {
	assessment := &engine.Assessment{Actions: []engine.Action{{ID: "A", Outcome: engine.NoEvidence, Missing: []string{"bench.users"}}}}
	if _, err := rules.Verdicts(assessment); err == nil || !strings.HasPrefix(err.Error(), "A was not decided: ") {
		t.Errorf("error %v", err)
	}
}

func load(t *testing.T, set rules.Set) *catalog.Catalog {
	t.Helper()
	cat, err := set.Load(t.Context())
	var problems *catalog.Problems
	if errors.As(err, &problems) {
		t.Fatal(printed(problems))
	}
	must.Do(t, err)
	return cat
}

func printed(problems *catalog.Problems) string {
	var b strings.Builder
	if err := problems.Write(&b, 0, false); err != nil {
		return err.Error()
	}
	return b.String()
}
