package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/policies"
)

// population is one dataset with the controls that are measured over it.
type population struct {
	run    *run
	name   string
	source *source
	groups []*group
}

// group is the controls of a population that see the same input: the record with the same joins.
type group struct {
	joins   []policies.Join
	indexes []*index
	always  []concern // controls without match
	matched []*matchIndex
}

// matchIndex finds the controls whose first match is on the field, by the value that they match.
type matchIndex struct {
	field   string
	tasks   []*task
	byValue map[string][]*task
}

// concern is a control that a record is about, and why it may not be, or "".
type concern struct {
	task  *task
	doubt string
}

// scan streams a population once, past all controls that are measured over it.
func (r *run) scan(ctx context.Context, name string, tasks []*task) error {
	p := &population{run: r, name: name, source: r.sources[name]}
	for _, t := range tasks {
		if err := p.enlist(ctx, t); err != nil {
			return err
		}
	}
	count := int64(0)
	for record, err := range r.bundle.Records(ctx, name) {
		if err != nil {
			return err
		}
		decoded, fault, err := r.decode(name, p.source, record)
		if err != nil {
			return err
		}
		count++
		r.progress(name, count)
		if err := p.meet(ctx, record.Index, decoded, fault); err != nil {
			return err
		}
	}
	p.source.records, p.source.read = count, true
	return nil
}

// enlist puts a task into the group that sees the same input, and makes the indexes that the group needs.
func (p *population) enlist(ctx context.Context, t *task) error {
	g := p.group(t.control.Coverage.Joins)
	if g.indexes == nil {
		for _, join := range g.joins {
			built, err := p.run.index(ctx, join)
			if err != nil {
				return err
			}
			g.indexes = append(g.indexes, built)
		}
	}
	for _, built := range g.indexes {
		if built.fault != "" {
			t.fail(built.fault)
		}
	}
	matches := t.control.Coverage.Match
	if len(matches) == 0 {
		g.always = append(g.always, concern{task: t})
		return nil
	}
	x := g.matchIndex(matches[0].Field)
	value := matchKey(matches[0].Value)
	x.tasks = append(x.tasks, t)
	x.byValue[value] = append(x.byValue[value], t)
	return nil
}

func (g *group) matchIndex(field string) *matchIndex {
	for _, x := range g.matched {
		if x.field == field {
			return x
		}
	}
	x := &matchIndex{field: field, byValue: map[string][]*task{}}
	g.matched = append(g.matched, x)
	return x
}

func (p *population) group(joins []policies.Join) *group {
	for _, g := range p.groups {
		if fmt.Sprint(g.joins) == fmt.Sprint(joins) {
			return g
		}
	}
	g := &group{joins: joins}
	p.groups = append(p.groups, g)
	return g
}

// meet shows one record to the controls that it concerns.
func (p *population) meet(ctx context.Context, position int64, decoded any, fault string) error {
	fields, _ := decoded.(map[string]any)
	key, keyed := fields[p.source.spec.Key].(string)
	if !keyed {
		key, fault = fmt.Sprintf("record %d", position+1), "the record has no key"
	}
	for _, g := range p.groups {
		concerns := g.concerned(fields)
		if len(concerns) == 0 {
			continue
		}
		input, joinFault, err := g.input(decoded, key)
		if err != nil {
			return fmt.Errorf("dataset %s, record %d: %w", p.name, position+1, err)
		}
		for _, c := range concerns {
			s := subject{key: key, keyed: keyed, record: fields, input: input, fault: cmp.Or(fault, c.doubt, joinFault)}
			if err := c.task.judge(ctx, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// concerned returns the controls whose match the record satisfies. If a field that tells controls apart has no value of the kind
// that is matched, nobody knows whose record it is: it concerns all of them that its other fields don't rule out, in doubt.
func (g *group) concerned(fields map[string]any) []concern {
	if len(g.matched) == 0 {
		return g.always
	}
	concerns := slices.Clone(g.always)
	for _, x := range g.matched {
		found, tasks := matchKey(fields[x.field]), x.tasks
		if x.comparable(found) {
			tasks = x.byValue[found]
		}
		for _, t := range tasks {
			if matches, doubt := t.matches(fields); matches {
				concerns = append(concerns, concern{t, doubt})
			}
		}
	}
	return concerns
}

// comparable says whether a value is of the kind (text, number, boolean) of one that is matched.
func (x *matchIndex) comparable(found string) bool {
	return slices.ContainsFunc(x.tasks, func(t *task) bool { return sameKind(found, matchKey(t.control.Coverage.Match[0].Value)) })
}

// input is the record with what is joined to it.
func (g *group) input(decoded any, key string) (value ast.Value, fault string, err error) {
	value, err = ast.InterfaceToValue(g.unjoined(decoded))
	if err != nil {
		return nil, "", err
	}
	object, ok := value.(ast.Object)
	if !ok {
		return value, "the record is not an object", nil
	}
	for i, join := range g.joins {
		found := g.indexes[i].byKey[folded(key)]
		switch {
		case found == nil && join.Many:
			object.Insert(ast.StringTerm(join.Name), ast.ArrayTerm())
			continue
		case found == nil:
			continue
		case found.fault != "":
			fault = found.fault
		}
		if join.Many {
			object.Insert(ast.StringTerm(join.Name), ast.ArrayTerm(found.values...))
			continue
		}
		term, ambiguous := found.one()
		if ambiguous != "" {
			fault = ambiguous
			continue
		}
		object.Insert(ast.StringTerm(join.Name), term)
	}
	return object, fault, nil
}

// unjoined is the record without fields of its own where the joined records go: evidence may have fields that nobody knows, and a
// rule must not take one for what another dataset says.
func (g *group) unjoined(decoded any) any {
	fields, _ := decoded.(map[string]any)
	hidden := func(join policies.Join) bool { _, ok := fields[join.Name]; return ok }
	if !slices.ContainsFunc(g.joins, hidden) {
		return decoded
	}
	fields = maps.Clone(fields)
	for _, join := range g.joins {
		delete(fields, join.Name)
	}
	return fields
}

// matchKey writes a scalar so that equal values, and only those, are written alike. Anything else matches nothing.
func matchKey(value any) string {
	switch value := value.(type) {
	case string:
		return "s" + value
	case bool:
		return fmt.Sprintf("b%t", value)
	case json.Number:
		if f, err := value.Float64(); err == nil {
			return fmt.Sprintf("n%g", f)
		}
	}
	return ""
}

// sameKind says whether two values that matchKey wrote are of the same kind.
func sameKind(found, wanted string) bool {
	return found != "" && wanted != "" && found[0] == wanted[0]
}

// progressStep is how many records pass between two reports of progress.
const progressStep = 10_000

func (r *run) progress(name string, count int64) {
	if r.settings.Progress != nil && count%progressStep == 0 {
		r.settings.Progress(name, count)
	}
}
