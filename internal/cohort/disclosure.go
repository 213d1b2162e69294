package cohort

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// What a benchmark must not tell.
//
// Each number of a cohort (how many tenants, the sum behind a mean, how many are below a percentage, how many completed an action)
// is a sum over its tenants. Whoever has several cohorts can add and subtract them, with any factors: what comes out is a sum over tenants,
// each with a factor that depends on which cohorts the tenant is in. The cohorts that are published are such that whatever comes out is 0
// for every tenant, or is about at least as many tenants as the minimum. That covers a cohort and its complement in another one, bands
// within each other, cohorts that overlap, and chains of them.
//
// Tenants in the same cohorts have the same factor. So a set of cohorts is a matrix of 0s and 1s, with a column for each group of tenants
// that the cohorts tell apart, weighted by its size, and the question is whether a combination of its rows other than 0 has a
// support that weighs less than the minimum. The search below answers it exactly, or gives up, which counts as a yes.

// discloses reports whether a combination of cohorts is about fewer tenants than the minimum, and not about none. Each cohort says
// of each tenant whether it is in it. There are at most [maxCohorts].
func discloses(cohorts [][]bool, minimum int64) bool {
	rows := make([][]uint64, len(cohorts))
	var weights []int64
	columns := map[string]int{}
	if len(cohorts) == 0 {
		return false
	}
	for tenant := range cohorts[0] {
		pattern := make([]byte, len(cohorts))
		for i, cohort := range cohorts {
			if cohort[tenant] {
				pattern[i] = 1
			}
		}
		if column, ok := columns[string(pattern)]; ok {
			weights[column]++
			continue
		}
		columns[string(pattern)] = len(weights)
		weights = append(weights, 1)
		for i, member := range pattern {
			rows[i] = append(rows[i], uint64(member))
		}
	}
	s := search{minimum: minimum, left: maxWork}
	return s.find(space{independent(rows), weights, make([]bool, len(weights))})
}

// maxWork bounds a search, in cells of matrices. What people define takes some thousands.
const maxWork = 500_000

// prime is the modulus of the arithmetic. A determinant of 0s and 1s with 32 rows is less than it (Hadamard's bound is 2.6e15), so that
// what is dependent modulo it is dependent over the rationals, and the other way round.
const prime = 1<<61 - 1

func times(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	sum := high<<3 | low>>61 // 2^61 is 1
	return (sum + low&prime) % prime
}

func minus(a, b uint64) uint64 { return (a + prime - b) % prime }

func inverse(a uint64) uint64 {
	result := uint64(1)
	for power := uint64(prime - 2); power > 0; power >>= 1 {
		if power&1 == 1 {
			result = times(result, a)
		}
		a = times(a, a)
	}
	return result
}

// independent returns rows that have the same combinations as some rows, and depend on no other.
func independent(rows [][]uint64) [][]uint64 {
	var kept [][]uint64
	for _, row := range rows {
		row = slices.Clone(row)
		for _, earlier := range kept {
			pivot := firstNonZero(earlier)
			reduce(row, earlier, pivot)
		}
		if firstNonZero(row) >= 0 {
			kept = append(kept, row)
		}
	}
	return kept
}

func firstNonZero(row []uint64) int {
	return slices.IndexFunc(row, func(v uint64) bool { return v != 0 })
}

// reduce subtracts a multiple of another row, so that a column of the row is 0.
func reduce(row, other []uint64, column int) {
	if row[column] == 0 {
		return
	}
	factor := times(row[column], inverse(other[column]))
	for i := range row {
		row[i] = minus(row[i], times(factor, other[i]))
	}
}

// space is the combinations of some independent rows. Each column has a weight, and may be known not to be 0.
type space struct {
	rows    [][]uint64
	weights []int64
	nonzero []bool
}

// search looks for a combination that is not 0 and whose support weighs less than the minimum.
type search struct {
	minimum int64
	left    int // cells that may still be visited
}

