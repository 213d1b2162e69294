package scan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/scan/join"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/schemas"
)

// Invariant: a field of a record that anything reads, a rule or the engine itself, has a column; nothing
// else of a record is extracted.

// planner plans the scans of an assessment.
type planner struct {
	evidence *load.Evidence
	options  *Options
	indexes  *indexes
}

// scanPlan is one dataset with the controls that are measured over it, in one pass.
type scanPlan struct {
	*planner
	dataset    *load.Dataset
	pass       *load.Pass
	evaluator  newEvaluator
	controls   []*controlScan
	joinGroups []*joinGroup
	ruleGroups []*ruleGroup
	views      []*view
	joins      []namedJoin // of all groups
	watched    []watchedJoin
	domains    map[domainKey]*domain

	fold     *schemas.Fold // of the records: rules see them in canonical form
	fields   []jsonscan.Field
	columnOf map[string]int // by name of the field
	key      int            // column of the record's key
	unique   []int          // columns of the unique fields
	merged   sync.Pool      // parts to use again
	marked   *keyMarks      // nil unless keys are marked
	licenses int            // column of the licenses that are assigned to a user
}

// namedJoin is a join with its index.
type namedJoin struct {
	catalog.Join
	index *index
}

// joinGroup is the controls of a plan that see the same joins.
type joinGroup struct {
	matcher
	joins     []catalog.Join
	at        []int // where each of them is in the plan
	unmatched []int // those of them whose unmatched keys are evaluated
}

// watchedJoin is a join whose unmatched keys are evaluated: those that no record of the population has.
type watchedJoin struct {
	at      int      // among the joins of the plan
	met     keySet   // keys that records have
	failing *verdict // on each key that none has
}

// keySet is a set of keys of an index.
type keySet []uint64

func (s keySet) add(keys []join.Key) {
	for _, k := range keys {
		s[(k-1)/64] |= 1 << ((k - 1) % 64)
	}
}

func (s keySet) has(k join.Key) bool { return s[(k-1)/64]>>((k-1)%64)&1 == 1 }

// newEvaluator returns an evaluator of a rule for a worker.
type newEvaluator func(rule *eval.Rule, env *eval.Env) *eval.Evaluator

// plan plans a pass over a population by controls. No rule is evaluated if evaluator is nil.
func (pl *planner) plan(
	ctx context.Context, d *load.Dataset, pass *load.Pass, controls []*catalog.Control, evaluator newEvaluator,
) (*scanPlan, error) {
	p := &scanPlan{planner: pl, dataset: d, pass: pass, evaluator: evaluator, fold: d.Spec.Fold(), columnOf: map[string]int{}, domains: map[domainKey]*domain{}}
	p.key = p.column(d.Spec.Key, nil)
	p.licenses = p.column(load.LicenseField, &jsonscan.FieldMask{Whole: true})
	p.fields, p.unique = pass.Columns(p.fields)
	for i, name := range pass.UniqueFields() {
		p.columnOf[name] = p.unique[i]
	}
	for _, control := range controls {
		c := newControlScan(p.evidence, control, p.options)
		if evaluator != nil {
			if err := c.decideEveryone(ctx, p.evidence); err != nil {
				return nil, err
			}
		}
		if err := p.addControl(ctx, c); err != nil {
			return nil, err
		}
	}
	p.watchUnmatched()
	if pl.options.Marked != nil {
		p.marked = &keyMarks{controls: make([]controlMarks, len(p.controls))}
	}
	return p, nil
}

// column returns the column of a record field, adding it and widening what is read of it by the mask.
func (p *scanPlan) column(name string, mask *jsonscan.FieldMask) int {
	i, ok := p.columnOf[name]
	if !ok {
		i = len(p.fields)
		p.columnOf[name] = i
		p.fields = append(p.fields, jsonscan.Field{Name: name, Mask: &jsonscan.FieldMask{}})
	}
	p.fields[i].Mask.Add(mask)
	return i
}

// addControl adds a control to the groups that it belongs to, and resolves what its rule reads.
func (p *scanPlan) addControl(ctx context.Context, c *controlScan) error {
	coverage := c.control.Coverage
	g, err := p.joinGroup(ctx, coverage.Joins)
	if err != nil {
		return err
	}
	c.index, c.joins = len(p.controls), g.at
	p.controls = append(p.controls, c)
	for _, at := range g.at {
		if err := p.joins[at].index.err; err != "" {
			c.fail(err)
		}
	}
	p.resolve(c, g)
	p.addToRuleGroup(c)
	if coverage.Fresh != nil {
		age := time.Duration(c.control.FreshDays() * float64(24*time.Hour))
		c.fresh = &freshness{column: p.column(coverage.Fresh.Field, nil), since: p.evidence.Now.Add(-age)}
	}
	c.mask = p.evidence.Rules.RecordMask(c.control)
	for _, match := range coverage.Match {
		value := matchKey(p.fold.Field(match.Field).Value(match.Value))
		c.match = append(c.match, matchTerm{p.column(match.Field, nil), value})
	}
	g.add(c)
	return nil
}

// joinGroup returns the group of controls with these joins.
func (p *scanPlan) joinGroup(ctx context.Context, joins []catalog.Join) (*joinGroup, error) {
	for _, g := range p.joinGroups {
		if slices.Equal(g.joins, joins) {
			return g, nil
		}
	}
	g := &joinGroup{joins: joins}
	for _, j := range joins {
		at := slices.IndexFunc(p.joins, func(other namedJoin) bool {
			other.IgnoreUnmatched = j.IgnoreUnmatched
			return other.Join == j
		})
		if at < 0 {
			built, err := p.indexes.get(ctx, j)
			if err != nil {
				return nil, err
			}
			at = len(p.joins)
			p.joins = append(p.joins, namedJoin{j, built})
		}
		g.at = append(g.at, at)
	}
	p.joinGroups = append(p.joinGroups, g)
	return g, nil
}

