package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/tenant"
	"github.com/posture-score/posture/schemas"
)

const (
	tenantUsers      = 60
	tenantsDifferent = 24 // they are assessed in turn
)

func tenantsCommand() command {
	return command{
		name: "tenants", args: "DIR", count: 1,
		summary: "Assess small tenants with the built-in catalog, one after another by one engine. DIR holds their bundles, which are written unless they are there.",
		example: "bench tenants --count 100 /tmp/tenants",
		flags: func(set *flag.FlagSet) func(context.Context, []string, io.Writer, io.Writer) error {
			count := set.Int("count", 1000, "how many `times` a tenant is assessed")
			floor := set.Bool("floor", false, "open, verify, validate and walk over the evidence alone, without any rule")
			return func(ctx context.Context, args []string, stdout, _ io.Writer) error {
				if *count < 1 {
					return errors.New("--count has to be at least 1")
				}
				return tenants(ctx, args[0], *count, *floor, stdout)
			}
		},
	}
}

// tenants assesses count tenants, and prints what one of them takes.
func tenants(ctx context.Context, dir string, count int, floor bool, stdout io.Writer) error {
	bundles, err := writeTenants(ctx, dir, min(count, tenantsDifferent))
	if err != nil {
		return err
	}
	each := overBundle
	if !floor {
		cat, err := builtinCatalog(ctx)
		if err != nil {
			return err
		}
		compiled, err := engine.Compile(ctx, cat, engine.Options{Version: "bench"})
		if err != nil {
			return err
		}
		each = func(ctx context.Context, bundle *evidence.Bundle) error {
			_, err := compiled.Assess(ctx, bundle, engine.AssessOptions{})
			return err
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range count {
		if err := withBundle(ctx, bundles[i%len(bundles)], each); err != nil {
			return err
		}
	}
	runtime.ReadMemStats(&after)
	_, err = fmt.Fprintf(stdout, "%s tenants of %d people: %s allocations each\n",
		thousands(count), tenantUsers, thousands(int((after.Mallocs-before.Mallocs)/uint64(count)))) //nolint:gosec // both are small
	return err
}

// writeTenants writes the tenants unless they are there, and returns their bundles.
func writeTenants(ctx context.Context, dir string, count int) ([]string, error) {
	profiles := []string{"good", "mixed", "bad"}
	var bundles []string
	for i := range count {
		spec := tenant.Spec{
			Name: "contoso", Profile: profiles[i%len(profiles)], Users: tenantUsers,
			Seed: uint64(i), CollectedAt: tenant.CollectedAt(), //nolint:gosec // i is small
		}
		path := filepath.Join(dir, fmt.Sprintf("tenant-%d", i))
		err := whole(path, func(half string) error {
			invented, err := tenant.New(spec)
			if err != nil {
				return err
			}
			return invented.Write(ctx, half)
		})
		if err != nil {
			return nil, err
		}
		bundles = append(bundles, path)
	}
	return bundles, nil
}

func withBundle(ctx context.Context, path string, use func(context.Context, *evidence.Bundle) error) error {
	bundle, err := evidence.Open(ctx, path, evidence.DefaultLimits())
	if err != nil {
		return err
	}
	defer bundle.Close()
	return use(ctx, bundle)
}

// overBundle does what an assessment can't do without: it verifies a bundle, validates every record
// that an assessment validates, and takes out the fields that the schemas name.
func overBundle(ctx context.Context, bundle *evidence.Bundle) error {
	if err := bundle.Verify(ctx); err != nil {
		return err
	}
	registry, err := schemas.Builtin()
	if err != nil {
		return err
	}
	for _, dataset := range bundle.Manifest().Datasets {
		spec, known := registry.Dataset(dataset.Name)
		if dataset.Status != evidence.Collected || !known {
			continue
		}
		fields := spec.Shape()["properties"].(map[string]any)
		options := records.Options{Serial: validated}
		for name := range fields {
			options.Fields = append(options.Fields, jsonscan.Field{Name: name, Mask: &jsonscan.FieldMask{Whole: true}})
		}
		start := func() records.Visitor[extracted] { return &checker{counter{fields: options.Fields}, spec} }
		merge := func(extracted, int64, int64) error { return nil }
		if err := records.Scan(ctx, bundle.Source(dataset.Name), options, start, merge); err != nil {
			return err
		}
	}
	return nil
}

// validated is how many records of each dataset an assessment validates.
const validated = 1000

// checker is a counter that validates records, too.
type checker struct {
	counter
	spec *schemas.Dataset
}

func (c *checker) Record(record *records.View) error {
	if c.part.records < validated && !c.spec.Accepts(record.JSON()) {
		if decoded, err := records.Decode(record.JSON(), records.Limits{}); err == nil {
			c.spec.Validate(decoded)
		}
	}
	return c.counter.Record(record)
}
