package signin_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/serve/signin"
)

// Who is known to the provider. Passwords are the names.
type people map[string]*storage.User

func (p people) GetUserByID(id string) *storage.User         { return p[id] }
func (p people) GetUserByUsername(name string) *storage.User { return p[name] }
func (people) ExampleClientID() string                       { return "service" }

func staff() people {
	p := people{}
	for _, name := range []string{"ada", "grace", "eve", "mallory"} {
		p[name] = &storage.User{ID: name, Username: name, Password: name, FirstName: "Name of", LastName: name, Email: name + "@contoso.example", EmailVerified: true}
	}
	p["mallory"].Email, p["mallory"].EmailVerified = "ada@contoso.example", false // as she typed it
	return p
}

// withRoles adds a claim to the ID token, as providers do for groups and roles.
type withRoles struct {
	*storage.Storage
	roles map[string][]string // by user
}

// SetUserinfoFromRequest is part of op.CanSetUserinfoFromRequest.
func (s withRoles) SetUserinfoFromRequest(ctx context.Context, info *oidc.UserInfo, request op.IDTokenRequest, scopes []string) error {
	if err := s.Storage.SetUserinfoFromRequest(ctx, info, request, scopes); err != nil {
		return err
	}
	if roles := s.roles[request.GetSubject()]; roles != nil {
		info.AppendClaims("roles", roles)
	}
	return nil
}

// lab is a server that people sign in to with a provider, both real.
type lab struct {
	server, provider *httptest.Server
	log              *lines
	transport        *tampering
	clock            *clock
}

// lines are a log that several goroutines write to.
type lines struct {
	sync.Mutex
	bytes.Buffer
}

func (l *lines) Write(text []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.Write(text)
}

func (l *lines) text() string {
	l.Lock()
	defer l.Unlock()
	return l.String()
}

type clock struct {
	sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.Lock()
	defer c.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) turn(by time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.ahead += by
}

// tampering changes what the provider answers to the server.
type tampering struct {
	sync.Mutex
	change func(path string, answer []byte) []byte
}

func (tr *tampering) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	tr.Lock()
	defer tr.Unlock()
	if tr.change != nil {
		text = tr.change(r.URL.Path, text)
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	response.Header.Del("Content-Length")
	return response, nil
}

func newLab(t *testing.T, access signin.Access, roles map[string][]string) *lab {
	t.Helper()
	l := &lab{log: &lines{}, transport: &tampering{}, clock: &clock{}}
	l.server = httptest.NewUnstartedServer(nil)
	l.server.StartTLS()
	callback := l.server.URL + "/signin/callback"
	var handler http.Handler
	l.provider = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(l.provider.Close)
	clients := map[string]*storage.Client{"posture": storage.WebClient("posture", "secret", callback), "other": storage.WebClient("other", "secret", callback)}
	store := withRoles{storage.NewStorageWithClients(staff(), clients), roles}
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the provider logs to it
	handler = exampleop.SetupServer(l.provider.URL, store, nil, false)
	_, _ = serve(t, l.server, func(origin *url.URL) *signin.Gate {
		gate, err := signin.OIDC(t.Context(), l.options(origin), signin.Config{
			Issuer: l.provider.URL, ClientID: "posture", ClientSecret: "secret", RedirectURL: callback, Access: access, Client: &http.Client{Transport: l.transport},
		})
		return must.Get(gate, err)(t)
	})
	return l
}

func (l *lab) options(origin *url.URL) signin.Options {
	return signin.Options{Origin: origin, Now: l.clock.now, Contact: "grace@contoso.example", Log: slog.New(slog.NewTextHandler(l.log, nil))}
}

// browser is one that trusts the server's certificate.
func (l *lab) browser(t *testing.T) *http.Client {
	client := visitor(t, false)
	client.Transport = l.server.Client().Transport
	return client
}

// authorize begins to sign in and goes through the provider as somebody. It returns the address that the provider sends them back to.
func (l *lab) authorize(t *testing.T, client *http.Client, name, path string) string {
	t.Helper()
	response, _ := ask(t, client, http.MethodGet, l.server.URL+"/signin?"+url.Values{"return": {path}}.Encode())
	expect.Equal(t, http.StatusSeeOther, response.StatusCode)
	return l.consent(t, client, response.Header.Get("Location"), name)
}

