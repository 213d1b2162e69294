package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/report"
)

func newPolicyList(t terminal) *cobra.Command {
	var (
		f      catalogFlags
		as     printFlags
		choose controlFilter
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the controls of the catalog",
		Example: `  posture policy list
  posture policy list --product entra_id --category identity --search password
  posture policy list --catalog ./our-controls --format csv --output controls.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			catalog, err := f.load(cmd.Context())
			if err != nil {
				return err
			}
			found, err := choose.find(catalog)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				t.say("no control matches")
			}
			return t.show(as, report.Controls{Controls: found})
		},
	}
	f.register(cmd)
	as.register(cmd, report.Controls{})
	as.registerOutput(cmd)
	choose.register(cmd)
	return cmd
}

// controlFilter chooses controls of a catalog.
type controlFilter struct {
	search               string
	products, categories []string
}

func (f *controlFilter) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.search, "search", "", "those with this `TEXT` in their id, title, product or category")
	cmd.Flags().StringArrayVar(&f.products, "product", nil, "those of this `PRODUCT`, such as entra_id (repeatable, as the filter below)")
	cmd.Flags().StringArrayVar(&f.categories, "category", nil, "those of this `CATEGORY`, such as identity")
}

// find returns the controls that match all filters, and any of the values of each.
func (f *controlFilter) find(from *catalog.Catalog) ([]*catalog.Control, error) {
	query := actions.Query{Search: f.search, Products: f.products, Categories: f.categories}
	found, err := query.Controls(from)
	return found, misspelt(err)
}
