package pagetest_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/serve/signin"
)

// tabs are the tabs of a tenant with a history, as paths of the server.
func tabs() []string { return []string{"overview", "actions", "history", "trends", "owners", "plan"} }

// pages are the tabs, and one page of each kind below them.
func pages(t testing.TB) []string {
	t.Helper()
	entries := contoso.snapshot(t).Past.Entries
	return append(tabs(), "actions/MFARegistrationV2", "history/"+strconv.FormatInt(entries[len(entries)-1].ID, 10))
}

// TestEveryPage looks at every page as different readers do: there is nothing wrong in the console, axe-core finds nothing, nothing sticks
// out, and each chart has a table.
func TestEveryPage(t *testing.T) {
	s := start(t, only(contoso.snapshot(t)), signin.User{Role: signin.Editor})
	for _, path := range pages(t) {
		t.Run(path, func(t *testing.T) {
			p := chromium.Open(t, s.enter(s.path(path)), browser.Options{})
			expect.Equal(t, s.tab(path), p.URL())
			p.Accessible()
			charts(t, p)
			own(t, p, s.origin)
			p.Set(browser.Options{Dark: true})
			p.Accessible()
			p.Set(browser.Options{Width: 360, Height: 740, Touch: true})
			fits(t, p, "360 px")
			p.Accessible()
			p.Set(browser.Options{Width: 1280, Zoom: 2})
			fits(t, p, "200 %")
			p.Set(browser.Options{ReducedMotion: true})
			still(t, p)
		})
	}
}

// TestEveryPageWithoutScript opens every page with JavaScript off: it is complete, and its links lead on.
func TestEveryPageWithoutScript(t *testing.T) {
	s := start(t, only(contoso.snapshot(t)), signin.User{Role: signin.Editor})
	p := chromium.Open(t, s.enter("/"), browser.Options{NoScript: true})
	for _, path := range pages(t) {
		p.Go(s.tab(path))
		if text := p.Text("main"); len(text) < 200 {
			t.Errorf("%s shows only %q", path, text)
		}
		fits(t, p, path)
	}
	for _, tab := range tabs() {
		p.Follow("nav.tabs a[data-tab="+tab+"]", "")
		expect.Equal(t, s.tab(tab), p.URL())
	}
}

// charts holds that each chart has a caption, a name and a table, or is in one.
func charts(t *testing.T, p *browser.Page) {
	t.Helper()
	expect.Equal(t, []string{}, browser.Eval[[]string](p, `[...document.querySelectorAll("svg")].filter(svg => svg.ariaHidden !== "true" && !svg.parentElement.closest("svg")).filter(svg => {
		const figure = svg.closest("figure");
		const names = (svg.getAttribute("aria-labelledby") ?? "").split(" ").map(id => document.getElementById(id)?.textContent.trim() ?? "");
		const name = svg.getAttribute("aria-label") ?? names.join("");
		return !figure || svg.getAttribute("role") !== "img" || !name || !figure.querySelector("figcaption") || !figure.querySelector("table td");
	}).map(svg => svg.cloneNode().outerHTML)`))
}

// own holds that a page asks nobody but its own server.
func own(t *testing.T, p *browser.Page, origin string) {
	t.Helper()
	for _, asked := range p.Requests() {
		if !strings.HasPrefix(asked, origin+"/") && !strings.HasPrefix(asked, "data:") && !strings.HasPrefix(asked, "blob:"+origin) {
			t.Errorf("it asks for %s", asked)
		}
	}
}

// fits holds that the page does not scroll sideways.
func fits(t *testing.T, p *browser.Page, how string) {
	t.Helper()
	if wide := p.Sideways(); len(wide) > 0 {
		t.Errorf("at %s:\n%s", how, strings.Join(wide, "\n"))
	}
}

// still holds that nothing moves.
func still(t *testing.T, p *browser.Page) {
	t.Helper()
	expect.Equal(t, []string{}, browser.Eval[[]string](p, `[...document.querySelectorAll("*")].filter(e => {
		const style = getComputedStyle(e);
		const longest = list => Math.max(...list.split(",").map(parseFloat));
		return longest(style.transitionDuration) > 0.01 || style.animationName !== "none" && longest(style.animationDuration) > 0.01 || style.scrollBehavior === "smooth";
	}).map(e => e.cloneNode().outerHTML.slice(0, 120))`))
}

// path returns the path of a tab.
func (s *site) path(tab string) string { return strings.TrimPrefix(s.tab(tab), s.origin) }