func (l *lab) consent(t *testing.T, client *http.Client, address, name string) string {
	t.Helper()
	response, text := ask(t, client, http.MethodGet, address)
	form := must.Get(url.Parse(response.Header.Get("Location")))(t)
	if form.Query().Get("authRequestID") == "" {
		t.Fatalf("the provider refuses: %s %s", response.Status, text)
	}
	response = must.Get(client.PostForm(l.provider.URL+form.Path, url.Values{"id": {form.Query().Get("authRequestID")}, "username": {name}, "password": {name}}))(t)
	_ = response.Body.Close()
	response, _ = ask(t, client, http.MethodGet, l.provider.URL+strings.TrimPrefix(response.Header.Get("Location"), l.provider.URL))
	back := response.Header.Get("Location")
	if !strings.HasPrefix(back, l.server.URL+"/signin/callback?") {
		t.Fatalf("the provider leads to %s", back)
	}
	return back
}

// fromProvider are the headers of a browser that a provider sends back.
func fromProvider() []string {
	return []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Accept", "text/html"}
}

func TestOIDC(t *testing.T) {
	roles := map[string][]string{"ada": {"Security.Editor", "Everybody"}, "grace": {"Security.Reader"}, "eve": {"Everybody"}}
	l := newLab(t, signin.Access{Readers: []string{"Security.Reader"}, Editors: []string{"Security.Editor"}}, roles)
	for _, test := range []struct{ name, want string }{
		{"ada", "ada@contoso.example is editor at /tenants/x/actions?status=planned"},
		{"grace", "grace@contoso.example is reader at /tenants/x/actions?status=planned"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := l.browser(t)
			path := "/tenants/x/actions?status=planned"
			response, text := ask(t, client, http.MethodGet, l.server.URL+path, "Accept", "text/html")
			expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
			if !strings.Contains(text, `href="/signin?return=%2Ftenants%2Fx%2Factions%3Fstatus%3Dplanned"`) {
				t.Errorf("the page leads nowhere: %s", text)
			}
			back := l.authorize(t, client, test.name, path)
			response, text = ask(t, client, http.MethodGet, back, fromProvider()...)
			expect.Equal(t, http.StatusOK, response.StatusCode)
			// The browser is here on behalf of the provider: it asks once more, with the cookie.
			if !strings.Contains(text, `content="0; url=`+path+`"`) {
				t.Errorf("the browser does not go on: %s", text)
			}
			cookies := strings.Join(response.Header.Values("Set-Cookie"), "\n")
			for _, want := range []string{"__Host-posture-", "; Secure", "HttpOnly", "SameSite=Strict", "-signin=; Path=/; Max-Age=0"} {
				if !strings.Contains(cookies, want) {
					t.Errorf("the cookies lack %s: %s", want, cookies)
				}
			}
			_, text = ask(t, client, http.MethodGet, l.server.URL+path)
			expect.Equal(t, test.want, text)

			// The address again, as a browser's history has it.
			response, _ = ask(t, client, http.MethodGet, back, fromProvider()...)
			expect.Equal(t, http.StatusForbidden, response.StatusCode)
			response, _ = ask(t, l.browser(t), http.MethodGet, back, fromProvider()...)
			expect.Equal(t, http.StatusForbidden, response.StatusCode)

			ask(t, client, http.MethodPost, l.server.URL+"/signout")
			response, _ = ask(t, client, http.MethodGet, l.server.URL+path)
			expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
		})
	}
	t.Run("neither", func(t *testing.T) {
		client := l.browser(t)
		response, text := ask(t, client, http.MethodGet, l.authorize(t, client, "eve", "/"), fromProvider()...)
		expect.Equal(t, http.StatusForbidden, response.StatusCode)
		if !strings.Contains(text, "eve@contoso.example, who is neither a reader nor an editor") || !strings.Contains(text, "Ask grace@contoso.example for access") {
			t.Errorf("the page does not say whom to ask: %s", text)
		}
		response, _ = ask(t, client, http.MethodGet, l.server.URL+"/")
		expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
	})
	for _, secret := range []string{"secret", "@contoso", "code=", "eyJ"} {
		if strings.Contains(l.log.text(), secret) {
			t.Errorf("the log has %q: %s", secret, l.log.text())
		}
	}
}

// Claims of mail come from the UserInfo endpoint of this provider, not in the ID token.
func TestOIDCByMail(t *testing.T) {
	l := newLab(t, signin.Access{Editors: []string{"ADA@contoso.example"}, Readers: []string{"grace@contoso.example"}}, nil)
	for name, want := range map[string]string{"ada": "ada@contoso.example is editor at /", "grace": "grace@contoso.example is reader at /"} {
		client := l.browser(t)
		ask(t, client, http.MethodGet, l.authorize(t, client, name, "/"))
		_, text := ask(t, client, http.MethodGet, l.server.URL+"/")
		expect.Equal(t, want, text)
	}
	// An address that the provider has not verified is whatever its user typed.
	client := l.browser(t)
	response, text := ask(t, client, http.MethodGet, l.authorize(t, client, "mallory", "/"))
	expect.Equal(t, http.StatusForbidden, response.StatusCode)
	if !strings.Contains(text, "mallory (mallory)") {
		t.Errorf("what she is called: %s", text)
	}
}

