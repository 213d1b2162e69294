package serve

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/posture-score/posture/internal/snapshot"
)

// errStarting is a request that comes before there is anything to show.
var errStarting = errors.New("nothing has been loaded yet")

// shown is the source, and news of it.
type shown struct {
	mu      sync.Mutex
	source  Source // nil before there is one
	changed chan struct{}
	at      time.Time
}

// news returns the source and a channel that is closed when something changes, with the time of the last change.
func (n *shown) news() (Source, <-chan struct{}, time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.source, n.changed, n.at
}

func (n *shown) tell(source Source, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.source, n.at = source, now
	close(n.changed)
	n.changed = make(chan struct{})
}

// Show shows what a source has. It is called once, and [Server.Watch] after it.
func (s *Server) Show(source Source) { s.shown.tell(source, s.Now()) }

// Watch has the source make new snapshots, and tells browsers of them, until the context ends.
func (s *Server) Watch(ctx context.Context) error {
	source, _, _ := s.shown.news()
	return source.Watch(ctx, func(string, string) { s.shown.tell(source, s.Now()) })
}

// snapshot returns the snapshot of a tenant, or of the only one if the id is empty.
func (s *Server) snapshot(ctx context.Context, tenant string) (*snapshot.Snapshot, error) {
	source, _, _ := s.shown.news()
	if source == nil {
		return nil, errStarting
	}
	return source.Snapshot(ctx, tenant)
}
