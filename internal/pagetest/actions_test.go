package pagetest_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/serve/signin"
)

const (
	listRow   = "table[data-table=actions] tbody tr[data-row]"
	listHead  = "table[data-table=actions] tr.group"
	listCount = "[data-count=actions]"
	listReady = `document.querySelector("table[data-table=actions][data-ready]")`
)

// list opens the list of actions on a server. Without scripts, what would be typed and chosen is asked of the server.
func list(t *testing.T, o browser.Options) (*site, *browser.Page) {
	t.Helper()
	s := start(t, only(contoso.snapshot(t)), signin.User{Role: signin.Editor})
	p := chromium.Open(t, s.enter(s.path("actions")), o)
	if !o.NoScript {
		p.Wait(listReady)
	}
	return s, p
}

// query holds that the address says what is chosen.
func query(t *testing.T, p *browser.Page, name string, want ...string) {
	t.Helper()
	p.Wait(fmt.Sprintf("new URLSearchParams(location.search).getAll(%q).join() === %q", name, strings.Join(want, ",")))
	expect.Equal(t, want, must.Get(url.Parse(p.URL()))(t).Query()[name])
}

// cells returns what the rows say in a column that is shown.
func cells(p *browser.Page, column string) []string {
	return browser.Eval[[]string](p, fmt.Sprintf(`(() => {
		const index = document.querySelector("table[data-table=actions] th[data-column=%s]").cellIndex;
		return [...document.querySelectorAll(%q)].map(row => row.cells[index].innerText.trim());
	})()`, column, listRow))
}

// TestSearch finds actions as one types, keeps what was typed in the address, and finds the same without scripts.
func TestSearch(t *testing.T) {
	s, p := list(t, browser.Options{})
	all := p.Text(listCount)
	p.Type("[data-filter=actions] [name=q]", "Multi-Factor")
	p.Wait(fmt.Sprintf("document.querySelector(%q).innerText !== %q", listCount, all))
	found := p.Texts(listRow + " a[data-flyout]")
	if len(found) == 0 {
		t.Fatal("nothing is found")
	}
	count := p.Text(listCount)
	query(t, p, "q", "Multi-Factor")
	p.Reload()
	p.Wait(listReady)
	expect.Equal(t, found, p.Texts(listRow+" a[data-flyout]"))
	expect.Equal(t, count, p.Text(listCount))
	plain := chromium.Open(t, s.enter(s.path("actions")+"?q=Multi-Factor"), browser.Options{NoScript: true})
	expect.Equal(t, found, plain.Texts(listRow+" a[data-flyout]"))
	expect.Equal(t, count, plain.Text(listCount))
	p.Fill("[data-filter=actions] [name=q]", "no action has this")
	p.Wait(`document.querySelector("[data-empty=actions]").checkVisibility()`)
	expect.Equal(t, 0, p.Count(listRow))
	p.Click("[data-clear]")
	p.Wait(fmt.Sprintf("document.querySelector(%q).innerText === %q", listCount, all))
}

// TestFilterAndGroup narrows the list down by a column, and puts what is left under heads.
func TestFilterAndGroup(t *testing.T) {
	s, p := list(t, browser.Options{})
	p.Choose("[data-filter=actions] [name=category]", "identity")
	query(t, p, "category", "identity")
	categories := cells(p, "category")
	if len(categories) == 0 || slices.ContainsFunc(categories, func(c string) bool { return c != "Identity" }) {
		t.Errorf("the rows are of %q", categories)
	}
	count := p.Text(listCount)
	p.Choose("[data-filter=actions] [name=group]", "product")
	query(t, p, "group", "product")
	plain := chromium.Open(t, s.enter(s.path("actions")+"?category=identity&group=product"), browser.Options{NoScript: true})
	heads := plain.Texts(listHead)
	if len(heads) < 2 {
		t.Errorf("the heads are %q", heads)
	}
	expect.Equal(t, count, plain.Text(listCount))
	expect.Equal(t, count, p.Text(listCount))
	// Rows are put in as one scrolls.
	p.Wait(fmt.Sprintf("(scrollTo(0, document.body.scrollHeight), document.querySelectorAll(%q).length === %d)", listHead, len(heads)))
	before := p.Count(listRow)
	p.Click(listHead + " button")
	p.Wait(fmt.Sprintf("document.querySelector(%q).ariaExpanded === 'false'", listHead+" button"))
	if after := p.Count(listRow); after >= before {
		t.Errorf("%d of %d rows are left after a group was closed", after, before)
	}
	// Groups stand in the order that the column sorts by, as the server has them.
	p.Go(s.tab("actions") + "?group=status&status=planned&status=completed")
	if first := p.Text(listHead + " button"); first != "Planned" {
		t.Errorf("the first group is %q", first)
	}
}

