package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/engine/internal/rego/term"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
	"github.com/posture-score/posture/schemas"
)

// Invariant: of what rules read whole only what they can reach is held; all of it is checked.

// maxWhole bounds what is held of one dataset that rules read whole, in bytes of JSON.
const maxWhole = 128 << 20

// source is one dataset as this run finds it.
type source struct {
	spec    *schemas.Dataset // nil if the dataset isn't known to this version
	status  string           // Collected, Missing or Failed
	reason  string
	digest  string
	records int64
	read    bool            // all of its records have been
	unique  *unique.Fields  // nil if nothing tells its records apart
	repeats *unique.Repeats // nil as long as nobody knows

	whole      *jsonscan.FieldMask // what some rule reads of it as a whole; nil if none does
	value      ast.Value           // what such rules see
	breaches   breaches            // where its records structurally depart from the schema
	violations int64
	examples   []string // the first violations, for warnings
}

// survey notes the state of every dataset that the bundle lists or that a control reads.
func (r *run) survey() {
	datasets := r.engine.catalog.Datasets()
	for _, listed := range r.bundle.Manifest().Datasets {
		s := &source{status: listed.Status, reason: listed.Reason, records: listed.Records}
		if s.status == Collected {
			s.digest = "sha256:" + listed.SHA256
		}
		s.spec, _ = datasets.Dataset(listed.Name)
		if s.spec != nil && s.spec.NeverEmpty && s.status == Collected && s.records == 0 {
			s.status, s.reason, s.digest = Failed, "the export holds no record, and every tenant has some", ""
		}
		r.sources[listed.Name] = s
	}
	for _, s := range r.sources {
		s.unique = unique.Of(s.spec)
	}
	for _, control := range r.engine.catalog.InForce() {
		for _, name := range control.Datasets() {
			if r.sources[name] == nil {
				r.sources[name] = &source{status: Missing}
				r.sources[name].spec, _ = datasets.Dataset(name)
			}
		}
		for _, name := range wholly(control) {
			r.sources[name].reach(r.engine.documentPaths(control, name, reads))
		}
	}
	for _, name := range []string{catalog.BaselineExceptionDataset, catalog.ExceptionDataset, licenseDataset} {
		if s := r.sources[name]; s != nil && s.spec != nil {
			s.reach(&jsonscan.FieldMask{Whole: true}) // it decides statuses or what applies, whether a control reads it or not
		}
	}
	r.refuseTruncated()
}

// reach notes that a rule reads that much of the dataset.
func (s *source) reach(paths *jsonscan.FieldMask) {
	if s.whole == nil {
		s.whole = &jsonscan.FieldMask{}
	}
	s.whole.Add(paths)
}

// wholly returns the datasets that the control reads whole.
func wholly(control *catalog.Control) []string {
	if control.Kind == catalog.KindAttested {
		return []string{catalog.AttestationDataset}
	}
	return control.Context
}

