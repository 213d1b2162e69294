package signin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/serve/signin"
)

var chromium browser.Browser

func TestMain(m *testing.M) { os.Exit(chromium.Main(m)) }

// mail is a page of another site with a link: to browsers, localhost and 127.0.0.1 are two.
func mail(t *testing.T, links ...string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><link rel="icon" href="data:,"><title>Mail</title>`)
		for i, link := range links {
			fmt.Fprintf(w, `<p><a href="%s">link %d</a>`, link, i+1)
		}
	}))
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
}

// TestLinksInBrowser follows links from another site as a browser does, which leaves the cookie out at first.
func TestLinksInBrowser(t *testing.T) {
	chromium.Need(t)
	server, printed := serveLocal(t, signin.Options{}, signin.Reader)
	deep := server.URL + "/tenants/x/actions?search=a%20b"
	p := chromium.Open(t, mail(t, deep, printed.last()), browser.Options{})
	p.Expect(`401`)

	// Not signed in: how to is said, and the browser does not go round in circles.
	p.ClickText("a", "link 1")
	p.Sees("Open the link that posture printed last")
	p.Accessible()
	p.Back()

	// The printed link, from a page of another site: signed in, and the token is gone from the address.
	p.ClickText("a", "link 2")
	p.Sees("ada is reader at /")
	expect.Equal(t, server.URL+"/", p.URL())

	// A deep link from another site works from now on.
	p.Go(mail(t, deep))
	p.ClickText("a", "link 1")
	p.Sees("ada is reader at /tenants/x/actions?search=a%20b")
	expect.Equal(t, deep, p.URL())

	// Going back, to the first mail, never leads to an address with the token.
	for range 3 {
		p.Back()
		if strings.Contains(p.URL(), "token") {
			t.Fatalf("the token is in the history of the tab: %s", p.URL())
		}
	}
	p.Sees("link 2")
}
