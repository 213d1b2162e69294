package page

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page/web"
	"github.com/posture-score/posture/internal/snapshot"
)

// policy is what the server sends with every page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// serve serves the actions of a snapshot, and returns the address of its list.
func serve(t *testing.T, s *snapshot.Snapshot) string {
	r := must.Get(New())(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		for _, asset := range []web.Asset{web.Style(), web.Script()} {
			if q.URL.Path == "/assets/"+asset.Name {
				w.Header().Set("Content-Type", asset.ContentType)
				io.WriteString(w, asset.Content) //nolint:errcheck // the browser says
				return
			}
		}
		_, id, _ := strings.Cut(q.URL.Path, "/actions")
		var page bytes.Buffer
		if err := r.Render(&page, s, Request{Tab: "actions", ID: strings.TrimPrefix(id, "/"), Query: q.URL.Query()}); err != nil || q.URL.Path == "/events" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page.Bytes()) //nolint:errcheck // the browser says
	}))
	t.Cleanup(server.Close)
	return server.URL + "/tenants/" + s.Tenant.ID + "/actions"
}

// TestActionsInBrowser holds that the list and an action are usable with and without scripts, on a phone, with hostile names, and that a
// script finds what the server finds.
func TestActionsInBrowser(t *testing.T) {
	s := contoso(t)
	for i, bad := range hostile() {
		s.Assessment.Actions[i+20].Title = bad + " hostile"
	}
	list := serve(t, s)
	var chromium browser.Browser
	t.Cleanup(func() { must.Do(t, chromium.Stop()) })

	for _, off := range []bool{false, true} {
		p := chromium.Open(t, list, browser.Options{NoScript: off})
		for _, query := range []string{
			"q=entra+mfa", "q=microsoft+entra&license=missing", "status=planned&status=completed", "review=regressed", "framework=scuba&q=a", "tag=board", "q=hostile",
		} {
			p.Go(list + "?" + query)
			found := fmt.Sprintf("%d of %d actions", listOf(t, s, query).Shown, len(s.Assessment.Actions))
			if got := p.Text("[data-count]"); got != found {
				t.Errorf("%s (scripts off: %t): got %s, want %s", query, off, got, found)
			}
		}
	}

	p := chromium.Open(t, list+"?status=planned", browser.Options{Dark: true})
	p.ClickText("a", "Clear")
	p.Sees(fmt.Sprintf("%d of %[1]d actions", len(s.Assessment.Actions)))
	p.Accessible()
	p.Type("#q", "AdminMFAV2")
	p.Sees("1 of ")
	p.Click("a[data-flyout]")
	p.Sees("Protects against")
	if !strings.HasSuffix(p.URL(), "/actions/AdminMFAV2") {
		t.Errorf("the address is %s", p.URL())
	}

	for _, path := range []string{"?q=hostile&group=status", "/AdminMFAV2"} {
		p := chromium.Open(t, list+path, browser.Options{Width: 360, Height: 800})
		p.Accessible()
		if wide := p.Sideways(); len(wide) > 0 {
			t.Errorf("%s scrolls sideways: %s", path, wide)
		}
	}
}

// TestActionInFile holds that the address of an action in a file opens it, without scripts, too.
func TestActionInFile(t *testing.T) {
	var file bytes.Buffer
	must.Do(t, must.Get(New())(t).File(&file, contoso(t)))
	path := filepath.Join(t.TempDir(), "posture.html")
	must.Do(t, os.WriteFile(path, file.Bytes(), 0o644))
	var chromium browser.Browser
	t.Cleanup(func() { must.Do(t, chromium.Stop()) })
	for _, off := range []bool{false, true} {
		p := chromium.Open(t, browser.File(t, path)+"#action-AdminMFAV2", browser.Options{NoScript: off})
		if text := p.Text("#action-AdminMFAV2"); !strings.Contains(text, "Keys are ordered.") {
			t.Errorf("scripts off: %t: got %s", off, text)
		}
	}
	p := chromium.Open(t, browser.File(t, path)+"?q=adminmfa#actions", browser.Options{})
	p.Click("a[data-flyout]")
	p.Sees("Keys are ordered.")
}
