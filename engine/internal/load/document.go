package load

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/term"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
	"github.com/posture-score/posture/schemas"
)

// Invariant: of documents only what rules can read is held; all of it is validated.

// What is held of one dataset that rules read as a document is bounded.
const (
	maxDocument = 128 << 20        // bytes of JSON
	maxValues   = maxDocument / 32 // each takes many times its bytes in memory
)

// readDocument reads a dataset that rules read as a document, or as a list of records.
func (d *Dataset) readDocument(ctx context.Context) error {
	var terms []*ast.Term
	err := d.Read(ctx, func(p *Pass) (err error) {
		terms, err = d.readTerms(ctx, p)
		return err
	})
	switch {
	case err != nil:
		return err
	case d.Spec.Kind != schemas.Document:
		d.Value = ast.NewArray(terms...)
		if reason := d.incomplete(terms); reason != "" {
			d.fail(reason)
		}
	case len(terms) != 1:
		return fmt.Errorf("dataset %s holds %d documents instead of one", d.Name, len(terms))
	default:
		d.Value = terms[0].Value
	}
	return nil
}

func (d *Dataset) readTerms(ctx context.Context, p *Pass) ([]*ast.Term, error) {
	fields, whole := d.documentFields()
	columns, unique := p.Columns(fields)
	start := func() records.Visitor[documentPart] {
		w := &documentWorker{
			checker: d.Checker(""), keyer: p.Keyer(unique), fields: fields, whole: whole, fold: d.Spec.Fold(), decoder: term.NewDecoder(),
		}
		for _, field := range fields {
			w.names = append(w.names, ast.StringTerm(field.Name))
		}
		if w.checker.head != 0 {
			w.checker.head = -1
		}
		return w
	}
	var terms []*ast.Term
	size, values := 0, 0
	merge := func(part documentPart, first int64) error {
		d.AddViolations(part.violations, first)
		p.AddKeys(part.keys)
		terms = append(terms, part.terms...)
		if size += part.size; size > maxDocument {
			return fmt.Errorf("dataset %s: rules read more than %d MiB of it as a whole, too much to be held", d.Name, maxDocument>>20)
		}
		if values += part.values; values > maxValues {
			return fmt.Errorf("dataset %s: rules read more than %d values of it as a whole, too much to be held", d.Name, maxValues)
		}
		return nil
	}
	return terms, Scan(ctx, p, columns, start, merge)
}

// incomplete returns why a list is known to lack a record that every tenant has; "" if it isn't.
func (d *Dataset) incomplete(list []*ast.Term) string {
	for _, field := range slices.Sorted(maps.Keys(d.Spec.Always)) {
		name, wanted := ast.StringTerm(field), ast.MustInterfaceToValue(d.Spec.Always[field])
		maybe := func(record *ast.Term) bool {
			object, ok := record.Value.(ast.Object)
			if !ok {
				return true
			}
			value := object.Get(name)
			return value == nil || value.Value.Compare(ast.NullTerm().Value) == 0 || value.Value.Compare(wanted) == 0
		}
		if len(list) > 0 && !slices.ContainsFunc(list, maybe) {
			return fmt.Sprintf("no record has %s %v, as one has in every tenant: the list is not whole", field, d.Spec.Always[field])
		}
	}
	return ""
}

// documentFields returns the fields that are read of each record, or that records are read as a whole.
func (d *Dataset) documentFields() (fields []jsonscan.Field, whole bool) {
	mask := d.recordMask()
	switch {
	case mask == nil:
		return nil, false
	case mask.Whole || mask.Each != nil:
		return nil, true
	}
	for _, name := range slices.Sorted(maps.Keys(mask.Fields)) {
		fields = append(fields, jsonscan.Field{Name: name, Mask: mask.Fields[name]})
	}
	return fields, false
}

// documentPart is a part of a dataset that is read as a document.
type documentPart struct {
	terms      []*ast.Term
	size       int
	values     int
	violations Violations
	keys       []unique.Key
}

// documentWorker decodes records, in their canonical form.
type documentWorker struct {
	checker Checker
	keyer   Keyer
	fields  []jsonscan.Field
	names   []*ast.Term // of the fields
	whole   bool
	fold    *schemas.Fold
	decoder *term.Decoder
	part    documentPart
}

// Begin implements [records.Visitor].
func (w *documentWorker) Begin(first int64) {
	w.checker.Begin(first)
	w.keyer.Begin(first, nil)
	w.part = documentPart{}
}

// Record implements [records.Visitor].
func (w *documentWorker) Record(record *records.View) error {
	w.checker.Check(record.JSON())
	if w.keyer.Next(record); w.keyer.Duplicate() {
		return nil
	}
	if w.whole || !record.Object() {
		w.part.terms = append(w.part.terms, w.decode(record.JSON(), w.fold))
		return nil
	}
	object := ast.NewObjectWithCapacity(len(w.fields))
	for i, field := range w.fields {
		if json := record.Slot(i); json != nil {
			object.Insert(w.names[i], w.decode(json, w.fold.Field(field.Name)))
		}
	}
	w.part.terms = append(w.part.terms, ast.NewTerm(object))
	return nil
}

// decode decodes a value, and counts what it takes.
func (w *documentWorker) decode(json []byte, fold *schemas.Fold) *ast.Term {
	w.part.size += len(json)
	w.part.values += jsonscan.Values(json)
	return w.decoder.Decode(json, fold)
}

// End implements [records.Visitor].
func (w *documentWorker) End() documentPart {
	w.part.violations, w.part.keys = w.checker.Found, w.keyer.Keys
	return w.part
}
