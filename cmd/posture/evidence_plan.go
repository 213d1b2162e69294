package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/collect"
	"github.com/posture-score/posture/internal/collect/script"
	"github.com/posture-score/posture/internal/report"
)

type evidencePlanFlags struct {
	catalogFlags
	printFlags
	options collect.Options
	script  string
}

func newEvidencePlan(t terminal) *cobra.Command {
	var f evidencePlanFlags
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Say what to collect for which controls, or write a script that does it",
		Long: `Say which datasets the controls of the catalog read, where each comes from, which permission that needs, and how many points wait for it.

--license names service plans that the tenant has. Controls that need others, for themselves or for their product, are left out.

--script prints a script to review and to run where the tenant can be reached: powershell collects everything that a service gives, and
writes a bundle; curl collects the part of Microsoft Graph, Defender for Endpoint and the Office 365 Management APIs. posture itself asks no
service for anything.`,
		Example: `  posture evidence plan
  posture evidence plan --license AAD_PREMIUM --license EXCHANGE_S_ENTERPRISE --product entra_id
  posture evidence plan --script powershell --output collect.ps1`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runEvidencePlan(cmd, t, &f) },
	}
	f.catalogFlags.register(cmd)
	f.printFlags.register(cmd, report.Collection{})
	f.registerOutput(cmd)
	cmd.Flags().StringArrayVar(&f.options.Licenses, "license", nil, "plan for a tenant that has the service `PLAN`, such as AAD_PREMIUM (repeatable)")
	cmd.Flags().StringArrayVar(&f.options.Products, "product", nil, "plan for the controls of this `PRODUCT`, such as entra_id (repeatable)")
	cmd.Flags().StringVar(&f.script, "script", "", "print a script in this `LANGUAGE` instead: powershell or curl")
	return cmd
}

func (f *evidencePlanFlags) check(cmd *cobra.Command) error {
	if !cmd.Flags().Changed("script") {
		return nil
	}
	if typed(cmd.Flags(), "format") {
		return usageError{errors.New("--script and --format exclude each other: a script is no table")}
	}
	return oneOf("script", f.script, "powershell", "curl")
}

func runEvidencePlan(cmd *cobra.Command, t terminal, f *evidencePlanFlags) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	catalog, err := f.load(cmd.Context())
	if err != nil {
		return err
	}
	plan, err := collect.Of(catalog, f.options)
	var unknown *collect.UnknownProductError
	if errors.As(err, &unknown) {
		return usageError{fmt.Errorf("--product: %w", err)}
	}
	if err != nil {
		return err
	}
	for _, name := range collect.UnknownPlans(catalog, f.options.Licenses) {
		t.warn("no control asks for the service plan %q: if it is misspelt, controls are left out that should not be", name)
	}
	write, ok := map[string]func(io.Writer, *collect.Plan) error{"powershell": script.PowerShell, "curl": script.Curl}[f.script]
	if !ok {
		return t.show(f.printFlags, report.Collection{Plan: plan})
	}
	return t.write(f.output, func(w io.Writer, _ report.Style) error { return write(w, plan) })
}