// TestLoginCSRF: whoever has somebody else's browser finish a sign-in that they began has them work under a foreign name.
func TestLoginCSRF(t *testing.T) {
	l := newLab(t, signin.Access{Editors: []string{"ada@contoso.example", "eve@contoso.example"}}, nil)
	attacker, victim := l.browser(t), l.browser(t)
	back := l.authorize(t, attacker, "eve", "/")
	response, _ := ask(t, victim, http.MethodGet, back, fromProvider()...)
	expect.Equalf(t, http.StatusForbidden, response.StatusCode, "the victim began nothing")
	l.authorize(t, victim, "ada", "/")
	response, text := ask(t, victim, http.MethodGet, back, fromProvider()...)
	expect.Equalf(t, http.StatusForbidden, response.StatusCode, "the victim began something else")
	if !strings.Contains(text, "begun in another window") {
		t.Error(text)
	}
	response, _ = ask(t, victim, http.MethodGet, l.server.URL+"/")
	expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
}

func TestOIDCRefuses(t *testing.T) {
	l := newLab(t, signin.Access{Editors: []string{"ada@contoso.example"}}, nil)
	callback := l.server.URL + "/signin/callback"
	unsigned := func(claims map[string]any) string {
		encode := func(v any) string { return base64.RawURLEncoding.EncodeToString(must.Get(json.Marshal(v))(t)) }
		return encode(map[string]string{"alg": "none", "typ": "JWT"}) + "." + encode(claims) + "."
	}
	replace := func(token string) func(string, []byte) []byte {
		return func(path string, answer []byte) []byte {
			var members map[string]any
			if !strings.HasSuffix(path, "/token") || json.Unmarshal(answer, &members) != nil {
				return answer
			}
			members["id_token"] = token
			text, _ := json.Marshal(members)
			return text
		}
	}
	// An ID token that was issued a moment ago, for another sign-in of the same user.
	var issued string
	l.transport.change = func(path string, answer []byte) []byte {
		var members struct {
			IDToken string `json:"id_token"`
		}
		if strings.HasSuffix(path, "/token") && json.Unmarshal(answer, &members) == nil {
			issued = members.IDToken
		}
		return answer
	}
	client := l.browser(t)
	response, _ := ask(t, client, http.MethodGet, l.authorize(t, client, "ada", "/"))
	expect.Equal(t, http.StatusSeeOther, response.StatusCode)
	if issued == "" {
		t.Fatal("no ID token was seen")
	}
	parts := strings.Split(issued, ".")
	for _, test := range []struct {
		name   string
		change func(string, []byte) []byte
		back   func(client *http.Client, back string) string
		ahead  time.Duration
		log    string
	}{
		{name: "another nonce", change: replace(issued), log: "nonce"},
		{name: "unsigned", change: replace(unsigned(map[string]any{"iss": l.provider.URL, "aud": "posture", "sub": "ada", "exp": time.Now().Add(time.Hour).Unix()})), log: "verifying"},
		{name: "another signature", change: replace(parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 256))), log: "verifying"},
		{name: "no ID token", change: replace(""), log: "verifying"},
		{name: "longer than it has to be", change: func(string, []byte) []byte { return bytes.Repeat([]byte(" "), 2<<20) }, log: "exchanging"},
		{name: "a wrong code", back: func(_ *http.Client, back string) string {
			u := must.Get(url.Parse(back))(t)
			q := u.Query()
			q.Set("code", "guess")
			return callback + "?" + q.Encode()
		}, log: "exchanging"},
		{name: "refused by the provider", back: func(_ *http.Client, back string) string {
			return callback + "?" + url.Values{"state": {must.Get(url.Parse(back))(t).Query().Get("state")}, "error": {"access_denied"}}.Encode()
		}, log: "access_denied"},
		{name: "an error that is a text", back: func(_ *http.Client, back string) string {
			return callback + "?" + url.Values{"state": {must.Get(url.Parse(back))(t).Query().Get("state")}, "error": {"call 555-0100\n"}}.Encode()
		}, log: "no error code"},
		{name: "no state", back: func(_ *http.Client, back string) string {
			u := must.Get(url.Parse(back))(t)
			return callback + "?" + url.Values{"code": {u.Query().Get("code")}}.Encode()
		}, log: "state"},
		{name: "too late", ahead: 11 * time.Minute, log: "state"},
		{name: "an altered cookie", back: func(client *http.Client, back string) string {
			home := must.Get(url.Parse(l.server.URL))(t)
			for _, c := range client.Jar.Cookies(home) {
				if strings.HasSuffix(c.Name, "-signin") {
					c.Value, c.Path, c.Secure = "A"+c.Value[1:], "/", true
					client.Jar.SetCookies(home, []*http.Cookie{c})
				}
			}
			return back
		}, log: "state"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := l.browser(t)
			l.transport.Lock()
			l.transport.change = nil
			l.transport.Unlock()
			back := l.authorize(t, client, "ada", "/")
			if test.back != nil {
				back = test.back(client, back)
			}
			l.transport.Lock()
			l.transport.change = test.change
			l.transport.Unlock()
			l.clock.turn(test.ahead)
			defer l.clock.turn(-test.ahead)
			before := len(l.log.text())
			response, text := ask(t, client, http.MethodGet, back)
			expect.Equal(t, http.StatusForbidden, response.StatusCode)
			if got := l.log.text()[before:]; !strings.Contains(got, test.log) || strings.Contains(got, "555") {
				t.Errorf("the log lacks %q: %s", test.log, got)
			}
			if strings.Contains(text, "555") {
				t.Errorf("a foreign text is shown: %s", text)
			}
			response, _ = ask(t, client, http.MethodGet, l.server.URL+"/")
			expect.Equal(t, http.StatusUnauthorized, response.StatusCode)
		})
	}
}

