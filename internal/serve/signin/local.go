package signin

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"sync"
)

// local signs whoever has the one-time token in: it was printed where the server was started.
type local struct {
	gate     *Gate
	user     User
	announce func(string)

	mu   sync.Mutex
	hash hash
}

// Local returns a gate for a server on loopback, and the URL with which to sign in as a user. The URL works once. After that the
// next one is announced, for another browser or when the session has ended.
func Local(o Options, u User, announce func(url string)) (*Gate, string) {
	g := newGate(o, localLifetime)
	l := &local{gate: g, user: u, announce: announce}
	g.method = l
	return g, l.next()
}

// next makes a new token and returns the URL with it.
func (l *local) next() string {
	token, key := newToken()
	l.hash = key
	u := *l.gate.options.Origin
	u.Path, u.RawQuery = "/signin", url.Values{"token": {token}}.Encode()
	return u.String()
}

// take reports whether a token is the right one. It is so once.
func (l *local) take(token string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := hashOf(token)
	if subtle.ConstantTimeCompare(key[:], l.hash[:]) != 1 {
		return false
	}
	l.announce(l.next())
	return true
}

func (l *local) signIn(w http.ResponseWriter, r *http.Request) {
	g, asked := l.gate, r.URL.Query()
	path := ReturnPath(asked.Get("return"))
	token := asked.Get("token")
	switch {
	case token == "" || r.Method == http.MethodHead: // asking what is there must not use the token up
		if _, ok := g.User(r); ok {
			http.Redirect(w, r, path, http.StatusSeeOther)
			return
		}
		g.ask(w, r)
	case l.take(token): // also while there are too many attempts: any page could keep the owner out by making them
		g.enter(w, r, l.user, path)
	case g.limited(w, r):
	default:
		if _, ok := g.User(r); ok {
			http.Redirect(w, r, path, http.StatusSeeOther) // the link that they came by, once more
			return
		}
		g.refused("the token is not the current one")
		p := l.explanation(path)
		p.Title = "This link has been used, or is an old one"
		g.say(w, r, http.StatusForbidden, p)
	}
}

func (l *local) callback(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

func (l *local) explanation(path string) page {
	return page{
		Title: "Sign in",
		Lines: []string{
			"Open the link that posture printed last in the terminal where it runs. It works once; then the next one is printed there.",
			"If the terminal is gone, end posture and start it again:",
		},
		Command: "posture serve PATH",
		Link:    &link{Path: path, Text: "I have signed in: show the page"},
	}
}
