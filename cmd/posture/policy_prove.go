package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/prove"
	"github.com/posture-score/posture/internal/report"
)

func newPolicyProve(t terminal) *cobra.Command {
	var (
		f  catalogFlags
		as printFlags
	)
	cmd := &cobra.Command{
		Use:   "prove [DIR...]",
		Short: "Look for damaged evidence that earns points",
		Long: `Damage evidence in every way that happens to it, and report each control that earns more by it.

The evidence is what the Rego tests give to the rules, and the three sample tenants. Each field is made missing, null, of another type,
cut off as a serializer does, and put in capitals; each record is repeated, and each dataset left out of coverage. A score is never
higher than the evidence shows, so no control may earn more. What is found is printed with the record and the place of the rule; the exit code is 1 if there is anything.

Of folders and .tar.gz files their own controls are tried, on top of the built-in catalog; without any, the built-in ones.`,
		Example: "  posture policy prove ./our-controls\n  posture policy prove --format json",
		RunE: func(cmd *cobra.Command, dirs []string) error {
			f.dirs = dirs
			found, err := proveCatalog(cmd, t, &f, dirs)
			if err != nil {
				return err
			}
			err = t.show(as, report.Proof{Report: found})
			if err == nil && len(found.Findings) > 0 {
				return failure(exitFailure)
			}
			return err
		},
	}
	f.registerNoBuiltin(cmd)
	as.register(cmd, report.Proof{})
	as.registerOutput(cmd)
	return cmd
}

func proveCatalog(cmd *cobra.Command, t terminal, f *catalogFlags, dirs []string) (*prove.Report, error) {
	ctx := cmd.Context()
	catalog, err := f.load(ctx)
	if err != nil {
		return nil, err
	}
	controls := catalog.From(dirs...)
	samples, err := prove.FromTests(ctx, catalog, controls)
	if err != nil {
		return nil, err
	}
	tenants, err := prove.FromTenants(ctx, catalog, controls)
	if err != nil {
		return nil, err
	}
	show, clear := t.counting("samples")
	defer clear()
	found, err := prove.Prove(ctx, catalog, append(samples, tenants...), show)
	if err != nil {
		return nil, fmt.Errorf("policy prove: %w", err)
	}
	return found, nil
}
