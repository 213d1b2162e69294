package signin_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/serve/signin"
)

// inside is what a gate guards: it says who is there.
var inside = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	u, _ := signin.Session(r.Context())
	fmt.Fprintf(w, "%s is %s at %s", u.Name, u.Role, r.URL)
})

// serve starts a server whose gate is made once its address is known.
func serve(t *testing.T, server *httptest.Server, makeGate func(origin *url.URL) *signin.Gate) (*httptest.Server, *signin.Gate) {
	t.Helper()
	var gate *signin.Gate
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /signin", gate.SignIn)
		mux.HandleFunc("GET /signin/callback", gate.Callback)
		mux.HandleFunc("POST /signout", gate.SignOut)
		mux.Handle("/edit", gate.RequireEditor(inside))
		mux.Handle("/", gate.Require(inside))
		mux.ServeHTTP(w, r)
	})
	if server.URL == "" {
		server.Start()
	}
	t.Cleanup(server.Close)
	gate = makeGate(must.Get(url.Parse(server.URL))(t))
	return server, gate
}

// announced are the URLs that were printed.
type announced struct {
	sync.Mutex
	urls []string
}

func (a *announced) add(url string) {
	a.Lock()
	defer a.Unlock()
	a.urls = append(a.urls, url)
}

func (a *announced) last() string {
	a.Lock()
	defer a.Unlock()
	return a.urls[len(a.urls)-1]
}

// serveLocal starts a server on loopback.
func serveLocal(t *testing.T, o signin.Options, role signin.Role) (*httptest.Server, *announced) {
	printed := &announced{}
	server, _ := serve(t, httptest.NewUnstartedServer(nil), func(origin *url.URL) *signin.Gate {
		o.Origin = origin
		gate, first := signin.Local(o, signin.User{Name: "ada", Role: role}, printed.add)
		printed.add(first)
		return gate
	})
	return server, printed
}

// visitor is a client that keeps cookies, and does not follow redirects unless it is told to.
func visitor(t *testing.T, follow bool) *http.Client {
	t.Helper()
	client := &http.Client{Jar: must.Get(cookiejar.New(nil))(t)}
	if !follow {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	return client
}

// ask sends a request with headers, names and values in turns, and returns the answer with its text.
func ask(t *testing.T, client *http.Client, method, address string, headers ...string) (*http.Response, string) {
	t.Helper()
	r := must.Get(http.NewRequestWithContext(t.Context(), method, address, nil))(t)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response := must.Get(client.Do(r))(t)
	defer func() { _ = response.Body.Close() }()
	return response, string(must.Get(io.ReadAll(response.Body))(t))
}

func TestLocal(t *testing.T) {
	var log bytes.Buffer
	server, printed := serveLocal(t, signin.Options{Log: slog.New(slog.NewTextHandler(&log, nil))}, signin.Editor)
	mine := visitor(t, false)

	response, text := ask(t, mine, http.MethodGet, server.URL+"/tenants/x/overview?owner=eve")
	expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
	if !strings.Contains(text, "terminal") {
		t.Errorf("nobody learns how to sign in: %s", text)
	}
	first := printed.last()
	response, _ = ask(t, mine, http.MethodHead, first)
	expect.Equalf(t, http.StatusUnauthorized, response.StatusCode, "HEAD uses no token up")

	response, _ = ask(t, mine, http.MethodGet, first+"&return=/tenants/x/overview")
	expect.Equal(t, http.StatusSeeOther, response.StatusCode)
	expect.Equalf(t, "/tenants/x/overview", response.Header.Get("Location"), "the token leaves the address")
	cookie := response.Header.Get("Set-Cookie")
	for _, want := range []string{"posture-" + must.Get(url.Parse(server.URL))(t).Port() + "=", "Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=86400"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie lacks %s: %s", want, cookie)
		}
	}
	_, text = ask(t, mine, http.MethodGet, server.URL+"/tenants/x/overview")
	expect.Equal(t, "ada is editor at /tenants/x/overview", text)
	_, text = ask(t, mine, http.MethodPost, server.URL+"/edit")
	expect.Equal(t, "ada is editor at /edit", text)

	// The link again, in the same browser and in another one.
	response, _ = ask(t, mine, http.MethodGet, first)
	expect.Equal(t, http.StatusSeeOther, response.StatusCode)
	other := visitor(t, false)
	response, text = ask(t, other, http.MethodGet, first, "Accept", "text/html")
	expect.Equal(t, http.StatusForbidden, response.StatusCode)
	if !strings.Contains(text, "has been used") || response.Header.Get("Set-Cookie") != "" {
		t.Errorf("a used link: %s", text)
	}
	// The next one was printed.
	if printed.last() == first {
		t.Fatal("no other link was printed")
	}
	response, _ = ask(t, other, http.MethodGet, printed.last())
	expect.Equal(t, http.StatusSeeOther, response.StatusCode)

	// Signing out ends this session alone.
	response, _ = ask(t, other, http.MethodPost, server.URL+"/signout")
	expect.Equal(t, http.StatusSeeOther, response.StatusCode)
	expect.Equal(t, `"cache"`, response.Header.Get("Clear-Site-Data"))
	if got := response.Header.Get("Set-Cookie"); !strings.Contains(got, "Max-Age=0") {
		t.Errorf("the cookie stays: %s", got)
	}
	response, _ = ask(t, other, http.MethodGet, server.URL+"/")
	expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
	response, _ = ask(t, mine, http.MethodGet, server.URL+"/")
	expect.Equal(t, http.StatusOK, response.StatusCode)

	for _, address := range printed.urls {
		if token := must.Get(url.Parse(address))(t).Query().Get("token"); strings.Contains(log.String(), token) {
			t.Error("a token is in the log")
		}
	}
	if strings.Contains(log.String(), "ada") || !strings.Contains(log.String(), "role=editor") {
		t.Errorf("the log: %s", &log)
	}
}

