package serve_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page/web"
	"github.com/posture-score/posture/internal/serve"
	"github.com/posture-score/posture/internal/serve/signin"
)

func TestPages(t *testing.T) {
	s := newSite(t, signin.Editor, nil).show(t)
	client := s.browser(t)
	response, _ := s.ask(t, client, http.MethodGet, "/", nil)
	expect.Equal(t, "/tenants/contoso/overview", response.Header.Get("Location"))
	response, _ = s.ask(t, client, http.MethodGet, "/tenants/contoso", nil)
	expect.Equal(t, "/tenants/contoso/overview", response.Header.Get("Location"))

	response, text := s.ask(t, client, http.MethodGet, "/tenants/contoso/actions/Admin%2FMFA?b=2&a=1", nil)
	expect.Equal(t, "<h1>contoso actions/Admin/MFA?a=1&b=2</h1><p>{Name: Editor:true Remote:false Theme:}</p><p>of 1</p><p>at "+s.URL+"</p>", text)
	expect.Equal(t, "private, no-cache", response.Header.Get("Cache-Control"))
	expect.Equal(t, "Accept-Encoding, Cookie", response.Header.Get("Vary"))
	etag := response.Header.Get("ETag")

	// Without compression it is the same page.
	plain := &http.Client{Jar: client.Jar, Transport: &http.Transport{DisableCompression: true}}
	response, uncompressed := s.ask(t, plain, http.MethodGet, "/tenants/contoso/actions/Admin%2FMFA?a=1&b=2", nil)
	expect.Equal(t, text, uncompressed)
	expect.Equal(t, etag, response.Header.Get("ETag"))
	response, _ = s.ask(t, plain, http.MethodHead, "/tenants/contoso/actions/Admin%2FMFA?a=1&b=2", nil)
	expect.Equal(t, int64(len(text)), response.ContentLength)
	expect.Equalf(t, int64(1), s.pages.rendered.Load(), "it is rendered once, in whichever order the query is")

	// Whoever has it already is not sent it again, until there is another snapshot.
	for list, want := range map[string]int{etag: 304, strings.TrimPrefix(etag, "W/"): 304, `"x", ` + etag: 304, "*": 304, `"x"`: 200, "": 200} {
		response, _ = s.ask(t, client, http.MethodGet, "/tenants/contoso/actions/Admin%2FMFA?a=1&b=2", nil, "If-None-Match", list)
		expect.Equalf(t, want, response.StatusCode, "%s", list)
	}
	s.source.replace("contoso", "2")
	response, text = s.ask(t, client, http.MethodGet, "/tenants/contoso/actions/Admin%2FMFA?a=1&b=2", nil, "If-None-Match", etag)
	expect.Equal(t, http.StatusOK, response.StatusCode)
	if !strings.Contains(text, "<p>of 2</p>") || response.Header.Get("ETag") == etag {
		t.Errorf("an old page: %s", text)
	}

	for path, want := range map[string]int{
		"/tenants/contoso/missing": 404, "/tenants/fabrikam/overview": 404, "/nothing": 404, "/tenants/contoso/actions/a/b": 404,
		"/tenants/contoso/fail": 500, "/tenants/contoso/panic": 500,
	} {
		response, text := s.ask(t, client, http.MethodGet, path, nil, "Accept", "text/html")
		expect.Equalf(t, want, response.StatusCode, "%s", path)
		expect.Equalf(t, "no-store", response.Header.Get("Cache-Control"), "%s", path)
		if strings.Contains(text, "secret") || !strings.Contains(text, "<h1>"+http.StatusText(want)) {
			t.Errorf("%s: %s", path, text)
		}
	}
	response, _ = s.ask(t, client, http.MethodPut, "/tenants/contoso/plan", nil)
	expect.Equal(t, http.StatusMethodNotAllowed, response.StatusCode)
	expect.Equal(t, "GET, HEAD, POST", response.Header.Get("Allow"))
	if log := s.log.String(); !strings.Contains(log, "a secret of the template") || !strings.Contains(log, "in a template") || !strings.Contains(log, "fake_test.go") {
		t.Error("the log does not say what went wrong")
	}
}

