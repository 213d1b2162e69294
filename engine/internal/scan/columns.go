package scan

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"
	"unicode/utf8"

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
	plan     *scanPlan
	decoder  *term.Decoder
	tree     term.Tree // of the record
	kept     term.Tree // of the values that have ids
	all      []column
	literals [firstID]term.View // true, false and null, by their ids
	joins    []joinColumn

	record *records.View
	stamp  uint64 // of the record
	key    []byte
	keyed  bool // the record has a key
	whole  perRecord[*ast.Term]
	views  []perRecord[*ast.Term] // of the plan

	buffer []byte // for keys with escapes
	folded []byte // for keys in their canonical form
	texts  [3][]byte
	set    []byte // elements of a set

	matched []byte // for texts that controls match, in their canonical form
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
	known  []*known // by id, from firstID on; nil if not needed so far
	id     perRecord[uint32]
	term   perRecord[*ast.Term]
	view   perRecord[*term.View]
	rare   term.View // of a value of this record
	moment moment

	// See domain.go:
	class    perRecord[uint32]
	classes  []uint32 // by id of the value, from firstID on; 0 if it is not known
	distinct dict     // of the values that are classes of their own
}

// known is a value that has an id.
type known struct {
	term *ast.Term // nil if not needed so far
	view term.View // of no kind until it is needed for the second record
	seen bool
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
	classes [][]uint8            // of each column, by the id of the value (domain.go)
	view    perRecord[term.View]
	names   []string // of the fields of the index
}

// joinRow is the value in a column of a row, with its id.
type joinRow struct {
	join.Row
	column int
	id     uint32
}

// maxJoinTerms bounds how many terms of joined records a worker remembers.
const maxJoinTerms = 1024

func newColumns(p *scanPlan) *columns {
	c := &columns{plan: p, decoder: term.NewDecoder(), all: make([]column, len(p.fields)), views: make([]perRecord[*ast.Term], len(p.views))}
	for id, literal := range map[int]string{idTrue: "true", idFalse: "false", idNull: "null"} {
		c.literals[id] = c.kept.View([]byte(literal), nil)
	}
	for i := range c.all {
		c.all[i] = column{dict: newDict(), fold: p.fold.Field(p.fields[i].Name), distinct: newDict()}
	}
	for _, j := range p.joins {
		joined := joinColumn{index: j.index, finder: j.index.Finder(), known: map[uint32]*ast.Term{}, classes: make([][]uint8, j.index.width())}
		for _, field := range j.index.fields {
			joined.names = append(joined.names, field.Name)
		}
		c.joins = append(c.joins, joined)
	}
	return c
}

// next goes on to a record.
func (c *columns) next(record *records.View) {
	c.record, c.stamp = record, c.stamp+1
	c.tree.Reset()
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
	if len(json) >= 2 && json[0] == '"' && bytes.IndexByte(json, '\\') < 0 && utf8.Valid(json) {
		return matchText(c.all[i].fold.Text(json[1:len(json)-1], &c.matched))
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
		if col.view.stamp == c.stamp && col.view.value != nil && col.view.value.Term != nil {
			return col.view.value.Term
		}
		col.term = perRecord[*ast.Term]{c.stamp, c.decode(col, c.id(i), c.record.Slot(i))}
	}
	return col.term.value
}

// maxViewed is how long the JSON of a value may be that is taken apart.
const maxViewed = 1 << 16

// view returns a view of a column's value; nil if the record lacks the field, or if the value is too long.
func (c *columns) view(i int) *term.View {
	col := &c.all[i]
	if col.view.stamp != c.stamp {
		col.view = perRecord[*term.View]{c.stamp, c.viewOf(col, c.id(i), c.record.Slot(i))}
	}
	return col.view.value
}

