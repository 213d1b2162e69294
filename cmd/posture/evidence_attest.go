package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/manual"
	"github.com/posture-score/posture/internal/plaintext"
)

// attestFlags say what is attested.
type attestFlags struct {
	catalogFlags
	manualFlags
	by, until       string
	claim, evidence string
	notCompliant    bool
}

func newEvidenceAttest(t terminal) *cobra.Command {
	var f attestFlags
	cmd := &cobra.Command{
		Use:   "attest ID... --by NAME --until DATE --output DIR",
		Short: "Write a bundle in which somebody vouches for controls that no export can show",
		Long: `Write a bundle in which somebody vouches for controls that no export can show, until a date. Other controls are decided by
evidence and can't be attested; 'posture policy list' shows which are which.

With --bundle the new bundle takes over the datasets of that evidence, which stays as it is, and the claims that it has. Of several
claims about a control the newest counts.`,
		Example: `  posture evidence attest McasFirewallLogUpload --by ada@contoso.example --until 2027-01-31 --bundle evidence -o attested
  posture evidence attest sway_block_sharing_with_outside_users --not-compliant --by "Ada" --until 2027-01-31 -o attested --tenant 5f0c7a52=Contoso`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("%s takes the ID of a control; see '%s --help'", cmd.CommandPath(), cmd.CommandPath())}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return attestControl(cmd.Context(), t, &f, args) },
	}
	f.catalogFlags.register(cmd)
	f.manualFlags.register(cmd)
	cmd.Flags().StringVar(&f.by, "by", "", "who vouches, as a `NAME` or an address")
	cmd.Flags().StringVar(&f.until, "until", "", "until when that counts, as a `DATE` such as 2027-01-31, or a time")
	cmd.Flags().StringVar(&f.claim, "claim", "", "what is claimed, as a `TEXT`")
	cmd.Flags().StringVar(&f.evidence, "evidence", "", "what backs the claim, as a `TEXT`: a ticket, a file or a link")
	cmd.Flags().BoolVar(&f.notCompliant, "not-compliant", false, "attest that the controls are not met")
	return cmd
}

func attestControl(ctx context.Context, t terminal, f *attestFlags, ids []string) error {
	if plaintext.Blank(f.by) {
		return usageError{fmt.Errorf("say who vouches: --by NAME")}
	}
	until, err := endOf(f.until)
	if err != nil {
		return err
	}
	cat, err := f.load(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := attestable(cat, id); err != nil {
			return err
		}
	}
	return f.write(ctx, t, func(options manual.Options) (*evidence.Bundle, error) {
		if !until.After(options.CollectedAt) {
			return nil, usageError{fmt.Errorf("--until %s is not after %s, when the claim is made", f.until, options.CollectedAt.Format(time.RFC3339))}
		}
		claims := make([]manual.Claim, 0, len(ids))
		for _, id := range ids {
			claims = append(claims, manual.Claim{
				Control: id, Compliant: !f.notCompliant, By: f.by, At: options.CollectedAt, Until: until, Text: f.claim, Evidence: f.evidence,
			})
		}
		return options.Attest(ctx, f.output, claims...)
	})
}

// endOf parses the end of a claim: a date counts to its last second, in UTC.
func endOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, usageError{fmt.Errorf("say until when that counts: --until DATE")}
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.Add(24*time.Hour - time.Second), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, usageError{fmt.Errorf("--until has to be a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z; it is %q", text)}
	}
	return at, nil
}

// attestable returns an error unless claims decide a control.
func attestable(cat *catalog.Catalog, id string) error {
	control, ok := cat.Control(id)
	if !ok {
		return cat.Unknown(id)
	}
	if control.Kind == catalog.KindAttested {
		return nil
	}
	return usageError{fmt.Errorf("%s can't be attested: evidence decides it. 'posture action set %s --status ...' registers a decision about it; "+
		"claims decide %s", id, id, strings.Join(attested(cat), ", "))}
}

// attested returns the ids of the controls that claims decide.
func attested(cat *catalog.Catalog) []string {
	var ids []string
	for _, control := range cat.Controls() {
		if control.Kind == catalog.KindAttested {
			ids = append(ids, control.ID)
		}
	}
	return ids
}
