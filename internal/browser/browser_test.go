package browser_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

var chromium browser.Browser

func TestMain(m *testing.M) { os.Exit(chromium.Main(m)) }

// serve serves pages by their paths under a strict policy, and returns its URL.
func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := pages[r.URL.Path]
		if !ok && strings.HasSuffix(r.URL.Path, ".js") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'")
		if strings.HasSuffix(r.URL.Path, ".js") {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = io.WriteString(w, text)
			return
		}
		if r.URL.Path == "/cookie" {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		}
		if !ok {
			w.WriteHeader(http.StatusNotFound) // its text names an icon, too: else the browser asks for /favicon.ico
		}
		_, _ = io.WriteString(w, `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Test</title><body><main><h1>Test</h1>`+text+`</main>`)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestProblems opens pages in which something goes wrong that a reader does not see.
func TestProblems(t *testing.T) {
	pages := map[string]string{
		"/fine":      `<p>Fine</p><script src="fine.js"></script>`,
		"/fine.js":   `console.log("said"); console.warn("warned");`,
		"/error":     `<script src="error.js"></script>`,
		"/error.js":  `console.error("it broke", 7);`,
		"/throw":     `<script src="throw.js"></script>`,
		"/throw.js":  `Promise.reject(new Error("nobody catches me")); null.x;`,
		"/policy":    `<p style="color: red">styled</p><img src="https://example.org/x.png" alt="">`,
		"/types":     `<script src="types.js"></script>`,
		"/types.js":  `document.body.innerHTML = "<b>x</b>";`,
		"/absent":    `<img src="data:," alt=""><script src="absent.js"></script>`,
		"/unreached": `<script src="unreached.js"></script>`,
		// A port that nothing listens on.
		"/unreached.js": `fetch("http://127.0.0.1:1/").catch(() => {});`,
	}
	tests := []struct {
		path string
		want []string // parts of the problems, in order
	}{
		{"/fine", nil},
		{"/error", []string{"console error: it broke 7"}},
		{"/throw", []string{"Cannot read properties of null", "nobody catches me"}},
		{"/policy", []string{"inline style", "example.org"}},
		{"/types", []string{"Policy: This document requires 'TrustedHTML'", "uncaught exception"}},
		{"/absent", []string{"failed request: status 404", "MIME type"}},
		{"/unreached", []string{"violation of the Content-Security-Policy", "violation of the Content-Security-Policy"}},
		{"/nowhere", []string{"failed request: status 404"}},
	}
	url := serve(t, pages)
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			t.Parallel()
			chromium.Need(t)
			p := chromium.Open(quiet{t}, url+test.path, browser.Options{})
			got := p.Problems()
			slices.Sort(got)
			for _, want := range test.want {
				i := slices.IndexFunc(got, func(line string) bool { return strings.Contains(line, want) })
				if i < 0 {
					t.Errorf("no problem says %q", want)
					continue
				}
				got = slices.Delete(got, i, i+1)
			}
			for _, line := range got {
				t.Errorf("not expected: %s", line)
			}
		})
	}
}

// quiet is a test that lets the harness report errors without failing.
type quiet struct{ *testing.T }

func (quiet) Error(...any) {}

// TestReported fails a test at its end for a problem that it didn't expect, and for one that it expected in vain.
func TestReported(t *testing.T) {
	chromium.Need(t)
	url := serve(t, map[string]string{"/": `<script src="x.js"></script>`, "/x.js": `console.error("it broke")`})
	run := func(expected ...string) []string {
		var r recorder
		t.Run("page", func(t *testing.T) {
			r.T = t
			p := chromium.Open(&r, url, browser.Options{})
			for _, pattern := range expected {
				p.Expect(pattern)
			}
		})
		return r.lines
	}
	expect.Equal(t, []string{"console error: it broke"}, run())
	expect.Equal(t, nil, run("^console error: it"))
	expect.Equal(t, []string{`expected a problem that matches "other"`}, run("broke", "other"))
}

// recorder is a test that keeps what it was to fail with.
type recorder struct {
	*testing.T
	lines []string
}

