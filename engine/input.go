package engine

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/scan/join"
)

// Invariant: a rule sees the record with what is joined to it, and never a field of the record's own where a joined record goes:
// evidence may have fields that nobody knows.

// taskInput is the current record as one control's rule sees it.
type taskInput struct {
	reader *reader
	task   *task
}

// Field is part of [eval.Input].
func (in *taskInput) Field(i int) *ast.Term {
	o := &in.task.origins[i]
	if o.joined == nil {
		return in.reader.term(o.slot)
	}
	if !in.reader.record.Object() {
		return nil
	}
	return in.reader.joinedTerm(o.slot)
}

// Object is part of [eval.Input].
func (in *taskInput) Object() bool { return in.reader.record.Object() }

// Whole is part of [eval.Input].
func (in *taskInput) Whole() *ast.Term {
	r := in.reader
	if in.task.whole {
		return r.wholeTerm(in.task)
	}
	if !r.record.Object() {
		return r.decoder.Decode(r.record.JSON(), r.population.fold)
	}
	object := ast.NewObjectWithCapacity(len(in.task.origins))
	for i, name := range in.task.rule.Fields() {
		if t := in.Field(i); t != nil {
			object.Insert(ast.StringTerm(name), t)
		}
	}
	return ast.NewTerm(object)
}

// wholeTerm is all of the record, with what is joined to it for a task.
func (r *reader) wholeTerm(t *task) *ast.Term {
	if r.whole.stamp != r.stamp {
		r.whole = stamped[*ast.Term]{r.stamp, r.decoder.Decode(r.record.JSON(), r.population.fold)}
	}
	if len(t.joins) == 0 {
		return r.whole.value
	}
	fields, ok := r.whole.value.Value.(ast.Object)
	if !ok {
		return r.whole.value
	}
	names := map[ast.Value]*ast.Term{}
	for _, at := range t.joins {
		names[ast.String(r.population.joins[at].join.Name)] = r.joinedTerm(at)
	}
	object := ast.NewObjectWithCapacity(fields.Len() + len(names))
	fields.Foreach(func(name, value *ast.Term) {
		if _, taken := names[name.Value]; !taken {
			object.Insert(name, value)
		}
	})
	for name, value := range names {
		if value != nil {
			object.Insert(ast.NewTerm(name), value)
		}
	}
	return ast.NewTerm(object)
}

// number returns the number of what the record has in a slot.
func (r *reader) number(i int) uint32 {
	s := &r.slots[i]
	if s.number.stamp != r.stamp {
		s.number = stamped[uint32]{r.stamp, s.values.number(r.record.Slot(i))}
	}
	return s.number.value
}

// term returns what the record has in a slot; nil if nothing.
func (r *reader) term(i int) *ast.Term {
	s := &r.slots[i]
	if s.term.stamp == r.stamp {
		return s.term.value
	}
	s.term = stamped[*ast.Term]{r.stamp, r.decoded(s, r.number(i), r.record.Slot(i))}
	return s.term.value
}

// decoded returns the term of a value: the same one each time for a value that has a number.
func (r *reader) decoded(s *slot, number uint32, json []byte) *ast.Term {
	switch number {
	case absent:
		return nil
	case literalTrue:
		return ast.InternedTerm(true)
	case literalFalse:
		return ast.InternedTerm(false)
	case literalNull:
		return ast.InternedNullTerm
	case noNumber:
		if s.values.numbers == nil {
			s.terms = nil
			return r.decoder.DecodeRare(json, s.fold)
		}
		return r.decoder.Decode(json, s.fold)
	}
	known := int(number - others)
	for known >= len(s.terms) {
		s.terms = append(s.terms, nil)
	}
	if s.terms[known] == nil {
		s.terms[known] = r.decoder.Decode(json, s.fold)
	}
	return s.terms[known]
}

// joinState is what a reader knows of a join.
type joinState struct {
	joined  *joined
	finder  *join.Finder
	stamp   uint64
	found   join.Key   // of the record at hand
	rows    []join.Row // of the record at hand
	trusted bool       // they are what their schema says, and at most one where one is joined
	term    stamped[*ast.Term]
	known   map[uint32]*ast.Term // terms of records, by their combinations of values
}

// maxJoinTerms bounds how many terms of joined records a reader remembers.
const maxJoinTerms = 1024

func newJoinState(j *joined) joinState {
	return joinState{joined: j, finder: j.index.Finder(), known: map[uint32]*ast.Term{}}
}

// look finds what is joined to the record at hand.
func (r *reader) look(at int) *joinState {
	s := &r.joins[at]
	if s.stamp == r.stamp {
		return s
	}
	s.stamp, s.found, s.rows, s.trusted = r.stamp, 0, s.rows[:0], true
	if !r.keyed {
		return s
	}
	s.found, s.trusted = s.finder.Find(r.key)
	for row := s.joined.index.First(s.found); row != 0; row = s.joined.index.Next(row) {
		s.rows = append(s.rows, row)
	}
	return s
}

// trusts says whether what is joined to the record can be relied on.
func (r *reader) trusts(g *group) bool {
	for _, at := range g.at {
		if !r.look(at).trusted {
			return false
		}
	}
	return true
}

// joinedTerm is what a rule sees of a join: a record, nil if there is none, or a list.
func (r *reader) joinedTerm(at int) *ast.Term {
	s := r.look(at)
	if s.term.stamp == r.stamp {
		return s.term.value
	}
	s.term = stamped[*ast.Term]{stamp: r.stamp}
	switch {
	case s.joined.key.many && len(s.rows) == 0:
		s.term.value = ast.InternedEmptyArray
	case s.joined.key.many:
		list := make([]*ast.Term, len(s.rows))
		for i, row := range s.rows {
			list[i] = r.rowTerm(s, row)
		}
		s.term.value = ast.ArrayTerm(list...)
	case len(s.rows) > 0:
		s.term.value = r.rowTerm(s, s.rows[0])
	}
	return s.term.value
}

// rowTerm is one joined record.
func (r *reader) rowTerm(s *joinState, row join.Row) *ast.Term {
	tuple := s.joined.index.Tuple(row)
	if t := s.known[tuple]; t != nil {
		return t
	}
	var t *ast.Term
	if s.joined.whole {
		t = r.decoder.Decode(s.joined.index.Value(row, 0), s.joined.fold)
	} else {
		object := ast.NewObjectWithCapacity(len(s.joined.fields))
		for i, field := range s.joined.fields {
			if json := s.joined.index.Value(row, i); json != nil {
				object.Insert(ast.StringTerm(field.Name), r.decoder.Decode(json, s.joined.fold.Field(field.Name)))
			}
		}
		t = ast.NewTerm(object)
	}
	if len(s.known) < maxJoinTerms {
		s.known[tuple] = t
	}
	return t
}