func TestSeveralTenants(t *testing.T) {
	s := newSite(t, signin.Editor, nil)
	s.source = newTenants("contoso", "fabrikam")
	s.show(t)
	client := s.browser(t)
	response, _ := s.ask(t, client, http.MethodGet, "/", nil)
	expect.Equal(t, "/tenants", response.Header.Get("Location"))
	_, text := s.ask(t, client, http.MethodGet, "/tenants/fabrikam/overview", nil)
	if !strings.HasPrefix(text, "<h1>fabrikam ") {
		t.Error(text)
	}
	for query, want := range map[string]string{"": "<p>contoso</p><p>fabrikam</p>", "?q=fab": "<p>fabrikam</p>"} {
		_, text = s.ask(t, client, http.MethodGet, "/tenants"+query, nil)
		if !strings.HasPrefix(text, "<h1>Tenants of contoso1.fabrikam1.</h1>") || !strings.HasSuffix(text, "</h1>"+want) {
			t.Errorf("%s: %s", query, text)
		}
	}
	s.source.replace("contoso", "2")
	if _, text = s.ask(t, client, http.MethodGet, "/tenants", nil); !strings.Contains(text, "contoso2.") {
		t.Errorf("the list is the old one: %s", text)
	}
}

// TestPassedOn holds that what is passed on has one address of the server, whatever allowed name a request calls it, and none that isn't.
func TestPassedOn(t *testing.T) {
	for name, test := range map[string]struct {
		tls    bool
		scheme string
	}{"plain": {false, "http"}, "behind TLS": {true, "https"}} {
		t.Run(name, func(t *testing.T) {
			first := ""
			s := newSite(t, signin.Editor, func(o *serve.Options) {
				first, o.TLS, o.Hosts = o.Hosts[0], test.tls, append(o.Hosts, "other.example")
			}).show(t)
			client := s.browser(t)
			here := must.Get(url.Parse(s.URL))(t)
			for _, cookie := range client.Jar.Cookies(here) {
				_, text := s.ask(t, &http.Client{}, http.MethodGet, "/tenants/contoso/overview", nil, "Host", "other.example", "Cookie", cookie.String(), "X-Forwarded-Host", "evil.example")
				if !strings.HasSuffix(text, "<p>at "+test.scheme+"://"+first+"</p>") {
					t.Error(text)
				}
			}
			response, _ := s.ask(t, client, http.MethodGet, "/tenants/contoso/overview", nil, "Host", "evil.example")
			expect.Equal(t, http.StatusMisdirectedRequest, response.StatusCode)
		})
	}
}

// TestOnce: of many who ask for the same page at once, one has it rendered.
func TestOnce(t *testing.T) {
	s := newSite(t, signin.Reader, nil).show(t)
	client := s.browser(t)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			response, err := client.Get(s.URL + "/tenants/contoso/overview")
			if err != nil {
				t.Error(err)
				return
			}
			_ = response.Body.Close()
		})
	}
	group.Wait()
	expect.Equal(t, int64(1), s.pages.rendered.Load())
}

func TestHeaders(t *testing.T) {
	s := newSite(t, signin.Editor, nil).show(t)
	client := s.browser(t)
	for _, path := range []string{"/", "/tenants/contoso/overview", "/nothing", "/healthz", "/assets/" + web.Script().Name, "/signin?token=x", "/account"} {
		response, _ := s.ask(t, client, http.MethodGet, path, nil)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; " +
				"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "",
		} {
			expect.Equalf(t, want, response.Header.Get(name), "%s of %s", name, path)
		}
		if got := response.Header.Get("Permissions-Policy"); !strings.Contains(got, "camera=()") {
			t.Errorf("Permissions-Policy of %s: %s", path, got)
		}
	}
	secure := newSite(t, signin.Editor, func(o *serve.Options) { o.TLS, o.Public = true, true }).show(t)
	response, _ := secure.ask(t, &http.Client{}, http.MethodGet, "/healthz", nil)
	expect.Equal(t, "max-age=31536000", response.Header.Get("Strict-Transport-Security"))
}

func TestAssets(t *testing.T) {
	s := newSite(t, signin.Editor, nil)
	for _, a := range []web.Asset{web.Script(), web.Style()} {
		response, text := s.ask(t, &http.Client{}, http.MethodGet, "/assets/"+a.Name, nil)
		expect.Equal(t, a.Content, text)
		expect.Equal(t, a.ContentType, response.Header.Get("Content-Type"))
		expect.Equal(t, "public, max-age=31536000, immutable", response.Header.Get("Cache-Control"))
	}
	response, _ := s.ask(t, &http.Client{}, http.MethodGet, "/assets/app.0000000000000000.js", nil)
	expect.Equal(t, http.StatusNotFound, response.StatusCode)
	expect.Equal(t, "no-store", response.Header.Get("Cache-Control"))
}