// The authorization request has what keeps its answer from being used elsewhere.
func TestAuthorizationRequest(t *testing.T) {
	l := newLab(t, signin.Access{Editors: []string{"ada@contoso.example"}}, nil)
	seen := map[string]bool{}
	for range 2 {
		response, _ := ask(t, l.browser(t), http.MethodGet, l.server.URL+"/signin?return=https://evil.example")
		q := must.Get(url.Parse(response.Header.Get("Location")))(t).Query()
		expect.Equal(t, "code", q.Get("response_type"))
		expect.Equal(t, "S256", q.Get("code_challenge_method"))
		for _, name := range []string{"state", "nonce", "code_challenge"} {
			if len(q.Get(name)) < 43 || seen[q.Get(name)] {
				t.Errorf("%s is %q", name, q.Get(name))
			}
			seen[q.Get(name)] = true
		}
		if cookie := response.Header.Get("Set-Cookie"); strings.Contains(cookie, q.Get("state")) || !strings.Contains(cookie, "SameSite=Lax") || !strings.Contains(cookie, "Max-Age=600") {
			t.Errorf("the cookie: %s", cookie)
		}
	}
}

func TestConfig(t *testing.T) {
	good := signin.Config{
		Issuer: "http://127.0.0.1:1", ClientID: "posture", ClientSecret: "secret", RedirectURL: "https://score.contoso.example/signin/callback",
		Access: signin.Access{Editors: []string{"editors"}},
	}
	origin := must.Get(url.Parse("https://score.contoso.example"))(t)
	for want, change := range map[string]func(*signin.Config){
		"signing in needs the issuer": func(c *signin.Config) { c.Issuer = "" },
		`the issuer has to be a URL that begins with https; it is "http://login.contoso.example"`: func(c *signin.Config) { c.Issuer = "http://login.contoso.example" },
		"signing in needs the client id":     func(c *signin.Config) { c.ClientID = "" },
		"signing in needs the client secret": func(c *signin.Config) { c.ClientSecret = "" },
		"signing in needs the redirect URL":  func(c *signin.Config) { c.RedirectURL = "" },
		`the redirect URL has to be https://score.contoso.example/signin/callback; it is "https://evil.example/signin/callback"`: func(c *signin.Config) { c.RedirectURL = "https://evil.example/signin/callback" },
		`the redirect URL has to be https://score.contoso.example/signin/callback; it is "https://score.contoso.example/"`:       func(c *signin.Config) { c.RedirectURL = "https://score.contoso.example/" },
		"nobody could sign in":                        func(c *signin.Config) { c.Access.Editors = nil },
		"a reader or editor has an empty name":        func(c *signin.Config) { c.Access.Readers = []string{""} },
		"asking the issuer http://127.0.0.1:1 how to": func(*signin.Config) {},
	} {
		c := good
		change(&c)
		_, err := signin.OIDC(t.Context(), signin.Options{Origin: origin}, c)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