// Somebody who copies a cookie before signing out, or who plants one before signing in, has nothing of it.
func TestFixation(t *testing.T) {
	server, printed := serveLocal(t, signin.Options{}, signin.Editor)
	victim := visitor(t, false)
	name := "posture-" + must.Get(url.Parse(server.URL))(t).Port()
	home := must.Get(url.Parse(server.URL))(t)
	token := func() string {
		for _, c := range victim.Jar.Cookies(home) {
			if c.Name == name {
				return c.Value
			}
		}
		return ""
	}
	plain := &http.Client{}
	planted := strings.Repeat("A", 43)
	victim.Jar.SetCookies(home, []*http.Cookie{{Name: name, Value: planted, Path: "/"}})
	ask(t, victim, http.MethodGet, printed.last())
	if token() == planted {
		t.Fatal("a planted cookie became a session")
	}
	before := token()
	ask(t, victim, http.MethodGet, printed.last())
	if token() == before {
		t.Error("signing in again keeps the token")
	}
	for _, old := range []string{planted, before} {
		response, _ := ask(t, plain, http.MethodGet, server.URL+"/", "Cookie", name+"="+old)
		expect.Equalf(t, http.StatusUnauthorized, response.StatusCode, "an old or planted token")
	}
	copied := token()
	ask(t, victim, http.MethodPost, server.URL+"/signout")
	response, _ := ask(t, plain, http.MethodGet, server.URL+"/", "Cookie", name+"="+copied)
	expect.Equalf(t, http.StatusUnauthorized, response.StatusCode, "after signing out")
}

// A link from a mail or another site: the browser leaves the cookie out at first.
func TestFromAnotherSite(t *testing.T) {
	server, printed := serveLocal(t, signin.Options{Stylesheet: "/assets/app.css"}, signin.Reader)
	link := []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Accept", "text/html"}
	client := visitor(t, false)
	path := "/tenants/x/actions?search=a%20b&n=1"
	response, text := ask(t, client, http.MethodGet, server.URL+path, link...)
	expect.Equal(t, http.StatusOK, response.StatusCode)
	if !strings.Contains(text, `http-equiv="refresh" content="0; url=/tenants/x/actions?search=a%20b&amp;n=1"`) {
		t.Errorf("the browser does not ask once more: %s", text)
	}
	// Once more, now from this site: it is told how to sign in, and does not go round in circles.
	here := []string{"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Dest", "document", "Accept", "text/html"}
	response, text = ask(t, client, http.MethodGet, server.URL+path, here...)
	expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
	if strings.Contains(text, "refresh") || !strings.Contains(text, `href="/assets/app.css"`) {
		t.Errorf("the page that explains: %s", text)
	}
	// In a frame, as an image, and for what is no GET there is no second try.
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "iframe"}, {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "image"},
	} {
		response, _ = ask(t, client, http.MethodGet, server.URL+path, headers...)
		expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
	}
	response, _ = ask(t, client, http.MethodPost, server.URL+path, link...)
	expect.Equal(t, http.StatusUnauthorized, response.StatusCode)

	// The link with the token, opened from a page of another site.
	response, text = ask(t, client, http.MethodGet, printed.last()+"&return=//evil.example", link...)
	expect.Equal(t, http.StatusOK, response.StatusCode)
	if !strings.Contains(text, `content="0; url=/"`) || !strings.Contains(response.Header.Get("Set-Cookie"), "posture-") {
		t.Errorf("signing in from another site: %s", text)
	}
	response, _ = ask(t, client, http.MethodGet, server.URL+path)
	expect.Equal(t, http.StatusOK, response.StatusCode)
}