// viewOf returns the view of a value: the same one each time for a value that has an id, from the second time on.
func (c *columns) viewOf(col *column, id uint32, json []byte) *term.View {
	switch id {
	case idMissing:
		return nil
	case idTrue, idFalse, idNull:
		return &c.literals[id]
	case noID:
		if col.dict.full() {
			col.known = nil
		}
		if len(json) > maxViewed {
			return nil
		}
		col.rare = c.tree.View(json, col.fold)
		return &col.rare
	}
	value := col.value(id)
	switch {
	case value.view.Kind != term.None:
	case value.seen:
		value.view = c.kept.View(bytes.Clone(json), col.fold)
	default:
		value.seen = true
		col.rare = c.tree.View(json, col.fold)
		return &col.rare
	}
	return &value.view
}

// value returns what is known of the value that has an id.
func (col *column) value(id uint32) *known {
	i := int(id - firstID)
	for i >= len(col.known) {
		col.known = append(col.known, nil)
	}
	if col.known[i] == nil {
		col.known[i] = &known{}
	}
	return col.known[i]
}

// decode returns the term of a value: the same one each time for a value that has an id.
func (c *columns) decode(col *column, id uint32, json []byte) *ast.Term {
	switch id {
	case idMissing:
		return nil
	case idTrue, idFalse, idNull:
		return c.literals[id].Term
	case noID:
		if col.dict.full() {
			return c.decoder.DecodeRare(json, col.fold)
		}
		return c.decoder.Decode(json, col.fold)
	}
	value := col.value(id)
	if value.term == nil {
		value.term = c.decoder.Decode(json, col.fold)
	}
	return value.term
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
	for row := range j.index.Rows(j.found) {
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
	if j.view.stamp == c.stamp && j.view.value.Term != nil {
		return j.view.value.Term
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

// joinedView returns a view of the same; nil if there is nothing, or if there is no use in it, as for a column.
func (c *columns) joinedView(at int) *term.View {
	j := c.joined(at)
	if j.view.stamp != c.stamp {
		j.view.stamp, j.view.value = c.stamp, term.View{}
		if len(j.rows) > 0 && len(j.known) == maxJoinTerms && j.term.stamp != c.stamp {
			j.view.value = c.rowsView(j)
		}
	}
	if j.view.value.Kind == term.None {
		return nil
	}
	return &j.view.value
}

// rowsView returns a view of the rows.
func (c *columns) rowsView(j *joinColumn) term.View {
	if !j.index.key.Many {
		return c.rowView(j, j.rows[0])
	}
	return c.tree.List(len(j.rows), func(i int) term.View { return c.rowView(j, j.rows[i]) })
}

// rowView returns a view of one joined record.
func (c *columns) rowView(j *joinColumn, row join.Row) term.View {
	if j.index.whole {
		return c.tree.View(j.index.Value(row, 0), j.index.fold)
	}
	return c.tree.Record(j.names, func(i int) []byte { return j.index.Value(row, i) }, j.index.fold)
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
		id, ids := c.id(ref.column), &c.all[ref.column].dict
		if ref.domain != nil {
			id, ids = c.class(ref.column, ref.domain), &c.all[ref.column].distinct
		}
		if id == noID {
			if ids.full() {
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
	if ref.domains != nil {
		return c.appendCompared(list, ref)
	}
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

// class returns the id of the class of a column's value, or noID.
func (c *columns) class(i int, d *domain) uint32 {
	col := &c.all[i]
	if col.class.stamp == c.stamp {
		return col.class.value
	}
	id, json := c.id(i), c.record.Slot(i)
	known := -1
	if id != noID {
		if known = int(id) - firstID; known < 0 {
			col.class = perRecord[uint32]{c.stamp, id} // of a literal
			return id
		}
	}
	class := uint32(0)
	if known >= 0 && known < len(col.classes) {
		class = col.classes[known]
	}
	if class == 0 {
		var outside bool
		if class, outside = d.outside(json, col.fold, &c.texts); outside {
			class += firstOutside
		} else {
			class = col.distinct.intern(json)
		}
		if known >= 0 && class != noID {
			for known >= len(col.classes) {
				col.classes = append(col.classes, 0)
			}
			col.classes[known] = class
		}
	}
	col.class = perRecord[uint32]{c.stamp, class}
	return class
}

// What is known of a value of an index.
const (
	unclassified = iota
	distinct     // it is of the domain, or no string
	firstClass   // of those outside of it
)

// joinedClass returns the class of a value of what is joined, from firstClass on, or distinct.
func (c *columns) joinedClass(j *joinColumn, d *domain, row joinRow) uint8 {
	if row.id == 0 {
		return distinct
	}
	classes := &j.classes[row.column]
	if need := int(row.id); need >= len(*classes) {
		*classes = append(*classes, make([]uint8, need+1-len(*classes)+need/4)...)
	}
	known := &(*classes)[row.id]
	if *known == unclassified {
		*known = distinct
		if class, outside := d.outside(j.index.Value(row.Row, row.column), j.index.foldOf(row.column), &c.texts); outside {
			*known = firstClass + uint8(class) //nolint:gosec // below 1<<maxPredicates
		}
	}
	return *known
}

// appendCompared appends what is joined to the record, as far as the rule can tell it apart: the
// rows in their order and, if the rule uses the list as a set, those that are outside of its domain
// as the set of their classes.
func (c *columns) appendCompared(list []byte, ref *columnRef) ([]byte, bool) {
	j := c.joined(ref.column)
	size, counted := len(list), uint32(0)
	list = binary.LittleEndian.AppendUint32(list, 0)
	set := c.set[:0]
	for _, row := range j.rows {
		begin, outside := len(list), ref.set
		for i, column := range ref.columns {
			id := ref.index.ID(row, column)
			if d := ref.domains[i]; d != nil {
				if class := c.joinedClass(j, d, joinRow{row, column, id}); class != distinct {
					list = binary.LittleEndian.AppendUint32(list, noID-uint32(class))
					continue
				}
				outside = false
			}
			if ref.index.HighCardinality(column) {
				return list, false
			}
			list = binary.LittleEndian.AppendUint32(list, id)
		}
		if outside {
			set = append(set, list[begin:]...)
			list = list[:begin]
		} else {
			counted++
		}
	}
	binary.LittleEndian.PutUint32(list[size:], counted)
	c.set = set
	return appendSet(list, set, 4*len(ref.columns))
}

// maxClasses bounds the different elements of a set in a key.
const maxClasses = 64

// appendSet appends the different elements of a list of elements of that size, sorted.
func appendSet(list, elements []byte, size int) ([]byte, bool) {
	begin := len(list)
	for ; len(elements) > 0; elements = elements[size:] {
		one, at := elements[:size], begin
		for at < len(list) && bytes.Compare(list[at:at+size], one) < 0 {
			at += size
		}
		if at == len(list) || !bytes.Equal(list[at:at+size], one) {
			list = slices.Insert(list, at, one...)
		}
		if len(list)-begin > maxClasses*size {
			return list, false
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

// View returns a field where it stands in the record; nil if there is no field, or no use in that.
func (in *input) View(i int) *term.View {
	ref := &in.control.fields[i]
	switch {
	case ref.index == nil:
		return in.columns.view(ref.column)
	case !in.columns.record.Object():
		return nil
	}
	return in.columns.joinedView(ref.column)
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
	known := &in.columns.views[in.control.view.index]
	if known.stamp != in.columns.stamp {
		*known = perRecord[*ast.Term]{in.columns.stamp, in.object(in.control.view.names)}
	}
	return known.value
}

// object returns the fields that the rule reads.
func (in *input) object(names []*ast.Term) *ast.Term {
	object := ast.NewObjectWithCapacity(len(names))
	for i, name := range names {
		if t := in.Field(i); t != nil {
			object.Insert(name, t)
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
