package catalog_test

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/must"
)

// TestBuiltin checks the catalog that this build carries, as posture policy check does.
func TestBuiltin(t *testing.T) {
	cat, err := catalog.Load(t.Context(), registry(t), builtinSource(t))
	if err != nil {
		t.Fatalf("the built-in catalog does not load:\n%s", printed(t, err))
	}
	if problems := must.Get(catalog.Check(t.Context(), cat))(t); problems != nil {
		t.Errorf("the built-in catalog does not pass the check:\n%s", printed(t, problems))
	}
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(cat.Version()) {
		t.Errorf("its version is %q", cat.Version())
	}
	kinds, categories, folders := map[catalog.Kind]int{}, map[string]int{}, map[string]string{}
	ids := map[string]string{}
	for _, c := range cat.Controls() {
		kinds[c.Kind]++
		categories[c.Category]++
		if first, ok := ids[strings.ToLower(c.ID)]; ok {
			t.Errorf("the ids %s and %s differ in case alone", c.ID, first)
		}
		ids[strings.ToLower(c.ID)] = c.ID
		if (c.Points == 0) != (c.Stage == catalog.StagePreview) {
			t.Errorf("%s is worth %d hundredths of a point, and of stage %q", c.ID, c.Points, c.Stage)
		}
		if product, ok := cat.Product(c.Product); !ok || product.Title == "" {
			t.Errorf("%s is of product %q, which has no title", c.ID, c.Product)
		}
		// A folder is one product's, so that its owners know where to look; of the connected apps,
		// which share a rule, a file is.
		folder := path.Dir(c.Position().File)
		if folder == "policies/saas" {
			folder = c.Position().File
		}
		if product, ok := folders[folder]; ok && product != c.Product {
			t.Errorf("%s: %s is of product %s, others in the folder are of %s", folder, c.ID, c.Product, product)
		}
		folders[folder] = c.Product
	}
	if len(ids) < 30 {
		t.Errorf("it has %d controls", len(ids))
	}
	for _, kind := range []catalog.Kind{catalog.KindSetting, catalog.KindCoverage, catalog.KindGraded, catalog.KindAttested} {
		if kinds[kind] == 0 {
			t.Errorf("no control is of kind %s", kind)
		}
	}
	for _, category := range []string{"identity", "device", "apps", "data"} {
		if categories[category] == 0 {
			t.Errorf("no control is of category %s", category)
		}
	}
	if ids := catalogIDs(cat); !slices.IsSorted(ids) {
		t.Errorf("controls are not sorted: %v", ids)
	}
}

func catalogIDs(cat *catalog.Catalog) []string {
	var ids []string
	for _, c := range cat.Controls() {
		ids = append(ids, c.ID)
	}
	return ids
}

// TestBuiltinRead says what can be asked of a catalog.
func TestBuiltinRead(t *testing.T) {
	cat := builtinCatalog(t)
	c := control(t, cat, "AdminMFAV2")
	if !cat.HasRule(c, catalog.RuleInScope) || cat.HasRule(c, catalog.RuleFraction) {
		t.Error("AdminMFAV2 has other rules than in_scope and compliant")
	}
	if text, ok := cat.RuleText(c); !ok || !strings.HasPrefix(string(text), "package policies.entra.admin_mfa\n") {
		t.Errorf("its Rego is %q", text)
	}
	if hint := cat.Suggest("adminmfav2"); hint != ` Did you mean "AdminMFAV2"?` {
		t.Errorf("hint is %q", hint)
	}
	if _, ok := cat.Control("AdminMFA"); ok {
		t.Error("there is a control AdminMFA")
	}
	if _, ok := cat.Product("entra"); ok {
		t.Error("there is a product entra")
	}
	if cat.Rego("").Compiler().Failed() || cat.Datasets() == nil {
		t.Error("the catalog is not compiled")
	}
	products := cat.Products()
	if !slices.IsSortedFunc(products, func(a, b *catalog.Product) int { return strings.Compare(a.ID, b.ID) }) || len(products) < 10 {
		t.Errorf("products are %v", products)
	}
	attested := 0
	for _, c := range cat.Controls() {
		if !slices.IsSorted(c.Datasets()) || (len(c.Datasets()) == 0) != (c.Stage == catalog.StageDeprecated) {
			t.Errorf("%s reads %v", c.ID, c.Datasets())
		}
		if c.Kind != catalog.KindAttested {
			continue
		}
		attested++
		if _, ok := cat.RuleText(c); ok || !slices.Equal(c.Datasets(), []string{catalog.AttestationDataset}) {
			t.Errorf("%s has a rule, or reads %v", c.ID, c.Datasets())
		}
	}
	if attested == 0 {
		t.Error("no control is attested")
	}
}

