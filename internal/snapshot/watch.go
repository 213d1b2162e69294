package snapshot

import (
	"context"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/posture-score/posture/internal/settings"
)

// Times of Watch.
const (
	quiet = 100 * time.Millisecond // how long files stay as they are before they are read: who writes them writes several times
	late  = 2 * time.Second        // they are read after, even if they don't
	poll  = 3 * time.Second        // how often databases are asked, and files looked at whose file system tells nothing
)

// Watch makes snapshots anew when what they are made of changes, until the context ends, and calls a function with each tenant of which
// there is another version, also if Refresh made it. The id is empty if the list of tenants has changed. Problems are told in the snapshots.
func (s *Source) Watch(ctx context.Context, changed func(tenant, version string)) error {
	events := watchFolders(ctx, s)
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	told := s.versions(ctx)
	for {
		select {
		case <-events:
			settle(ctx, events)
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

// settle waits until no event comes for a while.
func settle(ctx context.Context, events <-chan struct{}) {
	deadline := time.After(late)
	for {
		select {
		case <-events:
		case <-time.After(quiet):
			return
		case <-deadline:
			return
		case <-ctx.Done():
			return
		}
	}
}

// watchFolders returns a channel that tells that something happened in a folder of the source. Without the means to watch folders it tells
// nothing, and polling has to do.
func watchFolders(ctx context.Context, s *Source) <-chan struct{} {
	events := make(chan struct{}, 1)
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return events
	}
	add := func() {
		for _, folder := range s.folders() {
			_ = watcher.Add(folder) // one that can't be watched is polled
		}
	}
	add()
	go func() {
		defer func() { _ = watcher.Close() }()
		for {
			select {
			case <-ctx.Done():
				return
			case event, ok := <-watcher.Events:
				if !ok {
					return
				}
				if event.Has(fsnotify.Create) {
					add() // it may be a folder
				}
			case _, ok := <-watcher.Errors: // of an overflow, for one: events are lost
				if !ok {
					return
				}
			}
			select {
			case events <- struct{}{}:
			default: // it is told already
			}
		}
	}()
	return events
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
