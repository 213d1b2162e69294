package main

import (
	"context"
	"fmt"

	"github.com/posture-score/posture/internal/bench/measure"
	"github.com/posture-score/posture/internal/bench/rules"
)

// stream measures one pass over the largest tenant, whose files are compressed: it shows where one
// machine ends. Memory that grew with the number of records would show here first.
func (b *bench) stream(ctx context.Context, report *measure.Report) error {
	users := b.flags.stream
	made := forms(b.flags.dir, rules.Alike, users)
	b.progress.say("writing evidence of %s users", thousands(users))
	write := b.own("generate", "generate", "--compressed", fmt.Sprintf("--users=%d", users), b.flags.dir)
	if _, err := write.Run(ctx); err != nil {
		return err
	}
	processes := []measure.Process{b.own(nameFloor, "floor", made.compressed), b.own(namePosture, "assess", made.compressed)}
	series, err := measure.Interleave(ctx, 1, processes, func(_ int, process string) { b.progress.say("%s users, compressed: %s", thousands(users), process) })
	if err != nil {
		return err
	}
	m := measured{processes: processes, series: series}
	count := float64(users + rules.Alike.Tenant(users).Devices())
	report.Sections = append(report.Sections, m.section(tenantTitle(rules.Alike, users)+", compressed, one run",
		[]string{"CPU to floor", "records for each CPU second"},
		func(s measure.Series, _ string) []string {
			return []string{
				measure.Ratio(measure.Quotient(s.CPU(), m.of(nameFloor).CPU())),
				thousands(int(count / s.CPU().Median)),
			}
		}))
	return nil
}
