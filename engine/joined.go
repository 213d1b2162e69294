package engine

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"maps"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/scan/join"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
	"github.com/posture-score/posture/schemas"
)

// Invariant: the records of one key are joined in the order of the evidence; a record whose key nobody knows makes every join on its
// dataset fail.

// joined is a dataset by the field that it is joined on, with the parts of its records that any rule reads.
type joined struct {
	key    indexKey
	on     int // slot of the field that it is joined on
	index  *join.Index
	seed   maphash.Seed        // of the fingerprints of records
	fields []jsonscan.Field    // a column each; none if whole
	whole  bool                // rules read the records as a whole: the index has one column
	fold   *schemas.Fold       // of the records: the index holds them as they are written
	reach  *jsonscan.FieldMask // what any rule is judged by, of a record
	fault  string              // why no join on it can be trusted, or ""
}

// joinedAs is a joined dataset by the name under which rules see it.
type joinedAs struct {
	join catalog.Join
	*joined
}

type indexKey struct {
	dataset, on string
	many        bool
}

// joined returns the index of a joined dataset, reading it the first time.
func (r *run) joined(ctx context.Context, j catalog.Join) (*joined, error) {
	key := indexKey{j.Dataset, j.On, j.Many}
	if built := r.indexes[key]; built != nil {
		return built, nil
	}
	built := &joined{key: key, reach: r.engine.joinPaths(key, reach), fold: r.sources[key.dataset].spec.Fold()}
	for _, name := range append([]string{key.on}, r.sources[key.dataset].spec.Unique...) {
		built.reach.Field(name) // by which records are told apart
	}
	paths := r.engine.joinPaths(key, reads)
	if built.whole = paths.Whole || paths.Each != nil; !built.whole {
		for _, name := range sortedNames(paths.Fields) {
			built.fields = append(built.fields, jsonscan.Field{Name: name, Mask: paths.Fields[name]})
		}
	}
	if err := r.read(ctx, key.dataset, func(rd *reading) error { return r.readJoined(ctx, built, rd) }); err != nil {
		return nil, err
	}
	r.indexes[key] = built
	return built, nil
}

// release lets go of what is joined to none of the populations to come.
func (r *run) release(populations map[string][]*task) {
	needed := map[indexKey]bool{}
	for _, tasks := range populations {
		for _, t := range tasks {
			for _, j := range t.control.Coverage.Joins {
				needed[indexKey{j.Dataset, j.On, j.Many}] = true
			}
		}
	}
	maps.DeleteFunc(r.indexes, func(key indexKey, _ *joined) bool { return !needed[key] })
}

// joinPaths returns what any rule reads of the records of a join.
func (e *Engine) joinPaths(key indexKey, of func(*eval.Rule) eval.AccessPaths) *jsonscan.FieldMask {
	paths := &jsonscan.FieldMask{}
	for _, control := range e.catalog.InForce() {
		if control.Coverage == nil {
			continue
		}
		for _, j := range control.Coverage.Joins {
			if (indexKey{j.Dataset, j.On, j.Many}) != key {
				continue
			}
			read := of(e.rules[control.Package]).Input
			if read.Whole || read.Each != nil {
				return &jsonscan.FieldMask{Whole: true}
			}
			paths.Add(recordPaths(read.Fields[j.Name], j.Many))
		}
	}
	return paths
}

// recordPaths returns what is read of each record, where that much is read of what is joined: a record, or a list of them.
func recordPaths(paths *jsonscan.FieldMask, many bool) *jsonscan.FieldMask {
	if many && paths != nil && !paths.Whole {
		return paths.Each
	}
	return paths
}

// columnsOf returns the columns that are read where that much is read of what is joined.
func (j *joined) columnsOf(paths *jsonscan.FieldMask) []int {
	record := recordPaths(paths, j.key.many)
	if j.whole {
		return []int{0}
	}
	columns := []int{}
	for i, field := range j.fields {
		if record != nil && record.Fields[field.Name] != nil {
			columns = append(columns, i)
		}
	}
	return columns
}

// columns is how many an index has.
func (j *joined) columns() int {
	if j.whole {
		return 1
	}
	return len(j.fields)
}

