package web_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
)

// A new snapshot replaces what is shown, and leaves readers where they are.
func TestNews(t *testing.T) {
	s, url := newSite(t, 60)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.Click("#more summary")
	p.Choose("#group", "category")
	p.Type("#q", "factor")
	p.Do("scrollTo({top: 300, behavior: 'instant'})")
	s.change()
	p.Sees("Require factor of version 2")
	p.Sees("Updated:")
	expect.Equal(t, "2", p.Text("#version"))
	expect.Equal(t, 300, browser.Eval[int](p, "Math.round(scrollY)"))
	expect.Equal(t, true, browser.Eval[bool](p, `document.querySelector("#more").open`))
	expect.Equal(t, "q factor", browser.Eval[string](p, `document.activeElement.id + " " + document.activeElement.value`))
	expect.Equal(t, "category", browser.Eval[string](p, `document.querySelector("#group").value`))
	p.ClickText("#updated button", "Close")
	expect.Equal(t, 0, p.Count("#updated"))

	// The sheet, too.
	p.ClickText("a[data-flyout]", "factor of version 2")
	sheet(t, p, "a1, version 2")
	s.change()
	sheet(t, p, "a1, version 3")
	path(t, p, "/actions/a1")
	p.Press("Escape")
	closed(t, p)
	path(t, p, "/actions?q=factor&group=category")
	expect.Equal(t, []string{"▾ Apps 15", "▾ Data 15", "▾ Device 15", "▾ Identity 15"}, heads(p))
}

// What one has typed is not lost to a new snapshot.
func TestNewsAsks(t *testing.T) {
	s, url := newSite(t, 3)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.ClickText("a[data-flyout]", "factor 2 ")
	sheet(t, p, "a2,")
	p.Fill("textarea", "Half a sen")
	s.change()
	p.Sees("What you have typed would be lost.")
	expect.Equal(t, "Half a sen", browser.Eval[string](p, `document.querySelector("textarea").value`))
	sheet(t, p, "a2, version 1")
	p.ClickText("#updated button", "Update now")
	sheet(t, p, "a2, version 2")
}

// Choices that CSS follows are kept in the address.
func TestChoices(t *testing.T) {
	_, url := newSite(t, 3)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.ClickText("label", "1 year")
	query(t, p, "?range=1y")
	p.ClickText("label", "Achievable")
	query(t, p, "?range=1y&include=")
	p.ClickText("label", "Planned")
	query(t, p, "?range=1y&include=planned")
	p.Reload()
	expect.Equal(t, "1y planned", browser.Eval[string](p, `[...document.querySelectorAll("main input:checked:not([name=column])")].map(i => i.value).join(" ")`))
}

func TestTheme(t *testing.T) {
	s, url := newSite(t, 3)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	ground := func() string {
		return browser.Eval[string](p, "getComputedStyle(document.documentElement).backgroundColor")
	}
	expect.Equal(t, "rgb(250, 249, 247)", ground())
	p.ClickText("summary", "View")
	p.Choose(`select[aria-label="Theme"]`, "dark")
	expect.Equal(t, "rgb(17, 19, 21)", ground())
	p.Set(browser.Options{Dark: true})
	p.Choose(`select[aria-label="Theme"]`, "light")
	expect.Equal(t, "rgb(250, 249, 247)", ground())
	p.Choose(`select[aria-label="Theme"]`, "")
	expect.Equal(t, "rgb(17, 19, 21)", ground())
	s.mu.Lock()
	defer s.mu.Unlock()
	expect.Equal(t, "dark light ", strings.Join(s.themes, " "))
}

