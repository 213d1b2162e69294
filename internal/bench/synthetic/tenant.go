package synthetic

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/posture-score/posture/evidence"
)

// Version changes with what is written, so that cached evidence is not mistaken for that of another
// version.
const Version = "1"

// The datasets of the evidence.
const (
	Users    = "bench.users"       // a population
	Devices  = "bench.devices"     // a population, half as large
	Policies = "bench.ca_policies" // a list
	Settings = "bench.settings"    // a list
)

// The datasets of a distinct tenant.
const (
	People   = "bench.people"   // a population
	Hosts    = "bench.hosts"    // a population, half as large
	Sessions = "bench.sessions" // a population, as large as that of people: none, one or two of each
)

// policies is how many conditional access policies there are, in a tenant of any size.
const policies = 300

// Tenant is a synthetic tenant.
type Tenant struct {
	Users int
	// Distinct is for people and hosts whose fields differ in every record (names, addresses, times,
	// nested lists), instead of users and devices that mostly look alike.
	Distinct bool
}

// Devices is how many devices the tenant has.
func (t Tenant) Devices() int { return t.Users / 2 }

// dataset is one of them with its records.
type dataset struct {
	name    string
	records iter.Seq[any]
}

// datasets are all of them, by name.
func (t Tenant) datasets() []dataset {
	if t.Distinct {
		return []dataset{
			{Hosts, sequence(t.Devices(), newHost)},
			{People, sequence(t.Users, newPerson)},
			{Sessions, sequence(t.Users, newSessions())},
		}
	}
	return []dataset{
		{Policies, sequence(policies, newPolicy)},
		{Devices, sequence(t.Devices(), newDevice)},
		{Settings, sequence(len(settingNames()), newSetting)},
		{Users, sequence(t.Users, newUser)},
	}
}

// sequence makes records one after another.
func sequence[R any](count int, make func(*chance, int) R) iter.Seq[any] {
	return func(yield func(any) bool) {
		c := newChance()
		for i := range count {
			if !yield(make(c, i)) {
				return
			}
		}
	}
}

// WriteBundle writes the evidence as a bundle into a folder that is new or empty.
func (t Tenant) WriteBundle(ctx context.Context, dir string) error {
	w, err := evidence.Create(dir, header())
	if err != nil {
		return fmt.Errorf("writing the synthetic bundle: %w", err)
	}
	defer func() { _ = w.Abort() }()
	for _, d := range t.datasets() {
		if err := w.Records(d.name, until(ctx, d.records)); err != nil {
			return fmt.Errorf("writing the synthetic bundle: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("writing the synthetic bundle: %w", err)
	}
	return nil
}

// header is the manifest without datasets.
func header() evidence.Manifest {
	return evidence.Manifest{
		SchemaVersion: evidence.SchemaVersion,
		Tenant:        evidence.Tenant{ID: "6f1d3c5a-0b5e-4c53-9a55-3a1c5e0f7b02", Name: "Synthetic"},
		Collector:     evidence.Collector{Name: "posture bench", Version: Version},
		CollectedAt:   time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC),
	}
}

// until ends a sequence with the context's error when that is done.
func until(ctx context.Context, records iter.Seq[any]) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for record := range records {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(record, nil) {
				return
			}
		}
	}
}
