package api

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/snapshot"
)

// Source has what is answered. It is safe for concurrent use.
type Source interface {
	Snapshot(ctx context.Context, tenant string) (*snapshot.Snapshot, error)
	Tenants(ctx context.Context, query snapshot.Query) (list []snapshot.Tenant, count int, err error)
}

// Options are what the API is made of.
type Options struct {
	Source  func() Source                   // returns nil before anything has been loaded
	Refresh func(ctx context.Context) error // has the source look at what was written; may be nil
	Now     func() time.Time                // nil is the clock of this machine
	Log     *slog.Logger                    // nil is none
	Origin  string                          // scheme and host of the pages, for addresses in what others are given; may be empty
}

// API answers programs. Whoever it serves has to be signed in: see [signin.Gate.Require].
type API struct {
	Options
	mux   *http.ServeMux
	slots chan struct{} // bounds how many answers are made at once that read many days
}

//go:embed openapi.json
var description []byte

// New returns the API.
func New(o Options) *API {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &API{Options: o, mux: http.NewServeMux(), slots: make(chan struct{}, runtime.GOMAXPROCS(0))}
	for pattern, handle := range a.routes() {
		a.mux.HandleFunc(pattern, handle)
	}
	a.mux.HandleFunc("/", a.missing)
	return a
}

// missing answers a request that no operation is for: there is nothing at its path, or it is not asked for in this way.
func (a *API) missing(w http.ResponseWriter, r *http.Request) {
	p := refuse(http.StatusNotFound, "There is nothing at this address: /api/v1/openapi.json describes what there is.")
	if methods := Methods(a.mux, r); len(methods) > 0 {
		w.Header().Set("Allow", strings.Join(methods, ", "))
		p = refuse(http.StatusMethodNotAllowed, "This address does not take %.20q: /api/v1/openapi.json describes what it takes.", r.Method)
	}
	if strings.HasPrefix(r.URL.Path, "/v1.0/") {
		a.graph(func(*graphRequest) error { return p })(w, r)
		return
	}
	a.failed(w, r, p)
}

// Methods returns the methods by which a handler that has "/" for all else answers the path of a request; none if nothing is there.
func Methods(mux *http.ServeMux, r *http.Request) []string {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPatch, http.MethodPost} {
		probe := *r
		probe.Method = method
		if _, pattern := mux.Handler(&probe); pattern != "/" {
			methods = append(methods, method)
		}
	}
	return methods
}

// routes returns what the API answers: the operations of openapi.json.
func (a *API) routes() map[string]http.HandlerFunc {
	const tenant = "/api/v1/tenants/{tenant}"
	const graph = "/v1.0/security/"
	return map[string]http.HandlerFunc{
		"GET /api/v1/openapi.json":                         a.describe,
		"GET /api/v1/tenants":                              a.tenants,
		"GET " + tenant:                                    a.shown(overview),
		"GET " + tenant + "/assessment":                    a.shown(assessment),
		"GET " + tenant + "/actions":                       a.shown(listed("json")),
		"GET " + tenant + "/actions.csv":                   a.shown(listed("csv")),
		"GET " + tenant + "/actions.xlsx":                  a.shown(listed("xlsx")),
		"GET " + tenant + "/actions/{id}":                  a.shown(action),
		"PATCH " + tenant + "/actions/{id}":                a.change,
		"GET " + tenant + "/actions/{id}/task.csv":         a.shown(a.taskSheet),
		"GET " + tenant + "/actions/{id}/task.json":        a.shown(a.task),
		"GET " + tenant + "/actions/tasks.csv":             a.shown(a.taskSheets),
		"GET " + tenant + "/actions/{id}/failing":          a.shown(failing),
		"GET " + tenant + "/actions/{id}/failing.csv":      a.shown(failingSheet),
		"GET " + tenant + "/history":                       a.shown(entries("json")),
		"GET " + tenant + "/history.csv":                   a.shown(entries("csv")),
		"GET " + tenant + "/history/{entry}":               a.shown(entry),
		"GET " + tenant + "/trends":                        a.shown(trends("json")),
		"GET " + tenant + "/trends.csv":                    a.shown(trends("csv")),
		"GET " + tenant + "/owners":                        a.shown(owners("json")),
		"GET " + tenant + "/owners.csv":                    a.shown(owners("csv")),
		"GET " + tenant + "/owners.xlsx":                   a.shown(owners("xlsx")),
		"GET " + tenant + "/plan":                          a.shown(planned),
		"GET " + graph + "secureScores":                    a.graph(scores),
		"GET " + graph + "secureScores/{id}":               a.graph(oneScore),
		"GET " + graph + "secureScoreControlProfiles":      a.graph(profiles),
		"GET " + graph + "secureScoreControlProfiles/{id}": a.graph(oneProfile),
	}
}

// Patterns returns the methods and paths of what the API answers, sorted.
func (a *API) Patterns() []string { return slices.Sorted(maps.Keys(a.routes())) }

// ServeHTTP is part of http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// slot waits for the right to read many days: one at a time on each processor, which bounds the memory that it takes. Whoever has it calls
// what is returned in the end.
func (a *API) slot(ctx context.Context) (done func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case a.slots <- struct{}{}:
		return func() { <-a.slots }, nil
	case <-ctx.Done():
		return nil, errBusy
	}
}

// describe answers with the description of the API.
func (a *API) describe(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(description) // who is gone gets nothing
}

// errBusy is a request that has waited for others for too long.
var errBusy = errors.New("too many are asking for much")

// errStarting is a request that comes before there is anything to answer from.
var errStarting = errors.New("nothing has been loaded yet")

// snapshot returns the snapshot that a request is about.
func (a *API) snapshot(ctx context.Context, tenant string) (*snapshot.Snapshot, error) {
	source := a.Source()
	if source == nil {
		return nil, errStarting
	}
	return source.Snapshot(ctx, tenant)
}

// answer answers a request from a snapshot. What it returns as an error has not been answered yet.
type answer func(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error

// shown returns a handler that answers from the snapshot of the tenant. All that follows from it is the same as long as its version is.
func (a *API) shown(give answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, err := a.snapshot(r.Context(), r.PathValue("tenant"))
		if err == nil {
			err = give(w, r, s)
		}
		if err != nil {
			a.failed(w, r, err)
		}
	}
}

// person returns who sent a request, and whether they may change something.
func person(r *http.Request) (name string, editor bool) {
	u, ok := signin.Session(r.Context())
	return u.Name, ok && u.CanEdit()
}

// unchanged answers that what a program has of a snapshot is still right, if it is. Otherwise it says which version the answer is of.
func unchanged(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) bool {
	etag := `W/"` + s.Version + `"`
	w.Header().Set("ETag", etag)
	w.Header().Set("Cache-Control", "private, no-cache")
	for one := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(one), "W/") == strings.TrimPrefix(etag, "W/") {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}
