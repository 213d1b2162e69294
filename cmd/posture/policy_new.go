package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/scaffold"
)

func newPolicyNew(t terminal) *cobra.Command {
	var (
		f       catalogFlags
		request scaffold.Request
		dir     string
	)
	cmd := &cobra.Command{
		Use:   "new ID",
		Short: "Write a new control with its Rego and tests",
		Long: `Write a control that passes the check and its tests, to be changed into the one you want. Nothing is overwritten.

A product that the built-in catalog does not declare has to be declared by a catalog that --catalog names.`,
		Example: `  posture policy new ContosoGuestReview --product entra_id --kind coverage --dir our-controls
  posture policy check our-controls && posture policy test our-controls`,
		Args: oneArg("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			request.ID = args[0]
			if request.Product == "" || request.Kind == "" {
				return usageError{fmt.Errorf("give --product and --kind: see 'posture policy new --help'")}
			}
			if err := oneOf("kind", request.Kind, scaffold.Kinds()...); err != nil {
				return err
			}
			var err error
			if request.Products, err = f.products(cmd.Context()); err != nil {
				return err
			}
			paths, err := scaffold.Write(dir, request)
			for _, path := range paths {
				fmt.Fprintln(t.out, path)
			}
			return err
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&request.Product, "product", "", "id of the `PRODUCT` that the control protects")
	cmd.Flags().StringVar(&request.Kind, "kind", "", "the `KIND` of control, which is how points are earned: coverage, setting or graded")
	cmd.Flags().StringVar(&dir, "dir", ".", "the `DIR` of the catalog to write into")
	return cmd
}