func (r *run) readJoined(ctx context.Context, j *joined, rd *reading) error {
	name, s := j.key.dataset, r.sources[j.key.dataset]
	fields := append([]jsonscan.Field{}, j.fields...)
	j.on = len(fields)
	for i, field := range fields {
		if field.Name == j.key.on {
			j.on = i
		}
	}
	if j.on == len(fields) {
		fields = append(fields, jsonscan.Field{Name: j.key.on})
	}
	fields, slots := rd.slots(fields)
	j.fault = ""
	j.index, j.seed = join.New(j.columns(), s.records, !j.key.many), maphash.MakeSeed()
	first := !s.read
	count := int64(0)
	start := func() records.Visitor[*keyedRecords] {
		return &joinReader{joined: j, checker: checker{spec: s.spec, mode: r.settings.Validate, key: "/" + j.key.on}, keyer: rd.keyer(slots)}
	}
	merge := func(part *keyedRecords, at, records int64) error {
		count = at + records
		r.progress(name, count)
		if first {
			s.take(name, part.flaws, at)
		}
		rd.told(part.keys)
		if part.keyless >= 0 && j.fault == "" {
			j.fault = fmt.Sprintf("record %d of %s has nothing in %s that can be joined on", at+part.keyless+1, name, j.key.on)
		}
		return part.addTo(j.index)
	}
	if err := records.Scan(ctx, r.bundle.Source(name), rd.options(r.scanOptions(fields)), start, merge); err != nil {
		return err
	}
	s.records, s.read = count, true
	return nil
}

// keyedRecords is a part of a joined dataset: keys and values, one after another.
type keyedRecords struct {
	bytes   []byte
	ends    []int // of each key and its values in bytes; a value that is absent ends where it begins
	prints  []uint64
	faulty  []bool
	columns int
	keyless int64 // the first record without a key; -1 if there is none
	flaws   flaws
	keys    []unique.Key
}

// addTo puts the records into an index.
func (k *keyedRecords) addTo(index *join.Index) error {
	values := make([][]byte, k.columns)
	begin, at := 0, 0
	next := func() []byte {
		b := k.bytes[begin:k.ends[at]]
		begin, at = k.ends[at], at+1
		return b
	}
	for i, faulty := range k.faulty {
		key := next()
		for column := range values {
			if values[column] = next(); len(values[column]) == 0 {
				values[column] = nil
			}
		}
		if err := index.Add(join.Record{Key: key, Print: k.prints[i], Values: values, Faulty: faulty}); err != nil {
			return err
		}
	}
	return nil
}

// joinReader takes keys and values out of records.
type joinReader struct {
	joined  *joined
	checker checker
	keyer   keyer
	part    *keyedRecords
	size    int // of the last part
	key     []byte
}

// Begin is part of [records.Visitor].
func (w *joinReader) Begin(first int64) {
	w.checker.begin(first)
	w.keyer.begin(first)
	w.part = &keyedRecords{columns: w.joined.columns(), keyless: -1, bytes: make([]byte, 0, w.size+w.size/8)}
}

// Record is part of [records.Visitor].
func (w *joinReader) Record(p *records.View) error {
	index := w.checker.count
	places := w.checker.check(p.JSON())
	if w.keyer.next(p); w.keyer.again() {
		return nil
	}
	key, ok := unquoted(p.Slot(w.joined.on), &w.key)
	if !ok || w.checker.lost {
		// Nobody knows whose record this is: leaving it out could hide, say, the role that puts a user in scope. A key in another form
		// than the schema's ("SMTP:ada@contoso.example") would be joined to nothing.
		if w.part.keyless < 0 {
			w.part.keyless = index
		}
		return nil
	}
	w.part.put(key)
	if w.joined.whole {
		w.part.put(p.JSON())
	}
	for i := range w.joined.fields {
		w.part.put(p.Slot(i))
	}
	w.part.prints = append(w.part.prints, maphash.Bytes(w.joined.seed, p.JSON()))
	w.part.faulty = append(w.part.faulty, anyTouched(w.joined.reach, places) || w.keyer.versions() > 1)
	return nil
}

func (k *keyedRecords) put(b []byte) {
	k.bytes = append(k.bytes, b...)
	k.ends = append(k.ends, len(k.bytes))
}

// End is part of [records.Visitor].
func (w *joinReader) End() *keyedRecords {
	w.part.flaws, w.part.keys = w.checker.flaws, w.keyer.met
	w.size = len(w.part.bytes)
	return w.part
}

// unquoted returns the text of a JSON string, as long as the buffer is not used again; false if it is none.
func unquoted(json []byte, buffer *[]byte) ([]byte, bool) {
	if len(json) < 2 || json[0] != '"' {
		return nil, false
	}
	if bytes.IndexByte(json, '\\') < 0 {
		return json[1 : len(json)-1], true
	}
	plain, err := jsontext.AppendUnquote((*buffer)[:0], json)
	*buffer = plain
	return plain, err == nil
}
