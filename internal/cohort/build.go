package cohort

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// Builder gathers assessments of many tenants for a benchmark.
type Builder struct {
	definitions *Definitions
	latest      map[string]*member // by tenant
	read        int
}

// NewBuilder returns a builder without assessments.
func NewBuilder(d *Definitions) *Builder {
	return &Builder{definitions: d, latest: map[string]*member{}}
}

// Add adds an assessment. Of each tenant the latest counts.
func (b *Builder) Add(a *engine.Assessment) error {
	if strings.TrimSpace(a.Tenant.ID) == "" {
		return errors.New("the assessment names no tenant: a benchmark counts each tenant once")
	}
	if a.Score.Total == 0 {
		return errors.New("no action applies to the tenant, so it has no percentage")
	}
	b.read++
	m := newMember(a)
	if earlier, ok := b.latest[m.tenant]; !ok || earlier.before(&m) {
		b.latest[m.tenant] = &m
	}
	return nil
}

// Omission is a cohort, or a number of it, that was left out.
type Omission struct {
	Cohort string
	Into   string // the cohort that it was merged into
	Why    string
}

// Report says what a benchmark was made of, for who made it: it tells more than the benchmark.
type Report struct {
	Assessments int // that were added
	Tenants     int
	Omissions   []Omission
	Strangers   []string // tenants that the definitions name and no assessment is of, sorted
	Catalogs    int      // with which tenants were assessed
	Numbers     int      // of categories and actions, that were left out of cohorts
}

// Build makes the benchmark.
func (b *Builder) Build() (*Benchmark, *Report, error) {
	d := b.definitions
	if n := int64(len(b.latest)); n < d.Minimum {
		return nil, nil, fmt.Errorf("a benchmark is about at least %d tenants, and these are assessments of %d", d.Minimum, n)
	}
	p := newPopulation(d, slices.SortedFunc(maps.Values(b.latest), func(x, y *member) int { return cmp.Compare(x.tenant, y.tenant) }))
	report := &Report{Assessments: b.read, Tenants: len(p.members), Strangers: p.strangers(d)}
	made := &Benchmark{SchemaVersion: SchemaVersion, Title: d.Title, Source: d.Source, Minimum: d.Minimum}
	catalogs := map[string]bool{}
	for _, m := range p.members {
		catalogs[m.catalog] = true
	}
	if report.Catalogs = len(catalogs); len(catalogs) == 1 {
		made.Catalog = p.members[0].catalog
	}
	made.Cohorts = p.cohorts(d, report)
	return made, report, nil
}

// population is the tenants with the cohorts that they are in.
type population struct {
	members []*member
	in      [][]bool // by cohort, in the order of the definitions, and tenant
	minimum int64
}

func newPopulation(d *Definitions, members []*member) *population {
	p := &population{members: members, minimum: d.Minimum}
	index := map[string]int{}
	for i, c := range d.Cohorts {
		index[c.ID] = i
		in := make([]bool, len(members))
		for t, m := range members {
			in[t] = (c.Parent == "" || p.in[index[c.Parent]][t]) && c.holds(m.tenant, d.Tenants[m.tenant])
		}
		p.in = append(p.in, in)
	}
	return p
}

// strangers returns the tenants that are named and not there.
func (p *population) strangers(d *Definitions) []string {
	named := maps.Clone(d.Tenants)
	for _, c := range d.Cohorts {
		for id := range c.Tenants {
			named[id] = Profile{}
		}
	}
	for _, m := range p.members {
		delete(named, m.tenant)
	}
	return slices.Sorted(maps.Keys(named))
}

func count(in []bool) (n int64) {
	for _, member := range in {
		if member {
			n++
		}
	}
	return n
}

// verdict is why a cohort is not published; empty if it is.
type verdict string

// publishable returns for each cohort why it can't be published, given those before it; candidates are membership by cohort. All
// that are published can be, together.
func publishable(candidates [][]bool, minimum int64) []verdict {
	verdicts := make([]verdict, len(candidates))
	tells := verdict(fmt.Sprintf("with the other cohorts, it would tell of fewer than %d tenants", minimum))
	var published [][]bool
	for i, in := range candidates {
		switch least := closest(in, published); {
		case in == nil:
			verdicts[i] = "it is not published"
		case count(in) < minimum:
			verdicts[i] = verdict(fmt.Sprintf("it has fewer than %d tenants", minimum))
		case least == 0:
			verdicts[i] = "another cohort has the same tenants"
		case least < minimum:
			verdicts[i] = tells
		default:
			published = append(published, in)
		}
	}
	if !discloses(published, minimum) { // as a rule
		return verdicts
	}
	published = nil
	for i, in := range candidates {
		if verdicts[i] != "" {
			continue
		}
		if discloses(append(slices.Clip(published), in), minimum) {
			verdicts[i] = tells
			continue
		}
		published = append(published, in)
	}
	return verdicts
}

