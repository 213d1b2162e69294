package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/posture-score/posture/evidence"
)

// claimFlags hold what evidence may not contain: its tenant and its time.
type claimFlags struct {
	tenant      string
	collectedAt string
	undated     bool // nothing says when the evidence was collected; known once it is open
}

func (f *claimFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.tenant, "tenant", "", "the `ID` of the tenant, or ID=NAME, where no file says it; an error if one says another")
	flags.StringVar(&f.collectedAt, "collected-at", "", "when the files were saved, where that is not said, as a `TIME` such as 2026-01-31T12:00:00Z")
}

// claims are the values of the flags; zero if they were not given.
type claims struct {
	tenant      evidence.Tenant
	collectedAt time.Time
}

func (f *claimFlags) read() (claims, error) {
	var c claims
	if f.tenant != "" {
		id, name, _ := strings.Cut(f.tenant, "=")
		c.tenant = evidence.Tenant{ID: strings.TrimSpace(id), Name: strings.TrimSpace(name)}
		if c.tenant.ID == "" {
			return c, usageError{fmt.Errorf("--tenant has to be the id of a tenant, or ID=NAME; it is %q", f.tenant)}
		}
	}
	at, err := dateFlag("collected-at", f.collectedAt, false)
	c.collectedAt = at
	return c, err
}