// find reports whether a space has one, or the search gives up.
func (s *search) find(v space) bool {
	for {
		if s.left -= (len(v.rows) + 1) * len(v.weights); s.left < 0 {
			return true
		}
		var ok bool
		if v, ok = v.merged(); !ok || len(v.rows) == 0 {
			return false
		}
		known, total := v.weight()
		switch {
		case known >= s.minimum:
			return false
		case total < s.minimum:
			return true
		case len(v.rows) == 1: // with a support of all columns
			return false
		}
		// A column that is too heavy for what is looked for is 0 in it.
		heavy := v.heaviest()
		if known+v.weights[heavy] < s.minimum {
			return s.find(v.without(heavy)) || s.find(v.with(heavy))
		}
		v = v.without(heavy)
	}
}

// weight returns how much the columns weigh that are not 0, and how much all do.
func (v space) weight() (known, total int64) {
	for i, weight := range v.weights {
		total += weight
		if v.nonzero[i] {
			known += weight
		}
	}
	return known, total
}

// heaviest returns the heaviest column that may be 0. There is one unless all are known not to be.
func (v space) heaviest() int {
	best := -1
	for i, weight := range v.weights {
		if !v.nonzero[i] && (best < 0 || weight > v.weights[best]) {
			best = i
		}
	}
	return best
}

// with returns the combinations that are not 0 in a column.
func (v space) with(column int) space {
	v.nonzero = slices.Clone(v.nonzero)
	v.nonzero[column] = true
	return v
}

// without returns the combinations that are 0 in a column.
func (v space) without(column int) space {
	pivot := slices.IndexFunc(v.rows, func(row []uint64) bool { return row[column] != 0 })
	if pivot < 0 {
		return v
	}
	rows := make([][]uint64, 0, len(v.rows)-1)
	for i, row := range v.rows {
		if i != pivot {
			row = slices.Clone(row)
			reduce(row, v.rows[pivot], column)
			rows = append(rows, row)
		}
	}
	return space{rows, v.weights, v.nonzero}
}

// merged leaves out columns that are 0 in every combination, and makes one of those that are multiples of each other: they are 0 in
// the same combinations. It is not ok if a column that is known not to be 0 is.
func (v space) merged() (merged space, ok bool) {
	merged.rows = make([][]uint64, len(v.rows))
	classes := map[string]int{}
	scales := v.scales()
	for column, weight := range v.weights {
		if scales[column] == 0 {
			if v.nonzero[column] {
				return merged, false
			}
			continue
		}
		direction := v.direction(column, scales[column])
		class, known := classes[direction]
		if !known {
			class = len(merged.weights)
			classes[direction] = class
			merged.weights, merged.nonzero = append(merged.weights, 0), append(merged.nonzero, false)
			for i := range v.rows {
				merged.rows[i] = append(merged.rows[i], v.rows[i][column])
			}
		}
		merged.weights[class] += weight
		merged.nonzero[class] = merged.nonzero[class] || v.nonzero[column]
	}
	return merged, true
}

// direction returns a column times a scale, as a text.
func (v space) direction(column int, scale uint64) string {
	bytes := make([]byte, 0, 8*len(v.rows))
	for _, row := range v.rows {
		bytes = binary.LittleEndian.AppendUint64(bytes, times(row[column], scale))
	}
	return string(bytes)
}

// scales returns for each column by what to multiply it, so that its first value that is not 0 is 1; 0 if all are. That takes one
// inversion: of the product of all these values.
func (v space) scales() []uint64 {
	first := make([]uint64, len(v.weights))  // values
	before := make([]uint64, len(v.weights)) // products of those of earlier columns
	product := uint64(1)
	for column := range first {
		for _, row := range v.rows {
			if first[column] = row[column]; first[column] != 0 {
				break
			}
		}
		if before[column] = product; first[column] != 0 {
			product = times(product, first[column])
		}
	}
	inverted := inverse(product)
	for column := len(first) - 1; column >= 0; column-- {
		if value := first[column]; value != 0 {
			first[column], inverted = times(inverted, before[column]), times(inverted, value)
		}
	}
	return first
}
