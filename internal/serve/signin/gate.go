package signin

import (
	"crypto/sha256"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Options are what both ways to sign in need.
type Options struct {
	// Origin is how browsers reach the server: a scheme, a host and, if it is not the usual one, a port.
	Origin *url.URL
	// Stylesheet is the path of the style of the pages about signing in; "" for none. It is served to those who are not signed in.
	Stylesheet string
	// Contact is whom to ask for access: a name or a mail address; "" if nobody said so.
	Contact string
	// Now is the clock; nil is that of this machine.
	Now func() time.Time
	// Log gets a line for each attempt to sign in, without names and tokens.
	Log *slog.Logger
}

// How long a session lasts. Nobody takes a role away from a session on loopback, so that it may last longer.
const (
	localLifetime = 24 * time.Hour
	oidcLifetime  = 8 * time.Hour
)

// Gate lets those in who have signed in.
type Gate struct {
	options  Options
	method   method
	cookie   string
	sessions *sessions
	limit    *limiter
}

// method is a way to sign in.
type method interface {
	// signIn answers GET /signin.
	signIn(w http.ResponseWriter, r *http.Request)
	// callback answers GET /signin/callback.
	callback(w http.ResponseWriter, r *http.Request)
	// explanation is what a page says to somebody who asked for a path and is not signed in.
	explanation(path string) page
}

func newGate(o Options, lifetime time.Duration) *Gate {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	// Cookies are the same for all ports of a host, so that their names have to differ.
	name := "posture"
	if port := o.Origin.Port(); port != "" {
		name += "-" + port
	}
	if o.Origin.Scheme == "https" {
		name = "__Host-" + name
	}
	return &Gate{options: o, cookie: name, sessions: newSessions(lifetime), limit: newLimiter()}
}

// SignIn answers GET /signin.
func (g *Gate) SignIn(w http.ResponseWriter, r *http.Request) { g.method.signIn(w, r) }

// Callback answers GET /signin/callback, to which a provider sends people back.
func (g *Gate) Callback(w http.ResponseWriter, r *http.Request) { g.method.callback(w, r) }

// SignOut answers POST /signout: it ends the session, and has the browser forget the pages that it kept.
func (g *Gate) SignOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(g.cookie); err == nil {
		g.sessions.end(c.Value)
	}
	g.setCookie(w, g.cookie, "", -1, http.SameSiteStrictMode)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	http.Redirect(w, r, home, http.StatusSeeOther)
}

// Require returns a handler that passes requests of those who are signed in on, with who they are in the context ([Session]). Others
// get 401 and learn how to sign in.
func (g *Gate) Require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, ok := g.User(r)
		if !ok {
			g.ask(w, r)
			return
		}
		next.ServeHTTP(w, r.WithContext(WithUser(r.Context(), u)))
	})
}

// RequireEditor returns a handler that passes requests of editors on. Readers get 403.
func (g *Gate) RequireEditor(next http.Handler) http.Handler {
	return g.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if u, _ := Session(r.Context()); !u.CanEdit() {
			g.say(w, r, http.StatusForbidden, page{
				Title: "You can read, but not change anything",
				Lines: []string{"Your role here is reader. Statuses, notes, tags, zones, comparisons and plans are changed by editors.", g.whom("to become an editor")},
				Link:  &link{Path: home, Text: "Back to the score"},
			})
			return
		}
		next.ServeHTTP(w, r)
	}))
}

// User returns whose session a request belongs to.
func (g *Gate) User(r *http.Request) (User, bool) {
	c, err := r.Cookie(g.cookie)
	if err != nil {
		return User{}, false
	}
	return g.sessions.find(c.Value, g.options.Now())
}

// ask answers a request without a session. A browser that follows a link from another site leaves a cookie with SameSite=Strict at
// home, so that somebody who is signed in seems not to be: the page that they get asks for the same path once more, now from here.
func (g *Gate) ask(w http.ResponseWriter, r *http.Request) {
	path := ReturnPath(r.URL.RequestURI())
	if r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Sec-Fetch-Dest") == "document" {
		g.onward(w, path)
		return
	}
	w.Header().Set("WWW-Authenticate", "Cookie") // RFC 9110, 15.5.2, wants a scheme; browsers do nothing about one that they don't know
	g.say(w, r, http.StatusUnauthorized, g.method.explanation(path))
}

// enter begins a session of a user, in place of the one that the browser had, and sends the browser on to a path. A browser that comes
// from another site would not send the new cookie along on a redirect: it gets a page of ours instead, that goes on from here and takes
// the place of the address with the token or code.
func (g *Gate) enter(w http.ResponseWriter, r *http.Request, u User, path string) {
	if c, err := r.Cookie(g.cookie); err == nil {
		g.sessions.end(c.Value)
	}
	token := g.sessions.begin(u, g.options.Now())
	g.setCookie(w, g.cookie, token, g.sessions.lifetime, http.SameSiteStrictMode)
	g.options.Log.Info("signed in", "role", string(u.Role))
	path = ReturnPath(path)
	site := r.Header.Get("Sec-Fetch-Site")
	direct := r.URL.Path == "/signin" && (site == "none" || site == "same-origin") // typed, or a link in the terminal
	if direct || !wantsPage(r) {
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, path, http.StatusSeeOther)
		return
	}
	g.onward(w, path)
}

// limited answers a request with 429, and reports that it did, if there were too many attempts.
func (g *Gate) limited(w http.ResponseWriter, r *http.Request) bool {
	from, _ := netip.ParseAddrPort(r.RemoteAddr) // the zero value has a limit, too
	wait := g.limit.allow(from.Addr(), g.options.Now())
	if wait == 0 {
		return false
	}
	seconds := int((wait + time.Second - 1) / time.Second)
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	g.refused("too many attempts")
	g.say(w, r, http.StatusTooManyRequests, page{
		Title: "Too many attempts to sign in",
		Lines: []string{"Try again after " + time.Duration(seconds*int(time.Second)).String() + "."},
	})
	return true
}

func (g *Gate) refused(reason string) { g.options.Log.Warn("sign-in refused", "reason", reason) }

// whom returns a sentence that says whom to ask for something.
func (g *Gate) whom(what string) string {
	if g.options.Contact == "" {
		return "Ask whoever runs this server " + what + "."
	}
	return "Ask " + g.options.Contact + " " + what + "."
}

// setCookie sets a cookie for all paths, or deletes it if its age is negative.
func (g *Gate) setCookie(w http.ResponseWriter, name, value string, age time.Duration, site http.SameSite) {
	seconds := int(age / time.Second)
	if age < 0 {
		seconds = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds, HttpOnly: true,
		Secure: strings.HasPrefix(g.cookie, "__Host-"), SameSite: site,
	})
}

func hashOf(token string) hash { return sha256.Sum256([]byte(token)) }
