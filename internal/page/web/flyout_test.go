package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
)

// sheet waits until the flyout shows an action.
func sheet(t *testing.T, p *browser.Page, id string) {
	t.Helper()
	p.Wait(`document.querySelector("dialog[open] article[data-detail]")?.textContent.includes("Detail of ` + id + `")`)
}

func closed(t *testing.T, p *browser.Page) {
	t.Helper()
	p.Wait(`document.querySelector("dialog[open]") === null`)
}

// path waits for an address.
func path(t *testing.T, p *browser.Page, want string) {
	t.Helper()
	p.Wait(fmt.Sprintf("location.pathname + location.search + location.hash === %q", want))
}

func TestFlyout(t *testing.T) {
	_, url := newSite(t, 9)
	p := chromium.Open(t, url+"/actions?status=Planned", browser.Options{})
	expect.Equal(t, "a2 a5 a8", shown(p))
	p.ClickText("a[data-flyout]", "factor 5 ")
	sheet(t, p, "a5,")
	path(t, p, "/actions/a5")
	expect.Equal(t, "2 of 3", p.Text(".flyout-bar .num"))
	expect.Equal(t, "Require factor 5 of word4 · Actions", browser.Eval[string](p, "document.title"))
	p.Accessible()

	p.ClickText("dialog button", "Next")
	sheet(t, p, "a8,")
	path(t, p, "/actions/a8")
	expect.Equal(t, 1, p.Count("button[data-step='1'][disabled]"))
	p.Press("Escape")
	closed(t, p)
	path(t, p, "/actions?status=Planned")
	if focus := p.Focus(); !strings.Contains(focus, "/actions/a8") {
		t.Errorf("the focus went to %s, not to the link of what was shown", focus)
	}
	expect.Equal(t, "Actions", browser.Eval[string](p, "document.title"))

	// Forward opens it again, back closes it.
	p.Do("history.forward()")
	sheet(t, p, "a8,")
	p.Do("history.back()")
	closed(t, p)
	path(t, p, "/actions?status=Planned")
	expect.Equal(t, "a2 a5 a8", shown(p))

	p.ClickText("a[data-flyout]", "factor 2 ")
	sheet(t, p, "a2,")
	p.ClickText("dialog button", "Close")
	closed(t, p)
	path(t, p, "/actions?status=Planned")
}

func TestFlyoutKeys(t *testing.T) {
	_, url := newSite(t, 9)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.Press("j", "j", "ArrowDown", "ArrowUp", "j")
	if focus := p.Focus(); !strings.Contains(focus, "/actions/a3") {
		t.Fatalf("j and arrows led to %s", focus)
	}
	p.Press("Enter")
	sheet(t, p, "a3,")
	p.Press("j")
	sheet(t, p, "a4,")
	p.Press("ArrowLeft")
	sheet(t, p, "a3,")
	p.Press("k")
	sheet(t, p, "a2,")
	// Letters are letters where one writes.
	p.Type("textarea", "jk")
	sheet(t, p, "a2,")
	expect.Equal(t, "jkNote of 2", browser.Eval[string](p, `document.querySelector("textarea").value`))
	p.Press("Escape")
	closed(t, p)
	path(t, p, "/actions")
}

// An action that is gone is left to the browser, and a page that was loaded anew under the sheet is no dead end.
func TestFlyoutReload(t *testing.T) {
	s, url := newSite(t, 3)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.ClickText("a[data-flyout]", "factor 1 ")
	sheet(t, p, "a1,")
	p.Reload()
	expect.Equal(t, 0, p.Count("dialog"))
	p.Sees("Detail of a1")
	p.Back()
	p.Wait(`location.pathname === "/actions" && document.querySelectorAll("tr[data-row]").length === 3`)

	s.mu.Lock()
	s.rows = s.rows[:2]
	s.mu.Unlock()
	p.Expect("404")
	p.ClickText("a[data-flyout]", "factor 3 ")
	p.Sees("404 page not found")
}

// Pages of records are turned in place.
func TestParts(t *testing.T) {
	_, url := newSite(t, 3)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.ClickText("a[data-flyout]", "factor 1 ")
	sheet(t, p, "a1,")
	p.Click("a[data-part]")
	p.Sees("Page 2")
	sheet(t, p, "a1,")
	path(t, p, "/actions/a1")
}

func TestWrite(t *testing.T) {
	s, url := newSite(t, 3)
	p := chromium.Open(t, url+"/actions?q=factor", browser.Options{})
	p.ClickText("a[data-flyout]", "factor 2 ")
	sheet(t, p, "a2,")
	p.Fill("textarea", "Mine now")
	s.slow = 300 * time.Millisecond
	p.ClickText("dialog button", "Save")
	p.Wait(`document.querySelector("dialog #note")?.textContent === "Mine now"`)
	expect.Equal(t, []string{"act=save&note=Mine+now"}, s.written())
	p.Sees("Saved.")
	s.change() // the reader knows
	sheet(t, p, "a2, version 3")
	p.Sees("Saved.")
	s.slow = 0
	expect.Equal(t, 0, p.Count("#updated"))
	// The list behind has it, too, and its search.
	p.Press("Escape")
	closed(t, p)
	p.Sees("Mine now")
	path(t, p, "/actions?q=factor")

	s.mu.Lock()
	s.refuses = true
	s.mu.Unlock()
	p.Expect("412")
	p.ClickText("a[data-flyout]", "factor 2 ")
	sheet(t, p, "a2,")
	p.Fill("textarea", "Lost")
	p.ClickText("dialog button", "Save")
	p.Wait(`document.querySelector("dialog[open]").textContent.includes("Yours: Lost. Theirs: theirs.")`)
	p.Press("Escape")
	closed(t, p)
}

// The browser sends the form of a page.
func TestWritePage(t *testing.T) {
	s, url := newSite(t, 3)
	p := chromium.Open(t, url+"/actions/a2", browser.Options{})
	p.Fill("textarea", "Mine now")
	p.ClickText("button", "Save")
	p.Sees("Saved.")
	path(t, p, "/actions/a2?saved=1")
	expect.Equal(t, "Mine now", p.Text("#note"))
	s.mu.Lock()
	s.refuses = true
	s.mu.Unlock()
	p.Expect("412")
	p.Fill("textarea", "Lost")
	p.ClickText("button", "Save")
	p.Sees("Yours: Lost. Theirs: theirs.")
	expect.Equal(t, 2, len(s.written()))
}
