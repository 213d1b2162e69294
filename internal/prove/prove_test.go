package prove_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/prove"
	"github.com/posture-score/posture/policies"
	"github.com/posture-score/posture/schemas"
)

func builtin(t *testing.T) *policies.Catalog {
	t.Helper()
	registry, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	source, err := policies.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := policies.Load(t.Context(), registry, source)
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}

func TestTry(t *testing.T) {
	catalog := builtin(t)
	began := time.Now()
	samples, err := prove.FromTests(t.Context(), catalog, catalog.Controls())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(len(samples), "samples of tests", time.Since(began))
	report, err := prove.Prove(t.Context(), catalog, samples, nil)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("tests:", report.Controls, report.Samples, report.Mutations, len(report.Findings), time.Since(began))
	for _, f := range report.Findings {
		fmt.Printf("%+v\n", f)
	}
}

func TestTenants(t *testing.T) {
	catalog := builtin(t)
	for _, tenant := range []string{"contoso", "fabrikam", "tailspin"} {
		began := time.Now()
		b, err := evidence.Open(t.Context(), filepath.Join("../../testdata", tenant), evidence.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		s, err := prove.FromBundle(t.Context(), tenant, b, catalog, catalog.Controls())
		if err != nil {
			t.Fatal(err)
		}
		report, err := prove.Prove(t.Context(), catalog, []prove.Sample{s}, nil)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(tenant, report.Controls, report.Samples, report.Mutations, len(report.Findings), time.Since(began))
		for _, f := range report.Findings {
			fmt.Printf("%+v\n", f)
		}
	}
}
