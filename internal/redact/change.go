package redact

import (
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
)

// Attribution returns a redacted copy of what changed between two assessments. Its causes and notes are sentences of the program that
// name nobody. It returns nil for nil.
func (r *Redactor) Attribution(a *attribution.Attribution) *attribution.Attribution {
	if a == nil {
		return nil
	}
	c := *a
	c.Old.Tenant, c.New.Tenant = r.tenant(a.Old.Tenant), r.tenant(a.New.Tenant)
	c.Actions = slices.Clone(a.Actions)
	for i := range c.Actions {
		r.change(&c.Actions[i])
	}
	return &c
}

func (r *Redactor) tenant(t engine.Tenant) engine.Tenant {
	return engine.Tenant{ID: r.Name(t.ID), Name: r.Name(t.Name)}
}

// change redacts an action of a list that is a copy.
func (r *Redactor) change(c *attribution.Change) {
	if d := c.Decision; d != nil {
		decided := r.decision(*d)
		c.Decision = &decided
	}
	if m := c.Records; m != nil {
		c.Records = &attribution.Moved{
			Failing: r.set(m.Failing), Resolved: r.set(m.Resolved), Regressed: r.set(m.Regressed), Improved: r.set(m.Improved),
			Came: r.set(m.Came), Left: r.set(m.Left),
		}
	}
	if f := c.Fields; f != nil {
		fields := *f
		fields.Shown = slices.Clone(f.Shown)
		for i := range fields.Shown {
			r.field(&fields.Shown[i])
		}
		c.Fields = &fields
	}
}

func (r *Redactor) set(s *attribution.Set) *attribution.Set {
	if s == nil {
		return nil
	}
	return &attribution.Set{Total: s.Total, Shown: r.records(s.Shown)}
}

// records returns records with pseudonyms. What is null stays null.
func (r *Redactor) records(list []engine.Record) []engine.Record {
	done := slices.Clone(list)
	for i, record := range done {
		done[i] = engine.Record{Key: r.Name(record.Key), Label: r.Name(record.Label)}
	}
	return done
}

// field redacts the values of a field, which may be whole lists of people.
func (r *Redactor) field(f *engine.FieldChange) {
	if f.Record != nil {
		f.Record = &engine.Record{Key: r.Name(f.Record.Key), Label: r.Name(f.Record.Label)}
	}
	for _, value := range []*string{&f.Old, &f.New} {
		if !r.plain(*value) && !harmless.MatchString(*value) {
			*value = r.free(*value)
		}
	}
}
