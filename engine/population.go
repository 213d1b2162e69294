package engine

import (
	"context"
	"slices"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// Invariant: a field of a record that anything reads, rules or the engine itself, has a slot; nothing else of a record is taken out.

// population is one dataset with the controls that are measured over it.
type population struct {
	run      *run
	name     string
	source   *source
	reading  *reading
	tasks    []*task
	groups   []*group
	families []*family
	joins    []joinedAs // of all groups
	watched  []unmatched

	fold     *schemas.Fold // of the records: rules see them in their canonical form
	fields   []jsonscan.Field
	slots    map[string]int // by name of the field
	key      int            // slot of the record's key
	unique   []int          // slots of the unique fields
	licenses int            // slot of the licenses that are assigned to a user
	watch    *eval.Deadline
}

// group is the controls of a population that see the same input: the record with the same joins.
type group struct {
	joins   []catalog.Join
	at      []int     // where each of them is in the population's
	asks    []int     // those of them whose unmatched keys its controls are shown
	always  []concern // controls without match
	matched []*matchIndex
	slots   []int // of the fields that are matched
}

// scan streams a population once, past all controls that are measured over it; again, past new tasks, if records repeat others.
func (r *run) scan(ctx context.Context, name string, tasks []*task, watch *eval.Deadline) error {
	if r.settings.Failures != nil {
		if err := r.search(ctx, name); err != nil {
			return err
		}
	}
	began := false
	return r.read(ctx, name, func(rd *reading) error {
		if began {
			for i, t := range tasks {
				var err error
				if tasks[i], err = newTask(r, t.control, watch); err != nil {
					return err
				}
			}
		}
		began = true
		return r.pass(ctx, name, tasks, rd)
	})
}

// pass is one way through a population.
func (r *run) pass(ctx context.Context, name string, tasks []*task, rd *reading) error {
	p := &population{run: r, name: name, source: r.sources[name], reading: rd, slots: map[string]int{}}
	p.fold = p.source.spec.Fold()
	p.key = p.slot(p.source.spec.Key, nil)
	p.licenses = p.slot(licenseField, &jsonscan.FieldMask{Whole: true})
	p.fields, p.unique = rd.slots(p.fields)
	for i, name := range rd.names() {
		p.slots[name] = p.unique[i]
	}
	for _, t := range tasks {
		if err := p.enlist(ctx, t); err != nil {
			return err
		}
	}
	p.watchUnmatched()
	p.watch = eval.NewDeadline(ctx, r.engine.options.Limits)
	defer p.watch.Stop()
	start := func() records.Visitor[*part] { return newReader(p) }
	count := int64(0)
	merge := func(part *part, first, records int64) error {
		count = first + records
		r.progress(name, count)
		return p.merge(part, first)
	}
	if err := records.Scan(ctx, r.bundle.Source(name), rd.options(r.scanOptions(p.fields)), start, merge); err != nil {
		return err
	}
	p.source.records, p.source.read = count, true
	return p.judgeUnmatched(ctx)
}

// scanOptions are those of every scan of a run.
func (r *run) scanOptions(fields []jsonscan.Field) records.Options {
	return records.Options{Fields: fields, Workers: r.engine.options.Workers, BlockSize: r.engine.options.Block, Serial: sampleSize}
}

// slot returns the slot of a field of the record, of which that much is read.
func (p *population) slot(name string, paths *jsonscan.FieldMask) int {
	i, ok := p.slots[name]
	if !ok {
		i = len(p.fields)
		p.slots[name] = i
		p.fields = append(p.fields, jsonscan.Field{Name: name, Mask: &jsonscan.FieldMask{}})
	}
	p.fields[i].Mask.Add(paths)
	return i
}

// enlist puts a task into the group that sees the same input, and finds out where what its rule reads comes from.
func (p *population) enlist(ctx context.Context, t *task) error {
	g, err := p.group(ctx, t.control.Coverage.Joins)
	if err != nil {
		return err
	}
	t.index = len(p.tasks)
	p.tasks = append(p.tasks, t)
	t.joins = g.at
	for _, at := range g.at {
		if fault := p.joins[at].fault; fault != "" {
			t.fail(fault)
		}
	}
	p.trace(t, g)
	p.enlistFamily(t)
	t.fresh = p.freshness(t.control)
	t.reach = p.reach(t)
	matches := t.control.Coverage.Match
	if len(matches) == 0 {
		g.always = append(g.always, concern{task: t})
		return nil
	}
	for _, match := range matches {
		slot := p.slot(match.Field, nil)
		t.matchSlots = append(t.matchSlots, slot)
		t.matched = append(t.matched, matchKey(p.fold.Field(match.Field).Value(match.Value)))
		if !slices.Contains(g.slots, slot) {
			g.slots = append(g.slots, slot)
		}
	}
	g.enlist(t)
	return nil
}

// trace finds where each field that the task's rule reads comes from.
func (p *population) trace(t *task, g *group) {
	reads := t.rule.AccessPaths().Input
	if t.whole = reads.Whole || reads.Each != nil; t.whole {
		return
	}
	for _, name := range t.rule.Fields() {
		at := slices.IndexFunc(g.joins, func(join catalog.Join) bool { return join.Name == name })
		if at < 0 {
			t.origins = append(t.origins, origin{slot: p.slot(name, reads.Fields[name])})
			continue
		}
		j := p.joins[g.at[at]]
		t.origins = append(t.origins, origin{joined: j.joined, slot: g.at[at], columns: j.columnsOf(reads.Fields[name])})
	}
}

// origin is where a field of a rule's input comes from: a slot of the record or, if joined is not nil, a join of the population.
type origin struct {
	slot    int
	joined  *joined
	columns []int // that the rule reads
}

func (p *population) group(ctx context.Context, joins []catalog.Join) (*group, error) {
	for _, g := range p.groups {
		if slices.Equal(g.joins, joins) {
			return g, nil
		}
	}
	g := &group{joins: joins}
	for _, join := range joins {
		at := slices.IndexFunc(p.joins, func(j joinedAs) bool { return sameJoin(j.join, join) })
		if at < 0 {
			j, err := p.run.joined(ctx, join)
			if err != nil {
				return nil, err
			}
			at = len(p.joins)
			p.joins = append(p.joins, joinedAs{join, j})
		}
		g.at = append(g.at, at)
	}
	p.groups = append(p.groups, g)
	return g, nil
}

// merge adds a part, the first record of which has that index, to those before it.
func (p *population) merge(part *part, first int64) error {
	p.source.take(p.name, part.flaws, first)
	p.reading.told(part.keys)
	for i, keys := range part.met {
		p.watched[i].met.set(keys)
	}
	if err := p.tellFailures(part.failures, first); err != nil {
		return err
	}
	for i, t := range p.tasks {
		t.add(&part.tallies[i], first)
	}
	return nil
}

// progress says how far a dataset has been read.
func (r *run) progress(name string, count int64) {
	if r.settings.Progress != nil {
		r.settings.Progress(name, count)
	}
}

// reach is what is read of a record for a task: by its rule, or by the engine to know the record, its controls and its age.
func (p *population) reach(t *task) *jsonscan.FieldMask {
	paths := reach(t.rule).Input.Clone()
	coverage := t.control.Coverage
	for _, name := range append([]string{p.source.spec.Key}, p.source.spec.Unique...) {
		paths.Field(name)
	}
	for _, match := range coverage.Match {
		paths.Field(match.Field)
	}
	if coverage.Fresh != nil {
		paths.Field(coverage.Fresh.Field)
	}
	return paths
}
