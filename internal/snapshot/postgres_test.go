package snapshot_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/pgserver"
	"github.com/posture-score/posture/internal/snapshot"
)

// TestPostgres shows a history in PostgreSQL, and asks it for what is new.
func TestPostgres(t *testing.T) {
	t.Parallel()
	server, err := pgserver.Start(context.Background())
	if errors.Is(err, pgserver.ErrMissing) && os.Getenv("CI") == "" {
		t.Skipf("NOT TESTED ON POSTGRESQL: %v", err)
	}
	must.Do(t, err)
	t.Cleanup(func() { must.Do(t, server.Stop()) })
	url := server.URL("postgres")
	record(t, url, assessed(t, earlier(3)))
	source := must.Get(snapshot.Open(t.Context(), options(t, url)))(t)
	first := current(t, source)
	told := make(chan string, 10)
	ctx, stop := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { _ = source.Watch(ctx, func(tenant, version string) { told <- tenant + " " + version }) })
	record(t, url, assessed(t, nil))
	select {
	case got := <-told:
		s := current(t, source)
		expect.Equal(t, contosoID+" "+s.Version, got)
		if s.Version == first.Version || len(s.Past.Entries) != 2 || s.Since == nil {
			t.Errorf("%+v", s.Past)
		}
	case <-time.After(30 * time.Second):
		t.Error("nothing is told")
	}
	record(t, url, assessed(t, func(a *engine.Assessment) { a.Tenant = engine.Tenant{ID: "b", Name: "B"} }))
	must.Do(t, source.Refresh(t.Context()))
	list, count, err := source.Tenants(t.Context(), snapshot.Query{Limit: 1, Search: "contoso"})
	must.Do(t, err)
	if count != 1 || list[0].ID != contosoID {
		t.Errorf("%d: %+v", count, list)
	}

	// A server that is gone is a problem, and not the end.
	must.Do(t, server.Exec(t.Context(), "DROP SCHEMA posture CASCADE"))
	if err := source.Refresh(t.Context()); err == nil {
		t.Error("a database without tables is read")
	}
	if s := must.Get(source.Snapshot(t.Context(), contosoID))(t); s.Problem == "" || strings.Contains(s.Problem, "host=") || len(s.Past.Entries) != 2 {
		t.Errorf("%q", s.Problem)
	}
	stop()
	done.Wait()
	must.Do(t, source.Close())
}