// Everything that needs no server works from a file.
func TestFile(t *testing.T) {
	address := file(t, 12)
	p := chromium.Open(t, address, browser.Options{})
	expect.Equal(t, 0, p.Count("tr[data-row]"))
	p.ClickText("a[data-tab]", "Recommended actions")
	p.Wait(`document.querySelector("details[data-section=actions]").open && !document.querySelector("details[data-section=overview]").open`)
	expect.Equal(t, "Recommended actions", p.Text("a[data-tab][aria-current]"))
	expect.Equal(t, 12, p.Count("tr[data-row]"))

	// A query for the list, from the overview.
	p.ClickText("a[data-tab]", "Overview")
	p.Click("#planned")
	p.Wait(`location.search === "?status=Planned" && location.hash === "#actions"`)
	expect.Equal(t, "a2 a5 a8 a11", shown(p))

	p.ClickText("a[data-flyout]", "factor 5 ")
	sheet(t, p, "a5")
	p.Wait(`location.hash === "#action-a5"`)
	expect.Equal(t, 1, browser.Eval[int](p, `document.querySelectorAll("#action-a5").length`))
	p.Press("j")
	sheet(t, p, "a8")
	p.Press("Escape")
	closed(t, p)
	p.Wait(`location.search === "?status=Planned" && location.hash === "#actions"`)
	// What the sheet borrowed is back in its place.
	expect.Equal(t, true, browser.Eval[bool](p, `document.querySelector("#action-a5").closest("details[data-section=details]") !== null`))

	p.ClickText("summary", "View")
	p.Choose(`select[aria-label="Theme"]`, "dark")
	p.Wait(`location.search.includes("theme=dark")`)
	p.Reload()
	expect.Equal(t, "dark", browser.Eval[string](p, "document.documentElement.dataset.theme"))
	p.Wait(`document.querySelector("details[data-section=actions]").open`)
}

// The flyout of the overview goes through the list that the link is in.
func TestFileOverview(t *testing.T) {
	p := chromium.Open(t, file(t, 4), browser.Options{})
	p.ClickText("a[data-flyout]", "Action 3")
	sheet(t, p, "a3")
	p.Press("j")
	sheet(t, p, "a1")
	expect.Equal(t, "2 of 2", p.Text(".flyout-bar .num"))
	p.Press("Escape")
	closed(t, p)
}

// On paper, closed sections are open, tools are gone, and a summary is only that.
func TestPaper(t *testing.T) {
	address := file(t, 4)
	p := chromium.Open(t, address, browser.Options{})
	text := strings.Join(p.PDF(), "")
	for _, want := range []string{"Thesummary", "Requirefactor4", "Within", "Detailofa1"} {
		if !strings.Contains(text, browser.Printed(want)) {
			t.Errorf("%s is not on paper:\n%s", want, text)
		}
	}
	for _, tool := range []string{"Exportshownrows", "Printsummary", "Skip"} {
		if strings.Contains(text, browser.Printed(tool)) {
			t.Errorf("%s is on paper", tool)
		}
	}
	p.Do(`print = () => { window.printed = document.documentElement.dataset.print }`)
	p.ClickText("summary", "View")
	p.ClickText("button", "Print summary")
	expect.Equal(t, "summary", browser.Eval[string](p, "window.printed"))
	pages := p.PDF()
	expect.Equal(t, 1, len(pages))
	for _, absent := range []string{"Requirefactor4", "Detailofa1", "Within"} {
		if strings.Contains(pages[0], browser.Printed(absent)) {
			t.Errorf("%s is in the summary", absent)
		}
	}
	if !strings.Contains(pages[0], browser.Printed("Thesummary")) {
		t.Errorf("the summary is %q", pages[0])
	}
}

// Nothing hinders readers: axe finds nothing, nothing moves sideways on a phone or at 200 %.
func TestReaders(t *testing.T) {
	_, url := newSite(t, 30)
	for name, options := range map[string]browser.Options{
		"light":  {},
		"dark":   {Dark: true},
		"phone":  {Width: 360, Height: 640, Touch: true},
		"zoomed": {Zoom: 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := chromium.Open(t, url+"/actions?group=category", options)
			p.Accessible()
			expect.Equal(t, []string{}, p.Sideways())
			p.ClickText("a[data-flyout]", "factor 1 ")
			sheet(t, p, "a1,")
			p.Accessible()
			expect.Equal(t, []string{}, p.Sideways())
		})
	}
}
