package web_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// ids are the rows that are shown, in order.
const ids = `[...document.querySelectorAll("tr[data-row]")].map(r => r.dataset.row).join(" ")`

func shown(p *browser.Page) string { return browser.Eval[string](p, ids) }

// settled waits until the address has the state.
func query(t *testing.T, p *browser.Page, want string) {
	t.Helper()
	p.Wait(`location.search === ` + `"` + want + `"`)
}

func TestSearch(t *testing.T) {
	_, url := newSite(t, 40)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	expect.Equal(t, "40 of 40 actions", p.Text("output"))
	p.Type("#q", "FACTOR word7")
	expect.Equal(t, "1 of 40 actions", p.Text("output"))
	expect.Equal(t, "a8", shown(p))
	query(t, p, "?q=FACTOR+word7")
	p.Reload()
	expect.Equal(t, "a8", shown(p))

	p.Fill("#q", "nothing of the kind")
	expect.Equal(t, "0 of 40 actions", p.Text("output"))
	p.Sees("No action matches.")
	p.Click(".empty a")
	expect.Equal(t, "40 of 40 actions", p.Text("output"))
	query(t, p, "")
	expect.Equal(t, 0, p.Count(".empty"))
}

// Fields filter by a column's key, by one of several keys, and by the words of the row.
func TestFilter(t *testing.T) {
	_, url := newSite(t, 40)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.Choose("#status", "Planned")
	expect.Equal(t, "13 of 40 actions", p.Text("output"))
	p.Choose("#tags", "q4")
	expect.Equal(t, "a8 a29", shown(p))
	query(t, p, "?status=Planned&tags=q4")
	p.Choose("#status", "")
	p.Choose("#tags", "")
	p.Choose("#review", "regressed")
	expect.Equal(t, "a1 a11 a21 a31", shown(p))

	q := chromium.Open(t, url+"/actions?status=Completed&review=regressed&foreign=1", browser.Options{})
	expect.Equal(t, "a21", shown(q))
	expect.Equal(t, "Completed", browser.Eval[string](q, `document.querySelector("#status").value`))
	q.Choose("#review", "")
	query(t, q, "?foreign=1&status=Completed") // what is not the form's stays
}

// A button of the form that leads elsewhere takes along what it holds.
func TestElsewhere(t *testing.T) {
	_, url := newSite(t, 3)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.Choose("#status", "Planned")
	p.Follow("button", "Elsewhere")
	p.Wait(`location.pathname === "/actions/a1" && new URLSearchParams(location.search).get("status") === "Planned"`)
}

// A server that has filtered and grouped writes the rest of the rows into a hidden body, and says how they are sorted.
func TestServerFiltered(t *testing.T) {
	s, url := newSite(t, 6)
	for i := range s.rows {
		s.rows[i].Rest = i%2 == 0
	}
	p := chromium.Open(t, url+"/actions?sorted=rank&status=Planned", browser.Options{})
	expect.Equal(t, "a2 a5", browser.Eval[string](p, `[...document.querySelectorAll("tbody:not([hidden]) tr[data-row]")].map(r => r.dataset.row).join(" ")`))
	p.Choose("#status", "")
	expect.Equal(t, "a1 a2 a3 a4 a5 a6", shown(p))
	query(t, p, "?sorted=rank")
}

// A field that nothing says anything of hides nothing.
func TestForeignField(t *testing.T) {
	_, url := newSite(t, 3)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.Do(`{ const i = document.createElement("input"); i.type = "hidden"; i.name = "planet"; i.value = "mars"; document.querySelector("form").append(i) }`)
	p.Type("#q", "word1")
	expect.Equal(t, "a2", shown(p))
}