// resolve finds where each field that the control's rule reads comes from.
func (p *scanPlan) resolve(c *controlScan, g *joinGroup) {
	reads := c.rule.AccessPaths().Input
	if c.whole = reads.Whole || reads.Each != nil; c.whole {
		return
	}
	for _, name := range c.rule.Fields() {
		at := slices.IndexFunc(g.joins, func(j catalog.Join) bool { return j.Name == name })
		if at < 0 {
			d := p.compare(c, domainKey{ofRecord, name}, name, "")
			c.fields = append(c.fields, columnRef{column: p.column(name, reads.Fields[name]), domain: d})
			continue
		}
		x := p.joins[g.at[at]].index
		ref := columnRef{column: g.at[at], index: x, columns: x.columnsOf(reads.Fields[name])}
		p.compareJoined(c, &ref, name)
		c.fields = append(c.fields, ref)
	}
	c.view = p.viewOf(c)
}

// compare returns the domain of a column, with what the control's rule compares it with; nil if the
// rule does anything else with it.
func (p *scanPlan) compare(c *controlScan, key domainKey, field, element string) *domain {
	if !c.memoizes() {
		return nil
	}
	asked := c.rule.Domain()
	i := slices.IndexFunc(asked.Fields, func(f dataflow.Comparison) bool { return f.Field == field && f.Element == element })
	if i < 0 {
		return nil
	}
	d := p.domains[key]
	if d == nil {
		d = newDomain()
		p.domains[key] = d
	}
	if !d.compare(&asked.Fields[i], asked.Constants, c.environment) {
		return nil
	}
	c.spread = max(c.spread, d.spread())
	return d
}

// compareJoined finds the domains of a join.
func (p *scanPlan) compareJoined(c *controlScan, ref *columnRef, name string) {
	if ref.index.whole {
		return
	}
	domains, some := make([]*domain, len(ref.columns)), false
	for i, column := range ref.columns {
		element := ref.index.fields[column].Name
		domains[i] = p.compare(c, domainKey{ref.column, element}, name, element)
		some = some || domains[i] != nil
	}
	if some {
		ref.domains, ref.set = domains, slices.Contains(c.rule.Domain().Sets, name)
	}
}

// viewOf returns the view of a control's rule: rules of the same fields share one, so that it is made once for a record.
func (p *scanPlan) viewOf(c *controlScan) *view {
	names := c.rule.Fields()
	for _, other := range p.views {
		if slices.EqualFunc(other.names, names, isName) && slices.EqualFunc(other.fields, c.fields, columnRef.same) {
			return other
		}
	}
	v := &view{index: len(p.views), fields: c.fields}
	for _, name := range names {
		v.names = append(v.names, ast.StringTerm(name))
	}
	p.views = append(p.views, v)
	return v
}

func isName(t *ast.Term, name string) bool {
	text, ok := t.Value.(ast.String)
	return ok && string(text) == name
}

// same reports whether a reference is to the same column, or to the same join: rules see all of what is joined that any of them reads.
func (r columnRef) same(other columnRef) bool {
	return r.column == other.column && r.index == other.index
}

// addToRuleGroup adds a control to the group of its rule, if the rule has a frontier.
func (p *scanPlan) addToRuleGroup(c *controlScan) {
	if !c.memoizes() {
		return
	}
	rules, residual := c.rule.Frontier()
	if rules == 0 {
		return
	}
	i := slices.IndexFunc(p.ruleGroups, func(g *ruleGroup) bool {
		one := g.controls[0]
		return one.rule == c.rule && slices.Equal(one.control.Coverage.Joins, c.control.Coverage.Joins) &&
			one.environment.SharesEvidence(c.environment)
	})
	if i < 0 {
		i = len(p.ruleGroups)
		p.ruleGroups = append(p.ruleGroups, &ruleGroup{index: i, residual: residual})
	}
	c.group = p.ruleGroups[i]
	c.group.controls = append(c.group.controls, c)
}

// watchUnmatched notes the joins whose unmatched keys are evaluated. Each group evaluates a key in the
// order of its own joins, whatever other groups there are.
func (p *scanPlan) watchUnmatched() {
	watched := map[int]bool{}
	for _, g := range p.joinGroups {
		for i, j := range g.joins {
			if !j.IgnoreUnmatched {
				g.unmatched = append(g.unmatched, g.at[i])
				watched[g.at[i]] = true
			}
		}
		slices.SortFunc(g.unmatched, p.compareJoins)
	}
	for at := range watched {
		j := p.joins[at]
		reason := fmt.Sprintf("%s has no record of it; %s does", p.dataset.Name, j.Dataset)
		p.watched = append(p.watched, watchedJoin{
			at: at, met: make(keySet, (j.index.Keys()+63)/64), failing: &verdict{inScope: true, reasons: []string{reason}},
		})
	}
	slices.SortFunc(p.watched, func(a, b watchedJoin) int { return p.compareJoins(a.at, b.at) })
}

// compareJoins orders joins by what they join, not by the controls that do.
func (p *scanPlan) compareJoins(a, b int) int {
	x, y := p.joins[a], p.joins[b]
	return cmp.Or(cmp.Compare(x.Dataset, y.Dataset), cmp.Compare(x.On, y.On), cmp.Compare(x.Name, y.Name), cmp.Compare(a, b))
}