// readDocuments loads what rules read whole.
func (r *run) readDocuments(ctx context.Context) error {
	for _, name := range sortedNames(r.sources) {
		s := r.sources[name]
		if s.whole == nil || s.status != Collected {
			continue
		}
		if err := r.read(ctx, name, func(rd *reading) error { return r.readWhole(ctx, name, rd) }); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) readWhole(ctx context.Context, name string, rd *reading) error {
	s := r.sources[name]
	fields, whole := recordFields(s)
	projected, slots := rd.slots(fields)
	var list []*ast.Term
	size, count := 0, int64(0)
	start := func() records.Visitor[documents] {
		return &documentReader{
			checker: checker{spec: s.spec, mode: r.settings.Validate, all: true},
			fields:  fields, whole: whole, fold: s.spec.Fold(), terms: term.NewDecoder(), keyer: rd.keyer(slots),
		}
	}
	merge := func(part documents, first, records int64) error {
		s.take(name, part.flaws, first)
		rd.told(part.keys)
		count = first + records
		list = append(list, part.terms...)
		r.progress(name, count)
		if size += part.size; size > maxWhole {
			return fmt.Errorf("dataset %s: rules read more than %d MiB of it as a whole, too much to be held", name, maxWhole>>20)
		}
		return nil
	}
	if err := records.Scan(ctx, r.bundle.Source(name), rd.options(r.scanOptions(projected)), start, merge); err != nil {
		return err
	}
	s.records, s.read = count, true
	if s.spec.Kind != schemas.Document {
		s.value = ast.NewArray(list...)
		if why := s.partial(list); why != "" {
			s.status, s.reason, s.digest, s.value = Failed, why, "", nil
		}
		return nil
	}
	if len(list) != 1 {
		return fmt.Errorf("dataset %s holds %d documents instead of one", name, len(list))
	}
	s.value = list[0].Value
	return nil
}

// partial says that a list lacks a record which every tenant has; "" if it may have it.
func (s *source) partial(list []*ast.Term) string {
	for _, field := range slices.Sorted(maps.Keys(s.spec.Always)) {
		name, wanted := ast.StringTerm(field), ast.MustInterfaceToValue(s.spec.Always[field])
		maybe := func(record *ast.Term) bool {
			object, ok := record.Value.(ast.Object)
			if !ok {
				return true
			}
			value := object.Get(name)
			return value == nil || value.Value.Compare(ast.NullTerm().Value) == 0 || value.Value.Compare(wanted) == 0
		}
		if len(list) > 0 && !slices.ContainsFunc(list, maybe) {
			return fmt.Sprintf("no record has %s %v, as one has in every tenant: the list is not whole", field, s.spec.Always[field])
		}
	}
	return ""
}

// recordFields returns what is read of each record of a dataset that is read whole; whole if it is all of it.
func recordFields(s *source) (fields []jsonscan.Field, whole bool) {
	paths := s.whole
	if s.spec.Kind != schemas.Document && !paths.Whole {
		// Rules see a list of the records.
		if paths = paths.Each; paths == nil {
			paths = &jsonscan.FieldMask{}
		}
	}
	if paths.Whole || paths.Each != nil {
		return nil, true
	}
	for _, name := range sortedNames(paths.Fields) {
		fields = append(fields, jsonscan.Field{Name: name, Mask: paths.Fields[name]})
	}
	return fields, false
}

// documents is a part of a dataset that is read whole.
type documents struct {
	terms []*ast.Term
	size  int
	flaws flaws
	keys  []unique.Key
}

// documentReader turns records into terms, in their canonical form.
type documentReader struct {
	checker checker
	fields  []jsonscan.Field
	whole   bool
	fold    *schemas.Fold
	terms   *term.Decoder
	keyer   keyer
	part    documents
}

// Begin is part of [records.Visitor].
func (d *documentReader) Begin(first int64) {
	d.checker.begin(first)
	d.keyer.begin(first)
	d.part = documents{}
}

// Record is part of [records.Visitor].
func (d *documentReader) Record(p *records.View) error {
	d.checker.check(p.JSON())
	if d.keyer.next(p); d.keyer.again() {
		return nil
	}
	if d.whole || !p.Object() {
		d.part.size += len(p.JSON())
		d.part.terms = append(d.part.terms, d.terms.Decode(p.JSON(), d.fold))
		return nil
	}
	object := ast.NewObjectWithCapacity(len(d.fields))
	for i, field := range d.fields {
		if json := p.Slot(i); json != nil {
			d.part.size += len(json)
			object.Insert(ast.StringTerm(field.Name), d.terms.Decode(json, d.fold.Field(field.Name)))
		}
	}
	d.part.terms = append(d.part.terms, ast.NewTerm(object))
	return nil
}

// End is part of [records.Visitor].
func (d *documentReader) End() documents {
	d.part.flaws, d.part.keys = d.checker.flaws, d.keyer.met
	return d.part
}

// documentPaths returns what a control's rule reads of a dataset in its context, by data.evidence and, if it has no population, by its
// input.
func (e *Engine) documentPaths(control *catalog.Control, dataset string, of func(*eval.Rule) eval.AccessPaths) *jsonscan.FieldMask {
	rule := e.rules[control.Package]
	if rule == nil {
		return &jsonscan.FieldMask{Whole: true} // the engine reads claims itself
	}
	read := of(rule)
	paths := &jsonscan.FieldMask{}
	inData := append([]string{"evidence"}, datasetPath(dataset)...)
	paths.Add(within(read.Data, inData))
	if all := e.everyone[control.Package]; all != nil {
		paths.Add(within(of(all).Data, inData))
	}
	if control.Kind != catalog.KindCoverage {
		paths.Add(within(read.Input, datasetPath(dataset)))
	}
	return paths
}

// within follows the path into what is read; nil if nothing there is.
func within(paths *jsonscan.FieldMask, path []string) *jsonscan.FieldMask {
	if len(path) == 0 || paths == nil || paths.Whole {
		return paths
	}
	found := &jsonscan.FieldMask{}
	read := false
	for _, below := range []*jsonscan.FieldMask{paths.Each, paths.Fields[path[0]]} {
		if below = within(below, path[1:]); below != nil {
			found.Add(below)
			read = true
		}
	}
	if !read {
		return nil
	}
	return found
}

// datasetPath is where rules find a dataset: "entra.users" is at entra and users.
func datasetPath(dataset string) []string {
	area, name, _ := strings.Cut(dataset, ".")
	return []string{area, name}
}
