package engine

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/rego/term"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// Invariant: what a reader makes of a part follows from the records of the part alone. What it keeps from one part to the next
// (numbers, terms, verdicts) only saves work.

// reader takes the records of parts of a population past the controls. It is for one goroutine.
type reader struct {
	population *population
	checker    checker
	keyer      keyer
	part       *part
	decoder    *term.Decoder

	record *records.View
	index  int64 // in the part
	stamp  uint64
	key    []byte
	keyed  bool
	whole  stamped[*ast.Term]

	slots      []slot
	moments    []moment // by slot
	joins      []joinState
	judges     []*eval.Evaluator
	byFields   []memo[*verdict]       // for each task
	byFindings []memo[*verdict]       // for each task
	findings   []findings             // for each family
	holds      []map[uint32][]bool    // for each task, by the number of the licenses: which lists of plans they hold
	concerns   []map[string][]concern // for each group, by what is matched
	inputs     []taskInput            // for each task
	memoBytes  []byte
	matchText  []byte
	buffer     []byte // for texts with escapes
	folded     []byte // for keys in their canonical form
}

// slot is what a reader knows of one field.
type slot struct {
	values values // as they are written
	fold   *schemas.Fold
	terms  []*ast.Term // by number, from others on; nil if not needed so far
	number stamped[uint32]
	term   stamped[*ast.Term]
}

// stamped is something that holds for one record.
type stamped[T any] struct {
	stamp uint64
	value T
}

func newReader(p *population) *reader {
	r := &reader{
		population: p, checker: checker{spec: p.source.spec, mode: p.run.settings.Validate}, keyer: p.reading.keyer(p.unique), decoder: term.NewDecoder(),
		slots: make([]slot, len(p.fields)), moments: make([]moment, len(p.fields)), judges: make([]*eval.Evaluator, len(p.tasks)),
		byFields: make([]memo[*verdict], len(p.tasks)), byFindings: make([]memo[*verdict], len(p.tasks)), findings: make([]findings, len(p.families)),
		holds: make([]map[uint32][]bool, len(p.tasks)), concerns: make([]map[string][]concern, len(p.groups)),
		inputs: make([]taskInput, len(p.tasks)),
	}
	for i := range r.slots {
		r.slots[i] = slot{values: newValues(), fold: p.fold.Field(p.fields[i].Name)}
	}
	for i, t := range p.tasks {
		if t.remembers() {
			r.byFields[i], r.byFindings[i] = memoByFields[*verdict](t), memoByFindings(t)
		}
		r.holds[i] = map[uint32][]bool{}
		r.inputs[i] = taskInput{reader: r, task: t}
	}
	for i := range r.concerns {
		r.concerns[i] = map[string][]concern{}
	}
	for i, f := range p.families {
		r.findings[i] = newFindings(f)
	}
	for _, j := range p.joins {
		r.joins = append(r.joins, newJoinState(j.joined))
	}
	return r
}

// Begin is part of [records.Visitor].
func (r *reader) Begin(first int64) {
	r.checker.begin(first)
	r.keyer.begin(first)
	r.part = newPart(r.population, r.part)
	r.index = -1
}

// End is part of [records.Visitor].
func (r *reader) End() *part {
	r.part.flaws, r.part.keys = r.checker.flaws, r.keyer.met
	return r.part
}

// Record shows one record to the controls that it concerns.
func (r *reader) Record(record *records.View) error {
	r.record, r.stamp, r.index = record, r.stamp+1, r.index+1
	places := r.checker.check(record.JSON())
	r.key, r.keyed = unquoted(record.Slot(r.population.key), &r.buffer)
	r.note()
	if r.keyer.next(record); r.keyer.later() {
		return nil
	}
	if versions := r.keyer.versions(); versions > 1 {
		return r.contradicted(contradicted(versions))
	}
	for i, g := range r.population.groups {
		concerns := r.concerned(i, g)
		if len(concerns) == 0 {
			continue
		}
		doubted := !r.keyed || !r.trusts(g)
		for _, c := range concerns {
			var doubt *verdict
			if doubted || c.doubt != "" || anyTouched(c.task.reach, places) {
				doubt = doubtful
			}
			if err := r.judge(c.task, doubt); err != nil {
				return err
			}
		}
	}
	return nil
}

