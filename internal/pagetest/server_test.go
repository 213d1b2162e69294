package pagetest_test

import (
	"context"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/serve"
	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/snapshot"
)

// site is a running server.
type site struct {
	origin string
	tenant string      // the first one
	links  chan string // to sign in, each once
}

// tab returns the address of a tab of the tenant.
func (s *site) tab(path string) string {
	return s.origin + "/tenants/" + s.tenant + "/" + path
}

// enter returns an address that signs in and leads to a path.
func (s *site) enter(path string) string { return <-s.links + "&return=" + url.QueryEscape(path) }

// start runs a server until the test ends.
func start(t testing.TB, source serve.Source, user signin.User) *site {
	t.Helper()
	l := must.Get((&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0"))(t)
	s := &site{origin: "http://" + l.Addr().String(), tenant: must.Get(source.Snapshot(t.Context(), ""))(t).Tenant.ID, links: make(chan string, 100)}
	gate, link := signin.Local(signin.Options{Origin: must.Get(url.Parse(s.origin))(t)}, user, func(link string) { s.links <- link })
	s.links <- link
	server := serve.New(serve.Options{Pages: must.Get(page.New())(t), Gate: gate, Hosts: []string{l.Addr().String()}, Version: "1.0.0"})
	server.Show(source)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() {
		if err := server.Serve(ctx, l); err != nil {
			t.Error(err)
		}
	})
	running.Go(func() {
		if err := server.Watch(ctx); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		running.Wait()
	})
	return s
}

// fixed is a source of snapshots that never change.
type fixed struct {
	serve.Source // what it may be asked besides: nothing
	shown        []*snapshot.Snapshot
}

// only is a source of one tenant, and of others whose addresses one has to know.
func only(shown ...*snapshot.Snapshot) fixed { return fixed{shown: shown} }

func (f fixed) Snapshot(_ context.Context, tenant string) (*snapshot.Snapshot, error) {
	for _, s := range f.shown {
		if tenant == "" || s.Tenant.ID == tenant {
			return s, nil
		}
	}
	return nil, snapshot.ErrUnknownTenant
}

func (f fixed) Several() bool { return false }

func (f fixed) Watch(ctx context.Context, _ func(tenant, version string)) error {
	<-ctx.Done()
	return ctx.Err()
}
