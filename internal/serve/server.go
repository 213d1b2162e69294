package serve

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/page/web"
	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/snapshot"
)

// Source has what is shown: [snapshot.Source] does. Several goroutines use it at once; the snapshots that it returns are never changed.
type Source interface {
	// Snapshot returns the latest snapshot of a tenant, or of the only one if the id is empty. Its error is [snapshot.ErrUnknownTenant]
	// if there is none.
	Snapshot(ctx context.Context, tenant string) (*snapshot.Snapshot, error)
	// Several reports whether there is more than one tenant.
	Several() bool
	// Tenants lists tenants, and says how many the query finds without its limit.
	Tenants(ctx context.Context, query snapshot.Query) ([]snapshot.Tenant, int, error)
	// TenantsVersion names the state of the list.
	TenantsVersion(ctx context.Context) string
	// Watch has snapshots made anew when what they are made of changes, and calls a function for each tenant with a new version; the id
	// is empty if the list of tenants has changed. It returns when the context ends.
	Watch(ctx context.Context, changed func(tenant, version string)) error
}

// Pages renders pages: [page.Renderer] does.
type Pages interface {
	// Render writes a page. It may be called by several goroutines at once. What is not there is an error that is [page.ErrNotFound].
	Render(w io.Writer, s *snapshot.Snapshot, r page.Request) error
	// Tenants writes the list of tenants, as Render does.
	Tenants(w io.Writer, t page.Tenants, r page.Request) error
}

// Options are what a server is made of.
type Options struct {
	Pages   Pages
	Gate    *signin.Gate
	Hosts   []string // what browsers may call this server, with the port if it is not the usual one; the first is in what is passed on
	Remote  bool     // people sign in at a provider, so that signing out makes sense
	Public  bool     // other machines reach it, so that its health may be asked for by any name
	TLS     bool     // browsers reach it by https
	Version string   // of the program
	Log     *slog.Logger
	Now     func() time.Time // nil is the clock of this machine
	Limits  Limits
}

// Limits bound what a server takes and keeps. Zero is the usual value.
type Limits struct {
	Cache     int           // bytes of rendered pages
	Listeners int           // browsers that wait for changes
	Body      int64         // bytes of a request's body
	Shutdown  time.Duration // how long requests may take to end
}

// Usual limits.
const (
	usualCache     = 64 << 20
	usualListeners = 1000
	usualBody      = 1 << 20
	usualShutdown  = 10 * time.Second
)

// Timeouts of a connection. Events have write deadlines of their own.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10 // bytes; cookies of every server on a machine come along
)

// Server shows what a source has.
type Server struct {
	Options
	assets  map[string]web.Asset
	cache   *cache
	shown   shown
	waiting chan struct{} // a slot for each browser that waits for changes
	ending  chan struct{} // closed when the server ends
	handler http.Handler
}

// New returns a server, which has nothing to show yet.
func New(o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Limits = Limits{
		Cache: cmp.Or(o.Limits.Cache, usualCache), Listeners: cmp.Or(o.Limits.Listeners, usualListeners),
		Body: cmp.Or(o.Limits.Body, usualBody), Shutdown: cmp.Or(o.Limits.Shutdown, usualShutdown),
	}
	s := &Server{
		Options: o, assets: map[string]web.Asset{}, cache: newCache(o.Limits.Cache),
		waiting: make(chan struct{}, o.Limits.Listeners), ending: make(chan struct{}),
		shown: shown{changed: make(chan struct{})},
	}
	for _, a := range []web.Asset{web.Script(), web.Style()} {
		s.assets[a.Name] = a
	}
	s.handler = s.wrap(s.mux())
	return s
}

// origin returns the scheme and the host that stand in what is passed on, such as mails and tasks. What a request calls this server is of
// no matter: a page is rendered once for all.
func (s *Server) origin() string {
	if len(s.Hosts) == 0 {
		return ""
	}
	u := url.URL{Scheme: "http", Host: s.Hosts[0]}
	if s.TLS {
		u.Scheme = "https"
	}
	return u.String()
}

// ServeHTTP is part of http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Serve answers what comes from a listener until the context is done. Then it ends browsers' waiting for changes, lets other requests
// end, for as long as the limits say, and returns nil. It is called once.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	// Requests go on for a while after the context is done.
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	server := &http.Server{
		Handler: s, BaseContext: func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	close(s.ending)
	patience, cancel := context.WithTimeout(base, s.Limits.Shutdown)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		s.Log.Warn("some requests did not end in time", "error", err)
		_ = server.Close() // what is left is cut off
	}
	return nil
}
