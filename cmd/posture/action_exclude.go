package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/register"
)

func newActionExclude(t terminal) *cobra.Command {
	var (
		f               editFlags
		reason, expires string
		remove          bool
	)
	cmd := &cobra.Command{
		Use:   "exclude ID KEY...",
		Short: "Take records out of the scope of an action",
		Long: `Take single records, such as break-glass accounts, out of the scope of an action that counts records.

A KEY is what the action's list of failing records shows, in parentheses after a name: of a user, the object id. Excluded records are
counted and listed apart.`,
		Example: `  posture action exclude AdminMFAV2 00000000-0000-4000-8000-000000000001 --reason "break-glass account" --expires 2027-01-31
  posture action exclude AdminMFAV2 00000000-0000-4000-8000-000000000001 --remove`,
		Args: twoArgs("an ID and at least one KEY", true),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, keys := args[0], args[1:]
			each := func(change func(*register.Editor, string) error) error {
				return f.edit(cmd, t, id, func(d *register.Editor) error {
					for _, key := range keys {
						if err := change(d, key); err != nil {
							return err
						}
					}
					return nil
				})
			}
			if remove {
				return each(func(d *register.Editor, key string) error { return d.Include(id, key) })
			}
			if reason == "" {
				return usageError{fmt.Errorf("an exclusion makes the score better than it is: say why with --reason")}
			}
			control, err := f.control(cmd, id)
			if err != nil {
				return err
			}
			if control.Kind != catalog.KindCoverage {
				return fmt.Errorf("%s counts no records: there is nothing to exclude from it", id)
			}
			return each(func(d *register.Editor, key string) error { return d.Exclude(id, key, reason, expires) })
		},
	}
	f.register(cmd)
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a `TEXT`")
	cmd.Flags().StringVar(&expires, "expires", "", "the first `DATE` on which the records are in scope again")
	cmd.Flags().BoolVar(&remove, "remove", false, "take the records back into scope instead")
	return cmd
}