// TestEveryDatasetIsRead holds that nobody is asked to collect what no control reads.
func TestEveryDatasetIsRead(t *testing.T) {
	cat := builtinCatalog(t)
	// The one decides the status of actions, the other adds to parameters.
	read := map[string]bool{catalog.ExceptionDataset: true, catalog.BaselineExceptionDataset: true}
	for _, c := range cat.InForce() {
		for _, name := range c.Datasets() {
			read[name] = true
		}
	}
	for _, name := range cat.Datasets().Names() {
		if !read[name] {
			t.Errorf("no control reads %s", name)
		}
	}
}

// TestRego runs every Rego test of the built-in catalog.
func TestRego(t *testing.T) {
	report := must.Get(builtinCatalog(t).Test(t.Context(), check.TestOptions{}))(t)
	for _, test := range report.Tests {
		t.Run(strings.TrimPrefix(test.Package, "policies.")+"."+test.Name, func(t *testing.T) {
			switch {
			case test.Skip:
				t.Skip("its name begins with todo_")
			case !test.Pass:
				t.Errorf("%s:%d: %s %s\n%s", test.Path, test.Row, strings.Join(test.Failed, ", "), test.Error, test.Output)
			}
		})
	}
	if len(report.Tests) < 100 {
		t.Errorf("%d tests ran", len(report.Tests))
	}
}

// TestTestSources runs the tests of some sources alone.
func TestTestSources(t *testing.T) {
	suite := func(name string) string {
		return "package policies.entra." + name + "_test\n\ntest_" + name + " := true\n"
	}
	cat := mustLoad(t,
		source(t, ".", map[string]string{"entra/a_test.rego": suite("a")}),
		source(t, "ours", map[string]string{"entra/b_test.rego": suite("b")}),
		source(t, "ours/more", map[string]string{"entra/c_test.rego": suite("c")}),
	)
	tests := map[string]struct {
		sources []string
		want    string
	}{
		"all":       {nil, "test_b test_a test_c"},
		"here":      {[]string{"."}, "test_a"},
		"slash":     {[]string{"./ours/"}, "test_b"},
		"below":     {[]string{"ours/more"}, "test_c"},
		"two":       {[]string{"ours/more", "ours"}, "test_b test_c"},
		"elsewhere": {[]string{"our"}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			report := must.Get(cat.Test(t.Context(), check.TestOptions{}, test.sources...))(t)
			var ran []string
			for _, result := range report.Tests {
				ran = append(ran, result.Name)
			}
			slices.Sort(ran)
			want := strings.Fields(test.want)
			slices.Sort(want)
			if !slices.Equal(ran, want) {
				t.Errorf("ran %v, want %v", ran, want)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	datasets, source := registry(b), builtinSource(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := catalog.Load(b.Context(), datasets, source); err != nil {
			b.Fatal(err)
		}
	}
}

// TestMailPolicyFields holds that controls ask the policies of their family for fields that these
// have and the rule sees.
func TestMailPolicyFields(t *testing.T) {
	cat, families := builtinCatalog(t), map[string]bool{}
	for _, c := range cat.Controls() {
		if c.Rule != "mail_policy" {
			continue
		}
		dataset := ""
		for _, named := range c.Names {
			if named.Name == "policies" {
				dataset = named.Dataset
			}
		}
		families[dataset] = true
		d, ok := cat.Datasets().Dataset(dataset)
		if !ok {
			t.Fatalf("%s reads policies of %q", c.ID, dataset)
		}
		has, _ := d.Shape()["properties"].(map[string]any)
		seen := map[string]bool{}
		for _, field := range c.Constants["fields"].([]any) {
			if name := field.(string); has[name] == nil || seen[name] {
				t.Errorf("%s: %s has no field %s, or it is listed twice", c.ID, dataset, name)
			} else {
				seen[name] = true
			}
		}
		asked := 0
		for _, p := range c.Parameters {
			var fields []string
			switch value := p.Value.(type) {
			case []any:
				for _, field := range value {
					fields = append(fields, field.(string))
				}
			case map[string]any:
				fields = slices.Collect(maps.Keys(value))
			}
			for _, field := range fields {
				if asked++; !seen[field] {
					t.Errorf("%s asks for %s, which is not among the fields that the rule sees", c.ID, field)
				}
			}
		}
		if asked == 0 {
			t.Errorf("%s asks for nothing", c.ID)
		}
	}
	if len(families) != 6 {
		t.Errorf("families are of %v", families)
	}
}
