package oci

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// reached is a transport that was asked.
type reached struct{}

var errReached = errors.New("reached")

// RoundTrip is part of http.RoundTripper.
func (reached) RoundTrip(*http.Request) (*http.Response, error) { return nil, errReached }

// TestOverTLS goes on by TLS alone.
func TestOverTLS(t *testing.T) {
	for url, want := range map[string]string{"https://registry.contoso.example/v2/": "reached", "http://registry.contoso.example/token": "has no TLS"} {
		request := httptest.NewRequest(http.MethodGet, url, nil)
		if _, err := (overTLS{reached{}}).RoundTrip(request); err == nil || !strings.Contains(err.Error(), want) { //nolint:bodyclose // there is none
			t.Errorf("%s: error is %v", url, err)
		}
	}
}
