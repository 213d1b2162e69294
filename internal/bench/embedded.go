package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/posture-score/posture/internal/bench/measure"
)

// What a program that embeds the engine pays: for each of many small tenants, and for a control of its
// own on top of the built-in catalog.

const (
	tenantCPU        = 0.020 // seconds
	tenantToFloor    = 2
	tenantMemoryMore = 10   // MiB, for ten times as many tenants
	additionalCPU    = 0.05 // seconds
)

const (
	nameTenants      = "posture"
	nameTenantsFew   = "posture, a tenth"
	nameTenantsFloor = "floor"
	nameFloorFew     = "floor, a tenth"
	nameAdditional   = "posture, start with one more control"
)

// tenants measures many small tenants that one engine assesses. What the start costs is left out of
// what a tenant costs: that is the difference between many tenants and few.
func (b *bench) tenants(ctx context.Context, report *measure.Report) error {
	dir := filepath.Join(b.flags.dir, "tenants")
	b.progress.say("writing small tenants")
	if _, err := b.own("tenants", "tenants", "--floor", "--count="+strconv.Itoa(tenantsDifferent), dir).Run(ctx); err != nil {
		return err
	}
	own := func(name string, count int, args ...string) measure.Process {
		return b.own(name, append([]string{"tenants", "--count=" + strconv.Itoa(count)}, append(args, dir)...)...)
	}
	m, err := b.interleave(ctx, "small tenants", []measure.Process{
		own(nameFloorFew, b.flags.tenants/10, "--floor"), own(nameTenantsFloor, b.flags.tenants, "--floor"),
		own(nameTenantsFew, b.flags.tenants/10), own(nameTenants, b.flags.tenants),
	})
	if err != nil {
		return err
	}
	t := tenantCosts{measured: m, between: b.flags.tenants - b.flags.tenants/10}
	title := fmt.Sprintf("%s tenants of %d people, one engine", thousands(b.flags.tenants), tenantUsers)
	report.Sections = append(report.Sections, m.section(title, []string{"CPU each", "CPU to floor", "memory over a tenth"}, t.columns))
	report.Budgets = append(report.Budgets, t.budgets()...)
	return nil
}

// tenantCosts are many small tenants and a tenth of them.
type tenantCosts struct {
	measured
	between int // how many tenants there are more
}

// each returns what one tenant costs, in seconds of CPU.
func (t tenantCosts) each(few, many string) float64 {
	return (t.of(many).CPU().Median - t.of(few).CPU().Median) / float64(t.between)
}

// toFloor returns what one tenant costs in relation to the floor; 0 if that costs nothing.
func (t tenantCosts) toFloor() float64 {
	floor := t.each(nameFloorFew, nameTenantsFloor)
	if floor <= 0 {
		return 0
	}
	return t.each(nameTenantsFew, nameTenants) / floor
}

// memory returns how much more many tenants take than few, in MiB.
func (t tenantCosts) memory(few, many string) float64 {
	return t.of(many).RSS().Median - t.of(few).RSS().Median
}

func (t tenantCosts) columns(_ measure.Series, name string) []string {
	row := func(few string, ratio float64) []string {
		return []string{milliseconds(t.each(few, name)), measure.Ratio(ratio), fmt.Sprintf("%+.0f MiB", t.memory(few, name))}
	}
	switch name {
	case nameTenantsFloor:
		return row(nameFloorFew, 1)
	case nameTenants:
		return row(nameTenantsFew, t.toFloor())
	}
	return []string{"", "", ""}
}

func (t tenantCosts) budgets() []measure.Budget {
	return []measure.Budget{
		{What: "CPU of one small tenant", Limit: tenantCPU, Got: t.each(nameTenantsFew, nameTenants), Show: milliseconds},
		{What: "CPU of one small tenant, to its floor", Limit: tenantToFloor, Got: t.toFloor(), Show: measure.Ratio},
		{What: "memory of ten times as many small tenants, over a tenth of them", Limit: tenantMemoryMore, Got: t.memory(nameTenantsFew, nameTenants), Show: measure.MiB},
	}
}

// milliseconds writes seconds, with tenths.
func milliseconds(s float64) string { return fmt.Sprintf("%.1f ms", s*1000) }

// additional measures the start with one more control than the built-in ones.
func (b *bench) additional(ctx context.Context, report *measure.Report) error {
	dir := filepath.Join(b.temp, "additional")
	if err := writeAdditional(dir); err != nil {
		return err
	}
	m, err := b.interleave(ctx, "start with one more control", []measure.Process{b.own(nameAdditional, "start", "--catalog="+dir)})
	if err != nil {
		return err
	}
	report.Sections = append(report.Sections, m.section("The built-in catalog and one more control", nil, nothing))
	report.Budgets = append(report.Budgets, additionalBudget(m))
	return nil
}

func additionalBudget(m measured) measure.Budget {
	return measure.Budget{What: "CPU until one more control is ready, too", Limit: additionalCPU, Got: m.of(nameAdditional).CPU().Median, Show: measure.Milliseconds}
}

// writeAdditional writes a catalog of one control.
func writeAdditional(dir string) error {
	files := map[string]string{
		"own/guest_invitations.hcl": `control "BenchGuestInvitations" {
  title       = "Let administrators alone invite guests"
  category    = "identity"
  product     = "entra_id"
  points      = 3
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  complexity  = "low"
  threats     = ["account_breach"]
  source      = "A control of the bench."

  setting {}
  context = ["entra.authorization_policy"]
}
`,
		"own/guest_invitations.rego": `package policies.own.guest_invitations

default compliant := false

compliant if data.evidence.entra.authorization_policy.allowInvitesFrom in {"none", "adminsAndGuestInviters"}
`,
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("writing a catalog: %w", err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return fmt.Errorf("writing a catalog: %w", err)
		}
	}
	return nil
}
