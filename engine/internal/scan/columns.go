package scan

import (
	"bytes"
	"encoding/binary"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/term"
	"github.com/posture-score/posture/engine/internal/scan/join"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// Invariant: a rule sees the record with what is joined to it, and a join hides a field of the record
// that has its name: evidence may have fields that no schema knows.

// columns are the record that a worker is at, decoded as far as anything needs it. What they keep from
// one record to the next (ids, terms) only saves work.
type columns struct {
	plan    *scanPlan
	decoder *term.Decoder
	all     []column
	joins   []joinColumn

	record *records.View
	stamp  uint64 // of the record
	key    []byte
	keyed  bool // the record has a key
	whole  perRecord[*ast.Term]

	buffer []byte // for keys with escapes
	folded []byte // for keys in their canonical form
}

// perRecord is a value that holds for the record with that stamp.
type perRecord[T any] struct {
	stamp uint64
	value T
}

// column is one field of the record.
type column struct {
	dict   dict // of the values as they are written
	fold   *schemas.Fold
	terms  []*ast.Term // by id, from firstID on; nil if not needed so far
	id     perRecord[uint32]
	term   perRecord[*ast.Term]
	moment moment
}

// moment is a column read as a date and time. Records that follow each other often have the same.
type moment struct {
	text  []byte
	at    time.Time
	valid bool
}

// joinColumn is what is joined to the record.
type joinColumn struct {
	index   *index
	finder  *join.Finder
	stamp   uint64
	found   join.Key
	rows    []join.Row
	trusted bool // the rows are valid, and at most one where one is joined
	term    perRecord[*ast.Term]
	known   map[uint32]*ast.Term // terms of rows, by their combinations of values
}

// maxJoinTerms bounds how many terms of joined records a worker remembers.
const maxJoinTerms = 1024

func newColumns(p *scanPlan) *columns {
	c := &columns{plan: p, decoder: term.NewDecoder(), all: make([]column, len(p.fields))}
	for i := range c.all {
		c.all[i] = column{dict: dict{ids: map[string]uint32{}}, fold: p.fold.Field(p.fields[i].Name)}
	}
	for _, j := range p.joins {
		c.joins = append(c.joins, joinColumn{index: j.index, finder: j.index.Finder(), known: map[uint32]*ast.Term{}})
	}
	return c
}

// next goes on to a record.
func (c *columns) next(record *records.View) {
	c.record, c.stamp = record, c.stamp+1
	c.key, c.keyed = unquoted(record.Slot(c.plan.key), &c.buffer)
}

// canonicalKey returns the key of the record in canonical form, valid until the next call.
func (c *columns) canonicalKey() []byte { return c.all[c.plan.key].fold.Text(c.key, &c.folded) }

// matchKey returns matchKey of a column.
func (c *columns) matchKey(i int) string {
	json := c.record.Slot(i)
	if json == nil {
		return ""
	}
	decoded, err := records.Decode(json, records.Limits{})
	if err != nil {
		return ""
	}
	return matchKey(c.all[i].fold.Value(decoded))
}

// id returns the id of a column's value.
func (c *columns) id(i int) uint32 {
	col := &c.all[i]
	if col.id.stamp != c.stamp {
		col.id = perRecord[uint32]{c.stamp, col.dict.intern(c.record.Slot(i))}
	}
	return col.id.value
}

// term returns the value of a column; nil if the record lacks the field.
func (c *columns) term(i int) *ast.Term {
	col := &c.all[i]
	if col.term.stamp != c.stamp {
		col.term = perRecord[*ast.Term]{c.stamp, c.decode(col, c.id(i), c.record.Slot(i))}
	}
	return col.term.value
}

// decode returns the term of a value: the same one each time for a value that has an id.
func (c *columns) decode(col *column, id uint32, json []byte) *ast.Term {
	switch id {
	case idMissing:
		return nil
	case idTrue:
		return ast.InternedTerm(true)
	case idFalse:
		return ast.InternedTerm(false)
	case idNull:
		return ast.InternedNullTerm
	case noID:
		if col.dict.full() {
			col.terms = nil
			return c.decoder.DecodeRare(json, col.fold)
		}
		return c.decoder.Decode(json, col.fold)
	}
	known := int(id - firstID)
	for known >= len(col.terms) {
		col.terms = append(col.terms, nil)
	}
	if col.terms[known] == nil {
		col.terms[known] = c.decoder.Decode(json, col.fold)
	}
	return col.terms[known]
}

// moment returns a column as a date and time.
func (c *columns) moment(i int) *moment {
	m, json := &c.all[i].moment, c.record.Slot(i)
	if !bytes.Equal(json, m.text) {
		m.text = append(m.text[:0], json...)
		m.at, m.valid = parseTime(json)
	}
	return m
}

// parseTime reads a date and time as RFC 3339 writes it or, as in Microsoft's exports, without a zone,
// in UTC.
func parseTime(json []byte) (time.Time, bool) {
	var buffer []byte
	text, ok := unquoted(json, &buffer)
	if !ok {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime} {
		if at, err := time.Parse(layout, string(text)); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// unreadable reports whether the field holds something that is no date and time.
func (m *moment) unreadable() bool {
	return !m.valid && len(m.text) > 0 && !bytes.Equal(m.text, []byte("null")) && !bytes.Equal(m.text, []byte(`""`))
}

// joined looks up what is joined to the record.
func (c *columns) joined(at int) *joinColumn {
	j := &c.joins[at]
	if j.stamp == c.stamp {
		return j
	}
	j.stamp, j.found, j.rows, j.trusted = c.stamp, 0, j.rows[:0], true
	if !c.keyed {
		return j
	}
	j.found, j.trusted = j.finder.Find(c.key)
	for row := j.index.First(j.found); row != 0; row = j.index.Next(row) {
		j.rows = append(j.rows, row)
	}
	return j
}

// trusted reports whether everything that a group joins to the record can be relied on.
func (c *columns) trusted(g *joinGroup) bool {
	for _, at := range g.at {
		if !c.joined(at).trusted {
			return false
		}
	}
	return true
}

// joinedTerm returns what a rule sees of a join: a record, nil if there is none, or a list.
func (c *columns) joinedTerm(at int) *ast.Term {
	j := c.joined(at)
	if j.term.stamp == c.stamp {
		return j.term.value
	}
	j.term = perRecord[*ast.Term]{stamp: c.stamp}
	switch {
	case j.index.key.Many && len(j.rows) == 0:
		j.term.value = ast.InternedEmptyArray
	case j.index.key.Many:
		list := make([]*ast.Term, len(j.rows))
		for i, row := range j.rows {
			list[i] = c.rowTerm(j, row)
		}
		j.term.value = ast.ArrayTerm(list...)
	case len(j.rows) > 0:
		j.term.value = c.rowTerm(j, j.rows[0])
	}
	return j.term.value
}

// rowTerm returns one joined record.
func (c *columns) rowTerm(j *joinColumn, row join.Row) *ast.Term {
	tuple := j.index.Tuple(row)
	if t := j.known[tuple]; t != nil {
		return t
	}
	var t *ast.Term
	if j.index.whole {
		t = c.decoder.Decode(j.index.Value(row, 0), j.index.fold)
	} else {
		object := ast.NewObjectWithCapacity(len(j.index.fields))
		for i, field := range j.index.fields {
			if json := j.index.Value(row, i); json != nil {
				object.Insert(ast.StringTerm(field.Name), c.decoder.Decode(json, j.index.fold.Field(field.Name)))
			}
		}
		t = ast.NewTerm(object)
	}
	if len(j.known) < maxJoinTerms {
		j.known[tuple] = t
	}
	return t
}

// wholeTerm returns all of the record.
func (c *columns) wholeTerm() *ast.Term {
	if c.whole.stamp != c.stamp {
		c.whole = perRecord[*ast.Term]{c.stamp, c.decoder.Decode(c.record.JSON(), c.plan.fold)}
	}
	return c.whole.value
}

// appendKey appends the ids of a memo's columns to a key; ok is false if a value has no id.
func appendKey[T any](c *columns, m *memo[T], key memoKey) (_ memoKey, ok bool) {
	for _, ref := range m.columns {
		if ref.index != nil {
			if key.listed, ok = c.appendJoined(key.listed, ref); !ok {
				return memoKey{}, false
			}
			continue
		}
		id := c.id(ref.column)
		if id == noID {
			if c.all[ref.column].dict.full() {
				*m = memo[T]{} // no record has one from now on
			}
			return memoKey{}, false
		}
		if m.packed != nil {
			key.packed = key.packed<<idBits | uint64(id)
		} else {
			key.listed = binary.LittleEndian.AppendUint32(key.listed, id)
		}
	}
	return key, true
}

// appendJoined appends the ids of what is joined to the record.
func (c *columns) appendJoined(list []byte, ref *columnRef) ([]byte, bool) {
	rows := c.joined(ref.column).rows
	list = binary.LittleEndian.AppendUint32(list, uint32(len(rows)))
	for _, row := range rows {
		for _, column := range ref.columns {
			if ref.index.HighCardinality(column) {
				return list, false
			}
			list = binary.LittleEndian.AppendUint32(list, ref.index.ID(row, column))
		}
	}
	return list, true
}

// input is the record as the rule of one control sees it. It implements eval.Input.
type input struct {
	columns *columns
	control *controlScan
}

// Field returns a field that the rule reads; nil if it is missing.
func (in *input) Field(i int) *ast.Term {
	ref := &in.control.fields[i]
	if ref.index == nil {
		return in.columns.term(ref.column)
	}
	if !in.columns.record.Object() {
		return nil
	}
	return in.columns.joinedTerm(ref.column)
}

// Object reports whether the record is an object.
func (in *input) Object() bool { return in.columns.record.Object() }

// Whole returns the record as far as the rule reads it.
func (in *input) Whole() *ast.Term {
	if in.control.whole {
		return in.withJoins(in.columns.wholeTerm())
	}
	if !in.Object() {
		return in.columns.decoder.Decode(in.columns.record.JSON(), in.columns.plan.fold)
	}
	object := ast.NewObjectWithCapacity(len(in.control.fields))
	for i, name := range in.control.rule.Fields() {
		if t := in.Field(i); t != nil {
			object.Insert(ast.StringTerm(name), t)
		}
	}
	return ast.NewTerm(object)
}

// withJoins returns a record with what is joined to it.
func (in *input) withJoins(record *ast.Term) *ast.Term {
	fields, ok := record.Value.(ast.Object)
	if !ok || len(in.control.joins) == 0 {
		return record
	}
	joined := map[ast.Value]*ast.Term{}
	for _, at := range in.control.joins {
		joined[ast.String(in.columns.plan.joins[at].Name)] = in.columns.joinedTerm(at)
	}
	object := ast.NewObjectWithCapacity(fields.Len() + len(joined))
	fields.Foreach(func(name, value *ast.Term) {
		if _, hidden := joined[name.Value]; !hidden {
			object.Insert(name, value)
		}
	})
	for name, value := range joined {
		if value != nil {
			object.Insert(ast.NewTerm(name), value)
		}
	}
	return ast.NewTerm(object)
}
