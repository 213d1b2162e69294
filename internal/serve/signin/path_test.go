package signin

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestReturnPath(t *testing.T) {
	for asked, want := range map[string]string{
		"/": "/",
		"/tenants/contoso/actions?status=planned":   "/tenants/contoso/actions?status=planned",
		"/tenants/contoso/actions/AdminMFAV2#notes": "/tenants/contoso/actions/AdminMFAV2",
		"/tenants/a%20b/overview":                   "/tenants/a%20b/overview",
		"/x?to=https://evil.example":                "/x?to=https://evil.example", // it is this server's to read
		"":                                          "/",
		"overview":                                  "/",
		"https://evil.example/":                     "/",
		"//evil.example/":                           "/",
		"///evil.example/":                          "/",
		"/\\evil.example/":                          "/",
		"\\\\evil.example/":                         "/",
		"/\t/evil.example/":                         "/",
		"/\n/evil.example/":                         "/",
		"\u0020//evil.example/":                     "/",
		"/%2Fevil.example/":                         "/",
		"/.//evil.example":                          "/",
		"/..//evil.example":                         "/",
		"javascript:alert(1)":                       "/",
		"/%zz":                                      "/",
		"/é":                                        "/",
		"/signin?token=x":                           "/",
		"/signin":                                   "/",
		"/signin/callback?code=x":                   "/",
		"/%73ignin":                                 "/",
		"/signout":                                  "/",
		"/signing":                                  "/signing",
		"/" + strings.Repeat("a", maxPath):          "/",
	} {
		expect.Equalf(t, want, ReturnPath(asked), "%q", asked)
	}
}

// FuzzReturnPath holds that wherever a browser goes, it stays on the server.
func FuzzReturnPath(f *testing.F) {
	for _, seed := range []string{"/", "//evil.example", "/\\evil.example", "/%2f/evil.example", "/..//e", "/a?b#c", "/a;b", "/%5cevil.example", "/@evil.example", "/:80"} {
		f.Add(seed)
	}
	base := must.Get(url.Parse("https://score.contoso.example/signin?return=x"))(f)
	f.Fuzz(func(t *testing.T, asked string) {
		got := ReturnPath(asked)
		if again := ReturnPath(got); again != got {
			t.Fatalf("%q leads to %q, which leads to %q", asked, got, again)
		}
		w := httptest.NewRecorder()
		http.Redirect(w, httptest.NewRequest(http.MethodGet, "/signin", nil), got, http.StatusSeeOther)
		for _, address := range []string{got, w.Header().Get("Location")} {
			to, err := base.Parse(address)
			if err != nil || to.Host != base.Host || to.Scheme != base.Scheme || to.User != nil {
				t.Fatalf("%q leads to %q, which is %v (%v)", asked, address, to, err)
			}
			// What browsers do beyond RFC 3986 (https://url.spec.whatwg.org): a backslash is a slash; tabs and line ends are left out.
			if strings.ContainsAny(address, "\\\t\r\n") || strings.HasPrefix(address, "//") {
				t.Fatalf("%q leads to %q", asked, address)
			}
		}
	})
}

func origin(t testing.TB) *url.URL { return must.Get(url.Parse("https://score.contoso.example"))(t) }