// TestAccess: without signing in there is nothing but what signing in needs, and readers change nothing.
func TestAccess(t *testing.T) {
	s := newSite(t, signin.Reader, nil).show(t)
	stranger, reader := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, s.browser(t)
	open := []string{"GET /healthz", "GET /assets/{name}", "GET /signin", "GET /signin/callback", "POST /signout"}
	ofReaders := []string{"POST /theme"} // that a reader may post
	for _, pattern := range serve.Patterns(s.serve) {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.NewReplacer("{tenant}", "contoso", "{tab}", "overview", "{id}", "1", "{$}", "", "{name}", "x").Replace(path)
		response, _ := s.ask(t, stranger, method, path, nil)
		if (response.StatusCode == http.StatusUnauthorized) == slices.Contains(open, pattern) && pattern != "GET /signin" {
			t.Errorf("%s: a stranger gets %s", pattern, response.Status)
		}
		if method == http.MethodGet || slices.Contains(open, pattern) || slices.Contains(ofReaders, pattern) {
			continue
		}
		response, _ = s.ask(t, reader, method, path, url.Values{})
		expect.Equalf(t, http.StatusForbidden, response.StatusCode, "%s", pattern)
	}
	// What is not there looks the same as what is.
	response, _ := s.ask(t, stranger, http.MethodGet, "/nothing", nil)
	expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
}

func TestHost(t *testing.T) {
	s := newSite(t, signin.Editor, nil).show(t)
	client := s.browser(t)
	_, port, _ := net.SplitHostPort(must.Get(url.Parse(s.URL))(t).Host)
	for host, want := range map[string]int{
		"127.0.0.1:" + port: 200, "evil.example": 421, "evil.example:" + port: 421, "127.0.0.1": 421, "127.0.0.1:1": 421, "127.0.0.1.evil.example:" + port: 421, "LOCALHOST:" + port: 421,
	} {
		response, text := s.ask(t, client, http.MethodGet, "/tenants/contoso/overview", nil, "Host", host)
		expect.Equalf(t, want, response.StatusCode, "%s", host)
		if want != 200 && strings.Contains(text, "contoso") {
			t.Errorf("%s: %s", host, text)
		}
	}
	response, _ := s.ask(t, client, http.MethodGet, "/healthz", nil, "Host", "evil.example")
	expect.Equal(t, http.StatusMisdirectedRequest, response.StatusCode)
	public := newSite(t, signin.Editor, func(o *serve.Options) { o.Public = true }).show(t)
	response, _ = public.ask(t, &http.Client{}, http.MethodGet, "/healthz", nil, "Host", "10.0.0.7")
	expect.Equal(t, http.StatusOK, response.StatusCode)
}