func TestSort(t *testing.T) {
	_, url := newSite(t, 12)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	sorted := func() string {
		return browser.Eval[string](p, `[...document.querySelectorAll("th[aria-sort]")].map(h => h.innerText.trim() + " " + h.ariaSort).join()`)
	}
	for _, step := range []struct{ click, sorted, want string }{
		{"Score impact", "Score impact descending", "a12 a10 a8 a6 a4 a2 a11 a9 a7 a5 a3 a1"}, // numbers: the largest first
		{"Score impact", "Score impact ascending", "a1 a3 a5 a7 a9 a11 a2 a4 a6 a8 a10 a12"},
		{"Status", "Status ascending", "a1 a4 a7 a10 a2 a5 a8 a11 a3 a6 a9 a12"}, // by data-value, stable
		{"Action", "Action ascending", "a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12"}, // 2 before 10
		{"Evaluated", "Evaluated ascending", "a1 a2 a3 a4 a6 a7 a8 a9 a11 a12 a5 a10"},
		{"Evaluated", "Evaluated descending", "a12 a11 a9 a8 a7 a6 a4 a3 a2 a1 a5 a10"}, // without a day last, both ways
	} {
		p.ClickText("thead a", step.click)
		expect.Equalf(t, step.want, shown(p), "rows by %s", step.sorted)
		expect.Equal(t, step.sorted, strings.Map(func(r rune) rune {
			if r == '↑' || r == '↓' || r == '\u00a0' {
				return -1
			}
			return r
		}, sorted()))
	}
	query(t, p, "?sort=evaluated&dir=desc")
	p.Reload()
	expect.Equal(t, "a12 a11 a9 a8 a7 a6 a4 a3 a2 a1 a5 a10", shown(p))
}

func TestGroup(t *testing.T) {
	_, url := newSite(t, 8)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.Choose("#group", "category")
	expect.Equal(t, []string{"▾ Apps 2", "▾ Data 2", "▾ Device 2", "▾ Identity 2"}, heads(p))
	expect.Equal(t, "a3 a7 a4 a8 a2 a6 a1 a5", shown(p))
	query(t, p, "?group=category")

	p.ClickText("button[data-group]", "Data")
	expect.Equal(t, "a3 a7 a2 a6 a1 a5", shown(p))
	expect.Equal(t, "false", browser.Eval[string](p, `document.activeElement.ariaExpanded`))
	p.Press("Enter")
	expect.Equal(t, "a3 a7 a4 a8 a2 a6 a1 a5", shown(p))

	// What is closed stays so while one searches; the count says what matches.
	p.ClickText("button[data-group]", "Data")
	p.Type("#q", "word3")
	expect.Equal(t, []string{"▸ Data 1"}, heads(p))
	expect.Equal(t, "", shown(p))
	expect.Equal(t, "1 of 8 actions", p.Text("output"))
	p.Accessible()
}

func heads(p *browser.Page) []string {
	return browser.Eval[[]string](p, `[...document.querySelectorAll("tr.group")].map(r => (r.querySelector("button").ariaExpanded === "true" ? "▾ " : "▸ ") + r.textContent)`)
}

func TestColumns(t *testing.T) {
	_, url := newSite(t, 4)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	p.Click("#columns summary")
	p.Click(`input[value="impact"]`)
	p.Click(`input[value="notes"]`)
	expect.Equal(t, []string{"Rank", "Action", "Status", "Category", "Evaluated", "Tags"}, p.Texts("thead th"))
	expect.Equal(t, []string{"1", "Require factor 1 of word0", "To address", "Identity", "2026-11-01", "quick q4"}, p.Texts("tr[data-row=a1] > td"))
	query(t, p, "?column=rank&column=title&column=status&column=category&column=evaluated&column=tags")
	p.Press("Escape")
	expect.Equal(t, 0, p.Count(`input[value="impact"]`))
	p.Choose("#group", "status")
	expect.Equal(t, 3, p.Count("tr.group th"))
	p.Reload()
	expect.Equal(t, []string{"Rank", "Action", "Status", "Category", "Evaluated", "Tags"}, p.Texts("thead th"))
}

