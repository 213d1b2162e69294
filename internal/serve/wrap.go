package serve

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
)

// policy is the Content-Security-Policy of everything that is served.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// permissions turn off what a browser could lend to a page.
const permissions = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), " +
	"magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"

// wrap puts around a handler what holds for every request, from the outside in: the log, panics, the name of the host, headers, the
// origin of what changes something, and the size of bodies.
func (s *Server) wrap(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, http.StatusForbidden, "This request comes from another site. Open the page here and try again.")
	}))
	next = s.limitBody(next)
	next = origin.Handler(next)
	next = s.checkHost(next)
	next = s.setHeaders(next)
	next = s.recover(next)
	return s.log(next)
}

// checkHost refuses requests to other names than those of this server. Somebody who has a name of theirs lead to this machine (DNS
// rebinding) would have pages of theirs count as being of the same origin.
func (s *Server) checkHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		probe := s.Public && r.URL.Path == "/healthz" // a load balancer asks by address
		if !probe && !slices.Contains(s.Hosts, r.Host) {
			s.fail(w, r, http.StatusMisdirectedRequest, "This server does not go by that name. Open the address that posture serve printed.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) setHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin") // another port of this machine is another origin
		h.Set("Permissions-Policy", permissions)
		h.Set("Cache-Control", "no-store") // unless a handler knows better
		if s.TLS && s.Public {             // on a machine of its own it would hold for every other server at localhost
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, s.Limits.Body)
		next.ServeHTTP(w, r)
	})
}

// recover answers a panic with 500 if nothing has been answered yet, and ends the connection if something has.
func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(cause)
			}
			s.Log.Error("panic", "method", r.Method, "path", r.URL.Path, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			if answered(w) {
				panic(http.ErrAbortHandler)
			}
			s.fail(w, r, http.StatusInternalServerError, "Something went wrong here. The log of the server says what.")
		}()
		next.ServeHTTP(w, r)
	})
}
