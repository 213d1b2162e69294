package catalog_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// loadOwn reads a folder on top of the products of the built-in catalog.
func loadOwn(t *testing.T, dir string) *catalog.Catalog {
	t.Helper()
	registry := must.Get(schemas.Builtin())(t)
	products := must.Get(catalog.Products())(t)
	sources := []catalog.Source{products}
	if dir != "" {
		own := must.Get(catalog.Dir(dir))(t)
		sources = append(sources, own)
	}
	return must.Get(catalog.Load(t.Context(), registry, sources...))(t)
}

// scaffolds returns a request for each kind and each dataset that it can read, and one for each
// word that is no name in Rego.
func scaffolds(cat *catalog.Catalog) []catalog.ScaffoldRequest {
	requests := []catalog.ScaffoldRequest{{ID: "Signed", Product: "entra_id", Kind: catalog.KindAttested}}
	for _, name := range cat.Datasets().Names() {
		dataset, _ := cat.Datasets().Dataset(name)
		id := strings.ReplaceAll(name, ".", "-")
		if dataset.Kind != schemas.Document {
			requests = append(requests, catalog.ScaffoldRequest{ID: "C-" + id, Product: "intune", Kind: catalog.KindCoverage, Dataset: name})
		}
		if dataset.Kind != schemas.Population {
			requests = append(requests, catalog.ScaffoldRequest{ID: "S-" + id, Product: "intune", Kind: catalog.KindSetting, Dataset: name},
				catalog.ScaffoldRequest{ID: "G-" + id, Product: "intune", Kind: catalog.KindGraded, Dataset: name})
		}
	}
	for _, word := range append(ast.KeywordsForRegoVersion(ast.RegoV1), "data", "input", "load_test") {
		requests = append(requests, catalog.ScaffoldRequest{ID: word, Product: "entra_id", Kind: catalog.KindSetting})
	}
	return requests
}

// TestScaffolds puts a new control of each kind over each dataset through what an author does:
// load, check, test. All that the check finds are the placeholders.
func TestScaffolds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	base := loadOwn(t, "")
	requests := scaffolds(base)
	placeholders := 0
	for _, request := range requests {
		scaffold := must.Get(catalog.NewScaffold(base, request))(t)
		paths := must.Get(scaffold.Write(dir))(t)
		for _, path := range paths {
			text := must.Get(os.ReadFile(path))(t)
			placeholders += strings.Count(string(text), "<replace: ")
		}
	}
	own, err := catalog.Dir(dir)
	must.Do(t, err)
	formatted, err := catalog.Format(t.Context(), own)
	if err != nil {
		t.Error(err)
	}
	for _, file := range formatted {
		if file.Changed() {
			t.Errorf("%s is not formatted (-want +got):\n%s", file.Path, cmp.Diff(string(file.After), string(file.Before)))
		}
	}
	cat := loadOwn(t, dir)
	if got := len(cat.Controls()); got != len(requests) {
		t.Errorf("%d controls were loaded, of %d", got, len(requests))
	}
	problems := must.Get(catalog.Check(t.Context(), cat))(t)
	for _, d := range problems.Diagnostics {
		if d.Summary != "Placeholder" {
			t.Error(d)
		}
	}
	if len(problems.Diagnostics) != placeholders || placeholders < 4*len(requests) {
		t.Errorf("the check names %d placeholders of %d", len(problems.Diagnostics), placeholders)
	}
	report := must.Get(cat.Test(t.Context(), catalog.TestOptions{}, dir))(t)
	for _, test := range report.Tests {
		if !test.Pass {
			t.Errorf("%s:%d: %s fails: %s", test.Path, test.Row, test.Name, test.Error)
		}
	}
	if len(report.Tests) < 3*(len(requests)-1) {
		t.Errorf("%d tests ran for %d controls", len(report.Tests), len(requests))
	}
}

func TestScaffoldDataset(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	scaffold := must.Get(catalog.NewScaffold(builtinCatalog(t), catalog.ScaffoldRequest{ID: "Own", Product: "exchange_online", Kind: catalog.KindCoverage}))(t)
	must.Get(scaffold.Write(dir))(t)
	control, _ := loadOwn(t, dir).Control("Own")
	if got := control.Coverage.Dataset; got != "exchange.mailboxes" {
		t.Errorf("a control about Exchange Online reads %s", got)
	}
}

func TestNewScaffoldRefuses(t *testing.T) {
	t.Parallel()
	cat := builtinCatalog(t)
	const setting, coverage = catalog.KindSetting, catalog.KindCoverage
	tests := map[string]struct {
		request catalog.ScaffoldRequest
		want    string
	}{
		"no id":             {catalog.ScaffoldRequest{Product: "entra_id", Kind: setting}, `the id "" is not 1 to 100 letters, digits, underscores, dots or hyphens that start with a letter`},
		"path as id":        {catalog.ScaffoldRequest{ID: "../x", Product: "entra_id", Kind: setting}, `the id "../x" is not 1 to 100 letters, digits, underscores, dots or hyphens that start with a letter`},
		"existing id":       {catalog.ScaffoldRequest{ID: "AdminMFAV2", Product: "entra_id", Kind: setting}, "the control AdminMFAV2 exists already, at policies/entra/admin_mfa.hcl:1: choose another id"},
		"capitals":          {catalog.ScaffoldRequest{ID: "A", Product: "Entra", Kind: setting}, `the product "Entra" is not lower-case letters, digits and underscores that start with a letter`},
		"misspelt product":  {catalog.ScaffoldRequest{ID: "A", Product: "entraid", Kind: setting}, `the catalog declares no product "entraid". Did you mean "entra_id"? Or declare it in a file such as catalog.hcl beside your controls: product "entraid" { title = "..." }`},
		"kind":              {catalog.ScaffoldRequest{ID: "A", Product: "entra_id", Kind: "all"}, `the kind has to be one of setting, coverage, graded, attested; it is "all"`},
		"misspelt dataset":  {catalog.ScaffoldRequest{ID: "A", Product: "entra_id", Kind: coverage, Dataset: "entra.user"}, `no dataset "entra.user" is known. Did you mean "entra.users"? 'posture evidence plan' and docs/evidence name them`},
		"document":          {catalog.ScaffoldRequest{ID: "A", Product: "entra_id", Kind: coverage, Dataset: "entra.security_defaults"}, "entra.security_defaults is one document, without records to count: use the kind setting or graded"},
		"population":        {catalog.ScaffoldRequest{ID: "A", Product: "entra_id", Kind: setting, Dataset: "entra.users"}, "entra.users is a population of records, which only a control of the kind coverage reads, one at a time"},
		"attested, dataset": {catalog.ScaffoldRequest{ID: "A", Product: "entra_id", Kind: catalog.KindAttested, Dataset: "entra.users"}, "an attested control reads no dataset: leave out entra.users"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := catalog.NewScaffold(cat, test.request)
			if err == nil {
				t.Fatal("no error")
			}
			expect.Equalf(t, test.want, err.Error(), "error")
		})
	}
}
