package watch

import (
	"context"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Times of a change.
const (
	quiet = 100 * time.Millisecond // how long files stay as they are before they are read: who writes them writes several times
	late  = 2 * time.Second        // they are read after, even if they don't
)

// Events returns a channel that tells that something happened in folders, until the context ends. The function is asked again when
// something was made, which may be a folder. Without the means to watch folders the channel tells nothing, and polling has to do.
func Events(ctx context.Context, folders func() []string) <-chan struct{} {
	events := make(chan struct{}, 1)
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return events
	}
	add := func() {
		for _, folder := range folders() {
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
					add()
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

// Settle waits until no event comes for a while.
func Settle(ctx context.Context, events <-chan struct{}) {
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
