package cohort

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/schemas"
)

// tenants returns assessments of random tenants, and what is known of each.
func tenants(random *rand.Rand, count int) (list []*engine.Assessment, profiles map[string]Profile) {
	profiles = map[string]Profile{}
	for i := range count {
		a := &engine.Assessment{
			Tenant:      engine.Tenant{ID: fmt.Sprintf("Tenant-%03d", i), Name: fmt.Sprintf("Customer %03d GmbH", i)},
			EvaluatedAt: time.Date(2026, 10, 1+random.IntN(28), 6, 0, 0, 0, time.UTC),
			Catalog:     engine.Catalog{Digest: "sha256:" + strings.Repeat("c", 64)},
		}
		var score int64
		for _, name := range []string{"apps", "device", "identity"} {
			total, achieved := int64(100_00), random.Int64N(100_01)
			if random.IntN(20) == 0 {
				total, achieved = 0, 0
			}
			a.Score.Categories = append(a.Score.Categories, engine.Category{Category: name, Achieved: points(achieved), Total: points(total)})
			score += achieved
		}
		a.Score.Achieved, a.Score.Total, a.Score.Percent = points(score), 300_00, points(score/3)
		for n := range 6 {
			action := engine.Action{ID: fmt.Sprintf("Action%d", n), Title: fmt.Sprintf("Do %d", n), Points: engine.ActionPoints{Max: 5_00}, Outcome: engine.NotMet, Status: engine.ToAddress}
			switch random.IntN(2 + 8*n) {
			case 0:
				action.Outcome = engine.NotApplicable
			case 1:
				action.Outcome = engine.NoEvidence
			case 2, 3, 4, 5:
				action.Outcome, action.Status, action.Points.Achieved = engine.Complete, engine.Completed, 5_00
			}
			a.Actions = append(a.Actions, action)
		}
		list = append(list, a)
		if random.IntN(12) > 0 {
			profiles[strings.ToLower(a.Tenant.ID)] = Profile{Seats: 1 + random.Int64N(400), Industry: []string{"retail", "health", "banking"}[random.IntN(3)]}
		}
	}
	return list, profiles
}

func points(hundredths int64) score.Points { return score.Points(hundredths) }

// definitions returns random ones: bands beside and within each other, industries, and groups, some of all but a few.
func definitions(random *rand.Rand, list []*engine.Assessment, profiles map[string]Profile) *Definitions {
	d := &Definitions{Title: "Customers", Source: "a test", Minimum: Minimum + int64(random.IntN(3)*random.IntN(4)), Tenants: profiles}
	d.Cohorts = []Definition{{ID: AllID, Title: "All tenants"}}
	for i := range random.IntN(9) {
		c := Definition{ID: fmt.Sprintf("cohort_%d", i), Title: fmt.Sprint("Cohort ", i), Parent: d.Cohorts[random.IntN(len(d.Cohorts))].ID}
		switch random.IntN(4) {
		case 0, 1:
			from := random.Int64N(300)
			c.Seats = &Band{From: from, To: from + 20 + random.Int64N(300)}
		case 2:
			c.Industry = []string{"retail", "health", "banking"}[random.IntN(3)]
		default:
			c.Tenants = map[string]bool{}
			few := random.IntN(3) == 0
			for _, a := range list {
				if few && random.IntN(len(list)) > 4 || !few && random.IntN(2) == 0 {
					c.Tenants[strings.ToLower(a.Tenant.ID)] = true
				}
			}
		}
		d.Cohorts = append(d.Cohorts, c)
	}
	return d
}

func build(t *testing.T, d *Definitions, list []*engine.Assessment) (*Benchmark, *Report, string) {
	t.Helper()
	b := NewBuilder(d)
	for _, a := range list {
		must.Do(t, b.Add(a))
	}
	made, report, err := b.Build()
	must.Do(t, err)
	return made, report, string(must.Get(json.Marshal(made))(t))
}

