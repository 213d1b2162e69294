package serve

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/posture-score/posture/internal/serve/signin"
)

// entry is what the log says of a request. It has no query, which may hold a token or the name of somebody who is searched for, and
// no name of the one who asked.
type entry struct {
	http.ResponseWriter
	status int
	bytes  int64
	role   signin.Role
}

// WriteHeader is part of http.ResponseWriter.
func (e *entry) WriteHeader(status int) {
	if e.status == 0 && status >= http.StatusOK {
		e.status = status
	}
	e.ResponseWriter.WriteHeader(status)
}

// Write is part of http.ResponseWriter.
func (e *entry) Write(text []byte) (int, error) {
	if e.status == 0 {
		e.status = http.StatusOK
	}
	n, err := e.ResponseWriter.Write(text)
	e.bytes += int64(n)
	return n, err
}

// Unwrap is what http.ResponseController asks for.
func (e *entry) Unwrap() http.ResponseWriter { return e.ResponseWriter }

type entryKey struct{}

func (s *Server) log(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.Now()
		e := &entry{ResponseWriter: w}
		defer func() {
			level := slog.LevelInfo
			switch {
			case e.status >= http.StatusInternalServerError:
				level = slog.LevelError
			case r.URL.Path == "/healthz":
				level = slog.LevelDebug // every few seconds, for ever
			}
			s.Log.LogAttrs(r.Context(), level, "request", slog.String("method", r.Method), slog.String("path", r.URL.EscapedPath()),
				slog.Int("status", e.status), slog.Int64("bytes", e.bytes), slog.Duration("duration", s.Now().Sub(began).Round(time.Microsecond)),
				slog.String("role", string(e.role)))
		}()
		next.ServeHTTP(e, r.WithContext(context.WithValue(r.Context(), entryKey{}, e)))
	})
}

// noted returns a handler that tells the log the role of who asks.
func noted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if e, ok := r.Context().Value(entryKey{}).(*entry); ok {
			u, _ := signin.Session(r.Context())
			e.role = u.Role
		}
		next.ServeHTTP(w, r)
	})
}

// answered reports whether an answer has begun.
func answered(w http.ResponseWriter) bool {
	e, ok := w.(*entry)
	return ok && e.status != 0
}