func TestReaderRefused(t *testing.T) {
	server, printed := serveLocal(t, signin.Options{Contact: "Grace <script>"}, signin.Reader)
	client := visitor(t, true)
	_, text := ask(t, client, http.MethodGet, printed.last())
	expect.Equal(t, "ada is reader at /", text)
	response, text := ask(t, client, http.MethodPost, server.URL+"/edit", "Accept", "text/html")
	expect.Equal(t, http.StatusForbidden, response.StatusCode)
	if !strings.Contains(text, "Ask Grace &lt;script&gt; to become an editor.") {
		t.Errorf("nobody says whom to ask: %s", text)
	}
	response, _ = ask(t, visitor(t, false), http.MethodPost, server.URL+"/edit")
	expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
}

func TestSessionEnds(t *testing.T) {
	var clock sync.Mutex
	now := time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)
	server, printed := serveLocal(t, signin.Options{Now: func() time.Time {
		clock.Lock()
		defer clock.Unlock()
		return now
	}}, signin.Editor)
	client := &http.Client{}
	response, _ := ask(t, visitor(t, false), http.MethodGet, printed.last())
	cookie := response.Cookies()[0]
	response, _ = ask(t, client, http.MethodGet, server.URL+"/", "Cookie", cookie.String())
	expect.Equal(t, http.StatusOK, response.StatusCode)
	clock.Lock()
	now = now.Add(24 * time.Hour)
	clock.Unlock()
	response, _ = ask(t, client, http.MethodGet, server.URL+"/", "Cookie", cookie.String())
	expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
}

func TestTooManyAttempts(t *testing.T) {
	now := time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)
	server, printed := serveLocal(t, signin.Options{Now: func() time.Time { return now }}, signin.Editor)
	client := visitor(t, false)
	for range 50 {
		response, _ := ask(t, client, http.MethodGet, server.URL+"/signin?token=guess")
		expect.Equal(t, http.StatusForbidden, response.StatusCode)
	}
	response, text := ask(t, client, http.MethodGet, server.URL+"/signin?token=guess")
	expect.Equal(t, http.StatusTooManyRequests, response.StatusCode)
	expect.Equal(t, "1", response.Header.Get("Retry-After"))
	if !strings.Contains(text, "Try again after 1s") {
		t.Error(text)
	}
	response, _ = ask(t, client, http.MethodGet, server.URL+"/")
	expect.Equalf(t, http.StatusUnauthorized, response.StatusCode, "a page is no attempt")
	response, _ = ask(t, client, http.MethodGet, printed.last())
	expect.Equalf(t, http.StatusSeeOther, response.StatusCode, "guesses of others keep the owner out")
}

// Of many who have the same link at the same time, one gets in.
func TestOneTime(t *testing.T) {
	server, printed := serveLocal(t, signin.Options{}, signin.Editor)
	link := printed.last()
	var in sync.Map
	var group sync.WaitGroup
	for i := range 20 {
		client := visitor(t, false)
		group.Go(func() {
			r, err := client.Get(link)
			if err != nil {
				t.Error(err)
				return
			}
			_ = r.Body.Close()
			if r.StatusCode == http.StatusSeeOther {
				in.Store(i, true)
			}
		})
	}
	group.Wait()
	count := 0
	in.Range(func(any, any) bool { count++; return true })
	expect.Equal(t, 1, count)
	_ = server
}
