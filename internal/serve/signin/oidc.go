package signin

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Config says how people sign in with a provider of OpenID Connect, and what they may do.
type Config struct {
	Issuer       string // the URL of the provider
	ClientID     string
	ClientSecret string
	RedirectURL  string   // of /signin/callback, as the provider knows it
	Scopes       []string // beyond openid, profile and email
	Access       Access
	// Client asks the provider; nil is one with a timeout.
	Client *http.Client
}

// Bounds of what is asked of the provider.
const (
	providerTimeout = 10 * time.Second
	maxAnswer       = 1 << 20 // bytes
)

// OIDC returns a gate for those who sign in with a provider, which it asks for its keys and addresses.
func OIDC(ctx context.Context, o Options, c Config) (*Gate, error) {
	if err := c.check(o.Origin); err != nil {
		return nil, err
	}
	client := &http.Client{Timeout: providerTimeout}
	if c.Client != nil {
		*client = *c.Client
	}
	client.Transport = bounded{client.Transport}
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, client), c.Issuer)
	if err != nil {
		return nil, fmt.Errorf("asking the issuer %s how to sign in: %w", c.Issuer, err)
	}
	g := newGate(o, oidcLifetime)
	config := &oidc.Config{ClientID: c.ClientID, Now: g.options.Now}
	g.method = &provided{
		gate: g, client: client, access: c.Access, provider: provider, verifier: provider.Verifier(config), flows: newFlows(g),
		oauth: oauth2.Config{
			ClientID: c.ClientID, ClientSecret: c.ClientSecret, RedirectURL: c.RedirectURL, Endpoint: provider.Endpoint(),
			Scopes: append([]string{oidc.ScopeOpenID, "profile", "email"}, c.Scopes...),
		},
	}
	return g, nil
}

// check says what is missing or wrong, before the provider is asked.
func (c *Config) check(origin *url.URL) error {
	for _, one := range []struct{ name, value string }{
		{"issuer", c.Issuer}, {"client id", c.ClientID}, {"client secret", c.ClientSecret}, {"redirect URL", c.RedirectURL},
	} {
		if one.value == "" {
			return fmt.Errorf("signing in needs the %s", one.name)
		}
	}
	issuer, err := url.Parse(c.Issuer)
	if err != nil || issuer.Scheme != "https" && (issuer.Scheme != "http" || !loopback(issuer.Hostname())) {
		return fmt.Errorf("the issuer has to be a URL that begins with https; it is %q", c.Issuer)
	}
	redirect, err := url.Parse(c.RedirectURL)
	if err != nil || redirect.Path != "/signin/callback" || redirect.RawQuery != "" || redirect.Scheme != origin.Scheme || redirect.Host != origin.Host {
		return fmt.Errorf("the redirect URL has to be %s/signin/callback; it is %q", origin, c.RedirectURL)
	}
	return c.Access.check()
}

func loopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// provided signs people in with a provider: authorization code flow with PKCE (RFC 7636), state and nonce.
type provided struct {
	gate     *Gate
	client   *http.Client
	access   Access
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	oauth    oauth2.Config
	flows    *flows
}

func (p *provided) explanation(path string) page {
	begin := "/signin?" + url.Values{"return": {path}}.Encode()
	return page{
		Title: "Sign in",
		Lines: []string{"This score is shown to members of the organization who may read it."},
		Link:  &link{Path: begin, Text: "Sign in with your organization's account"},
	}
}

func (p *provided) signIn(w http.ResponseWriter, r *http.Request) {
	path := ReturnPath(r.URL.Query().Get("return"))
	if _, ok := p.gate.User(r); ok {
		http.Redirect(w, r, path, http.StatusSeeOther)
		return
	}
	if p.gate.limited(w, r) {
		return
	}
	f := p.flows.begin(w, path)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, p.oauth.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), http.StatusSeeOther)
}