// The file has the rows that match in the order that is seen, and the columns that are seen. No text begins as a formula.
func TestExport(t *testing.T) {
	s, url := newSite(t, 4)
	s.rows[0].Title, s.rows[0].Note = `=HYPERLINK("x")`, "two\nlines"
	s.rows[1].Title, s.rows[1].Note = "-1+1", `a "quoted", text`
	s.rows[2].Title, s.rows[2].Note = "\uff1dwide", " @sum"
	s.rows[3].Title = "Left out"
	p := chromium.Open(t, url+"/actions?sort=rank&dir=desc&column=title&column=impact&column=evaluated&column=notes", browser.Options{})
	p.Do(`window.saved = ""; const make = URL.createObjectURL; URL.createObjectURL = blob => { blob.bytes().then(b => { window.saved = String.fromCharCode(...b.slice(0, 3)) + new TextDecoder().decode(b) }); return make.call(URL, blob); };
		HTMLAnchorElement.prototype.click = function() { window.name = this.download + " " + this.isConnected; }`)
	p.Choose("#review", "")
	p.Type("#q", "note")
	p.Do(`document.querySelector("#q").value = ""; document.querySelector("#q").dispatchEvent(new Event("input", {bubbles: true}))`)
	p.Choose("#status", "")
	p.ClickText("button", "Export shown rows")
	p.Wait(`window.saved !== ""`)
	expect.Equal(t, "shown.csv true", browser.Eval[string](p, "window.name"))
	saved := browser.Eval[string](p, "window.saved")
	mark, text := saved[:len("ï»¿")], saved[len("ï»¿"):]
	expect.Equal(t, "ï»¿", mark) // the bytes of a byte-order mark
	got := must.Get(csv.NewReader(strings.NewReader(text)).ReadAll())(t)
	expect.Equal(t, [][]string{
		{"Action", "Score impact", "Evaluated", "Notes"},
		{"Left out", "1.03", "2026-11-04", "Note of 4"},
		{"'\uff1dwide", "0.02", "2026-11-03", "'@sum"},
		{"'-1+1", "1.01", "2026-11-02", `a "quoted", text`},
		{`'=HYPERLINK("x")`, "0.00", "2026-11-01", "two lines"},
	}, got)
}

// Rows that nobody looks at are not laid out, but they are there: by scrolling, by asking for them, on paper.
func TestLong(t *testing.T) {
	_, url := newSite(t, 450)
	p := chromium.Open(t, url+"/actions", browser.Options{})
	expect.Equal(t, "450 of 450 actions", p.Text("output"))
	if n := p.Count("tr[data-row]"); n < 100 || n > 300 {
		t.Errorf("%d rows are laid out at first", n)
	}
	p.Do(`scrollTo(0, document.body.scrollHeight)`)
	p.Wait(`document.querySelectorAll("tr[data-row]").length >= 200`)
	p.Do(`[...document.querySelectorAll("button")].find(b => b.textContent === "Show all rows").focus()`)
	p.Press("Enter")
	expect.Equal(t, 450, p.Count("tr[data-row]"))
	expect.Equal(t, 0, p.Count("tr:not([data-row]) button"))
	expect.Equal(t, "A", browser.Eval[string](p, "document.activeElement.tagName"))

	p.Reload()
	p.Do(`dispatchEvent(new Event("beforeprint"))`)
	expect.Equal(t, 450, p.Count("tr[data-row]"))
}

// Without scripts, everything is there, and the form has its button.
func TestNoScript(t *testing.T) {
	_, url := newSite(t, 150)
	p := chromium.Open(t, url+"/actions", browser.Options{NoScript: true})
	expect.Equal(t, 150, p.Count("tr[data-row]"))
	expect.Equal(t, 1, p.Count("form[data-filter] button[type=submit]"))
	expect.Equal(t, 0, p.Count("[data-export]"))
}
