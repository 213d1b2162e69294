package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/serve/api"
	"github.com/posture-score/posture/internal/serve/signin"
	"github.com/posture-score/posture/internal/snapshot"
)

// start leads to the overview of the only tenant, or to the list of them.
func (s *Server) start(w http.ResponseWriter, r *http.Request) {
	source, _, _ := s.shown.news()
	if source != nil && source.Several() {
		http.Redirect(w, r, "/tenants", http.StatusSeeOther)
		return
	}
	snap, err := s.snapshot(r.Context(), "")
	if err != nil {
		s.failed(w, r, err)
		return
	}
	http.Redirect(w, r, "/tenants/"+url.PathEscape(snap.Tenant.ID)+"/overview", http.StatusSeeOther)
}

// tenant leads to the overview of a tenant.
func (s *Server) tenant(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/tenants/"+url.PathEscape(r.PathValue("tenant"))+"/overview", http.StatusSeeOther)
}

// page shows a tab of a tenant, an action or an entry of the history.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	snap, err := s.snapshot(r.Context(), r.PathValue("tenant"))
	if err != nil {
		s.failed(w, r, err)
		return
	}
	s.show(w, r, snap, page.Request{Tab: r.PathValue("tab"), ID: r.PathValue("id")})
}

// viewer returns who looks at a page. Their name is none of it: a page is rendered once for all who have the same role.
func (s *Server) viewer(r *http.Request) page.Viewer {
	u, _ := signin.Session(r.Context())
	return page.Viewer{Editor: u.CanEdit(), Remote: s.Remote, Theme: theme(r)}
}

// tenants shows the list of tenants.
func (s *Server) tenants(w http.ResponseWriter, r *http.Request) {
	source, _, _ := s.shown.news()
	if source == nil {
		s.failed(w, r, errStarting)
		return
	}
	request := page.Request{Query: r.URL.Query(), Viewer: s.viewer(r)}
	version := source.TenantsVersion(r.Context())
	ctx := context.WithoutCancel(r.Context()) // others may wait for the list, too
	s.answer(w, r, version, request, func(w io.Writer) error {
		list, total, err := source.Tenants(ctx, page.TenantQuery(request.Query))
		if err != nil {
			return err
		}
		return s.Pages.Tenants(w, page.Tenants{List: list, Total: total, Version: version, Now: s.Now().UTC()}, request)
	})
}

// show answers with a page of a tenant.
func (s *Server) show(w http.ResponseWriter, r *http.Request, snap *snapshot.Snapshot, request page.Request) {
	request.Query, request.Viewer, request.Origin = r.URL.Query(), s.viewer(r), s.origin()
	if f, ok := s.said(w, r); ok {
		request.Notice, request.Undo = f.notice(snap)
		s.showOnce(w, r, snap, request)
		return
	}
	s.answer(w, r, snap.Version, request, func(w io.Writer) error { return s.Pages.Render(w, snap, request) })
}