func (p *provided) callback(w http.ResponseWriter, r *http.Request) {
	g, asked := p.gate, r.URL.Query()
	if g.limited(w, r) {
		return
	}
	f, ok := p.flows.end(w, r)
	if !ok || subtle.ConstantTimeCompare([]byte(f.State), []byte(asked.Get("state"))) != 1 {
		g.refused("the state is not that of this browser")
		again := p.explanation(home)
		g.say(w, r, http.StatusForbidden, page{
			Title: "Signing in took too long, or was begun in another window",
			Lines: []string{"Begin once more. If you have signed in since, this leads to the score at once."},
			Link:  again.Link,
		})
		return
	}
	if asked.Get("error") != "" {
		p.fail(w, r, f, fmt.Errorf("the provider says %s", errorCode(asked.Get("error"))))
		return
	}
	who, err := p.identify(r.Context(), asked.Get("code"), f)
	if err != nil {
		p.fail(w, r, f, err)
		return
	}
	user := User{Name: who.name(), Role: p.access.role(who)}
	if user.Role == "" {
		g.refused("neither reader nor editor")
		g.say(w, r, http.StatusForbidden, page{
			Title: "You have no access to this score",
			Lines: []string{"You have signed in as " + user.Name + ", who is neither a reader nor an editor here.", g.whom("for access")},
			Link:  &link{Path: "/signin", Text: "Try again"},
		})
		return
	}
	g.enter(w, r, user, f.Return)
}

// fail says that signing in failed. What exactly went wrong is logged, since it may tell of the configuration.
func (p *provided) fail(w http.ResponseWriter, r *http.Request, f flow, err error) {
	p.gate.refused(err.Error())
	again := p.explanation(f.Return)
	p.gate.say(w, r, http.StatusForbidden, page{
		Title: "Signing in failed",
		Lines: []string{"The log of the server says why.", p.gate.whom("if it fails again")},
		Link:  again.Link,
	})
}

// identify exchanges a code for the claims about who has signed in.
func (p *provided) identify(ctx context.Context, code string, f flow) (claims, error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, p.client), providerTimeout)
	defer cancel()
	token, err := p.oauth.Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		var answer *oauth2.RetrieveError
		if errors.As(err, &answer) { // its text has the whole answer
			return nil, fmt.Errorf("exchanging the code: the provider says %s", errorCode(answer.ErrorCode))
		}
		return nil, fmt.Errorf("exchanging the code: %w", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, errors.New("the provider sent no ID token")
	}
	idToken, err := p.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("verifying the ID token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(idToken.Nonce), []byte(f.Nonce)) != 1 {
		return nil, errors.New("the nonce of the ID token is another one")
	}
	who := claims{}
	if err := idToken.Claims(&who); err != nil {
		return nil, fmt.Errorf("reading the ID token: %w", err)
	}
	if azp, ok := who["azp"].(string); ok && azp != p.oauth.ClientID { // OpenID Connect Core 1.0, 3.1.3.7
		return nil, errors.New("the ID token was issued to another client")
	}
	known := p.access.role(who) != ""
	if p.provider.UserInfoEndpoint() == "" || known && who.named() {
		return who, nil
	}
	// Scopes ask for claims of the UserInfo endpoint (OpenID Connect Core 1.0, 5.4), and not every provider repeats them in the ID token.
	if err := p.complete(ctx, token, idToken.Subject, who); err != nil && !known {
		return nil, err
	}
	return who, nil
}

// complete adds what the provider says of a user elsewhere to claims of the ID token, and replaces none of them.
func (p *provided) complete(ctx context.Context, token *oauth2.Token, subject string, who claims) error {
	info, err := p.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("asking the provider for the user: %w", err)
	}
	if info.Subject != subject {
		return errors.New("the provider describes another user than the one who has signed in")
	}
	more := claims{}
	if err := info.Claims(&more); err != nil {
		return fmt.Errorf("reading what the provider says of the user: %w", err)
	}
	if _, ok := who["email"]; ok { // a mail address and whether it is verified belong together
		delete(more, "email_verified")
	}
	for name, value := range more {
		if _, ok := who[name]; !ok {
			who[name] = value
		}
	}
	return nil
}

var errorCodes = regexp.MustCompile(`^[a-z_]{1,40}$`)

// errorCode returns an error code of OAuth (RFC 6749, 4.1.2.1 and 5.2) as it may be logged.
func errorCode(code string) string {
	if !errorCodes.MatchString(code) {
		return "something that is no error code"
	}
	return code
}

// bounded reads no more of an answer than it has to hold.
type bounded struct{ next http.RoundTripper }

// RoundTrip is part of http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	next := b.next
	if next == nil {
		next = http.DefaultTransport
	}
	response, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, maxAnswer), response.Body}
	return response, nil
}