// TestCrossOrigin: what changes something comes from a page of this server, or from no browser.
func TestCrossOrigin(t *testing.T) {
	s := newSite(t, signin.Editor, nil).show(t)
	client := s.browser(t)
	for _, test := range []struct {
		headers []string
		want    int
	}{
		{[]string{"Sec-Fetch-Site", "same-origin"}, http.StatusSeeOther},
		{nil, http.StatusSeeOther},
		{[]string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{[]string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden}, // another port of this machine
		{[]string{"Origin", "http://127.0.0.1:1"}, http.StatusForbidden},
		{[]string{"Origin", "https://evil.example"}, http.StatusForbidden},
		{[]string{"Origin", "null"}, http.StatusForbidden},
		{[]string{"Origin", s.URL}, http.StatusSeeOther},
	} {
		response, _ := s.ask(t, client, http.MethodPost, "/theme", url.Values{"theme": {"dark"}}, test.headers...)
		expect.Equalf(t, test.want, response.StatusCode, "%v", test.headers)
	}
}

func TestTheme(t *testing.T) {
	s := newSite(t, signin.Reader, nil).show(t)
	client := s.browser(t)
	for _, test := range []struct{ theme, back, want, to string }{
		{"dark", "/tenants/contoso/actions?x=1", "Theme:dark", "/tenants/contoso/actions?x=1"},
		{"light", "//evil.example", "Theme:light", "/"},
		{`"><script>`, "", "Theme:}", "/"},
	} {
		response, _ := s.ask(t, client, http.MethodPost, "/theme", url.Values{"theme": {test.theme}, "return": {test.back}})
		expect.Equal(t, http.StatusSeeOther, response.StatusCode)
		expect.Equal(t, test.to, response.Header.Get("Location"))
		_, text := s.ask(t, client, http.MethodGet, "/tenants/contoso/overview", nil)
		if !strings.Contains(text, test.want) {
			t.Errorf("%s: %s", test.theme, text)
		}
	}
	_, text := s.ask(t, client, http.MethodGet, "/account", nil)
	if !strings.Contains(text, "<bdi>Ada Lovelace</bdi>, with the role reader") || !strings.Contains(text, `value="" checked`) {
		t.Error(text)
	}
	response, _ := s.ask(t, client, http.MethodPost, "/signout", nil)
	expect.Equal(t, http.StatusSeeOther, response.StatusCode)
	response, _ = s.ask(t, client, http.MethodGet, "/account", nil)
	expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
}

func TestHealth(t *testing.T) {
	var mu sync.Mutex
	now := time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)
	s := newSite(t, signin.Editor, func(o *serve.Options) {
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	response, text := s.ask(t, &http.Client{}, http.MethodGet, "/healthz", nil)
	expect.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	expect.Equal(t, `{"status":"starting","version":"1.2.3"}`+"\n", text)
	client := s.browser(t)
	response, text = s.ask(t, client, http.MethodGet, "/", nil)
	expect.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	if !strings.Contains(text, "is being read") {
		t.Error(text)
	}
	s.show(t)
	mu.Lock()
	now = now.Add(90 * time.Second)
	mu.Unlock()
	response, text = s.ask(t, &http.Client{}, http.MethodGet, "/healthz", nil)
	expect.Equal(t, http.StatusOK, response.StatusCode)
	expect.Equal(t, `{"status":"ok","version":"1.2.3","snapshot_age_seconds":90}`+"\n", text)
	if !json.Valid([]byte(text)) {
		t.Error("no JSON")
	}
}

func TestLog(t *testing.T) {
	s := newSite(t, signin.Reader, nil).show(t)
	client := s.browser(t)
	s.ask(t, client, http.MethodGet, "/tenants/contoso/actions?search=grace", nil)
	log := s.log.String()
	if !strings.Contains(log, `msg=request method=GET path=/tenants/contoso/actions status=200 bytes=`) || !strings.Contains(log, "role=reader") {
		t.Errorf("the log: %s", log)
	}
	for _, secret := range []string{"grace", "Ada", "token", strings.TrimPrefix(s.signIn, s.URL+"/signin?token=")} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q: %s", secret, log)
		}
	}
}

func TestBodyBounded(t *testing.T) {
	s := newSite(t, signin.Editor, func(o *serve.Options) { o.Limits.Body = 1000 }).show(t)
	client := s.browser(t)
	response, _ := s.ask(t, client, http.MethodPost, "/theme", url.Values{"theme": {strings.Repeat("x", 2000)}})
	expect.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
	response, _ = s.ask(t, client, http.MethodPost, "/theme", url.Values{}, "Content-Type", "application/x-www-form-urlencoded; =")
	expect.Equal(t, http.StatusBadRequest, response.StatusCode)
}

// stream reads events of a server, one name and data on a line.
func (s *site) stream(t *testing.T, client *http.Client, path string) (<-chan string, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := must.Get(http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil))(t)
	response := must.Get((&http.Client{Jar: client.Jar}).Do(r))(t)
	expect.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	events := make(chan string, 100)
	go func() {
		defer close(events)
		defer func() { _ = response.Body.Close() }()
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				events <- data
			}
		}
	}()
	return events, cancel
}

func next(t *testing.T, events <-chan string) string {
	t.Helper()
	select {
	case event, ok := <-events:
		if !ok {
			return "the end"
		}
		return event
	case <-time.After(10 * time.Second):
		t.Fatal("no event comes")
		return ""
	}
}

func TestEvents(t *testing.T) {
	s := newSite(t, signin.Reader, func(o *serve.Options) { o.Limits.Listeners = 2 }).show(t)
	client := s.browser(t)
	for range 3 { // asking what is there takes no slot
		response, _ := s.ask(t, client, http.MethodHead, "/events", nil)
		expect.Equal(t, http.StatusOK, response.StatusCode)
		expect.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	}
	one, end := s.stream(t, client, "/events?tenant=contoso")
	all, _ := s.stream(t, client, "/events")
	expect.Equal(t, "1", next(t, one))
	first := next(t, all)
	s.source.replace("contoso", "2")
	expect.Equal(t, "2", next(t, one))
	if second := next(t, all); second == first {
		t.Error("everything is as it was")
	}
	response, _ := s.ask(t, client, http.MethodGet, "/events", nil)
	expect.Equalf(t, http.StatusServiceUnavailable, response.StatusCode, "one too many")
	end()
	for next(t, one) != "the end" {
	}
	// A slot is free as soon as the server knows that the browser has gone.
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		ctx, cancel := context.WithCancel(t.Context())
		r := must.Get(http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/events", nil))(t)
		response := must.Get((&http.Client{Jar: client.Jar}).Do(r))(t)
		cancel()
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the slot is not free again")
		}
	}
	response, _ = s.ask(t, &http.Client{}, http.MethodGet, "/events", nil)
	expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
}