// contradicted counts a key of which there are different records. Its unique fields alone tell which controls it concerns.
func (r *reader) contradicted(v *verdict) error {
	for _, g := range r.population.groups {
		concerns := g.concerned(func(slot int) string {
			if !slices.Contains(r.population.unique, slot) {
				return ""
			}
			return scalarKey(r.record.Slot(slot), r.slots[slot].fold)
		})
		for _, c := range concerns {
			if err := r.judge(c.task, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxConcerns bounds how many combinations of matched values a reader remembers the controls of.
const maxConcerns = 4096

// concerned returns the controls of a group that the record is about.
func (r *reader) concerned(i int, g *group) []concern {
	if len(g.matched) == 0 {
		return g.always
	}
	key := r.matchText[:0]
	for _, slot := range g.slots {
		// No JSON has a NUL in it.
		key = append(append(key, r.record.Slot(slot)...), 0)
	}
	r.matchText = key
	if known, ok := r.concerns[i][string(key)]; ok {
		return known
	}
	found := g.concerned(func(slot int) string { return scalarKey(r.record.Slot(slot), r.slots[slot].fold) })
	if len(r.concerns[i]) < maxConcerns {
		r.concerns[i][string(key)] = found
	}
	return found
}

// scalarKey is matchKey of JSON.
func scalarKey(json []byte, fold *schemas.Fold) string {
	if json == nil {
		return ""
	}
	decoded, err := records.Decode(json, records.Limits{})
	if err != nil {
		return ""
	}
	return matchKey(fold.Value(decoded))
}

// judge counts the record for one control; doubt is the verdict on one that can't be trusted. Only the end of the context is an error; all
// else is the control's own fault.
func (r *reader) judge(t *task, doubt *verdict) error {
	c := &r.part.tallies[t.index]
	c.records++
	if c.fault != nil || t.faulted.Load() {
		return nil
	}
	exclusion, excluded := r.exclusion(t)
	if doubt != nil {
		if excluded {
			c.leaveOut(t, exclusion)
			return nil
		}
		// A record of the wrong shape may look out of scope, or compliant, by accident: it counts against the control.
		c.inScope++
		r.failing(t, c, doubt)
		return nil
	}
	if t.fresh != nil && r.stale(t.fresh) {
		c.stale++
		return nil
	}
	v, err := r.verdict(t)
	if err != nil {
		return err
	}
	switch {
	case v.failure != "":
		c.fault = &recordFault{r.name(), v.failure}
	case !v.open:
	case excluded:
		c.leaveOut(t, exclusion)
	case r.contradicts(t, v):
		c.fault = &recordFault{r.name(), contradiction(*t.everyone)}
	default:
		c.inScope++
		r.countLicenses(t, c)
		switch {
		case !v.compliant:
			r.failing(t, c, v)
		case t.fresh != nil && r.unclear(t.fresh):
			r.failing(t, c, undated)
		default:
			c.compliant++
		}
	}
	return nil
}

// exclusion is the decision that takes the record at hand out of scope, in whatever case its key is written, if there is one.
func (r *reader) exclusion(t *task) (x Exclusion, excluded bool) {
	if len(t.exclude) > 0 && r.keyed {
		x, excluded = t.exclude[string(r.slots[r.population.key].fold.Text(r.key, &r.folded))]
	}
	return x, excluded
}

// verdict is what a control says of a record.
type verdict struct {
	open      bool
	compliant bool
	reasons   []string
	failure   string
}

// The verdicts that most records get, and the one on a record that nobody can trust. They are shared, and never changed.
var (
	outOfScope = &verdict{}
	complies   = &verdict{open: true, compliant: true}
	fails      = &verdict{open: true}
	doubtful   = &verdict{open: true, reasons: []string{"the record is not what its schema says, or can't be joined"}}
)

// verdict returns what the control says of the record, remembered or new.
func (r *reader) verdict(t *task) (*verdict, error) {
	m, key := r.memoOf(t)
	if m != nil {
		if v, known := m.recall(key); known {
			return v, nil
		}
	}
	v, err := r.ask(t)
	if err == nil && m != nil && v.failure == "" {
		m.remember(key, v)
	}
	return v, err
}

// ask asks the control's rule.
func (r *reader) ask(t *task) (*verdict, error) {
	j := r.judges[t.index]
	if j == nil {
		j = t.rule.NewEvaluator(t.world, r.population.watch, &t.account)
		r.judges[t.index] = j
	}
	answer, err := r.timed(t, j)
	var failure *eval.Error
	switch {
	case errors.As(err, &failure):
		return &verdict{failure: failure.Message}, nil
	case err != nil:
		return nil, err
	}
	if spent := t.account.Spent(); spent > t.options.Control {
		return &verdict{failure: fmt.Sprintf("the rule used more than %s for the whole population", t.options.Control)}, nil
	}
	if !answer.Guard {
		return outOfScope, nil
	}
	compliant, ok := answer.Decision.(ast.Boolean)
	if !ok {
		return &verdict{failure: fmt.Sprintf("compliant has to be true or false; it is %s", ast.ValueName(answer.Decision))}, nil
	}
	switch {
	case bool(compliant):
		return complies, nil
	case len(answer.Reasons) == 0:
		return fails, nil
	}
	return &verdict{open: true, reasons: answer.Reasons}, nil
}

// timed asks a judge, and notes for the task's family what that took, as long as that decides something.
func (r *reader) timed(t *task, j *eval.Evaluator) (eval.Result, error) {
	if t.family == nil || r.findings[t.family.index].off {
		return j.Eval(&r.inputs[t.index])
	}
	began := time.Now()
	answer, err := j.Eval(&r.inputs[t.index])
	r.findings[t.family.index].asking.add(time.Since(began))
	return answer, err
}

// failing counts a record that fails, with its reasons.
func (r *reader) failing(t *task, c *tally, v *verdict) {
	for _, reason := range v.reasons {
		c.reasons.count(reason, 1)
	}
	if len(c.shown) < t.options.Failing && !t.full.Load() {
		c.shown = append(c.shown, r.name())
	}
	if t.run.settings.Failures != nil {
		r.part.failures = append(r.part.failures, failure{t, r.name(), v.reasons})
	}
}

// name is that of the record at hand.
func (r *reader) name() recordName {
	if r.keyed {
		return recordName{key: string(r.key), index: -1}
	}
	return recordName{index: r.index}
}

// countLicenses counts the record for the lists of plans of which it has one.
func (r *reader) countLicenses(t *task, c *tally) {
	if len(t.needs) == 0 {
		return
	}
	if c.assigned == nil {
		c.assigned = make([]int64, len(t.needs))
	}
	number := r.number(r.population.licenses)
	holds, known := r.holds[t.index][number]
	if !known {
		var licenses any
		if json := r.record.Slot(r.population.licenses); json != nil {
			decoded, _ := records.Decode(json, records.Limits{}) // what can't be read assigns nothing
			licenses = r.slots[r.population.licenses].fold.Value(decoded)
		}
		for i := range t.needs {
			holds = append(holds, t.needs[i].assigned(licenses))
		}
		if number != noNumber {
			r.holds[t.index][number] = holds
		}
	}
	for i, held := range holds {
		if held {
			c.assigned[i]++
		}
	}
}