func (r *recorder) Error(args ...any) { r.lines = append(r.lines, fmt.Sprint(args...)) }
func (r *recorder) Errorf(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

// TestMissing skips a test on a machine without a browser, but fails it in CI.
func TestMissing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere a browser is found outside of PATH, too")
	}
	t.Setenv("PATH", t.TempDir())
	t.Setenv("POSTURE_CHROMIUM", "")
	need := func(ci string) string {
		t.Setenv("CI", ci)
		r := recorder{T: t}
		var wait sync.WaitGroup
		wait.Go(func() { new(browser.Browser).Need(&r) })
		wait.Wait()
		return strings.Join(r.lines, "\n")
	}
	expect.Equal(t, "skipped: NOT TESTED IN A BROWSER: "+browser.ErrMissing.Error(), need(""))
	expect.Equal(t, "failed: "+browser.ErrMissing.Error(), need("true"))
}

func (r *recorder) Skipf(format string, args ...any) {
	r.lines = append(r.lines, "skipped: "+fmt.Sprintf(format, args...))
	runtime.Goexit()
}

func (r *recorder) Fatal(args ...any) {
	r.lines = append(r.lines, "failed: "+fmt.Sprint(args...))
	runtime.Goexit()
}

// TestAct does what readers do with mouse and keyboard.
func TestAct(t *testing.T) {
	url := serve(t, map[string]string{
		"/":      `<form action="/found"><label>Search <input id="q" name="q"></label> <button>Go</button></form><a href="/other">Other</a> <a hidden href="/x">Hidden</a><p id="n"></p><select id="s" aria-label="Choice"><option>one<option>two</select><script src="a.js"></script>`,
		"/found": `<p>Found</p>`,
		"/other": `<p>Another page</p><a href="#place">Down</a><h2 id="place">Place</h2>`,
		"/a.js": `document.querySelector("#q").addEventListener("input", e => { document.querySelector("#n").textContent = e.target.value.length; });
			document.querySelector("#s").addEventListener("change", e => { document.querySelector("#n").textContent = e.target.value; });`,
	})
	p := chromium.Open(t, url, browser.Options{})
	p.Type("#q", "mfa")
	p.Wait(`document.querySelector("#n").textContent === "3"`)
	p.Fill("#q", "a\u202eb")
	expect.Equal(t, "3", p.Text("#n"))
	p.Choose("#s", "two")
	expect.Equal(t, "two", p.Text("#n"))
	expect.Equal(t, 1, p.Count("a"))
	expect.Equal(t, []string{"Other"}, p.Texts("a"))
	p.Click("#q")
	p.Press("Tab")
	expect.Equal(t, "<button> Go", p.Focus())
	p.Press("Shift+Tab", "Control+a", "x")
	p.PressFollow("Enter")
	expect.Equal(t, url+"/found?q=x", p.URL())
	p.Back()
	p.Follow("a", "Other")
	p.Sees("Another page")
	p.Follow("a", "Down")
	expect.Equal(t, url+"/other#place", p.URL())
	p.Reload()
	expect.Equal(t, "Place", p.Text("h2"))
}

// TestOptions looks at a page as different readers do.
func TestOptions(t *testing.T) {
	url := serve(t, map[string]string{
		"/":      `<p id="script">off</p><script src="on.js"></script><details><summary>More</summary><p id="more">Closed text</p></details>`,
		"/on.js": `document.querySelector("#script").textContent = "on"`,
	})
	p := chromium.Open(t, url, browser.Options{})
	p.Expect("INTERNET_DISCONNECTED")
	tests := []struct {
		name       string
		options    browser.Options
		expression string
		want       string
	}{
		{"as it comes", browser.Options{}, `innerWidth + "x" + innerHeight + " " + devicePixelRatio`, "1280x800 1"},
		{"phone", browser.Options{Width: 360, Height: 640, Density: 2, Touch: true}, `innerWidth + " " + devicePixelRatio + " " + matchMedia("(pointer: coarse)").matches`, "360 2 true"},
		{"zoom", browser.Options{Width: 1280, Zoom: 2}, `innerWidth + " " + devicePixelRatio`, "640 2"},
		{"light", browser.Options{}, `matchMedia("(prefers-color-scheme: light)").matches + " " + matchMedia("(prefers-reduced-motion: no-preference)").matches`, "true true"},
		{"dark", browser.Options{Dark: true}, `matchMedia("(prefers-color-scheme: dark)").matches`, "true"},
		{"reduced motion", browser.Options{ReducedMotion: true}, `matchMedia("(prefers-reduced-motion: reduce)").matches`, "true"},
		{"print", browser.Options{Print: true}, `matchMedia("print").matches`, "true"},
		{"scripts", browser.Options{}, `document.querySelector("#script").textContent`, "on"},
		{"time zone", browser.Options{}, `Intl.DateTimeFormat().resolvedOptions().timeZone + " " + navigator.language`, "UTC en-US"},
		{"offline", browser.Options{Offline: true}, `navigator.onLine + " " + await fetch("/").then(() => "came", () => "refused")`, "false refused"},
		{"online", browser.Options{}, `navigator.onLine + " " + await fetch("/").then(() => "came", () => "refused")`, "true came"},
	}
	for _, test := range tests {
		p.Set(test.options)
		expect.Equalf(t, test.want, browser.Eval[string](p, `(async () => String(`+test.expression+`))()`), "%s", test.name)
	}
}

