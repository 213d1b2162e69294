package main

import (
	"fmt"
	"strconv"

	"github.com/posture-score/posture/internal/bench/measure"
	"github.com/posture-score/posture/internal/bench/rules"
)

// The budgets are those of the project's issue on the fast path: what an engine that reads a
// million users has to keep.
const (
	cpuToOPA    = 1.0 / 45
	memoryToOPA = 1.0 / 20
	cpuToFloor  = 2
	// of rules over fields that differ in every record
	distinctToFloor = 2.3
	growthSlack     = 1.05 // of CPU, beyond growing as the evidence does: 10.5 for ten times as much
	memoryMore      = 10   // MiB
	memoToNone      = 4
	startCPU        = 0.3 // seconds
	scubaToOPA      = 1
)

// comparison is one process in relation to the peers.
func comparison(m measured, s measure.Series) []string {
	return []string{
		measure.Ratio(measure.Quotient(s.CPU(), m.of(nameOPA).CPU())),
		measure.Ratio(measure.Quotient(s.RSS(), m.of(nameOPA).RSS())),
		measure.Ratio(measure.Quotient(s.CPU(), m.of(nameFloor).CPU())),
	}
}

func comparisonBudgets(m measured, of rules.Set) []measure.Budget {
	posture, opa, floor := m.of(namePosture), m.of(nameOPA), m.of(nameFloor)
	prefix, toFloor := fmt.Sprintf("%d rules: ", of.Count()), float64(cpuToFloor)
	if of == rules.Distinct {
		toFloor = distinctToFloor
	}
	var budgets []measure.Budget
	if len(opa) > 0 {
		budgets = append(budgets,
			measure.Budget{What: prefix + "CPU, to opa eval", Limit: cpuToOPA, Got: measure.Quotient(posture.CPU(), opa.CPU()), Show: measure.Ratio},
			measure.Budget{What: prefix + "memory, to opa eval", Limit: memoryToOPA, Got: measure.Quotient(posture.RSS(), opa.RSS()), Show: measure.Ratio})
	}
	return append(budgets,
		measure.Budget{What: prefix + "CPU, to the floor", Limit: toFloor, Got: measure.Quotient(posture.CPU(), floor.CPU()), Show: measure.Ratio})
}

// growth is one process over the larger tenant in relation to the same over the smaller one.
func enlargement(m measured, large, small measure.Series) []string {
	return []string{
		measure.Ratio(measure.Quotient(large.CPU(), small.CPU())),
		fmt.Sprintf("%+.0f MiB", large.RSS().Median-small.RSS().Median),
		measure.Ratio(measure.Quotient(large.CPU(), m.of(nameFloor).CPU())),
	}
}

// growthBudgets are those of the larger tenant, which is n times the size of the smaller one.
func growthBudgets(large, small measured, times float64) []measure.Budget {
	posture, before := large.of(namePosture), small.of(namePosture)
	return []measure.Budget{
		{What: "CPU of the larger tenant, to the smaller", Limit: times * growthSlack, Got: measure.Quotient(posture.CPU(), before.CPU()), Show: measure.Ratio},
		{What: "memory of the larger tenant, over the smaller", Limit: memoryMore, Got: posture.RSS().Median - before.RSS().Median, Show: measure.MiB},
		{What: "CPU of the larger tenant without memo, to that with", Limit: memoToNone, Got: measure.Quotient(large.of(nameMemoOff).CPU(), posture.CPU()), Show: measure.Ratio},
	}
}

func startBudget(m measured) measure.Budget {
	return measure.Budget{What: "CPU until the built-in catalog is ready", Limit: startCPU, Got: m.of(nameStart).CPU().Median, Show: measure.Milliseconds}
}

func scubaBudgets(m measured) []measure.Budget {
	trivial := m.of(nameTrivial)
	if len(trivial) == 0 {
		return nil
	}
	return []measure.Budget{
		{What: "CPU of the ScubaGear export, to opa eval of one trivial rule", Limit: scubaToOPA, Got: measure.Quotient(m.of(namePosture).CPU(), trivial.CPU()), Show: measure.Ratio},
	}
}

func tenantTitle(of rules.Set, users int) string {
	title := fmt.Sprintf("%s users and %s devices", thousands(users), thousands(users/2))
	if of == rules.Distinct {
		title += " that differ"
	}
	return title
}

// thousands writes a number with commas.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
