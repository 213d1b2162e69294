package cohort

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// memberships returns random cohorts of tenants: bands within each other, parts of others, and any.
func memberships(random *rand.Rand, tenants, cohorts int) [][]bool {
	list := [][]bool{slices.Repeat([]bool{true}, tenants)}
	for len(list) < cohorts {
		members := make([]bool, tenants)
		parent := list[random.IntN(len(list))]
		from, to := random.IntN(tenants), random.IntN(tenants)
		one := random.IntN(4) == 0
		for t := range members {
			switch random.IntN(3) {
			case 0:
				members[t] = parent[t] && t >= min(from, to) && t <= max(from, to)
			case 1:
				members[t] = t >= min(from, to)
			default:
				members[t] = parent[t] && (!one || t != from)
			}
		}
		list = append(list, members)
	}
	return list
}

// rank is that of some columns of a matrix of 0s and 1s, over the rationals.
func rank(cohorts [][]bool, columns []int) int {
	rows := make([][]*big.Rat, len(cohorts))
	for i, c := range cohorts {
		for _, column := range columns {
			value := new(big.Rat)
			if c[column] {
				value.SetInt64(1)
			}
			rows[i] = append(rows[i], value)
		}
	}
	rank := 0
	for column := range columns {
		pivot := slices.IndexFunc(rows[rank:], func(row []*big.Rat) bool { return row[column].Sign() != 0 })
		if pivot < 0 {
			continue
		}
		rows[rank], rows[rank+pivot] = rows[rank+pivot], rows[rank]
		for i := rank + 1; i < len(rows); i++ {
			factor := new(big.Rat).Quo(rows[i][column], rows[rank][column])
			for j := range columns {
				rows[i][j] = new(big.Rat).Sub(rows[i][j], new(big.Rat).Mul(factor, rows[rank][j]))
			}
		}
		if rank++; rank == len(rows) {
			break
		}
	}
	return rank
}

// TestDisclosesIsExact compares the search with trying every set of less than the minimum of tenants: a combination is about none but
// them if, and only if, the others have a lower rank.
func TestDisclosesIsExact(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 14))
	found := map[bool]int{}
	for range 150 {
		tenants, minimum := 4+random.IntN(7), int64(2+random.IntN(3))
		cohorts := memberships(random, tenants, 2+random.IntN(4))
		all := make([]int, tenants)
		for i := range all {
			all[i] = i
		}
		whole := rank(cohorts, all)
		want := false
		for set := range 1 << tenants {
			var outside []int
			for i := range tenants {
				if set>>i&1 == 0 {
					outside = append(outside, i)
				}
			}
			if int64(tenants-len(outside)) < minimum && rank(cohorts, outside) < whole {
				want = true
			}
		}
		if got := discloses(cohorts, minimum); got != want {
			t.Fatalf("discloses(%v, %d) = %v", cohorts, minimum, got)
		}
		found[want]++
	}
	if found[true] < 20 || found[false] < 20 {
		t.Errorf("cases are one-sided: %v", found)
	}
}

func TestDiscloses(t *testing.T) {
	t.Parallel()
	ranges := func(pairs ...int) (cohorts [][]bool) { // members from one tenant to before another, of 60
		for pair := range slices.Chunk(pairs, 2) {
			members := make([]bool, 60)
			for i := pair[0]; i < pair[1]; i++ {
				members[i] = true
			}
			cohorts = append(cohorts, members)
		}
		return cohorts
	}
	for name, test := range map[string]struct {
		cohorts [][]bool
		want    bool
	}{
		"one":                              {ranges(0, 60), false},
		"a complement of 10":               {ranges(0, 60, 0, 50), false},
		"a complement of 9":                {ranges(0, 60, 0, 51), true},
		"bands that leave nobody":          {ranges(0, 60, 0, 20, 20, 40, 40, 60), false},
		"bands that leave 5":               {ranges(0, 60, 0, 20, 20, 40, 40, 55), true},
		"bands within each other":          {ranges(0, 60, 0, 50, 0, 40, 0, 30), false},
		"bands within each other, narrow":  {ranges(0, 60, 0, 50, 0, 45, 0, 30), true},
		"cohorts that overlap but for one": {ranges(0, 20, 1, 21), true},
		"cohorts that overlap":             {ranges(0, 25, 15, 40), false},
		"the same twice":                   {ranges(0, 20, 0, 20), false},
		"a chain": { // (0..30) + (30..60) - (0..25) - (25..50) leaves 50..60, less (51..60) leaves one
			ranges(0, 30, 30, 60, 0, 25, 25, 50, 51, 60), true,
		},
	} {
		if got := discloses(test.cohorts, 10); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestDisclosesEnds has as many cohorts as there may be, of tenants of whom no two are in the same.
func TestDisclosesEnds(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 15))
	cohorts := make([][]bool, maxCohorts)
	for i := range cohorts {
		for range 2_000 {
			cohorts[i] = append(cohorts[i], random.IntN(2) == 0)
		}
	}
	discloses(cohorts, maxMinimum)
	discloses(cohorts, 500)
}