// insiders returns which tenants are in a cohort, by what its definition says.
func insiders(d *Definitions, list []*engine.Assessment, id string) []bool {
	i := slices.IndexFunc(d.Cohorts, func(c Definition) bool { return c.ID == id })
	c := d.Cohorts[i]
	in := make([]bool, len(list))
	var parent []bool
	if c.Parent != "" {
		parent = insiders(d, list, c.Parent)
	}
	for t, a := range list {
		tenant := strings.ToLower(a.Tenant.ID)
		p := d.Tenants[tenant]
		in[t] = (parent == nil || parent[t]) && (c.Seats == nil || p.Seats >= max(c.Seats.From, 1) && p.Seats <= c.Seats.To) &&
			(c.Industry == "" || c.Industry == p.Industry) && (c.Tenants == nil || c.Tenants[tenant])
	}
	return in
}

// published returns the tenants behind each number of one kind, by cohort: of the totals, of a category, or of an action.
func published(d *Definitions, list []*engine.Assessment, made *Benchmark, has func(*Cohort) bool, counts func(*engine.Assessment) bool) (sets [][]bool) {
	for i := range made.Cohorts {
		if !has(&made.Cohorts[i]) {
			continue
		}
		in := insiders(d, list, made.Cohorts[i].ID)
		for t, a := range list {
			in[t] = in[t] && counts(a)
		}
		sets = append(sets, in)
	}
	return sets
}

// combine calls a function with the number of tenants that each sum and difference of up to three cohorts is about.
func combine(sets [][]bool, function func(tenants int64)) {
	about := func(members ...[]bool) {
		for signs := range 1 << len(members) {
			n := int64(0)
			for t := range members[0] {
				sum := 0
				for i, m := range members {
					if m[t] && signs>>i&1 == 0 {
						sum++
					} else if m[t] {
						sum--
					}
				}
				if sum != 0 {
					n++
				}
			}
			function(n)
		}
	}
	for i := range sets {
		about(sets[i])
		for j := range i {
			about(sets[i], sets[j])
			for k := range j {
				about(sets[i], sets[j], sets[k])
			}
		}
	}
}

// TestNoTenantCanBeTold builds benchmarks of random populations, and works on what they publish as somebody would who wants to know of
// single tenants: whatever cohorts are added and subtracted, a number is about at least the minimum of tenants.
func TestNoTenantCanBeTold(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(14, 1))
	cohorts, omitted, numbers := 0, 0, 0
	for range 120 {
		list, profiles := tenants(random, 16+random.IntN(90))
		d := definitions(random, list, profiles)
		made, report, text := build(t, d, list)
		cohorts, omitted = cohorts+len(made.Cohorts)-1, omitted+len(report.Omissions)
		for _, a := range list {
			if strings.Contains(strings.ToLower(text), strings.ToLower(a.Tenant.ID)) || strings.Contains(text, a.Tenant.Name) {
				t.Fatalf("the benchmark names a tenant: %s", text)
			}
		}
		safe := func(what string, has func(*Cohort) bool, counts func(*engine.Assessment) bool) {
			sets := published(d, list, made, has, counts)
			numbers += len(sets)
			combine(sets, func(n int64) {
				if n < d.Minimum && (n > 0 || len(sets) == 0) {
					t.Fatalf("%s: a combination of cohorts is about %d tenants: %s", what, n, text)
				}
			})
			for i := range sets {
				for j := range i {
					if slices.Equal(sets[i], sets[j]) {
						t.Fatalf("%s: two cohorts have the same tenants: %s", what, text)
					}
				}
			}
		}
		safe("total", func(*Cohort) bool { return true }, func(*engine.Assessment) bool { return true })
		for n, name := range []string{"apps", "device", "identity"} {
			safe(name, func(c *Cohort) bool {
				return slices.ContainsFunc(c.Categories, func(c Category) bool { return c.Category == name })
			}, func(a *engine.Assessment) bool { return a.Score.Categories[n].Total > 0 })
		}
		for n := range 6 {
			safe(fmt.Sprint("action ", n), func(c *Cohort) bool {
				return slices.ContainsFunc(c.Actions, func(a Action) bool { return a.ID == fmt.Sprint("Action", n) })
			}, func(a *engine.Assessment) bool {
				return a.Actions[n].Outcome == engine.Complete || a.Actions[n].Outcome == engine.NotMet
			})
		}
		rounded(t, made)
	}
	if cohorts < 100 || omitted < 100 || numbers < 1000 {
		t.Errorf("%d cohorts were published, %d left out, with %d numbers: the test tries too little", cohorts, omitted, numbers)
	}
}

