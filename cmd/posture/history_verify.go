package main

import (
	"context"
	"errors"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/report"
)

type historyVerifyFlags struct {
	storeFlags
	printFlags
	tenant string
	heads  []string
}

func newHistoryVerify(t terminal) *cobra.Command {
	var f historyVerifyFlags
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that no entry was changed, removed, inserted or reordered",
		Long: `Check the whole store: that no entry was changed, removed, inserted or reordered, and that no assessment is missing.

The entries of a tenant form a chain: each holds the hash of the one before it. Who can write the store can cut the chain off at its
end, or compute all of it anew, and the chain alone does not tell. So note the head that this command prints where others can't change
it, such as in the log of a pipeline, and give it later with --head: it has to be in the chain still. What was added since is fine.

The exit code is 1 if anything is found.`,
		Example: `  posture history verify
  posture history verify --head 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, head := range f.heads {
				if !regexp.MustCompile("^[0-9a-f]{64}$").MatchString(head) {
					return usageError{errors.New("--head has to be a hash that 'posture history verify' printed: 64 hexadecimal digits")}
				}
			}
			return f.with(cmd.Context(), func(s *history.Store) error { return verifyStore(cmd.Context(), t, &f, s) })
		},
	}
	f.storeFlags.register(cmd, "the store to check")
	f.printFlags.register(cmd, report.Verification{})
	f.registerOutput(cmd)
	cmd.Flags().StringVar(&f.tenant, "tenant", "", "check the chain of the tenant with this `ID` alone")
	cmd.Flags().StringArrayVar(&f.heads, "head", nil, "the `HASH` of a head that was noted earlier (repeatable)")
	return cmd
}

func verifyStore(ctx context.Context, t terminal, f *historyVerifyFlags, s *history.Store) error {
	chains, err := s.Verify(ctx, history.Filter{Tenant: f.tenant})
	if err != nil {
		return err
	}
	page := report.NewVerification(chains, f.heads)
	err = t.show(f.printFlags, page)
	if err == nil && !page.Sound() {
		return failure(exitFailure)
	}
	return err
}
