package serve_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/serve/signin"
)

// TestPrograms holds that programs are let in like browsers, and answered before and after there is something to show.
func TestPrograms(t *testing.T) {
	s := newSite(t, signin.Reader, nil)
	for _, path := range []string{"/api/v1/tenants", "/v1.0/security/secureScores"} {
		response, _ := s.ask(t, http.DefaultClient, http.MethodGet, path, nil)
		expect.Equalf(t, http.StatusUnauthorized, response.StatusCode, "%s without a session", path)
		response, text := s.ask(t, s.browser(t), http.MethodGet, path, nil)
		expect.Equalf(t, http.StatusServiceUnavailable, response.StatusCode, "%s before there is anything: %s", path, text)
	}
	s.show(t)
	response, text := s.ask(t, s.browser(t), http.MethodGet, "/api/v1/tenants", nil)
	expect.Equal(t, "application/json", response.Header.Get("Content-Type"))
	if !strings.Contains(text, `"id": "contoso"`) {
		t.Errorf("the answer is %s", text)
	}
	response, text = s.ask(t, s.browser(t), http.MethodGet, "/api/v1/nothing", nil)
	expect.Equal(t, "application/problem+json", response.Header.Get("Content-Type"))
	expect.Equalf(t, http.StatusNotFound, response.StatusCode, "%s", text)
	response, text = s.ask(t, s.browser(t), http.MethodPatch, "/api/v1/tenants/contoso/actions/AdminMFAV2", nil, "If-Match", `"none"`)
	expect.Equalf(t, http.StatusForbidden, response.StatusCode, "a reader changes something: %s", text)
	response, text = s.ask(t, s.browser(t), http.MethodPatch, "/api/v1/tenants/contoso/actions/AdminMFAV2", nil, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	expect.Equalf(t, http.StatusForbidden, response.StatusCode, "another site changes something: %s", text)
}
