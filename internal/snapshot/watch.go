package snapshot

import (
	"context"
	"time"

	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/watch"
)

// poll is how often databases are asked, and files looked at whose file system tells nothing.
const poll = 3 * time.Second

// Watch makes snapshots anew when what they are made of changes, until the context ends, and calls a function with each tenant of which
// there is another version, also if Refresh made it. The id is empty if the list of tenants has changed. Problems are told in the snapshots.
func (s *Source) Watch(ctx context.Context, changed func(tenant, version string)) error {
	events := watch.Events(ctx, s.folders)
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	told := s.versions(ctx)
	for {
		select {
		case <-events:
			watch.Settle(ctx, events)
		case <-ticker.C:
		case <-ctx.Done():
		}
		_ = s.refresh(ctx, false) // the snapshots tell what can't be read
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for tenant, version := range s.versions(ctx) {
			before, known := told[tenant]
			if told[tenant] = version; known && before != version {
				changed(tenant, version)
			}
		}
	}
}

// versions returns the versions of the snapshots that are kept, by tenant, and that of the list of tenants by an empty id if there are several.
func (s *Source) versions(ctx context.Context) map[string]string {
	list := map[string]string{}
	for _, k := range s.all() {
		shown := s.today(k)
		list[shown.Tenant.ID] = shown.Version
	}
	if s.Several() {
		list[""] = s.TenantsVersion(ctx)
	}
	return list
}

// Several reports whether the source has more than one tenant.
func (s *Source) Several() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.several
}

// folders returns the folders in which files are that snapshots are made of.
func (s *Source) folders() []string {
	list := s.origin.folders()
	paths := []string{s.options.Register, s.options.Benchmark.Path, settings.Name}
	if with := s.lastShared(); with != nil {
		paths = append(paths, with.settings.Path, s.options.Benchmark.file(with.settings))
	}
	for _, path := range paths {
		if path != "" {
			list = append(list, parents(path)...)
		}
	}
	return list
}
