package serve

import "net/http"

// access is who may ask for something.
type access int

const (
	anybody access = iota // without signing in
	readers
	editors
)

// route is what answers a method and a path.
type route struct {
	pattern string
	access  access
	handler http.HandlerFunc
}

// routes are everything that the server answers, in one table.
func (s *Server) routes() []route {
	return append(s.writeRoutes(), []route{
		{"GET /healthz", anybody, s.health},
		{"GET /assets/{name}", anybody, s.asset},
		{"GET /signin", anybody, s.Gate.SignIn},
		{"GET /signin/callback", anybody, s.Gate.Callback},
		{"POST /signout", anybody, s.Gate.SignOut},

		{"GET /{$}", readers, s.start},
		{"GET /events", readers, s.events},
		{"GET /account", readers, s.account},
		{"POST /theme", readers, s.theme},
		{"GET /tenants", readers, s.tenants},
		{"GET /tenants/{tenant}", readers, s.tenant},
		{"GET /tenants/{tenant}/{tab}", readers, s.page},
		{"GET /tenants/{tenant}/{tab}/{id}", readers, s.page},
	}...)
}

// mux returns the handler of the routes.
func (s *Server) mux() *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		var h http.Handler = r.handler
		switch r.access {
		case readers:
			h = s.Gate.Require(noted(h))
		case editors:
			h = s.Gate.RequireEditor(noted(h))
		}
		mux.Handle(r.pattern, h)
	}
	programs := s.Gate.Require(noted(s.programs()))
	mux.Handle("/api/", programs)
	mux.Handle("/v1.0/", programs)
	// What is not there looks the same to those who are not signed in as what is.
	mux.Handle("/", s.Gate.Require(noted(s.missing(mux))))
	return mux
}
