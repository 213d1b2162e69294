package serve_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/serve"
	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/internal/tenant/year/recorded"
	"github.com/posture-score/posture/schemas"
)

// readers is how many look at the page at once.
const readers = 200

// library is the sample tenant with its year, served on loopback, and the cookie of somebody who has signed in.
type library struct {
	url, cookie string
	snapshot    *snapshot.Snapshot
	server      *serve.Server
}

// open serves days of the year.
func open(t testing.TB, days ...int) *library {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	path := filepath.Join(t.TempDir(), history.Name)
	store := must.Get(history.Open(ctx, path))(t)
	must.Do(t, recorded.Fill(ctx, store, days))
	must.Do(t, store.Close())
	cat := must.Get(catalog.Load(ctx, must.Get(schemas.Builtin())(t), must.Get(catalog.Builtin())(t)))(t)
	source := must.Get(snapshot.Open(ctx, snapshot.Options{Path: path, Catalog: cat, Engine: engine.Options{Version: "1.2.3"}, Now: time.Now}))(t)

	listener := must.Get(serve.Listen("127.0.0.1:0"))(t)
	origin := serve.Origin("127.0.0.1:0", listener.Addr(), false)
	gate, link := signin.Local(signin.Options{Origin: origin}, signin.User{Name: "Ada", Role: signin.Reader}, func(string) {})
	server := serve.New(serve.Options{Pages: must.Get(page.New())(t), Gate: gate, Hosts: serve.Hosts(origin), Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))})
	server.Show(source)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		must.Do(t, <-ended)
		must.Do(t, source.Close())
	})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response := must.Get(client.Get(link))(t)
	_ = response.Body.Close()
	return &library{url: origin.String(), cookie: response.Cookies()[0].String(), snapshot: must.Get(source.Snapshot(ctx, ""))(t), server: server}
}

// view is a page that readers look at.
type view struct{ name, path string }

// views are all pages: each tab, an action and an entry.
func (l *library) views() []view {
	base := "/tenants/" + url.PathEscape(l.snapshot.Tenant.ID)
	last := l.snapshot.Past.Entries[len(l.snapshot.Past.Entries)-1].ID
	return []view{
		{"overview", base + "/overview"},
		{"actions", base + "/actions"},
		{"filtered", base + "/actions?q=admin&status=to_address"},
		{"action", base + "/actions/AdminMFAV2"},
		{"history", base + "/history"},
		{"entry", base + "/history/" + fmt.Sprint(last)},
		{"trends", base + "/trends"},
		{"owners", base + "/owners"},
		{"plan", base + "/plan"},
		{"tenants", "/tenants"},
	}
}

// read has readers ask for views, each again as soon as it was answered (a closed loop without a pause), or so many in a second in all.
// Whatever is not answered well fails the test.
func (l *library) read(t testing.TB, rate int, duration time.Duration, list ...view) *vegeta.Metrics {
	t.Helper()
	var targets []vegeta.Target
	for _, v := range list {
		targets = append(targets, vegeta.Target{Method: http.MethodGet, URL: l.url + v.path, Header: http.Header{
			"Cookie": {l.cookie}, "Accept": {"text/html"}, "Accept-Encoding": {"gzip"},
		}})
	}
	attacker := vegeta.NewAttacker(vegeta.Workers(readers), vegeta.MaxWorkers(readers), vegeta.Connections(readers), vegeta.Timeout(30*time.Second))
	var metrics vegeta.Metrics
	for result := range attacker.Attack(vegeta.NewStaticTargeter(targets...), vegeta.Rate{Freq: rate, Per: time.Second}, duration, "") {
		metrics.Add(result)
	}
	metrics.Close()
	if metrics.Success != 1 || metrics.Requests == 0 {
		t.Fatalf("%s: %d requests, %.2f %% of them answered well: %v %v", list[0].name, metrics.Requests, 100*metrics.Success, metrics.StatusCodes, metrics.Errors)
	}
	return &metrics
}

// BenchmarkReaders measures the latency that 200 readers see at once, on as many cores as -cpu says; the load is made on the same cores.
//
//	go test ./internal/serve -run '^$' -bench Readers -benchtime 1x -cpu 2
func BenchmarkReaders(b *testing.B) {
	l := open(b, recorded.Days(1)...)
	for _, load := range []struct {
		name string
		rate int
	}{{"closed", 0}, {"1000_a_second", 1000}} {
		for _, v := range l.views() {
			b.Run(load.name+"/"+v.name, func(b *testing.B) {
				for b.Loop() {
					m := l.read(b, load.rate, 3*time.Second, v)
					b.ReportMetric(float64(m.Latencies.P50.Microseconds())/1000, "p50-ms")
					b.ReportMetric(float64(m.Latencies.P99.Microseconds())/1000, "p99-ms")
					b.ReportMetric(float64(m.Latencies.Max.Microseconds())/1000, "max-ms")
					b.ReportMetric(m.Throughput, "answers/s")
					b.ReportMetric(m.BytesIn.Mean, "bytes")
				}
			})
		}
	}
}

// BenchmarkFirst measures how long the first reader of a view waits after a change: the page is rendered.
func BenchmarkFirst(b *testing.B) {
	l := open(b, recorded.Days(1)...)
	n := 0
	for _, v := range l.views() {
		b.Run(v.name, func(b *testing.B) {
			for b.Loop() {
				n++ // a parameter that nothing knows, so that it is another page to the cache
				sign := "?"
				if strings.Contains(v.path, "?") {
					sign = "&"
				}
				l.get(b, v.path+sign+"n="+fmt.Sprint(n))
			}
		})
	}
}

func (l *library) get(b *testing.B, path string) {
	r := must.Get(http.NewRequestWithContext(b.Context(), http.MethodGet, l.url+path, nil))(b)
	r.Header.Set("Cookie", l.cookie)
	response := must.Get(http.DefaultClient.Do(r))(b)
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		b.Fatalf("%s: %s %v", path, response.Status, err)
	}
}

// TestReaders holds the latency for all views in turns. The bound is generous, since the machine may have other things to do; what is
// promised is measured by BenchmarkReaders.
func TestReaders(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes load, and the race detector makes it slow")
	}
	l := open(t, 1, 365)
	m := l.read(t, 500, 2*time.Second, l.views()...)
	t.Logf("p50 %s, p99 %s, longest %s", m.Latencies.P50, m.Latencies.P99, m.Latencies.Max)
	if m.Latencies.P99 > 2*time.Second {
		t.Errorf("of 100 answers one took %s", m.Latencies.P99)
	}
}