// answer answers with a page, which is rendered once for all who ask for the same, and are the same to it.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, version string, request page.Request, render func(io.Writer) error) {
	key := strings.Join([]string{version, fmt.Sprintf("%+v", request.Viewer), r.URL.EscapedPath(), request.Query.Encode()}, "\x00")
	made, err := s.cache.get(r.Context(), key, render)
	if err != nil {
		s.failed(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept-Encoding, Cookie")
	h.Set("ETag", made.etag)
	if matches(r.Header.Get("If-None-Match"), made.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	s.send(w, r, made)
}

// showOnce answers with a page that says what came of a form. It is not kept.
func (s *Server) showOnce(w http.ResponseWriter, r *http.Request, snap *snapshot.Snapshot, request page.Request) {
	var text bytes.Buffer
	if err := s.Pages.Render(&text, snap, request); err != nil {
		s.failed(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(text.Bytes()) // who is gone gets nothing
}

// send writes a page, compressed if the browser takes that.
func (s *Server) send(w http.ResponseWriter, r *http.Request, made *rendered) {
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(made.gzip)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(made.gzip) // who is gone gets nothing
		}
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(made.size))
	if r.Method == http.MethodHead {
		return
	}
	z, err := gzip.NewReader(strings.NewReader(string(made.gzip)))
	if err == nil {
		_, err = io.Copy(w, z)
	}
	if err != nil {
		s.Log.Debug("writing a page", "error", err)
	}
}

// matches reports whether a list of ETags has one (RFC 9110, 13.1.2).
func matches(list, etag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}

// takesGzip reports whether a list of codings accepts gzip (RFC 9110, 12.5.3).
func takesGzip(list string) bool {
	for one := range strings.SplitSeq(list, ",") {
		coding, weight, _ := strings.Cut(one, ";")
		if coding = strings.TrimSpace(coding); coding != "gzip" && coding != "*" {
			continue
		}
		name, value, _ := strings.Cut(strings.ReplaceAll(weight, " ", ""), "=")
		q, err := strconv.ParseFloat(value, 64)
		return name != "q" || err != nil || q > 0
	}
	return false
}

// errForm is a body that can't be read as a form.
var errForm = errors.New("not a form")

// themeCookie keeps the theme that a reader chose. It says nothing of them.
const themeCookie = "posture-theme"

func theme(r *http.Request) string {
	c, err := r.Cookie(themeCookie)
	if err != nil || c.Value != "light" && c.Value != "dark" {
		return ""
	}
	return c.Value
}

// theme keeps the theme that a reader chooses: the form has theme, "light", "dark" or "", and return, the path to go back to.
func (s *Server) theme(w http.ResponseWriter, r *http.Request) {
	const year = 365 * 24 * 60 * 60
	if err := r.ParseForm(); err != nil {
		s.failed(w, r, errors.Join(errForm, err))
		return
	}
	chosen := r.PostForm.Get("theme")
	c := &http.Cookie{Name: themeCookie, Path: "/", HttpOnly: true, Secure: s.TLS, SameSite: http.SameSiteStrictMode, MaxAge: -1}
	if chosen == "light" || chosen == "dark" {
		c.Value, c.MaxAge = chosen, year
	}
	http.SetCookie(w, c)
	http.Redirect(w, r, signin.ReturnPath(r.PostForm.Get("return")), http.StatusSeeOther)
}

// missing answers for what is not there, or not by this method.
func (s *Server) missing(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		methods := api.Methods(mux, r)
		if len(methods) == 0 {
			s.failed(w, r, page.ErrNotFound)
			return
		}
		w.Header().Set("Allow", strings.Join(methods, ", "))
		s.fail(w, r, http.StatusMethodNotAllowed, "This address is not asked for in this way. Open the page before, and try again.")
	}
}

// failed answers with what went wrong, in words for whoever reads the page; the log has the rest.
func (s *Server) failed(w http.ResponseWriter, r *http.Request, err error) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, page.ErrNotFound), errors.Is(err, snapshot.ErrUnknownTenant):
		s.fail(w, r, http.StatusNotFound, "There is no such page.")
	case errors.Is(err, errStarting):
		w.Header().Set("Retry-After", "5")
		s.fail(w, r, http.StatusServiceUnavailable, "The first assessment is being read. Try again in a few seconds.")
	case errors.As(err, &tooLarge):
		s.fail(w, r, http.StatusRequestEntityTooLarge, "That is too much at once.")
	case errors.Is(err, errForm):
		s.fail(w, r, http.StatusBadRequest, "That is no form.")
	case r.Context().Err() != nil: // nobody reads it
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		s.Log.Error("answering", "method", r.Method, "path", r.URL.EscapedPath(), "error", err)
		s.fail(w, r, http.StatusInternalServerError, "Something went wrong here. The log of the server says what.")
	}
}
