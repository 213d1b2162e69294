package engine

import (
	"context"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/policies"
)

// index holds the records of a joined dataset by the field that they are joined on.
type index struct {
	byKey map[string]*matches
	fault string // why no join on it can be trusted, or ""
}

type indexKey struct{ dataset, on string }

// matches are the joined records of one key.
type matches struct {
	values []*ast.Term
	fault  string // why they can't be trusted, or ""
}

// index returns the index of a joined dataset, reading it the first time.
func (r *run) index(ctx context.Context, join policies.Join) (*index, error) {
	key := indexKey{join.Dataset, join.On}
	if built := r.indexes[key]; built != nil {
		return built, nil
	}
	built := &index{byKey: map[string]*matches{}}
	s := r.sources[join.Dataset]
	count := int64(0)
	for record, err := range r.bundle.Records(ctx, join.Dataset) {
		if err != nil {
			return nil, err
		}
		decoded, fault, err := r.decode(join.Dataset, s, record)
		if err != nil {
			return nil, err
		}
		count++
		r.progress(join.Dataset, count)
		if err := built.add(join, record.Index, decoded, fault); err != nil {
			return nil, err
		}
	}
	s.records, s.read = count, true
	r.indexes[key] = built
	return built, nil
}

// folded is a key as joins compare it. Microsoft's ids and mail addresses are the same in any case, and exports don't agree on one:
// a role that is missed for a capital letter would take its holder out of scope.
func folded(key string) string { return strings.ToLower(key) }

func (x *index) add(join policies.Join, position int64, decoded any, fault string) error {
	fields, _ := decoded.(map[string]any)
	key, ok := fields[join.On].(string)
	if !ok {
		// Nobody knows whose record this is: leaving it out could hide, say, the role that puts a user in scope.
		if x.fault == "" {
			x.fault = fmt.Sprintf("record %d of %s has no text in %s to join on", position+1, join.Dataset, join.On)
		}
		return nil
	}
	value, err := ast.InterfaceToValue(decoded)
	if err != nil {
		return fmt.Errorf("dataset %s, record %d: %w", join.Dataset, position+1, err)
	}
	found := x.byKey[folded(key)]
	if found == nil {
		found = &matches{}
		x.byKey[folded(key)] = found
	}
	if found.fault == "" && fault != "" {
		found.fault = fmt.Sprintf("its record in %s is not what the schema says", join.Dataset)
	}
	found.values = append(found.values, ast.NewTerm(value))
	return nil
}

// one returns the record of a key for a join that wants at most one.
func (m *matches) one() (*ast.Term, string) {
	for _, other := range m.values[1:] {
		if other.Value.Compare(m.values[0].Value) != 0 {
			return nil, "two different records are joined to it"
		}
	}
	return m.values[0], ""
}

// decode reads a record of a collection and checks it as far as the settings ask; fault is its first structural violation.
func (r *run) decode(name string, s *source, record evidence.Record) (decoded any, fault string, err error) {
	decoded, err = evidence.Decode(record.JSON, evidence.DefaultLimits())
	if err != nil {
		return nil, "", fmt.Errorf("dataset %s, record %d: %w", name, record.Index+1, err)
	}
	switch r.settings.Validate {
	case ValidateFull:
		fault = s.check(name, record.Index, decoded)
	case ValidateSample:
		if record.Index < sampleSize {
			fault = s.check(name, record.Index, decoded)
		}
	}
	return decoded, fault, nil
}
