package load

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/unique"
)

// Evidence is a bundle as one assessment reads it. It is for one goroutine.
type Evidence struct {
	Rules    *Rules
	Now      time.Time // the declared time of the assessment
	Datasets map[string]*Dataset
	Licenses Licenses
	Warnings []string // about the evidence as a whole

	environments map[string]*eval.Env // by the datasets that rules see
	products     map[string]bool      // whether the tenant may have a license, by id, as far as anything asked
}

// Load returns the state of every dataset that the bundle lists or a control reads, with the documents
// and licenses in them.
func Load(ctx context.Context, rules *Rules, bundle *evidence.Bundle, now time.Time, options Options) (*Evidence, error) {
	e := &Evidence{Rules: rules, Now: now, Datasets: datasets(rules, bundle, options), environments: map[string]*eval.Env{}, products: map[string]bool{}}
	for _, d := range e.Sorted() {
		if d.Mask == nil || !d.Collected() {
			continue
		}
		if err := d.readDocument(ctx); err != nil {
			return nil, err
		}
	}
	warning := timeWarning(bundle.Manifest().CollectedAt.UTC(), now.UTC())
	if warning != "" {
		e.Warnings = append(e.Warnings, warning)
	}
	if e.Licenses, warning = readLicenses(e.Datasets[licenseDataset]); warning != "" {
		e.Warnings = append(e.Warnings, warning)
	}
	return e, nil
}

// longAfter is how long after its collection evidence tells little about how things are: a quarter of a year.
const longAfter = 90 * 24 * time.Hour

// timeWarning returns what is odd about the time of an assessment; "" if nothing is.
func timeWarning(collected, now time.Time) string {
	switch {
	case now.Before(collected):
		return fmt.Sprintf("the assessment is as of %s, and the evidence was collected later, at %s: what has expired in between counts as valid",
			now.Format(time.RFC3339), collected.Format(time.RFC3339))
	case now.Sub(collected) > longAfter:
		return fmt.Sprintf("the assessment is as of %s, and the evidence was collected long before, at %s: what has changed in between is not in it",
			now.Format(time.RFC3339), collected.Format(time.RFC3339))
	}
	return ""
}

// Sorted returns the datasets, sorted by name.
func (e *Evidence) Sorted() []*Dataset {
	list := make([]*Dataset, 0, len(e.Datasets))
	for _, name := range slices.Sorted(maps.Keys(e.Datasets)) {
		list = append(list, e.Datasets[name])
	}
	return list
}

// datasets returns the datasets that the bundle lists or a control reads, by name, before any of them
// is read.
func datasets(rules *Rules, bundle *evidence.Bundle, options Options) map[string]*Dataset {
	all := map[string]*Dataset{}
	add := func(name, status string) *Dataset {
		d := &Dataset{Name: name, Status: status, bundle: bundle, options: options, buffers: rules.buffers}
		d.Spec, _ = rules.Catalog.Datasets().Dataset(name)
		d.unique = unique.Of(d.Spec)
		all[name] = d
		return d
	}
	listed := bundle.Manifest().Datasets
	for _, l := range listed {
		d := add(l.Name, l.Status)
		d.listed, d.Reason, d.Records = l, l.Reason, l.Records
		if d.Collected() {
			d.Digest = "sha256:" + l.SHA256
		}
		if d.Spec != nil && d.Spec.NeverEmpty && d.Collected() && d.Records == 0 {
			d.fail("the export holds no record, and every tenant has some")
		}
	}
	for _, control := range rules.Controls() {
		for _, name := range rules.factsOf(control).datasets {
			if all[name] == nil {
				add(name, Missing)
			}
		}
	}
	for name, mask := range rules.derived.documents() {
		all[name].Mask = mask
	}
	// These decide statuses, or which controls apply, whether a control reads them or not.
	for _, name := range []string{catalog.BaselineExceptionDataset, catalog.ExceptionDataset, licenseDataset} {
		if d := all[name]; d != nil && d.Spec != nil {
			d.Mask = &jsonscan.FieldMask{Whole: true}
		}
	}
	for _, l := range listed {
		all[l.Name].refuseTruncated(rules, l.Truncated)
	}
	return all
}
