package cohort

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// member is what a benchmark takes of one tenant's assessment.
type member struct {
	tenant      string // in lower case
	evaluatedAt time.Time
	digests     string // of evidence and catalog, to choose among assessments of one moment
	catalog     string
	percent     score.Points
	categories  map[string]score.Points // percent; of those that have any points
	completed   map[string]bool         // by action; of those that count and were assessed
}

func newMember(a *engine.Assessment) member {
	m := member{
		tenant: strings.ToLower(a.Tenant.ID), evaluatedAt: a.EvaluatedAt, digests: a.Evidence.Digest + a.Catalog.Digest, catalog: a.Catalog.Digest,
		percent: a.Score.Percent, categories: map[string]score.Points{}, completed: map[string]bool{},
	}
	for _, c := range a.Score.Categories {
		if c.Total > 0 {
			m.categories[c.Category] = score.Percent(c.Achieved, c.Total)
		}
	}
	for i := range a.Actions {
		if done, known := completed(&a.Actions[i]); known {
			m.completed[a.Actions[i].ID] = done
		}
	}
	return m
}

// completed reports whether an action is done, by the evidence or by a decision; it is not known if the action does not count or was
// not assessed.
func completed(a *engine.Action) (done, known bool) {
	done = a.Settled()
	return done, a.Counts() && (done || a.Outcome.Assessed())
}

// before orders assessments of one tenant: the last one counts.
func (m *member) before(other *member) bool {
	return cmp.Or(m.evaluatedAt.Compare(other.evaluatedAt), cmp.Compare(m.digests, other.digests)) < 0
}

// mean returns the mean of some percentages, rounded half up to whole percents.
func mean(sorted []score.Points) score.Points {
	var sum int64
	for _, p := range sorted {
		sum += int64(p)
	}
	n := int64(len(sorted))
	return score.Points((2*sum+100*n)/(200*n)) * 100
}

// blockSize is how many tenants each percentile is a mean of, at least.
const blockSize = 5

// percentiles returns the 5th, the 10th, ... the 95th percentile. Each is the mean of at least [blockSize] tenants whose percentages
// are next to each other (microaggregation), rounded to whole percents. There are at least that many.
func percentiles(sorted []score.Points) []score.Points {
	n, block := len(sorted), 0
	blocks := n / blockSize
	list := make([]score.Points, percentileCount)
	for i := range list {
		rank := ((i+1)*percentileStep*n + 99) / 100 // the nearest rank, from 1
		for (block+1)*n/blocks < rank {
			block++
		}
		list[i] = mean(sorted[block*n/blocks : (block+1)*n/blocks])
	}
	return list
}

// spread returns how some percentages are spread.
func spread(percents []score.Points) Spread {
	sorted := slices.Sorted(slices.Values(percents))
	return Spread{N: roundedCount(len(sorted)), Mean: mean(sorted), Percentiles: percentiles(sorted)}
}

// countStep is what counts of tenants are rounded down to: who sees one tenant come can't tell from the count.
const countStep = 5

func roundedCount(n int) int64 { return int64(n - n%countStep) }

// share returns which part of some tenants it is, in percent, rounded to tens. All of them can't be told from nearly all, nor
// none from hardly any.
func share(part, whole int) score.Points {
	tens := (2*10*part + whole) / (2 * whole)
	return score.Points(min(max(tens, 1), 9)) * 10_00
}