// rounded holds a benchmark to its schema, and its numbers to their rounding.
func rounded(t *testing.T, made *Benchmark) {
	t.Helper()
	text := must.Get(json.Marshal(made))(t)
	must.Get(Read(text))(t)
	check := func(s Spread) {
		if s.N < Minimum || s.N%countStep != 0 || s.Mean%100 != 0 || slices.ContainsFunc(s.Percentiles, func(p score.Points) bool { return p%100 != 0 }) {
			t.Errorf("%+v is not rounded", s)
		}
	}
	for _, c := range made.Cohorts {
		check(c.Spread)
		for _, category := range c.Categories {
			check(category.Spread)
		}
		for _, a := range c.Actions {
			if a.N < Minimum || a.N%countStep != 0 || a.Completed%10_00 != 0 || a.Completed < 10_00 || a.Completed > 90_00 {
				t.Errorf("%+v is not rounded", a)
			}
		}
	}
}

// TestTenantsOfAGroupLookAlike swaps the numbers of two tenants that are in the same cohorts: the benchmark is the same, so that it
// can't tell which of them has which. The order of the assessments has no effect either, and older ones of a tenant have none.
func TestTenantsOfAGroupLookAlike(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(14, 2))
	for range 30 {
		list, profiles := tenants(random, 20+random.IntN(60))
		d := definitions(random, list, profiles)
		_, _, text := build(t, d, list)
		i, j := random.IntN(len(list)), random.IntN(len(list))
		for _, c := range d.Cohorts {
			if in := insiders(d, list, c.ID); in[i] != in[j] {
				j = i
			}
		}
		swapped := slices.Clone(list)
		a, b := *list[i], *list[j]
		a.Tenant, b.Tenant = b.Tenant, a.Tenant
		swapped[i], swapped[j] = &a, &b
		old := *list[0]
		old.EvaluatedAt = old.EvaluatedAt.AddDate(-1, 0, 0)
		old.Tenant.ID = strings.ToUpper(old.Tenant.ID)
		old.Score.Percent = 0
		if i != 0 && j != 0 {
			swapped = append(swapped, &old)
		}
		random.Shuffle(len(swapped), func(i, j int) { swapped[i], swapped[j] = swapped[j], swapped[i] })
		_, report, again := build(t, d, swapped)
		expect.Equal(t, text, again)
		expect.Equal(t, len(list), report.Tenants)
	}
}

// TestPercentiles moves the percentage of one tenant by 2.5: no percentile moves by more than a fifth of it, and its rounding.
func TestPercentiles(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(14, 3))
	for range 2000 {
		sorted := make([]score.Points, 10+random.IntN(60))
		for i := range sorted {
			sorted[i] = points(random.Int64N(97_50))
		}
		slices.Sort(sorted)
		before := percentiles(sorted)
		if !slices.IsSorted(before) {
			t.Fatalf("%v of %v are not sorted", before, sorted)
		}
		moved := slices.Clone(sorted)
		moved[random.IntN(len(moved))] += 2_50
		slices.Sort(moved)
		for i, after := range percentiles(moved) {
			if after-before[i] > 1_00 || after < before[i] {
				t.Fatalf("the %dth percentile of %v moves from %v to %v", 5*(i+1), sorted, before[i], after)
			}
		}
	}
	even := make([]score.Points, 100)
	for i := range even {
		even[i] = points(int64(i) * 100)
	}
	got := percentiles(even)
	expect.Equal(t, []score.Points{2_00, 47_00, 92_00}, []score.Points{got[0], got[9], got[18]})
}

