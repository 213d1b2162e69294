package engine

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/policies"
	"github.com/posture-score/posture/schemas"
)

// maxWhole bounds what is held of one dataset that rules read whole, in bytes of JSON.
const maxWhole = 128 << 20

// source is one dataset as this run finds it.
type source struct {
	spec    *schemas.Dataset // nil if the dataset isn't known to this version
	status  string           // Collected, Missing or Failed
	reason  string
	digest  string
	records int64
	read    bool // all of its records have been

	whole      bool      // some rule reads it whole
	value      ast.Value // what such rules see
	broken     string    // the first structural violation of what is read whole
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
	for _, control := range r.engine.catalog.Controls() {
		for _, name := range control.Datasets() {
			if r.sources[name] == nil {
				r.sources[name] = &source{status: Missing}
				r.sources[name].spec, _ = datasets.Dataset(name)
			}
		}
		for _, name := range wholly(control) {
			r.sources[name].whole = true
		}
	}
	for _, name := range []string{policies.ExceptionDataset, licenseDataset} {
		if s := r.sources[name]; s != nil && s.spec != nil {
			s.whole = true // it decides statuses or what applies, whether a control reads it or not
		}
	}
}

// wholly returns the datasets that the control reads whole.
func wholly(control *policies.Control) []string {
	if control.Kind == policies.KindAttested {
		return []string{policies.AttestationDataset}
	}
	return control.Context
}

// readDocuments loads what rules read whole.
func (r *run) readDocuments(ctx context.Context) error {
	for _, name := range sortedNames(r.sources) {
		s := r.sources[name]
		if !s.whole || s.status != Collected {
			continue
		}
		if err := r.readWhole(ctx, name, s); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) readWhole(ctx context.Context, name string, s *source) error {
	var list []*ast.Term
	size := 0
	for record, err := range r.bundle.Records(ctx, name) {
		if err != nil {
			return err
		}
		if size += len(record.JSON); size > maxWhole {
			return fmt.Errorf("dataset %s holds more than %d MiB, too much to be read whole by a rule", name, maxWhole>>20)
		}
		decoded, err := evidence.Decode(record.JSON, evidence.DefaultLimits())
		if err != nil {
			return fmt.Errorf("dataset %s, record %d: %w", name, record.Index+1, err)
		}
		if r.settings.Validate != ValidateOff {
			s.check(name, record.Index, decoded)
		}
		value, err := ast.InterfaceToValue(decoded)
		if err != nil {
			return fmt.Errorf("dataset %s, record %d: %w", name, record.Index+1, err)
		}
		list = append(list, ast.NewTerm(value))
	}
	s.records, s.read = int64(len(list)), true
	if s.spec.Kind != schemas.Document {
		s.value = ast.NewArray(list...)
		return nil
	}
	if len(list) != 1 {
		return fmt.Errorf("dataset %s holds %d documents instead of one", name, len(list))
	}
	s.value = list[0].Value
	return nil
}

// maxExamples is how many violations of a dataset's schema are quoted.
const maxExamples = 3

// check compares a record with its schema and returns its first structural violation, or "".
func (s *source) check(name string, index int64, decoded any) string {
	first := ""
	for _, v := range s.spec.Validate(decoded) {
		text := fmt.Sprintf("record %d, %s: %s", index+1, pointer(v.Pointer), v.Message)
		s.violations++
		if len(s.examples) < maxExamples {
			s.examples = append(s.examples, name+": "+text)
		}
		if v.Structural() && first == "" {
			first = text
		}
	}
	if s.broken == "" {
		s.broken = first
	}
	return first
}

func pointer(p string) string {
	if p == "" {
		return "the whole record"
	}
	return p
}
