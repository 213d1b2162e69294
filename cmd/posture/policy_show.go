package main

import (
	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/report"
)

func newPolicyShow(t terminal) *cobra.Command {
	var (
		f  catalogFlags
		as printFlags
	)
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Show all that the catalog says of a control, with its rule",
		Example: "  posture policy show AdminMFAV2",
		Args:    oneArg("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			catalog, err := f.load(cmd.Context())
			if err != nil {
				return err
			}
			control, ok := catalog.Control(args[0])
			if !ok {
				return catalog.Unknown(args[0])
			}
			return t.show(as, report.Control{Catalog: catalog, Control: control})
		},
	}
	f.register(cmd)
	f.registerParameters(cmd)
	as.register(cmd, report.Control{})
	as.registerOutput(cmd)
	return cmd
}
