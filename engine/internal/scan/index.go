package scan

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/scan/join"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
	"github.com/posture-score/posture/schemas"
)

// Invariant: the records of one key are joined in the order of the evidence; a record without a usable
// key makes every join on its dataset fail.

// index is a dataset by the field that it is joined on, with the parts of its records that rules read.
type index struct {
	*join.Index
	key    load.JoinKey
	on     int                 // column of the field that it is joined on
	seed   maphash.Seed        // of the fingerprints of records
	fields []jsonscan.Field    // a column each; none if whole
	whole  bool                // rules read the records as a whole: the index has one column
	fold   *schemas.Fold       // of the records: the index holds them as they are written
	mask   *jsonscan.FieldMask // what of a record can change a decision
	err    string              // why no join on it can be relied on, or ""
}

// indexes are those of the joined datasets that are still needed.
type indexes struct {
	evidence *load.Evidence
	built    map[load.JoinKey]*index
}

// get returns the index of a join, reading the joined dataset the first time.
func (x *indexes) get(ctx context.Context, j catalog.Join) (*index, error) {
	key := load.KeyOf(j)
	if built := x.built[key]; built != nil {
		return built, nil
	}
	rules, d := x.evidence.Rules, x.evidence.Datasets[key.Dataset]
	built := &index{key: key, mask: rules.JoinMask(key, load.Relevant).Clone(), fold: d.Spec.Fold()}
	for _, name := range append([]string{key.On}, d.Spec.Unique...) {
		built.mask.Field(name) // these identify the record
	}
	read := rules.JoinMask(key, load.Needed)
	if built.whole = read.Whole || read.Each != nil; !built.whole {
		for _, name := range slices.Sorted(maps.Keys(read.Fields)) {
			built.fields = append(built.fields, jsonscan.Field{Name: name, Mask: read.Fields[name]})
		}
	}
	if err := d.Read(ctx, func(p *load.Pass) error { return built.read(ctx, d, p) }); err != nil {
		return nil, err
	}
	x.built[key] = built
	return built, nil
}

// release frees the indexes that none of these controls uses.
func (x *indexes) release(controls map[string][]*catalog.Control) {
	needed := map[load.JoinKey]bool{}
	for _, list := range controls {
		for _, c := range list {
			for _, j := range c.Coverage.Joins {
				needed[load.KeyOf(j)] = true
			}
		}
	}
	maps.DeleteFunc(x.built, func(key load.JoinKey, _ *index) bool { return !needed[key] })
}

// columnsOf returns the columns of what a rule reads of the field that holds what is joined.
func (x *index) columnsOf(field *jsonscan.FieldMask) []int {
	if x.whole {
		return []int{0}
	}
	mask := load.JoinedMask(field, x.key.Many)
	columns := []int{}
	for i, field := range x.fields {
		if mask != nil && mask.Fields[field.Name] != nil {
			columns = append(columns, i)
		}
	}
	return columns
}

// foldOf returns the fold of a column.
func (x *index) foldOf(column int) *schemas.Fold {
	if x.whole {
		return x.fold
	}
	return x.fold.Field(x.fields[column].Name)
}

// width returns the number of columns.
func (x *index) width() int {
	if x.whole {
		return 1
	}
	return len(x.fields)
}

// read builds the index in one pass over the dataset.
func (x *index) read(ctx context.Context, d *load.Dataset, p *load.Pass) error {
	fields := slices.Clone(x.fields)
	if x.on = slices.IndexFunc(fields, func(f jsonscan.Field) bool { return f.Name == x.key.On }); x.on < 0 {
		x.on = len(fields)
		fields = append(fields, jsonscan.Field{Name: x.key.On})
	}
	fields, unique := p.Columns(fields)
	x.err = ""
	x.Index, x.seed = join.New(x.width(), d.Records, !x.key.Many), maphash.MakeSeed()
	first := !d.Complete()
	start := func() records.Visitor[*indexPart] {
		return &indexWorker{index: x, checker: d.Checker(x.key.On), keyer: p.Keyer(unique)}
	}
	merge := func(part *indexPart, at int64) error {
		if first {
			d.AddViolations(part.violations, at)
		}
		p.AddKeys(part.keys)
		if part.keyless >= 0 && x.err == "" {
			x.err = fmt.Sprintf("record %d of %s has nothing in %s that can be joined on", at+part.keyless+1, d.Name, x.key.On)
		}
		return part.addTo(x)
	}
	err := load.Scan(ctx, p, fields, start, merge)
	x.Seal()
	return err
}

// indexPart is a part of a joined dataset: keys and values, one after another.
type indexPart struct {
	bytes        []byte
	ends         []int // of each key and its values in bytes; a value that is absent ends where it begins
	fingerprints []uint64
	invalid      []bool // whether the record can't be relied on
	keyless      int64  // the first record without a key; -1 if there is none
	violations   load.Violations
	keys         []unique.Key
}

func (p *indexPart) put(b []byte) {
	p.bytes = append(p.bytes, b...)
	p.ends = append(p.ends, len(p.bytes))
}

// addTo adds the records to an index.
func (p *indexPart) addTo(x *index) error {
	values := make([][]byte, x.width())
	begin, at := 0, 0
	next := func() []byte {
		b := p.bytes[begin:p.ends[at]]
		begin, at = p.ends[at], at+1
		return b
	}
	for i, invalid := range p.invalid {
		key := next()
		for column := range values {
			if values[column] = next(); len(values[column]) == 0 {
				values[column] = nil
			}
		}
		if err := x.Add(join.Record{Key: key, Fingerprint: p.fingerprints[i], Values: values, Invalid: invalid}); err != nil {
			return err
		}
	}
	return nil
}

// indexWorker extracts keys and values of records.
type indexWorker struct {
	index   *index
	checker load.Checker
	keyer   load.Keyer
	part    *indexPart
	size    int // of the last part
	buffer  []byte
}

// Begin implements [records.Visitor].
func (w *indexWorker) Begin(first int64) {
	w.checker.Begin(first)
	w.keyer.Begin(first, nil)
	w.part = &indexPart{keyless: -1, bytes: make([]byte, 0, w.size+w.size/8)}
}

// Record implements [records.Visitor].
func (w *indexWorker) Record(record *records.View) error {
	index := w.checker.Index()
	violations := w.checker.Check(record.JSON())
	if w.keyer.Next(record); w.keyer.Duplicate() {
		return nil
	}
	key, ok := unquoted(record.Slot(w.index.on), &w.buffer)
	if !ok || w.checker.KeyInvalid {
		// It isn't known whose record this is: leaving it out could hide, say, the role that puts a user
		// in scope. A key in another form than the schema's ("SMTP:ada@contoso.example") would match
		// nothing.
		if w.part.keyless < 0 {
			w.part.keyless = index
		}
		return nil
	}
	w.part.put(key)
	if w.index.whole {
		w.part.put(record.JSON())
	}
	for i := range w.index.fields {
		w.part.put(record.Slot(i))
	}
	w.part.fingerprints = append(w.part.fingerprints, maphash.Bytes(w.index.seed, record.JSON()))
	w.part.invalid = append(w.part.invalid, load.ReadsAny(w.index.mask, violations) || w.keyer.Versions() > 1)
	return nil
}

// End implements [records.Visitor].
func (w *indexWorker) End() *indexPart {
	w.part.violations, w.part.keys = w.checker.Found, w.keyer.Keys
	w.size = len(w.part.bytes)
	return w.part
}

// unquoted returns the text of a JSON string, valid until the buffer is used again; false for any other
// JSON.
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
