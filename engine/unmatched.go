package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/scan/join"
	"github.com/posture-score/posture/internal/records"
)

// Invariant: which joined keys the population lacks follows from all of its records, whoever read them: a part notes what its records
// are joined to, and counts once it is merged.

// marks are keys of an index that records of the population have.
type marks []uint64

func newMarks(keys int) marks { return make(marks, (keys+63)/64) }

func (m marks) set(keys []join.Key) {
	for _, k := range keys {
		m[(k-1)/64] |= 1 << ((k - 1) % 64)
	}
}

func (m marks) has(k join.Key) bool { return m[(k-1)/64]>>((k-1)%64)&1 == 1 }

// unmatched is a join of which the records without a partner in the population are shown to rules.
type unmatched struct {
	at    int // among the joins of the population
	met   marks
	lacks *verdict // on each of its keys that the population lacks
}

// watchUnmatched notes the joins of the groups that do not ignore what is unmatched. Each group meets its keys in the order of its own
// joins, whatever other groups there are.
func (p *population) watchUnmatched() {
	watched := map[int]bool{}
	for _, g := range p.groups {
		for i, j := range g.joins {
			if !j.IgnoreUnmatched {
				g.asks = append(g.asks, g.at[i])
				watched[g.at[i]] = true
			}
		}
		slices.SortFunc(g.asks, p.compareJoins)
	}
	for at := range watched {
		j := p.joins[at]
		lacks := fmt.Sprintf("%s has no record of it; %s does", p.name, j.join.Dataset)
		p.watched = append(p.watched, unmatched{at: at, met: newMarks(j.index.Keys()), lacks: &verdict{open: true, reasons: []string{lacks}}})
	}
	slices.SortFunc(p.watched, func(a, b unmatched) int { return p.compareJoins(a.at, b.at) })
}

// compareJoins orders joins by what they join, not by the controls that do.
func (p *population) compareJoins(a, b int) int {
	x, y := p.joins[a].join, p.joins[b].join
	return cmp.Or(cmp.Compare(x.Dataset, y.Dataset), cmp.Compare(x.On, y.On), cmp.Compare(x.Name, y.Name), cmp.Compare(a, b))
}

// sameJoin says whether two joins put the same in the same place.
func sameJoin(a, b catalog.Join) bool {
	a.IgnoreUnmatched = b.IgnoreUnmatched
	return a == b
}

// note notes which keys of the joins that are watched the record at hand has.
func (r *reader) note() {
	for i := range r.population.watched {
		if found := r.look(r.population.watched[i].at).found; found != 0 {
			r.part.met[i] = append(r.part.met[i], found)
		}
	}
}

// unmatchedBlock is how many unmatched keys make a part.
const unmatchedBlock = 1 << 12

// judgeUnmatched shows the keys that only joined datasets have to the controls that ask for them, once all records are merged.
func (p *population) judgeUnmatched(ctx context.Context) error {
	var r *reader
	loose, inPart := records.NewViewer(p.fields), 0
	flush := func() error {
		if inPart == 0 {
			return ctx.Err()
		}
		inPart = 0
		return cmp.Or(p.merge(r.End(), 0), ctx.Err())
	}
	for i := range p.watched {
		w := &p.watched[i]
		for k := join.Key(1); int(k) <= p.joins[w.at].index.Keys(); k++ {
			if w.met.has(k) {
				continue
			}
			if r == nil {
				r = newReader(p)
			}
			if inPart == 0 {
				r.Begin(-1)
			}
			if err := r.unmatched(loose, w, k); err != nil {
				return err
			}
			if inPart++; inPart == unmatchedBlock {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	return flush()
}

// unmatched shows one key to the controls, as a record that has nothing else.
func (r *reader) unmatched(loose *records.Viewer, w *unmatched, k join.Key) error {
	p := r.population
	r.key, r.keyed = p.joins[w.at].index.AppendKey(r.key[:0:0], k), true
	json, err := keyRecord(p.source.spec.Key, r.key)
	if err != nil {
		return err
	}
	if r.record, err = loose.View(json); err != nil {
		return err
	}
	r.stamp++
	for i, g := range p.groups {
		if r.firstAsk(g) != w.at {
			continue
		}
		for _, c := range r.concerned(i, g) {
			if c.doubt != "" {
				continue // it lacks what is matched
			}
			if err := r.judgeUnmatched(c.task, !r.trusts(g), w.lacks); err != nil {
				return err
			}
		}
	}
	return nil
}

// firstAsk is the first of the joins of a group that show the key at hand; -1 if none does.
func (r *reader) firstAsk(g *group) int {
	for _, at := range g.asks {
		if r.look(at).found != 0 {
			return at
		}
	}
	return -1
}

// keyRecord is a record that has a key alone.
func keyRecord(field string, key []byte) ([]byte, error) {
	json, err := jsontext.AppendQuote([]byte("{"), field)
	if err == nil {
		json, err = jsontext.AppendQuote(append(json, ':'), key)
	}
	return append(json, '}'), err
}

// judgeUnmatched counts the key at hand for one control, if its rule says that it counts. It never complies; where everyone does, whoever it
// is, it is not counted, so that evidence never earns more without the population.
func (r *reader) judgeUnmatched(t *task, doubted bool, lacks *verdict) error {
	c := &r.part.tallies[t.index]
	if c.fault != nil || t.faulted.Load() || t.everyone != nil && *t.everyone {
		return nil
	}
	if !doubted {
		v, err := r.verdict(t)
		switch {
		case err != nil:
			return err
		case v.failure != "":
			c.fault = &recordFault{r.name(), v.failure}
			return nil
		case !v.open:
			return nil
		}
	}
	c.records++
	if x, excluded := r.exclusion(t); excluded {
		c.leaveOut(t, x)
		return nil
	}
	c.inScope++
	r.failing(t, c, lacks)
	return nil
}