// TestColumns hides a column, sorts by another, and exports what is seen.
func TestColumns(t *testing.T) {
	_, p := list(t, browser.Options{})
	p.Click("[data-filter=actions] [data-menu] summary")
	fits(t, p, "the menu of columns")
	p.Click("[data-filter=actions] [data-menu] input[name=column][value=product]")
	p.Wait(`!document.querySelector("th[data-column=product]").checkVisibility()`)
	if shown := must.Get(url.Parse(p.URL()))(t).Query()["column"]; slices.Contains(shown, "product") {
		p.Wait(`!new URLSearchParams(location.search).getAll("column").includes("product") && new URLSearchParams(location.search).has("column")`)
	}
	p.Press("Escape")
	p.Wait(`!document.querySelector("[data-filter=actions] [data-menu]").open`)
	p.Click("th[data-column=title] a")
	query(t, p, "sort", "title")
	titles := p.Texts(listRow + " a[data-flyout]")
	if !slices.IsSortedFunc(titles, func(a, b string) int { return strings.Compare(strings.ToLower(bare(a)), strings.ToLower(bare(b))) }) {
		t.Errorf("the titles are not sorted: %q", titles[:min(len(titles), 20)])
	}
	expect.Equal(t, "ascending", browser.Eval[string](p, `document.querySelector("th[data-column=title]").ariaSort`))
	p.Fill("[data-filter=actions] [name=q]", "administrators")
	p.Wait(fmt.Sprintf("document.querySelectorAll(%q).length < 50", listRow))
	p.Do(`URL.createObjectURL = blob => { window.exported = blob.text(); return "blob:none" }; document.addEventListener("click", e => { if (e.target.download) e.preventDefault() })`)
	p.Click("[data-export=actions]")
	rows := must.Get(csv.NewReader(strings.NewReader(strings.TrimPrefix(browser.Eval[string](p, "window.exported"), "\ufeff"))).ReadAll())(t)
	expect.Equal(t, p.Count(listRow), len(rows)-1)
	if slices.Contains(rows[0], "Product") || !slices.Contains(rows[0], "Category") {
		t.Errorf("the columns are %q", rows[0])
	}
}

// bare is a title as a collation of the browser sees it: without quotation marks.
func bare(title string) string { return strings.NewReplacer("'", "", "\"", "", "-", "").Replace(title) }

// TestFlyout opens an action beside the list, by mouse and by keyboard, and closes it.
func TestFlyout(t *testing.T) {
	s, p := list(t, browser.Options{})
	titles := p.Texts(listRow + " a[data-flyout]")
	address := p.URL()
	p.ClickText(listRow+" a[data-flyout]", titles[0])
	p.Wait("document.querySelector('dialog[open] [data-detail]')")
	expect.Equal(t, titles[0], p.Text("dialog[open] [data-detail] :is(h1, h2)"))
	action := p.URL()
	if !strings.HasPrefix(action, s.tab("actions/")) {
		t.Errorf("the address is %s", action)
	}
	p.Accessible()
	p.ClickText("dialog[open] button", "Next")
	p.Wait(fmt.Sprintf("document.querySelector('dialog[open] [data-detail] :is(h1, h2)').innerText.trim() === %q", titles[1]))
	p.Back()
	p.Wait("!document.querySelector('dialog[open]')")
	expect.Equal(t, address, p.URL())

	p.Reload()
	p.Wait(listReady)
	p.Press("j")
	expect.Equal(t, titles[0], focused(p))
	p.Press("j")
	expect.Equal(t, titles[1], focused(p))
	p.Press("Enter")
	p.Wait("document.querySelector('dialog[open] [data-detail]')")
	expect.Equal(t, titles[1], p.Text("dialog[open] [data-detail] :is(h1, h2)"))
	expect.Equal(t, true, browser.Eval[bool](p, "document.querySelector('dialog[open]').contains(document.activeElement)"))
	for range 40 { // the focus stays inside
		p.Press("Tab")
	}
	expect.Equal(t, true, browser.Eval[bool](p, "document.activeElement === document.body || document.querySelector('dialog[open]').contains(document.activeElement)"))
	p.Press("Escape")
	p.Wait("!document.querySelector('dialog[open]')")
	expect.Equal(t, titles[1], focused(p))

	p.Go(action) // a page of its own
	expect.Equal(t, titles[0], p.Text("h1"))
	f := chromium.Open(t, file(t, contoso.snapshot(t))+"#actions", browser.Options{})
	f.Wait(listReady)
	f.ClickText(listRow+" a[data-flyout]", titles[0])
	f.Wait("document.querySelector('dialog[open] [data-detail]')")
	expect.Equal(t, titles[0], f.Text("dialog[open] [data-detail] :is(h1, h2, h3)"))
}

// focused returns the text of the element that has the focus.
func focused(p *browser.Page) string {
	return browser.Eval[string](p, "document.activeElement.innerText.trim()")
}