// closest returns in how many tenants a cohort differs from the one that is most like it.
func closest(in []bool, others [][]bool) int64 {
	least := int64(math.MaxInt64)
	for _, other := range others {
		n := int64(0)
		for t := range in {
			if in[t] != other[t] {
				n++
			}
		}
		least = min(least, n)
	}
	return least
}

// cohorts returns the cohorts that can be published.
func (p *population) cohorts(d *Definitions, report *Report) []Cohort {
	verdicts := publishable(p.in, p.minimum)
	merged := map[string][]string{}
	open := make([][]bool, len(p.in)) // nil for those that are not published
	into := map[string]string{}       // the cohort that stands for one
	for i, c := range d.Cohorts {
		if verdicts[i] == "" {
			open[i], into[c.ID] = p.in[i], c.ID
			continue
		}
		into[c.ID] = into[c.Parent]
		merged[into[c.ID]] = append(merged[into[c.ID]], c.ID)
		report.Omissions = append(report.Omissions, Omission{c.ID, into[c.ID], string(verdicts[i])})
	}
	categories, actions := p.categories(open, report), p.actions(open, report)
	var list []Cohort
	for i, c := range d.Cohorts {
		if open[i] == nil {
			continue
		}
		cohort := Cohort{ID: c.ID, Kind: c.kind(), Title: c.Title, Parent: into[c.Parent], Merged: merged[c.ID]}
		if cohort.Kind == BySeats {
			cohort.Seats = c.Seats
		}
		if cohort.Kind == Industry {
			cohort.Industry = c.Industry
		}
		var percents []score.Points
		for t, m := range p.members {
			if open[i][t] {
				percents = append(percents, m.percent)
				if on := day(m.evaluatedAt); on.After(cohort.Date.Time) {
					cohort.Date = on
				}
			}
		}
		cohort.Spread = spread(percents)
		cohort.Categories, cohort.Actions = categories[i], actions[i]
		list = append(list, cohort)
	}
	return list
}

// among calls a function for each cohort in which a number of some of its tenants can be published; has says which tenants have it.
// The tenants are those of the cohort that have it.
func (p *population) among(open [][]bool, has func(*member) bool, report *Report, function func(cohort int, tenants []*member)) {
	with := make([]bool, len(p.members))
	for t, m := range p.members {
		with[t] = has(m)
	}
	candidates := make([][]bool, len(open))
	for i, in := range open {
		if in == nil {
			continue
		}
		candidates[i] = make([]bool, len(in))
		for t := range in {
			candidates[i][t] = in[t] && with[t]
		}
	}
	for i, why := range publishable(candidates, p.minimum) {
		switch {
		case open[i] == nil || count(candidates[i]) == 0:
		case why != "":
			report.Numbers++
		default:
			var tenants []*member
			for t, m := range p.members {
				if candidates[i][t] {
					tenants = append(tenants, m)
				}
			}
			function(i, tenants)
		}
	}
}

// categories returns the spreads of each category by cohort.
func (p *population) categories(open [][]bool, report *Report) [][]Category {
	names := map[string]bool{}
	for _, m := range p.members {
		for name := range m.categories {
			names[name] = true
		}
	}
	list := make([][]Category, len(open))
	for _, name := range slices.Sorted(maps.Keys(names)) {
		has := func(m *member) bool { _, ok := m.categories[name]; return ok }
		p.among(open, has, report, func(cohort int, tenants []*member) {
			var percents []score.Points
			for _, m := range tenants {
				percents = append(percents, m.categories[name])
			}
			list[cohort] = append(list[cohort], Category{name, spread(percents)})
		})
	}
	return list
}

// actions returns the shares of each action by cohort.
func (p *population) actions(open [][]bool, report *Report) [][]Action {
	ids := map[string]bool{}
	for _, m := range p.members {
		for id := range m.completed {
			ids[id] = true
		}
	}
	list := make([][]Action, len(open))
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		has := func(m *member) bool { _, ok := m.completed[id]; return ok }
		p.among(open, has, report, func(cohort int, tenants []*member) {
			done := 0
			for _, m := range tenants {
				if m.completed[id] {
					done++
				}
			}
			list[cohort] = append(list[cohort], Action{id, roundedCount(len(tenants)), share(done, len(tenants))})
		})
	}
	return list
}
