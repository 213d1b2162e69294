package main

import "github.com/spf13/cobra"

func newSchema(t terminal) *cobra.Command {
	return group("schema", "List, show and propose schemas of datasets", "  posture schema list\n  posture schema show entra.users",
		newSchemaList(t), newSchemaShow(t), newSchemaNew(t))
}
