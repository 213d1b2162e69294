package signin_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/serve/signin"
)

// TestPrograms holds that a program that is not signed in is told so in the form of all other errors at the address that it asks for.
func TestPrograms(t *testing.T) {
	origin := must.Get(url.Parse("http://127.0.0.1:8080"))(t)
	gate, _ := signin.Local(signin.Options{Origin: origin}, signin.User{Name: "Ada", Role: signin.Reader}, func(string) {})
	handler := gate.Require(http.NotFoundHandler())
	for path, kind := range map[string]string{
		"/api/v1/tenants": "application/problem+json", "/v1.0/security/secureScores": "application/json", "/tenants": "text/plain; charset=utf-8",
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		expect.Equal(t, http.StatusUnauthorized, w.Code)
		expect.Equalf(t, kind, w.Header().Get("Content-Type"), "%s", path)
		if !strings.HasSuffix(kind, "json") {
			continue
		}
		var document struct {
			Status int
			Detail string
			Error  struct {
				Code, Message string
				InnerError    struct{ Date string }
			}
		}
		must.Do(t, json.Unmarshal(w.Body.Bytes(), &document))
		problem := document.Status == http.StatusUnauthorized && document.Detail != ""
		graph := document.Error.Code == "unauthenticated" && document.Error.Message != "" && document.Error.InnerError.Date != ""
		if problem == graph {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/api/v1/tenants", nil)
	r.Header.Set("Accept", "text/html")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	expect.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type")) // somebody followed a link
}
