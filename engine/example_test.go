package engine_test

import (
	"context"
	"fmt"
	"log"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/schemas"
)

// A program compiles the catalog once and assesses any number of bundles with it.
func Example() {
	ctx := context.Background()
	compiled, err := compile(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, path := range []string{"../testdata/contoso", "../testdata/fabrikam"} {
		bundle, err := evidence.Open(ctx, path, evidence.DefaultLimits())
		if err != nil {
			log.Fatal(err)
		}
		assessment, err := compiled.Assess(ctx, bundle, engine.AssessOptions{})
		if err != nil {
			log.Fatal(err)
		}
		for _, action := range assessment.Actions {
			if action.ID == "MFARegistrationV2" {
				fmt.Printf("%s: %s, %s of %s points, %d of %d users\n", assessment.Tenant.Name, action.Outcome,
					action.Points.Achieved, action.Points.Max, action.Coverage.Compliant, action.Coverage.InScope)
			}
		}
		if err := bundle.Close(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// Contoso: partial, 4.26 of 9 points, 27 of 57 users
	// Fabrikam: complete, 9 of 9 points, 38 of 38 users
}

func compile(ctx context.Context) (*engine.Engine, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	source, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	cat, err := catalog.Load(ctx, registry, source)
	if err != nil {
		return nil, err
	}
	return engine.Compile(ctx, cat, engine.Options{})
}
