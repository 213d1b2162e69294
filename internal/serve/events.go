package serve

import (
	"fmt"
	"net/http"
	"time"
)

// Times of the stream of events.
const (
	heartbeat    = 25 * time.Second // proxies cut off what is silent for longer
	eventTimeout = 10 * time.Second // for one event to be written
	reconnect    = 5 * time.Second  // after which a browser asks again
)

// events tells a browser of each new snapshot, by server-sent events: "snapshot" with the version of the tenant that the query
// names, or of the list of tenants. The first tells the version as it is, so that a browser knows whether it missed one.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead { // has no events to wait for
		w.Header().Set("Content-Type", "text/event-stream")
		return
	}
	select {
	case s.waiting <- struct{}{}:
		defer func() { <-s.waiting }()
	default:
		w.Header().Set("Retry-After", "60")
		s.fail(w, r, http.StatusServiceUnavailable, "Too many pages wait for changes. Reload this one to see whether something has changed.")
		return
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // a recorder in a test has none
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back
	write := func(format string, args ...any) bool {
		_ = control.SetWriteDeadline(time.Now().Add(eventTimeout)) // see above
		_, err := fmt.Fprintf(w, format, args...)
		if err == nil {
			err = control.Flush()
		}
		_ = control.SetWriteDeadline(time.Time{}) // HTTP/2 ends a stream whose deadline passes, even if nothing is being written
		return err == nil
	}
	if !write("retry: %d\n\n", reconnect.Milliseconds()) {
		return
	}
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	tenant, told := r.URL.Query().Get("tenant"), ""
	for {
		source, changed, _ := s.shown.news()
		version, err := s.versionOf(r, source, tenant)
		if err != nil {
			return // the tenant is gone; the page says so when it is loaded again
		}
		if version != told && !write("event: snapshot\ndata: %s\n\n", version) {
			return
		}
		told = version
		select {
		case <-changed:
		case <-ticker.C:
			if _, ok := s.Gate.User(r); !ok || !write(": still here\n\n") {
				return // signed out, or gone
			}
		case <-s.ending:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// versionOf returns the version of what the pages of a tenant show; without one, that of the list of tenants.
func (s *Server) versionOf(r *http.Request, source Source, tenant string) (string, error) {
	switch {
	case source == nil:
		return "none", nil
	case tenant == "":
		return source.TenantsVersion(r.Context()), nil
	}
	snap, err := s.snapshot(r.Context(), tenant)
	if err != nil {
		return "", err
	}
	return snap.Version, nil
}
