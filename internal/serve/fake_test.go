package serve_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/serve"
	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/snapshot"
)

// tenants is a source of a tenant or two, whose snapshots a test replaces.
type tenants struct {
	mu      sync.Mutex
	by      map[string]*snapshot.Snapshot
	changed func(string, string)
	ready   chan struct{}
}

func newTenants(ids ...string) *tenants {
	s := &tenants{by: map[string]*snapshot.Snapshot{}, ready: make(chan struct{})}
	for _, id := range ids {
		s.by[id] = version(id, "1")
	}
	return s
}

func version(id, v string) *snapshot.Snapshot {
	return &snapshot.Snapshot{Version: v, Tenant: engine.Tenant{ID: id, Name: "of " + v}}
}

func (s *tenants) Snapshot(_ context.Context, id string) (*snapshot.Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" && len(s.by) == 1 {
		for _, only := range s.by {
			return only, nil
		}
	}
	if snap, ok := s.by[id]; ok {
		return snap, nil
	}
	return nil, snapshot.ErrUnknownTenant
}

func (s *tenants) Several() bool { return len(s.by) > 1 }

func (s *tenants) Watch(ctx context.Context, changed func(string, string)) error {
	s.mu.Lock()
	s.changed = changed
	s.mu.Unlock()
	close(s.ready)
	<-ctx.Done()
	return ctx.Err()
}

func (s *tenants) Tenants(_ context.Context, query snapshot.Query) ([]snapshot.Tenant, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []snapshot.Tenant
	for _, id := range slices.Sorted(maps.Keys(s.by)) {
		if strings.Contains(id, query.Search) {
			list = append(list, snapshot.Tenant{Tenant: s.by[id].Tenant})
		}
	}
	return list, len(list), nil
}

func (s *tenants) TenantsVersion(context.Context) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := ""
	for _, id := range slices.Sorted(maps.Keys(s.by)) {
		text += id + s.by[id].Version + "."
	}
	return text
}

// replace has another snapshot of a tenant from now on.
func (s *tenants) replace(id, v string) {
	<-s.ready
	s.mu.Lock()
	s.by[id] = version(id, v)
	changed := s.changed
	s.mu.Unlock()
	changed(id, v)
}

// words renders what it was asked for, in words. Tabs called "panic" and "fail" do so.
type words struct{ rendered atomic.Int64 }

func (p *words) Render(w io.Writer, s *snapshot.Snapshot, r page.Request) error {
	p.rendered.Add(1)
	switch r.Tab {
	case "panic":
		panic("in a template")
	case "fail":
		return fmt.Errorf("a secret of the template")
	case "missing":
		return page.ErrNotFound
	}
	_, err := fmt.Fprintf(w, "<h1>%s %s/%s?%s</h1><p>%+v</p><p>%s</p><p>at %s</p>", s.Tenant.ID, r.Tab, r.ID, r.Query.Encode(), r.Viewer, s.Tenant.Name, r.Origin)
	return err
}

func (p *words) Tenants(w io.Writer, t page.Tenants, _ page.Request) error {
	p.rendered.Add(1)
	fmt.Fprintf(w, "<h1>Tenants of %s</h1>", t.Version)
	for _, tenant := range t.List {
		fmt.Fprintf(w, "<p>%s</p>", tenant.ID)
	}
	return nil
}

// site is a server that a test asks.
type site struct {
	*httptest.Server
	serve  *serve.Server
	source *tenants
	pages  *words
	log    *lines
	signIn string
}

// lines are a log that several goroutines write to.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(text)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// newSite starts a server on loopback, for somebody with a role; change may change its options.
func newSite(t testing.TB, role signin.Role, change func(*serve.Options)) *site {
	t.Helper()
	s := &site{source: newTenants("contoso"), pages: &words{}, log: &lines{}}
	s.Server = httptest.NewUnstartedServer(nil)
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve.ServeHTTP(w, r) })
	s.Start()
	t.Cleanup(s.Close)
	origin := must.Get(url.Parse(s.URL))(t)
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	gate, link := signin.Local(signin.Options{Origin: origin, Log: log}, signin.User{Name: "Ada Lovelace", Role: role}, func(next string) { s.signIn = next })
	s.signIn = link
	o := serve.Options{Pages: s.pages, Gate: gate, Hosts: []string{origin.Host}, Version: "1.2.3", Log: log}
	if change != nil {
		change(&o)
	}
	s.serve = serve.New(o)
	return s
}

// show has the site show its source until the test ends.
func (s *site) show(t testing.TB) *site {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	s.serve.Show(s.source)
	go func() {
		defer close(done)
		_ = s.serve.Watch(ctx) // it ends with the test
	}()
	<-s.source.ready
	t.Cleanup(func() { cancel(); <-done })
	return s
}

// browser signs in.
func (s *site) browser(t testing.TB) *http.Client {
	t.Helper()
	client := &http.Client{
		Jar: must.Get(cookiejar.New(nil))(t), Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, _ := s.ask(t, client, http.MethodGet, strings.TrimPrefix(s.signIn, s.URL), nil)
	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("signing in: %s", response.Status)
	}
	return client
}

// ask sends a request with headers, names and values in turns. A form is sent as a body.
func (s *site) ask(t testing.TB, client *http.Client, method, path string, form url.Values, headers ...string) (*http.Response, string) {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := must.Get(http.NewRequestWithContext(t.Context(), method, s.URL+path, body))(t)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	response := must.Get(client.Do(r))(t)
	defer func() { _ = response.Body.Close() }()
	return response, string(must.Get(io.ReadAll(response.Body))(t))
}