// TestEndsOrderly: at the end, what has begun is answered, and browsers that wait for changes are let go.
func TestEndsOrderly(t *testing.T) {
	s := newSite(t, signin.Editor, nil).show(t)
	ctx, cancel := context.WithCancel(t.Context())
	listener := must.Get(net.Listen("tcp", "127.0.0.1:0"))(t)
	ended := make(chan error, 1)
	go func() { ended <- s.serve.Serve(ctx, listener) }()
	// The same server by its other listener; the gate's cookie is by name alone.
	client := s.browser(t)
	host := must.Get(url.Parse(s.URL))(t).Host
	ask := func(path string) *http.Response {
		r := must.Get(http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+listener.Addr().String()+path, nil))(t)
		r.Host = host
		for _, c := range client.Jar.Cookies(must.Get(url.Parse(s.URL))(t)) {
			r.AddCookie(c)
		}
		return must.Get(http.DefaultClient.Do(r))(t)
	}
	events := ask("/events")
	defer func() { _ = events.Body.Close() }()
	cancel()
	if _, err := io.ReadAll(events.Body); err != nil {
		t.Errorf("a stream is cut off: %v", err)
	}
	select {
	case err := <-ended:
		expect.Equal(t, nil, err)
	case <-time.After(5 * time.Second):
		t.Fatal("the server goes on")
	}
	if _, err := net.DialTimeout("tcp", listener.Addr().String(), time.Second); err == nil {
		t.Error("it still listens")
	}
}

// TestEndsInTime: whoever does not read does not hold the end up.
func TestEndsInTime(t *testing.T) {
	s := newSite(t, signin.Editor, func(o *serve.Options) { o.Limits.Shutdown = 50 * time.Millisecond }).show(t)
	ctx, cancel := context.WithCancel(t.Context())
	listener := must.Get(net.Listen("tcp", "127.0.0.1:0"))(t)
	ended := make(chan error, 1)
	go func() { ended <- s.serve.Serve(ctx, listener) }()
	conn := must.Get(net.Dial("tcp", listener.Addr().String()))(t)
	defer func() { _ = conn.Close() }()
	// A body that never comes.
	fmt.Fprintf(conn, "POST /theme HTTP/1.1\r\nHost: %s\r\nContent-Length: 100\r\n\r\n", must.Get(url.Parse(s.URL))(t).Host)
	time.Sleep(20 * time.Millisecond)
	cancel()
	select {
	case err := <-ended:
		expect.Equal(t, nil, err)
	case <-time.After(5 * time.Second):
		t.Fatal("the server goes on")
	}
}

// TestReloadUnderLoad: whoever reads while snapshots are replaced gets one of them, and never a mixture.
func TestReloadUnderLoad(t *testing.T) {
	s := newSite(t, signin.Reader, func(o *serve.Options) { o.Pages = &slowly{} }).show(t)
	client := s.browser(t)
	client.Transport = &http.Transport{MaxIdleConnsPerHost: 20}
	stop := make(chan struct{})
	var readers sync.WaitGroup
	tags := sync.Map{} // of each ETag the page
	for range 16 {
		readers.Go(func() {
			for last := 0; ; {
				select {
				case <-stop:
					return
				default:
				}
				response, err := client.Get(s.URL + "/tenants/contoso/overview")
				if err != nil {
					t.Error(err)
					return
				}
				text, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if err != nil || response.StatusCode != http.StatusOK {
					t.Errorf("%s: %v", response.Status, err)
					return
				}
				parts := strings.Fields(string(text))
				if len(parts) != pieces || slices.ContainsFunc(parts, func(p string) bool { return p != parts[0] }) {
					t.Errorf("a mixture: %s", text)
					return
				}
				var v int
				if _, err := fmt.Sscan(parts[0], &v); err != nil || v < last {
					t.Errorf("version %s after %d", parts[0], last)
					return
				}
				last = v
				if before, ok := tags.LoadOrStore(response.Header.Get("ETag"), string(text)); ok && before != string(text) {
					t.Error("two pages have the same ETag")
				}
			}
		})
	}
	for v := range 100 {
		s.source.replace("contoso", fmt.Sprint(v+2))
		time.Sleep(2 * time.Millisecond)
	}
	close(stop)
	readers.Wait()
}
