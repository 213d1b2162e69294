package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/atomicfile"
)

func newPolicyNew(t terminal) *cobra.Command {
	var (
		f       catalogFlags
		request catalog.ScaffoldRequest
		dir     string
	)
	cmd := &cobra.Command{
		Use:   "new ID",
		Short: "Write a new control with its Rego and tests",
		Long: `Write a control for you to edit: what it is worth (HCL), the rule that decides it (Rego), and tests. Nothing is overwritten.

It loads, and its tests pass, as it stands. Texts such as "<replace: ...>" are for you to write: 'posture policy check' refuses them.
The rule is an example over --dataset; without it, over one that controls of the product read. A control of the kind attested has no rule.

The product has to be declared by the built-in catalog, by a catalog.hcl in DIR, or by a catalog that --catalog names. The id has to be
new in all of them.`,
		Example: `  posture policy new ContosoGuestReview --product entra_id --kind coverage --dataset entra.users --dir our-controls
  posture policy new ContosoVPN --product entra_id --kind attested --dir our-controls
  posture policy check our-controls && posture policy test our-controls`,
		Args: oneArg("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			request.ID = args[0]
			if request.Product == "" || request.Kind == "" {
				return usageError{errors.New("give --product and --kind: see 'posture policy new --help'")}
			}
			if err := f.loadWith(cmd.Context(), dir); err != nil {
				return err
			}
			scaffold, err := catalog.NewScaffold(f.loaded, request)
			if err != nil {
				return usageError{err}
			}
			paths, err := scaffold.Write(dir)
			for _, path := range paths {
				fmt.Fprintln(t.out, path)
			}
			return err
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&request.Product, "product", "", "id of the `PRODUCT` that the control protects")
	cmd.Flags().StringVar((*string)(&request.Kind), "kind", "", "the `KIND` of control, which is how points are earned: setting, coverage, graded or attested")
	cmd.Flags().StringVar(&request.Dataset, "dataset", "", "the `DATASET` that the rule reads, such as entra.users")
	cmd.Flags().StringVar(&dir, "dir", ".", "the `DIR` of the catalog to write into")
	return cmd
}

// loadWith reads the catalog with the one in a folder, if there is one, on top of it.
func (f *catalogFlags) loadWith(ctx context.Context, dir string) error {
	switch _, err := catalog.Open(dir); {
	case err == nil && !slices.ContainsFunc(f.dirs, func(other string) bool { return atomicfile.Same(other, dir) }):
		f.dirs = append(f.dirs, dir)
	case err != nil && !errors.Is(err, catalog.ErrEmpty) && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if f.noBuiltin && len(f.dirs) == 0 { // the products alone are known
		cat, err := f.read(ctx, true)
		f.loaded = cat
		return err
	}
	_, err := f.load(ctx)
	return err
}