func TestShare(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		part, whole int
		want        score.Points
	}{{0, 10, 10_00}, {1, 10, 10_00}, {2, 10, 20_00}, {9, 10, 90_00}, {10, 10, 90_00}, {11, 20, 60_00}, {9, 20, 50_00}, {1, 3, 30_00}} {
		expect.Equalf(t, test.want, share(test.part, test.whole), "%d of %d", test.part, test.whole)
	}
}

// TestBuild has 40 tenants in two bands and two industries. One industry is too small, and one band differs from the other by too little.
func TestBuild(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(14, 4))
	list, _ := tenants(random, 40)
	d := must.Get(ReadDefinitions("cohorts.hcl", []byte(cohortsFile(40))))(t)
	made, report, text := build(t, d, append(list, list[3]))
	var got []string
	for _, c := range made.Cohorts {
		got = append(got, fmt.Sprintf("%s %s in %q n %d merged %v", c.ID, c.Kind, c.Parent, c.N, c.Merged))
	}
	expect.Equal(t, []string{
		`all all in "" n 40 merged [retail]`,
		`small seats in "all" n 25 merged [smaller]`,
		`health industry in "all" n 15 merged []`,
	}, got)
	expect.Equal(t, []Omission{
		{"smaller", "small", "with the other cohorts, it would tell of fewer than 10 tenants"},
		{"retail", "all", "it has fewer than 10 tenants"},
	}, report.Omissions)
	expect.Equal(t, []string{"tenant-999"}, report.Strangers)
	expect.Equal(t, "sha256:"+strings.Repeat("c", 64), made.Catalog)
	var value any
	must.Do(t, json.Unmarshal([]byte(text), &value))
	if found := schemas.Validate(document, decoded(t, text)); found != nil {
		t.Error(found)
	}
	if _, _, err := NewBuilder(d).Build(); err == nil || !strings.Contains(err.Error(), "at least 10 tenants, and these are assessments of 0") {
		t.Error(err)
	}
	if err := NewBuilder(d).Add(&engine.Assessment{}); err == nil {
		t.Error("a tenant without an id is counted")
	}
}

func decoded(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	must.Do(t, decoder.Decode(&value))
	return value
}

// cohortsFile defines cohorts, and describes that many tenants: 28 of the first are small, 25 of these smaller; 8 are in retail, 16 in health.
func cohortsFile(count int) string {
	var file strings.Builder
	file.WriteString(`
title  = "Customers"
source = "assessments of October"

cohort "small" {
  title      = "Up to 100 seats"
  seats_from = 1
  seats_to   = 100
}
cohort "smaller" {
  title    = "Up to 50 seats"
  parent   = "small"
  seats_to = 50
}
cohort "retail" {
  title    = "Retail"
  industry = "retail"
}
cohort "health" {
  title    = "Health"
  industry = "health"
}
tenant "tenant-999" {
  seats = 3
}
`)
	for i := range count {
		seats, industry := 300, ""
		if i < 28 {
			seats = 80
		}
		if i < 25 {
			seats = 30
		}
		if i%5 == 0 {
			industry = "retail"
		} else if i%5 < 3 {
			industry = "health"
		}
		fmt.Fprintf(&file, "tenant \"Tenant-%03d\" {\n  seats = %d\n", i, seats)
		if industry != "" {
			fmt.Fprintf(&file, "  industry = %q\n", industry)
		}
		file.WriteString("}\n")
	}
	return file.String()
}
