package load

import (
	"context"
	"slices"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
)

// Invariant: equal records count once, and so do records that have the same unique fields and differ:
// these never comply. The first pass over a dataset assumes that no record has the unique fields of
// another one; if some do, a second pass knows which.

// Pass is one pass over a dataset.
type Pass struct {
	dataset  *Dataset
	detector *unique.Detector // detects repeated keys; nil if repeats are known or nothing identifies records
}

// Read calls pass once and, if records turn out to repeat others, once more.
func (d *Dataset) Read(ctx context.Context, pass func(*Pass) error) error {
	if d.unique == nil || d.Repeats != nil {
		return pass(&Pass{dataset: d})
	}
	detector := unique.NewDetector(d.Records)
	if err := pass(&Pass{dataset: d, detector: detector}); err != nil {
		return err
	}
	d.Repeats = &unique.Repeats{}
	if len(detector.Candidates()) == 0 {
		return nil
	}
	repeats, err := d.unique.Find(ctx, d.bundle, d.Name, detector.Candidates(), d.scanOptions(nil))
	if err != nil || repeats.None() {
		return err
	}
	d.Repeats, d.Violations, d.complete = repeats, Violations{}, false
	return pass(&Pass{dataset: d})
}

// FindRepeats finds out which records repeat others before the dataset is read, so that one pass is
// enough.
func (d *Dataset) FindRepeats(ctx context.Context) (err error) {
	if d.unique == nil || d.Repeats != nil {
		return nil
	}
	d.Repeats, err = d.unique.Search(ctx, d.bundle, d.Name, d.Records, d.scanOptions(nil))
	return err
}

// ReadUnread reads a dataset that nothing else has read, so that evidence which can't be read, or whose
// digest or record count is wrong, never goes unnoticed. Of one that can't be used only the digest counts.
func (d *Dataset) ReadUnread(ctx context.Context) error {
	switch {
	case d.listed.Status == evidence.Collected && (d.listed.SHA256 == "" || !d.Collected() && !d.complete):
		return d.bundle.VerifyDataset(ctx, d.Name)
	case !d.Collected(), d.complete:
		return nil
	}
	merge := func(found Violations, first int64) error {
		d.AddViolations(found, first)
		return nil
	}
	return Scan(ctx, &Pass{dataset: d}, nil, func() records.Visitor[Violations] { return &validator{d.Checker("")} }, merge)
}

// validator validates records and does nothing else.
type validator struct{ checker Checker }

// Begin implements [records.Visitor].
func (v *validator) Begin(first int64) { v.checker.Begin(first) }

// Record implements [records.Visitor].
func (v *validator) Record(record *records.View) error {
	v.checker.Check(record.JSON())
	return nil
}

// End implements [records.Visitor].
func (v *validator) End() Violations { return v.checker.Found }

func (d *Dataset) scanOptions(fields []jsonscan.Field) records.Options {
	return records.Options{Fields: fields, Workers: d.options.Workers, BlockSize: d.options.BlockSize, Serial: SampleSize, Buffers: d.buffers}
}

// Scan scans the dataset of a pass: workers made by start read blocks in parallel, and merge gets their
// results in the order of the evidence, each with the index of its first record.
func Scan[P any](
	ctx context.Context, p *Pass, fields []jsonscan.Field, start func() records.Visitor[P], merge func(part P, first int64) error,
) error {
	d, options, read := p.dataset, p.dataset.scanOptions(fields), int64(0)
	if !d.Repeats.None() {
		options.Workers = 1 // which record is the first one of its key is known only in order
	}
	counted := func(part P, first, records int64) error {
		if read = first + records; d.options.Progress != nil {
			d.options.Progress(d.Name, read)
		}
		return merge(part, first)
	}
	if err := records.Scan(ctx, d.bundle.Source(d.Name), options, start, counted); err != nil {
		return err
	}
	d.Records, d.complete = read, true
	return nil
}

// UniqueFields returns the names of the fields that identify a record.
func (p *Pass) UniqueFields() []string {
	if p.dataset.unique == nil {
		return nil
	}
	return p.dataset.unique.Names()
}

// Columns adds the unique fields to the columns of a scan and returns where they are.
func (p *Pass) Columns(fields []jsonscan.Field) (_ []jsonscan.Field, columns []int) {
	for _, name := range p.UniqueFields() {
		i := slices.IndexFunc(fields, func(f jsonscan.Field) bool { return f.Name == name })
		if i < 0 {
			i = len(fields)
			fields = append(slices.Clip(fields), jsonscan.Field{Name: name, Mask: &jsonscan.FieldMask{}})
		}
		columns = append(columns, i)
	}
	return fields, columns
}

// AddKeys notes the keys of a part.
func (p *Pass) AddKeys(keys []unique.Key) {
	if p.detector != nil {
		p.detector.Add(keys)
	}
}

// Keyer compares the unique fields of records. It is for one goroutine.
type Keyer struct {
	Keys []unique.Key // of the part's records; only in a first pass

	pass  *Pass
	keys  *unique.Keys // nil if there is nothing to compare
	index int64        // of the last record
	key   unique.Key
	keyed bool
}

// Keyer returns a keyer of a scan that has the unique fields in those columns.
func (p *Pass) Keyer(columns []int) Keyer {
	k := Keyer{pass: p}
	if len(columns) > 0 && (p.detector != nil || !p.dataset.Repeats.None()) {
		k.keys = p.dataset.unique.Keys(columns)
	}
	return k
}

// Begin begins a part. Its keys are put into memory that nothing else needs any more, if there is some.
func (k *Keyer) Begin(first int64, memory []unique.Key) {
	k.index = first - 1
	if k.pass.detector == nil {
		return
	}
	if memory == nil {
		memory = make([]unique.Key, 0, len(k.Keys)+len(k.Keys)/8)
	}
	k.Keys = memory[:0]
}

// Next goes on to the next record.
func (k *Keyer) Next(record *records.View) {
	k.index++
	if k.keys == nil {
		return
	}
	if k.key, k.keyed = k.keys.Of(record); k.keyed && k.pass.detector != nil {
		k.Keys = append(k.Keys, k.key)
	}
}

// Repeated reports whether an earlier record has the unique fields of the last one.
func (k *Keyer) Repeated() bool { return k.keyed && k.pass.dataset.Repeats.Repeated(k.key, k.index) }

// Duplicate reports whether an earlier record equals the last one.
func (k *Keyer) Duplicate() bool { return k.keyed && k.pass.dataset.Repeats.Duplicate(k.key, k.index) }

// Versions returns how many different records have the unique fields of the last one.
func (k *Keyer) Versions() int {
	if !k.keyed {
		return 1
	}
	return k.pass.dataset.Repeats.Versions(k.key)
}
