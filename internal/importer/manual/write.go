package manual

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/unique"
	"github.com/posture-score/posture/schemas"
)

// Attestations is the dataset of attestations.
const Attestations = "attestation.claims"

// Options are what the manifest of a new bundle says.
type Options struct {
	Base        *evidence.Bundle // whose datasets the new bundle takes over; may be nil
	Tenant      evidence.Tenant  // if the base does not say it
	CollectedAt time.Time        // when the records were written
	Limits      evidence.Limits
}

// Part is a dataset to add.
type Part struct {
	From    string // where its records come from, for messages
	Dataset *schemas.Dataset
	Records iter.Seq2[any, error]
}

// Add writes a bundle into dir that has the parts as datasets, in the place of what the base has of them. A part whose records end in
// an error is listed as failed, and the error goes to failed; if failed is nil, or if no part is left, there is no bundle.
func (o Options) Add(ctx context.Context, dir string, failed func(dataset string, err error), parts ...Part) (*evidence.Bundle, error) {
	w, err := evidence.Create(dir, o.manifest())
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.Abort() }()
	if err := o.take(ctx, w, parts); err != nil {
		return nil, err
	}
	written := 0
	for _, part := range parts {
		name := part.Dataset.Name
		err := write(w, part.Dataset, part.Records)
		switch {
		case err == nil:
			w.Date(name, o.CollectedAt)
			written++
		case failed == nil || ctx.Err() != nil:
			return nil, err
		default:
			failed(name, err)
			reason, _, _ := strings.Cut(err.Error(), "\n")
			w.Fail(name, reason)
		}
	}
	if written == 0 {
		return nil, errors.New("no file could be read: nothing is written")
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return evidence.Open(ctx, dir, o.Limits)
}

// Repeats returns warnings of records of a dataset that repeat others, as an assessment has them.
func Repeats(ctx context.Context, bundle *evidence.Bundle, dataset *schemas.Dataset) ([]string, error) {
	fields := unique.Of(dataset)
	listed, ok := bundle.Dataset(dataset.Name)
	if fields == nil || !ok || listed.Status != evidence.Collected {
		return nil, nil
	}
	repeats, err := fields.Search(ctx, bundle, dataset.Name, listed.Records, records.Options{})
	if err != nil {
		return nil, err
	}
	return repeats.Warnings(dataset.Name, fields), nil
}

// manifest returns the manifest of the base, with the time at which the last dataset was collected.
func (o Options) manifest() evidence.Manifest {
	m := evidence.Manifest{Tenant: o.Tenant, Collector: evidence.Collector{Name: "by hand"}, CollectedAt: o.CollectedAt}
	if o.Base == nil {
		return m
	}
	base := o.Base.Manifest()
	if base.Tenant.ID != "" {
		m.Tenant = base.Tenant
	}
	m.Collector = base.Collector
	if base.CollectedAt.After(m.CollectedAt) {
		m.CollectedAt = base.CollectedAt
	}
	return m
}

// take copies the datasets of the base that no part replaces.
func (o Options) take(ctx context.Context, w *evidence.Writer, parts []Part) error {
	if o.Base == nil {
		return nil
	}
	for _, dataset := range o.Base.Manifest().Datasets {
		if slices.ContainsFunc(parts, func(part Part) bool { return part.Dataset.Name == dataset.Name }) {
			continue
		}
		if err := w.Copy(ctx, o.Base, dataset.Name); err != nil {
			return err
		}
	}
	return nil
}

// write writes the records of a dataset. An error of a record is returned as it is: it has its position.
func write(w *evidence.Writer, dataset *schemas.Dataset, records iter.Seq2[any, error]) error {
	if dataset.Kind == schemas.Document {
		var document any
		for record, err := range records {
			if err != nil {
				return err
			}
			document = record
		}
		return w.Document(dataset.Name, document)
	}
	var failed error
	err := w.Records(dataset.Name, func(yield func(any, error) bool) {
		for record, err := range records {
			failed = err
			if !yield(record, err) {
				return
			}
		}
	})
	return cmp.Or(failed, err)
}

// Claim is an attestation: who claims what about a control, and until when it counts.
type Claim struct {
	Control   string    // id of the control
	Compliant bool      // whether it is met
	By        string    // who vouches
	At, Until time.Time // when it was said, and until when it counts
	Text      string    // what is claimed; may be empty
	Evidence  string    // what backs it; may be empty
}

// record returns a claim as a record of the dataset.
func (c Claim) record() map[string]any {
	record := map[string]any{
		"controlId": c.Control, "compliant": c.Compliant, "by": c.By,
		"at": c.At.UTC().Format(time.RFC3339), "until": c.Until.UTC().Format(time.RFC3339),
	}
	if c.Text != "" {
		record["claim"] = c.Text
	}
	if c.Evidence != "" {
		record["evidence"] = c.Evidence
	}
	return record
}

// Attest writes a bundle into dir with the claims of the base, followed by these.
func (o Options) Attest(ctx context.Context, dir string, claims ...Claim) (*evidence.Bundle, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	dataset, ok := registry.Dataset(Attestations)
	if !ok {
		return nil, errors.New("dataset " + Attestations + " has no schema")
	}
	for _, c := range claims {
		if strings.TrimSpace(c.By) == "" || c.At.IsZero() || !c.Until.After(c.At) {
			return nil, errors.New("a claim needs somebody who makes it, a time, and an end after that")
		}
	}
	return o.Add(ctx, dir, nil, Part{Dataset: dataset, Records: func(yield func(any, error) bool) {
		if !o.old(ctx, yield) {
			return
		}
		for _, c := range claims {
			if !yield(c.record(), nil) {
				return
			}
		}
	}})
}

// old yields the claims of the base, and reports whether the caller wants more.
func (o Options) old(ctx context.Context, yield func(any, error) bool) bool {
	if o.Base == nil {
		return true
	}
	if d, ok := o.Base.Dataset(Attestations); !ok || d.Status != evidence.Collected {
		return true
	}
	for record, err := range o.Base.Records(ctx, Attestations) {
		if err != nil {
			yield(nil, err)
			return false
		}
		value, err := jsonfile.Decode(record.JSON, o.Limits)
		if !yield(value, err) || err != nil {
			return false
		}
	}
	return true
}
