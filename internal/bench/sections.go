package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/posture-score/posture/internal/bench/measure"
	"github.com/posture-score/posture/internal/bench/rules"
)

// The processes, as the table names them.
const (
	nameFloor    = "floor"
	namePosture  = "posture"
	nameMemoOff  = "posture, memo off"
	nameArchive  = "posture, archive"
	nameOPA      = "opa eval"
	nameConftest = "conftest test"
	nameStart    = "posture, start"
	nameTrivial  = "opa eval, one trivial rule"
)

// programs builds the other programs, and writes the rules in the form that they read.
func (b *bench) programs(ctx context.Context) error {
	if b.flags.scubaExport != "" {
		b.progress.say("building posture")
		if err := goTool(ctx, nil, "build", "-o", b.posture(), "./cmd/posture"); err != nil {
			return err
		}
		if err := rules.WriteTrivial(b.trivial()); err != nil {
			return err
		}
	}
	if !b.flags.peers {
		return nil
	}
	for _, p := range []peer{opa(), conftest()} {
		b.progress.say("building %s %s, once", p.name, p.version)
		if err := p.install(ctx, b.flags.cache); err != nil {
			return err
		}
	}
	for _, of := range rules.Sets() {
		if err := of.WriteWhole(b.whole(of)); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) posture() string { return filepath.Join(b.temp, "posture") }
func (b *bench) whole(of rules.Set) string {
	return filepath.Join(b.temp, "whole", string(of))
}
func (b *bench) trivial() string { return filepath.Join(b.temp, "trivial") }

// measure runs everything.
func (b *bench) measure(ctx context.Context) (measure.Report, error) {
	report := measure.Report{Head: b.head()}
	small, err := b.compare(ctx, &report, rules.Alike)
	if err != nil {
		return report, err
	}
	if _, err := b.compare(ctx, &report, rules.Distinct); err != nil {
		return report, err
	}
	if b.flags.large != 0 {
		if err := b.scale(ctx, &report, small); err != nil {
			return report, err
		}
	}
	if b.flags.stream != 0 {
		if err := b.stream(ctx, &report); err != nil {
			return report, err
		}
	}
	if err := b.start(ctx, &report); err != nil {
		return report, err
	}
	if b.flags.catalogUsers != 0 {
		if err := b.builtin(ctx, &report); err != nil {
			return report, err
		}
	}
	if b.flags.directory != 0 {
		if err := b.directory(ctx, &report); err != nil {
			return report, err
		}
	}
	if err := b.additional(ctx, &report); err != nil {
		return report, err
	}
	if b.flags.tenants != 0 {
		if err := b.tenants(ctx, &report); err != nil {
			return report, err
		}
	}
	if b.flags.growth {
		if err := b.growth(ctx, &report); err != nil {
			return report, err
		}
	}
	if b.flags.scubaExport != "" {
		err = b.scuba(ctx, &report)
	}
	return report, err
}

// compare measures posture, its peers and the floor over the smaller tenant of a set of rules.
func (b *bench) compare(ctx context.Context, report *measure.Report, of rules.Set) (measured, error) {
	made := forms(b.flags.dir, of, b.flags.users)
	processes := b.ours(made, of)
	if b.flags.peers {
		processes = append(processes,
			measure.Process{Name: nameOPA, Path: opa().path(b.flags.cache), Args: []string{"eval", "--data", b.whole(of), "--input", made.document, rules.QueryWhole}},
			measure.Process{Name: nameConftest, Path: conftest().path(b.flags.cache), Args: []string{"test", "--no-fail", "--policy", b.whole(of), "--data", b.whole(of), made.document}})
	}
	title := fmt.Sprintf("%d rules over %s", of.Count(), tenantTitle(of, b.flags.users))
	m, err := b.interleave(ctx, title, processes)
	if err != nil {
		return m, err
	}
	size, err := fileSize(made.bundle)
	if err != nil {
		return m, fmt.Errorf("measuring the evidence: %w", err)
	}
	report.Sections = append(report.Sections, m.section(fmt.Sprintf("%s, %.0f MB", title, size),
		[]string{"CPU to opa", "memory to opa", "CPU to floor"},
		func(s measure.Series, _ string) []string { return comparison(m, s) }))
	report.Budgets = append(report.Budgets, comparisonBudgets(m, of)...)
	return m, nil
}

// ours are the processes that read a bundle.
func (b *bench) ours(made evidenceForms, of rules.Set) []measure.Process {
	set := fmt.Sprintf("--rules=%s", of)
	return []measure.Process{
		b.own(nameFloor, "floor", set, made.bundle),
		b.own(namePosture, "assess", set, made.bundle),
		b.own(nameMemoOff, "assess", set, "--memo=off", made.bundle),
	}
}

// scale measures posture over the larger tenant, in relation to the smaller one.
func (b *bench) scale(ctx context.Context, report *measure.Report, small measured) error {
	made := forms(b.flags.dir, rules.Alike, b.flags.large)
	title := tenantTitle(rules.Alike, b.flags.large)
	m, err := b.interleave(ctx, title, b.ours(made, rules.Alike))
	if err != nil {
		return err
	}
	size, err := fileSize(made.bundle)
	if err != nil {
		return fmt.Errorf("measuring the evidence: %w", err)
	}
	report.Sections = append(report.Sections, m.section(fmt.Sprintf("%s, %.0f MB", title, size),
		[]string{"CPU to the smaller", "memory over the smaller", "CPU to floor"},
		func(s measure.Series, name string) []string { return enlargement(m, s, small.of(name)) }))
	report.Budgets = append(report.Budgets, growthBudgets(m, small, float64(b.flags.large)/float64(b.flags.users))...)
	return nil
}

// start measures the time until the built-in catalog is ready.
func (b *bench) start(ctx context.Context, report *measure.Report) error {
	m, err := b.interleave(ctx, "start", []measure.Process{b.own(nameStart, "start")})
	if err != nil {
		return err
	}
	report.Sections = append(report.Sections, m.section("The built-in catalog", nil, nothing))
	report.Budgets = append(report.Budgets, startBudget(m))
	return nil
}

// scuba compares over an export of ScubaGear, which is read whole: small, and with few records.
func (b *bench) scuba(ctx context.Context, report *measure.Report) error {
	processes := []measure.Process{{Name: namePosture, Path: b.posture(), Args: []string{"assess", b.flags.scubaExport}}}
	if b.flags.peers {
		processes = append(processes, measure.Process{
			Name: nameTrivial, Path: opa().path(b.flags.cache),
			Args: []string{"eval", "--data", b.trivial(), "--input", b.flags.scubaExport, rules.QueryTrivial},
		})
	}
	m, err := b.interleave(ctx, "ScubaGear", processes)
	if err != nil {
		return err
	}
	size, err := fileSize(b.flags.scubaExport)
	if err != nil {
		return fmt.Errorf("measuring the export: %w", err)
	}
	report.Sections = append(report.Sections, m.section(fmt.Sprintf("An export of ScubaGear, %.1f MB", size), nil, nothing))
	report.Budgets = append(report.Budgets, scubaBudgets(m)...)
	return nil
}

func nothing(measure.Series, string) []string { return nil }