// TestNoScript opens a page and a closed part of it without JavaScript.
func TestNoScript(t *testing.T) {
	url := serve(t, map[string]string{
		"/":      `<p id="script">off</p><script src="on.js"></script><details><summary>More</summary><p id="more">Closed text</p></details>`,
		"/on.js": `document.querySelector("#script").textContent = "on"`,
	})
	p := chromium.Open(t, url, browser.Options{NoScript: true})
	expect.Equal(t, "off", p.Text("#script"))
	expect.Equal(t, 0, p.Count("#more"))
	p.Click("summary")
	expect.Equal(t, "Closed text", p.Text("#more"))
}

// TestSessions has two pages with cookies of their own, and two tabs that share them.
func TestSessions(t *testing.T) {
	url := serve(t, map[string]string{"/": "", "/cookie": ""})
	p := chromium.Open(t, url+"/cookie", browser.Options{})
	expect.Equal(t, "a=b", browser.Eval[string](p, "document.cookie"))
	expect.Equal(t, "a=b", browser.Eval[string](p.Tab(url, browser.Options{}), "document.cookie"))
	expect.Equal(t, "", browser.Eval[string](chromium.Open(t, url, browser.Options{}), "document.cookie"))
}

// TestAxe finds what a reader of a screen would miss, and nothing where there is nothing.
func TestAxe(t *testing.T) {
	url := serve(t, map[string]string{"/good": `<img src="data:," alt="A chart"><label>Name <input></label>`, "/bad": `<img src="data:,"><p><input></p>`})
	chromium.Open(t, url+"/good", browser.Options{}).Accessible()
	p := chromium.Open(t, url+"/bad", browser.Options{})
	var rules []string
	for _, violation := range p.Axe() {
		rules = append(rules, violation.Rule)
	}
	expect.Equal(t, []string{"image-alt", "label"}, rules)
	first := p.Axe()[0].String()
	for _, want := range []string{"image-alt (critical): Images must have alternative text", "<img src=\"data:,\">", "Element does not have an alt attribute"} {
		if !strings.Contains(first, want) {
			t.Errorf("%q is not in:\n%s", want, first)
		}
	}
}

// TestFile opens a file, looks at it and prints it.
func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b.html")
	must.Do(t, os.WriteFile(path, []byte(`<!doctype html><html lang="en"><title>File</title><style>h1 + h1 { break-before: page } @media print { p { display: none } }</style><p>Not on paper</p><h1>One – €</h1><h1>Two <b>words</b>, <span style="opacity: .5">thin</span></h1>`), 0o600))
	p := chromium.Open(t, browser.File(t, path), browser.Options{})
	expect.Equal(t, []string{browser.File(t, path)}, p.Requests())
	expect.Equal(t, "\x89PNG", string(p.Picture(false)[:4]))
	expect.Equal(t, []string{"One–€", browser.Printed("Two words, thin")}, p.PDF())
	expect.Equal(t, "Not on paper", p.Text("p"))
	timing := p.Timing()
	if timing.Paint <= 0 || timing.Quiet < timing.Paint || timing.Loaded < timing.Parsed {
		t.Errorf("it took %+v", timing)
	}
}

// TestSideways names what is wider than the window.
func TestSideways(t *testing.T) {
	url := serve(t, map[string]string{"/wide": `<pre id="wide">` + strings.Repeat("x", 200) + `</pre>`, "/narrow": `<p>Narrow</p>`})
	expect.Equal(t, []string{}, chromium.Open(t, url+"/narrow", browser.Options{Width: 360}).Sideways())
	got := strings.Join(chromium.Open(t, url+"/wide", browser.Options{Width: 360}).Sideways(), "\n")
	if !strings.Contains(got, "in a window of 360") {
		t.Errorf("it says %s", got)
	}
}
